"""A small store with people who are signed in: an officer with a draft nearly done, a reviewer with a case in hand."""

import json
import secrets
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from bench.pages_data import portal, settings
from certificates.demonstration import make_keyring
from compliance import clock
from compliance.cli.database import migrate_database
from compliance.cli.demonstration import seed
from compliance.cli.demonstration.cast import PLAYERS
from compliance.domain.lifecycle import State
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.people import LiveSession, Person
from compliance.store.sessions import digest

FATES = ("nearly", "in_review", "ruled", "submitted", "recommended")
QUESTION = "csam_terms"


def make(folder: Path) -> str:
    """The store; JSON of the pages to ask for: name → [address, cookie]."""
    migrate_database(settings(folder))
    make_keyring(settings(folder).keys_dir, today=date(2026, 1, 1))
    app = portal(folder)
    with app.app_context():
        seed.play(app, settings(folder), tuple(player for player in PLAYERS if player.fate in FATES))
        pages = _pages(app)
        db.session.remove()
    return json.dumps(pages)


def _pages(app: Flask) -> dict[str, tuple[str, str]]:
    session = db.session()
    draft = session.scalars(sa.select(Assessment).where(Assessment.state == State.DRAFT)).first()
    case = session.scalars(sa.select(Assessment).where(Assessment.state == State.IN_REVIEW)).first()
    assert draft is not None
    assert case is not None
    company, own, reviewed = draft.company_id, f"/en/company/assessment/{draft.id}", f"/en/review/{case.id}"
    owner, reviewer = draft.company.registered_by, case.reviewer_id
    officer, staff = _signed_in(app, owner), _signed_in(app, int(reviewer or 0))
    return {
        "company home": (f"/en/company/{company}", officer),
        "task list": (own, officer),
        "question": (f"{own}/question/{QUESTION}", officer),
        "scorecard": (f"{own}/score", officer),
        "plan": (f"{own}/plan", officer),
        "reviewer's queue": ("/en/review/", staff),
        "review of one answer": (f"{reviewed}/answer/{QUESTION}", staff),
        "register page, signed in": ("/en/register", officer),
        "register page, a cookie of somebody else's": ("/en/register", "_ga=GA1.1.7"),
    }


def _signed_in(app: Flask, person_id: int) -> str:
    """The cookie of a browser in which the person has signed in with a second factor."""
    token, moment = secrets.token_urlsafe(32), clock.now()
    with transaction() as session:
        session.add(_browser(session, person_id, digest(token), moment))
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'_user_id': token, '_fresh': True})}"


def _browser(session: Session, person_id: int, token_sha256: str, moment: object) -> LiveSession:
    staff = session.get_one(Person, person_id).staff
    return LiveSession(
        token_sha256=token_sha256, person_id=person_id, data={"second_factor": True}, started_at=moment,
        seen_at=moment, staff=staff, browser="bench",
    )  # fmt: skip
