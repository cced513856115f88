"""What comes up between a check and the write is refused by the database, and told as a refusal, not as a failure."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.roles import Actor
from compliance.settings import Settings
from compliance.store.awards import AwardProposal, awards_of
from compliance.store.base import db
from compliance.store.people import Membership, Person
from tests import helpers
from tests.actions.cases import Case, case, to_award
from tests.approver.test_award_acts import FORM

REASON = "What the company told is not so."
WRITTEN = {"reason": REASON, "public_km": "ហេតុផល", "public_en": "It is not so."}


@pytest.fixture
def one(app: Flask, settings: Settings, moment: datetime) -> Case:
    with app.app_context():
        made = case(settings)
        to_award(made)
        return made


@pytest.fixture
def tie_meanwhile(one: Case) -> Iterator[Actor]:
    """Whoever proposes becomes a colleague after the check, before the row is written."""
    who = one.hands.second
    colleague = sa.insert(Membership.__table__).values(
        company_id=one.company_id, person_id=who.user_id, role="viewer", since=clock.now()
    )

    def comes_up(session: Session, _context: object, _instances: object) -> None:
        if any(isinstance(row, AwardProposal) for row in session.new):
            session.connection().execute(colleague)

    sa.event.listen(Session, "before_flush", comes_up)
    yield who
    sa.event.remove(Session, "before_flush", comes_up)


@pytest.mark.both_databases
@pytest.mark.parametrize(("lang", "words"), [("en", "came up a moment ago"), ("km", "ទើបតែត្រូវបានរកឃើញ")])
def test_a_tie_between_check_and_write_is_told_and_what_was_typed_is_kept(
    app: Flask, one: Case, tie_meanwhile: Actor, lang: str, words: str
) -> None:
    client = app.test_client()
    with app.app_context():
        email = db.session.get_one(Person, tie_meanwhile.user_id).email
        [award] = awards_of(db.session(), one.company_id)
        address = f"/{lang}/decide/awards/{award.id}"
    helpers.sign_in(client, email)
    client.environ_base["HTTP_REFERER"] = f"http://localhost{address}"
    told = helpers.post(client, address, {**FORM, "act": "suspended", "ground": "incident", **WRITTEN})
    assert told.status_code == 403
    assert words in told.text
    assert [text for text in WRITTEN.values() if text not in told.text] == []
    with app.app_context():
        assert db.session.scalars(sa.select(AwardProposal)).all() == []


@pytest.mark.both_databases
def test_of_two_rows_that_cannot_both_be_the_second_is_too_late(app: Flask, one: Case) -> None:
    client = app.test_client()
    with app.app_context():
        email = db.session.get_one(Person, one.hands.second.user_id).email
        [award] = awards_of(db.session(), one.company_id)
        twin = sa.insert(AwardProposal.__table__).values(
            award_id=award.id, act="suspended", reason="r", proposed_by=one.hands.approver.user_id,
            proposed_at=clock.now(),
        )  # fmt: skip
    helpers.sign_in(client, email)

    def comes_up(session: Session, _context: object, _instances: object) -> None:
        if any(isinstance(row, AwardProposal) for row in session.new):
            session.connection().execute(twin)

    sa.event.listen(Session, "before_flush", comes_up)
    try:
        told = helpers.post(
            client,
            f"/en/decide/awards/{award.id}",
            {**FORM, "act": "suspended", "ground": "incident", "reason": REASON},
        )
    finally:
        sa.event.remove(Session, "before_flush", comes_up)
    assert told.status_code == 409
    assert "Somebody was faster" in told.text
    assert REASON in told.text
