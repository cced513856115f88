"""After an act on an award: a suspension that lasts too long is told, a new application waits after a revocation."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from compliance import clock
from compliance.actions import renewing, submitting
from compliance.actions.after_acts import begins_again_on, rests_until
from compliance.actions.submitting import Attestation
from compliance.domain.errors import InvalidError, OutstandingError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.renewal import add_months
from compliance.domain.standing import AwardAct
from compliance.jobs.checks import chase_checks
from compliance.journeys.language import show_date
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from questionnaires import current
from tests.actions.histories import START, History, begin_with_owner, on, owner
from tests.helpers import sign_in
from tests.jobs.world import told


@pytest.fixture
def history(in_app: Flask) -> History:
    with clock.held(on(START)):
        made = begin_with_owner()
        made.grant()
        return made


def test_a_suspension_beyond_its_days_is_told_once_while_it_lasts(history: History) -> None:
    with clock.held(on(START + timedelta(days=10))):
        history.act(history.awards[0], AwardAct.SUSPENDED)
        last = rests_until(history.awards[0])
    assert (last - START).days == 10 + current().lifecycle.suspension.max_days
    mails = sa.select(Notice).where(Notice.kind == "suspension_over")
    with clock.held(on(last)):
        chase_checks()
        assert not list(db.session.scalars(mails)), "the last day is one of them"
    with clock.held(on(last + timedelta(days=1))):
        chase_checks()
        chase_checks()
        owed = list(db.session.scalars(mails))
        assert len(owed) == len({one.email for one in owed}) == 2
        assert all(told(one) for one in owed)
        history.act(history.awards[0], AwardAct.REINSTATED)
        assert not any(told(one) for one in owed)


def test_a_new_application_waits_the_editions_months_after_a_revocation(history: History) -> None:
    day = START + timedelta(days=10)
    with clock.held(on(day)):
        assert begins_again_on(history.awards, day) is None
        history.act(history.awards[0], AwardAct.REVOKED)
    again = add_months(day, current().lifecycle.withdrawal.new_application_after_months)
    with clock.held(on(again - timedelta(days=1))):
        assert begins_again_on(history.awards, clock.today()) == again
        with pytest.raises(WrongStateError) as refused, transaction() as session:
            renewing.start(session, owner().actor(), history.company_id)
        assert refused.value.state == "revoked"
    with clock.held(on(again)), transaction() as session:
        assert begins_again_on(history.awards, clock.today()) is None
        assert renewing.start(session, owner().actor(), history.company_id).id


def test_a_draft_begun_before_a_revocation_waits_as_long_and_nothing_of_it_is_lost(history: History) -> None:
    day = START + timedelta(days=10)
    with clock.held(on(day)):
        with transaction() as session:
            number = renewing.start(session, owner().actor(), history.company_id).id
        history.act(history.awards[0], AwardAct.REVOKED)
    again = add_months(day, current().lifecycle.withdrawal.new_application_after_months)

    def submit() -> None:
        with transaction() as session:
            submitting.submit(session, owner().actor(), number, Attestation("Sok Dara", "Owner"), 1)

    with clock.held(on(again - timedelta(days=1))):
        with pytest.raises(InvalidError) as refused:
            submit()
        assert refused.value.values == {"day": again}
        client = current_app.test_client()
        sign_in(client, owner().email)
        for page in (f"/en/company/{history.company_id}", f"/en/company/assessment/{number}"):
            assert f"can be submitted from {show_date(again, 'en')}." in client.get(page).text, page
        assert db.session.get_one(Assessment, number).state is State.DRAFT
    with clock.held(on(again)), pytest.raises(OutstandingError):
        submit()
