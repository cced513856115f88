"""Every kind of notice has a letter in Khmer and English that uses only what the notice carries."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from compliance.domain.notices import KINDS
from compliance.jobs.facts import Told
from compliance.jobs.letters import TEMPLATES
from compliance.jobs.links import links_of
from compliance.jobs.mail import compose
from compliance.settings import Settings
from compliance.store.outbox import Notice
from tests.conftest import MOMENT, settings_for
from tests.jobs.world import plain_letters

SAMPLE = {
    "name": "សុខា",
    "assessment": 12,
    "company_km": "ក្រុមហ៊ុន",
    "company_latin": "Company",
    "due_on": date(2026, 12, 1),
    "lapses_on": date(2026, 12, 8),
    "late_from": date(2027, 1, 1),
    "starts": date(2025, 3, 1),
    "ends": date(2027, 2, 28),
    "grace_ends": date(2027, 3, 30),
    "today": date(2026, 11, 23),
    "since": date(2026, 5, 1),
    "on": date(2026, 11, 23),
    "at": MOMENT,
    "until": MOMENT,
    "late": False,
    "overdue": False,
    "seats": 3,
    "taken": 2,
    "voted": 1,
    "waits": True,
    "begun": False,
    "ready": False,
    "in_force": True,
    "renewal": "none",
    "level": "gold",
    "edition": "2026",
    "before": "2024",
    "begins": date(2027, 1, 1),
    "last_day": date(2027, 4, 1),
    "over": False,
    "grace_days": 30,
    "days": 90,
    "inviter": "Dara",
    "email": "dara@ministry.example",
    "act": "roles",
    "roles": ["reviewer", "approver"],
    "proposer": "Dara",
    "confirmer": "Rith",
    "by": "Rith",
    "contested": "refusal",
    "take_up_by": date(2026, 11, 30),
    "decide_by": date(2027, 1, 7),
    "appeal_until": date(2026, 12, 23),
    "reasons": "The policy is in force.",
    "public_reason": "It was found to be in order.",
    "number": "COP-KH-2026-00042-17",
    "colleague": "Dara",
    "about_reader": False,
    "reason": "Because & <so>",
    "acknowledge_by": date(2026, 11, 30),
    "answer_by": date(2027, 1, 22),
    "reply_by": date(2026, 12, 7),
    "outcome": "proposal",
    "heard_until": date(2026, 12, 7),
    "waiting": [{"kind": "review_waiting", "values": {"name": "", "company_km": "ក្រុមហ៊ុន", "company_latin": "Firm"}}],
    "notices": [],
    "questions": [{"km": "គោលនយោបាយ", "en": "Policy"}],
}
ROLES = {"access_command": "administrator", "account_staff_invited": "reviewer", "account_invited": "editor"}
ROLES |= dict.fromkeys(("colleague_left", "colleague_removed", "colleague_handed_over", "colleague_restored"), "editor")
KHMER = range(0x1780, 0x1800)


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    return settings_for(tmp_path, "sqlite://")


@pytest.mark.parametrize("lang", ["km", "en"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_reads_well(kind: str, lang: str, plain: Settings) -> None:
    values = {name: SAMPLE.get(name, f"https://portal.example/{name}") for name in KINDS[kind] | {"name"}}
    if "role" in values:
        values["role"] = ROLES[kind]
    letter = plain_letters(plain).write(kind, lang, values)
    assert letter.subject
    assert "{" not in letter.subject + letter.body
    assert "\n\n\n" not in letter.body
    khmer = sum(ord(character) in KHMER for character in letter.subject + letter.body)
    assert khmer > 60 if lang == "km" else khmer < 30
    if "reason" in values:
        assert "Because & <so>" in letter.body


def test_there_is_no_letter_without_a_kind() -> None:
    found = {path.name.split(".")[0] for path in (TEMPLATES / "email").glob("[!_]*.txt")}
    assert found == set(KINDS)


def test_a_notice_always_has_the_same_message_id(plain: Settings) -> None:
    notice = Notice(key="reminder_before:1:2026-11-23:7", kind="reminder_before", values={"award": 1})
    told = Told("a@b.example", "en", SAMPLE)
    letters = plain_letters(replace(plain, public_url="https://champions.example.kh"))
    letter = letters.letter(notice, told)
    first, second = compose(letters, notice, told, letter), compose(letters, notice, told, letter)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@champions.example.kh>")


def test_links_lead_to_the_configured_address(app: Flask) -> None:
    link = links_of(app, "https://champions.example.kh")
    assert link("review_waiting", {"assessment": 7}, "km") == "https://champions.example.kh/km/review/7"
    assert link("assessment_refused", {"assessment": 7}, "en").startswith("https://champions.example.kh/en/")
    assert link("account_confirm", {}, "km") == "https://champions.example.kh/km/"
