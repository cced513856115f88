"""After an act on an award: a suspension that lasts too long is told, a new application waits after a revocation."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.actions import renewing
from compliance.actions.after_acts import begins_again_on, rests_until
from compliance.domain.errors import WrongStateError
from compliance.domain.renewal import add_months
from compliance.domain.standing import AwardAct
from compliance.jobs.checks import chase_checks
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from questionnaires import current
from tests.actions.histories import START, History, begin_with_owner, on, owner
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
