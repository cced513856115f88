"""A file is locked away by its bytes: every copy, by anybody on the ministry's side, the named officer told."""

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance.actions import uploading
from compliance.actions.inspecting import Inspected
from compliance.actions.renewing import start
from compliance.app import create_app
from compliance.domain.errors import InvalidError
from compliance.domain.roles import Role
from compliance.settings import Settings
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.evidence_files import EvidenceFile
from compliance.store.files import FileStore, file_store
from compliance.store.outbox import Notice
from compliance.store.people import person_by_email
from tests import helpers
from tests.actions.samples import pdf

ADDRESS = "/en/quarantine/"
PDF = pdf()
DIGEST = hashlib.sha256(PDF).hexdigest()
NAMED = "named@police.example"
COMPANIES = ("one@isp.example", "two@bank.example")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, law_enforcement_alert=NAMED)


@pytest.fixture
def files(settings: Settings) -> FileStore:
    return file_store(settings)


@pytest.fixture
def equal(app: Flask, moment: datetime, files: FileStore) -> list[int]:
    """The same bytes, given by two companies; the ids of the rows."""
    return [give(app, files, email) for email in COMPANIES]


def give(app: Flask, files: FileStore, email: str) -> int:
    with app.app_context():
        owner = helpers.person(email)
        company = helpers.company(owner)
        with transaction() as session:
            assessment = start(session, owner.actor(), company.id).id
        stored = uploading.keep(files, Inspected("policy.pdf", "application/pdf", PDF))
        with transaction() as session:
            return uploading.upload(session, owner.actor(), assessment, "gov_policy", stored).id


def staff(app: Flask, role: Role) -> FlaskClient:
    with app.app_context():
        helpers.person(f"{role.value}@mptc.example", role)
    client = app.test_client()
    helpers.sign_in(client, f"{role.value}@mptc.example")
    return client


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OBSERVER])
def test_anybody_of_the_ministry_locks_every_copy_without_declaring(app: Flask, equal: list[int], role: Role) -> None:
    client = staff(app, role)
    typed = f"  {DIGEST[:4].upper()} {DIGEST[4:8]}\u00a0{DIGEST[8:]} "
    assert helpers.post(client, ADDRESS, {"sha256": typed}).status_code == 302
    with app.app_context():
        rows = db.session.scalars(sa.select(EvidenceFile)).all()
        assert [row.id for row in rows if row.quarantined_at] == equal
        entries = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.tag == "staff:evidence:quarantined").order_by(AuditEntry.seq)
        ).all()
        assert len(entries) == len(equal)
        told = {
            notice.email for notice in db.session.scalars(sa.select(Notice)) if notice.kind == "evidence_quarantined"
        }
        assert NAMED in told
    assert helpers.post(client, ADDRESS, {"sha256": DIGEST}).status_code == 302


def test_nobody_opens_any_copy_and_every_page_says_so(app: Flask, equal: list[int]) -> None:
    helpers.post(staff(app, Role.REVIEWER), ADDRESS, {"sha256": DIGEST})
    for email, number in zip(COMPANIES, equal, strict=True):
        client = app.test_client()
        helpers.sign_in(client, email)
        assert client.get(f"/en/company/file/{number}").status_code == 404
        page = client.get(f"/en/company/{number}/evidence")
        assert page.status_code == 200
        assert "Locked away" in page.text


def test_the_same_bytes_do_not_come_back(app: Flask, equal: list[int], files: FileStore) -> None:
    with app.app_context():
        actor = helpers.person("administrator@mptc.example", Role.ADMINISTRATOR).actor()
        early = uploading.keep(files, Inspected("policy.pdf", "application/pdf", PDF))
        with transaction() as session:
            uploading.quarantine(session, actor, files, DIGEST, "")
        with pytest.raises(InvalidError, match="file_quarantined"):
            uploading.keep(files, Inspected("again.pdf", "application/pdf", PDF))
        owner = person_by_email(db.session(), COMPANIES[0])
        assert owner is not None
        actor = owner.actor()
        with transaction() as session, pytest.raises(InvalidError, match="file_quarantined"):
            uploading.upload(session, actor, 1, "gov_policy", early)


def test_bytes_that_are_lost_are_locked_in_name(app: Flask, equal: list[int], settings: Settings) -> None:
    for path in Path(settings.files_dir).rglob(DIGEST):
        path.unlink()
    assert helpers.post(staff(app, Role.APPROVER), ADDRESS, {"sha256": DIGEST}).status_code == 302


@pytest.mark.parametrize("typed", ["", "x" * 64, "a" * 63, "a" * 64, "' OR 1=1"])
def test_a_fingerprint_that_fits_nothing_is_told_beside_the_field(app: Flask, equal: list[int], typed: str) -> None:
    page = helpers.post(staff(app, Role.REVIEWER), ADDRESS, {"sha256": typed})
    assert page.status_code == 200
    assert "govuk-error-message" in page.text
    with app.app_context():
        assert not db.session.scalar(sa.select(EvidenceFile.id).where(EvidenceFile.quarantined_at.is_not(None)))


def test_what_the_page_says_of_who_is_told_is_true(app: Flask, equal: list[int], settings: Settings) -> None:
    client = staff(app, Role.REVIEWER)
    helpers.post(client, ADDRESS, {"sha256": DIGEST})
    assert "the named officer and administrators are told" in client.get(ADDRESS).text
    alone = create_app(replace(settings, law_enforcement_alert=""))
    client = alone.test_client()
    helpers.sign_in(client, "reviewer@mptc.example")
    helpers.post(client, ADDRESS, {"sha256": DIGEST})
    assert "named officer and" not in client.get(ADDRESS).text
    with alone.app_context():
        db.session.remove()
        db.engine.dispose()
