"""The mail around a letter: the same words as plain text and as a page, nothing fetched, its day for a calendar."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from icalendar import Calendar

from compliance import clock
from compliance.domain.notices import KINDS
from compliance.jobs.facts import Told
from compliance.jobs.letters import Letter
from compliance.jobs.mail import blocks, compose, page
from compliance.jobs.mail_day import DAYS
from compliance.settings import Settings
from compliance.store.outbox import Notice
from tests.conftest import settings_for
from tests.jobs.letters_read import words
from tests.jobs.test_letters import ROLES, SAMPLE
from tests.jobs.world import plain_letters

BODY = """Dear <img src=x onerror=alert(1)>,

Go on here:
https://portal.example/km/?a=1&b="><b>

- one
- <i>two</i>

Bye"""
HOSTILE = Letter("Tapir & <script>alert(1)</script>", BODY)
TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def plain(tmp_path: object) -> Settings:
    return settings_for(tmp_path, "sqlite://")  # type: ignore[arg-type]


def shown(html: str) -> list[str]:
    """The words of a page, without its head."""
    return unescape(TAG.sub("", html.split("<body>")[1])).split()


@pytest.mark.parametrize("lang", ["km", "en"])
def test_the_page_says_what_the_plain_text_says(lang: str, plain: Settings) -> None:
    letters = plain_letters(plain)
    for kind in KINDS:
        values = {name: SAMPLE.get(name, f"https://portal.example/{name}") for name in KINDS[kind] | {"name"}}
        values |= {"role": ROLES[kind]} if "role" in values else {}
        letter = letters.write(kind, lang, values)
        text, html = letter.body.replace("- ", "").split(), page(letters, lang, letter)
        read = shown(html)
        assert [word for word in text if word not in read] == [], kind
        assert not re.search(r"<(img|script|link|iframe)|url\(|@import|src=", html), "nothing is fetched"
        assert "prefers-color-scheme: dark" in html
        assert len(html) < 30_000


def test_what_a_company_is_called_stays_text(plain: Settings) -> None:
    html = page(plain_letters(plain), "en", HOSTILE)
    assert "<script" not in html
    assert "<img" not in html
    assert "<i>" not in html
    assert "<b>" not in html
    assert 'href="https://portal.example/km/?a=1&amp;b=&#34;&gt;&lt;b&gt;"' in html


def test_an_address_on_a_line_of_its_own_is_the_way() -> None:
    kinds = [(bool(block.lines), len(block.items), bool(block.way)) for block in blocks(HOSTILE.body)]
    assert kinds == [(True, 0, False), (True, 0, False), (False, 0, True), (False, 2, False), (True, 0, False)]
    assert blocks("") == ()


def told(kind: str, day: date) -> Told:
    values = {name: SAMPLE.get(name, "7") for name in KINDS[kind] | {"name"}}
    return Told("a@b.example", "en", {**values, DAYS[kind].day: day})


def test_a_day_to_come_is_kept_by_a_calendar_once(plain: Settings) -> None:
    letters, today = plain_letters(replace(plain, public_url="https://champions.example.kh")), clock.today()
    for kind, kept in DAYS.items():
        assert kept.day in KINDS[kind], "the letter itself tells the day"
        for left, entries in ((-1, 0), (0, 1), (9, 1)):
            notice = Notice(id=5, key=f"{kind}:5", kind=kind, values={"clarification": 3})
            one = told(kind, today + timedelta(days=left))
            letter = letters.letter(notice, one)
            mail = compose(letters, notice, one, letter)
            parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
            assert len(parts) == entries
            for part in parts:
                assert part.get_param("method") == "PUBLISH"
                [event] = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
                assert event["SUMMARY"] == letter.subject
                assert event.decoded("DTSTART") == today + timedelta(days=left)
                assert str(event["UID"]).endswith("@champions.example.kh")
            assert mail["Content-Language"] == "en"
            assert words(mail).split() == letter.body.split()


def test_a_reader_of_plain_text_gets_it_first(plain: Settings) -> None:
    """Of two that say the same, a program shows the last it can show; plain text alone must be whole."""
    letters = plain_letters(plain)
    notice = Notice(id=1, key="account_exists:1", kind="account_exists", values={})
    letter = letters.write("account_exists", "km", {**SAMPLE, "sign_in_link": "http://x/a", "reset_link": "http://x/b"})
    mail = compose(letters, notice, Told("a@b.example", "km", {}), letter)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
