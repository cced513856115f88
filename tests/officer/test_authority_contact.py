"""A company's contact for the authorities: sealed wherever it lies, opened for a reason, with keys that change."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from compliance.cli.backups import back_up
from compliance.cli.contact_keys import rotate
from compliance.domain.roles import CompanyRole, Role
from compliance.settings import Settings
from compliance.store.audit import AuditEntry
from compliance.store.base import db
from compliance.store.contact_keys import contact_keys, unsealed
from compliance.store.errors import SealedError
from compliance.store.law_contacts import LawContact
from tests.helpers import person, post
from tests.officer.conftest import Bench, signed_in

WORD = "wombat"
GIVEN = {
    "name": f"{WORD} Sok", "deputy": f"{WORD} Dara", "telephone": f"012 {WORD}", "hours": f"{WORD} always",
    "email": f"{WORD}@cafe.example",
}  # fmt: skip
REASON = "The police asks for it."


def given(bench: Bench) -> str:
    """Where it is given."""
    return f"/en/company/{bench.company}/authority-contact"


def officer(bench: Bench, role: Role) -> FlaskClient:
    with bench.app.app_context():
        person(f"{role.value}@ministry.example", role)
    return signed_in(bench.app, f"{role.value}@ministry.example")


def opened(bench: Bench, who: FlaskClient, reason: str = REASON) -> str:
    return post(who, f"/en/authority-contacts/{bench.company}", {"reason": reason}).text


def sealed(bench: Bench) -> bytes:
    with bench.app.app_context():
        return db.session.scalars(sa.select(LawContact.sealed)).one()


def lies_in(folder: Path) -> list[str]:
    """The files of a folder in which the contact can be read."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and WORD.encode() in path.read_bytes().lower()]


def test_it_is_given_and_opened_for_a_reason(
    bench: Bench, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither store, backup, log nor trail can be read for it; the page of the company does not show it back."""
    wrong = post(bench.client, given(bench), {**GIVEN, "hours": "", "email": f"{WORD}@"})
    assert wrong.status_code == 422
    assert GIVEN["name"] in wrong.text, "what was typed stands in the form"
    assert "Fill this in." in wrong.text
    assert post(bench.client, given(bench), GIVEN).status_code == 302
    page = bench.client.get(given(bench)).text
    assert "Writing it anew replaces it" in page
    assert WORD not in page
    for role, status in ((CompanyRole.VIEWER, 403), (CompanyRole.SIGNATORY, 200)):
        assert bench.colleague(role).get(given(bench)).status_code == status
    reviewer = officer(bench, Role.REVIEWER)
    assert WORD not in reviewer.get(f"/en/authority-contacts/{bench.company}").text
    assert "Say why you need to read it." in opened(bench, reviewer, " ")
    shown = opened(bench, reviewer)
    assert all(text in shown for text in GIVEN.values())
    assert WORD not in reviewer.get(f"/en/authority-contacts/{bench.company}").text
    for role in (Role.ADMINISTRATOR, Role.OBSERVER, Role.PANEL_MEMBER):
        who = officer(bench, role)
        assert who.get(f"/en/authority-contacts/{bench.company}").status_code == 403
    with bench.app.app_context():
        trail = db.session.execute(sa.select(AuditEntry.tag, AuditEntry.content)).all()
        db.session.remove()
        db.engine.dispose()
    assert [tag for tag, content in trail if REASON in content] == ["staff:law_contact:read"]
    assert WORD not in str(trail)
    backup = back_up(settings, tmp_path / "backups")
    assert lies_in(settings.data_dir) == []
    assert not list(backup.rglob("contact-keys*")), "the keys are in no backup"
    assert WORD not in caplog.text
    assert settings.contact_keys.stat().st_mode & 0o77 == 0


def test_keys_change_and_older_backups_still_open(bench: Bench, settings: Settings) -> None:
    """A new key seals all anew, older ones stay; without the file nothing opens, and the page says so."""
    post(bench.client, given(bench), GIVEN)
    before, reviewer = sealed(bench), officer(bench, Role.REVIEWER)
    assert rotate(settings) == 0
    assert sealed(bench) != before
    newest = settings.data_dir / "newest"
    newest.write_text(settings.contact_keys.read_text().split()[0])
    assert WORD.encode() in unsealed(contact_keys(newest), sealed(bench))
    assert WORD.encode() in unsealed(contact_keys(settings.contact_keys), before)
    assert GIVEN["name"] in opened(bench, reviewer)
    settings.contact_keys.unlink()
    assert "its key is not on this machine" in opened(bench, reviewer)
    settings.contact_keys.write_text("no key")
    assert "its key is not on this machine" in opened(bench, reviewer)
    assert "nothing was kept" in post(bench.client, given(bench), GIVEN).text
    elsewhere = replace(settings, contact_key_file=settings.data_dir / "apart" / "keys")
    with pytest.raises(SealedError):
        unsealed(contact_keys(elsewhere.contact_keys), before)


def test_the_answer_leads_to_the_sealed_form(bench: Bench) -> None:
    """Where the questionnaire asks whom to call, and nowhere else."""
    assert given(bench) in bench.client.get(bench.path("/question/lea_contact")).text
    assert given(bench) not in bench.client.get(bench.path("/question/gov_policy")).text


def test_what_came_too_late_is_not_kept(bench: Bench) -> None:
    """A form sent after signing out stands in no store."""
    page = bench.client.get(given(bench))
    token = page.text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    bench.client.post("/en/account/sign-out", data={"csrf_token": token})
    headers = {"Origin": "http://localhost"}
    assert bench.client.post(given(bench), data={**GIVEN, "csrf_token": token}, headers=headers).status_code != 302
    with bench.app.app_context():
        assert WORD not in str(db.session.execute(sa.text("SELECT * FROM unsent_posts")).all())
