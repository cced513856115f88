"""A company is heard before its award is suspended or revoked: until its last day, once, and what it says stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from compliance import clock
from compliance.actions import hearing, proposing
from compliance.actions.agenda import Kind, agenda, records_of
from compliance.actions.grounds import Why
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.grounds import GROUNDS, Ground
from compliance.domain.roles import Actor
from compliance.domain.standing import AwardAct
from compliance.store.awards import AwardDecision
from compliance.store.base import db, transaction
from compliance.store.hearings import Hearing
from questionnaires import current
from tests.account.test_two_owners import at_once
from tests.actions.cases import person
from tests.actions.histories import History, begin_with_owner, on
from tests.actions.histories import owner as founder
from tests.actions.test_walk import refused
from tests.helpers import why
from tests.jobs.world import day_kept, notices, told

DAYS = timedelta(days=current().lifecycle.suspension.notice_days)
HEARD = Why(Ground.INCIDENT, "Two calls were not answered.", "មិនបានដោះស្រាយ", "It was not handled.")
SAID = "We have put it right."


@pytest.fixture
def history(in_app: Flask) -> History:
    made = begin_with_owner()
    made.grant()
    return made


def owner() -> Actor:
    return founder().actor()


def propose(history: History, act: AwardAct = AwardAct.SUSPENDED, reasons: Why = HEARD) -> int:
    with transaction() as session:
        return proposing.propose(session, history.reviewer, history.awards[0].id, act, reasons).id


def wrong(act: Callable[..., object], *arguments: object) -> str:
    """The state that an act is refused from."""
    with pytest.raises(WrongStateError) as caught, transaction() as session:
        act(session, *arguments)
    return caught.value.state


def mails() -> list[str]:
    """The kinds of all mails that are true now."""
    return sorted(one.kind for one in notices() if told(one) is not None)


def test_nobody_confirms_before_the_company_was_heard(history: History) -> None:
    proposal, last = propose(history), clock.now() + DAYS
    assert mails() == ["award_hearing", "proposal_waiting"]
    assert wrong(proposing.confirm, history.approver, proposal) == "hearing"
    with clock.held(last):
        assert wrong(proposing.confirm, history.approver, proposal) == "hearing"
        refused(InvalidError, hearing.state, owner(), proposal, "  ")
        refused(NotFoundError, hearing.state, person("stranger@other.example"), proposal, SAID)
        for _twice in range(2):
            with transaction() as session:
                assert hearing.state(session, owner(), proposal, SAID).stated_at == last
        assert wrong(hearing.state, owner(), proposal, "Other words.") == "stated"
        assert "proposal_answered" in mails()
        with transaction() as session:
            proposing.confirm(session, history.approver, proposal)
    made = db.session.scalars(sa.select(AwardDecision).order_by(AwardDecision.id.desc())).first()
    assert made is not None
    assert (made.ground, made.public_km, made.public_en, made.reason) == (
        "incident", HEARD.public_km, HEARD.public_en, HEARD.reason,
    )  # fmt: skip


def test_the_last_day_is_the_last(history: History) -> None:
    proposal, after = propose(history), clock.now() + DAYS + timedelta(days=1)
    with clock.held(after):
        assert wrong(hearing.state, owner(), proposal, SAID) == "closed"
        assert hearing.to_answer(db.session(), history.company_id) == []
        assert mails() == ["proposal_waiting"]
        with transaction() as session:
            proposing.confirm(session, history.approver, proposal)


def test_where_children_are_at_risk_it_is_heard_afterwards(history: History) -> None:
    proposal = propose(history, reasons=replace(HEARD, ground=Ground.CHILDREN_AT_RISK))
    refused(NotFoundError, hearing.state, owner(), proposal, SAID)
    with transaction() as session:
        proposing.confirm(session, history.approver, proposal)
    assert [one.hearing.until for one in hearing.to_answer(db.session(), history.company_id)] == [clock.today() + DAYS]
    assert mails() == ["award_suspended"]
    with clock.held(clock.now() + DAYS), transaction() as session:
        hearing.state(session, owner(), proposal, SAID)
    assert mails() == ["award_suspended", "proposal_answered"]
    back = propose(history, AwardAct.REINSTATED, why(AwardAct.REINSTATED))
    with transaction() as session:
        proposing.confirm(session, history.approver, back)
    assert db.session.scalars(sa.select(Hearing)).one().proposal_id == proposal  # giving back asks nobody


def test_a_second_person_says_no_and_something_else_is_proposed(history: History) -> None:
    """The proposer reads why, the company that nothing comes of it; an urgent act need not wait until it lapses."""
    proposal, second = propose(history), history.approver
    refused(ForbiddenError, proposing.decline, history.reviewer, proposal, "No.")
    refused(InvalidError, proposing.decline, second, proposal, " ")
    for _twice in range(2):
        with transaction() as session:
            proposing.decline(session, second, proposal, "The calls were answered.")
    assert mails() == ["award_hearing_dropped", "proposal_declined"]
    said = [told(one) for one in notices() if one.kind == "proposal_declined"]
    assert [one and (one["by"], one["reason"]) for one in said] == [(second.name, "The calls were answered.")]
    assert wrong(proposing.confirm, second, proposal) == wrong(proposing.withdraw, history.reviewer, proposal)
    urgent = propose(history, reasons=replace(HEARD, ground=Ground.CHILDREN_AT_RISK))
    with transaction() as session:
        proposing.confirm(session, second, urgent)


def test_what_is_withdrawn_lapsed_overtaken_or_ended_hears_nobody(history: History) -> None:
    proposal = propose(history)
    with transaction() as session:
        proposing.withdraw(session, history.reviewer, proposal)
    assert mails() == ["award_hearing_dropped"]
    assert wrong(hearing.state, owner(), proposal, SAID) == "closed"
    second = propose(history)
    with clock.held(clock.now() + timedelta(days=30)):
        assert wrong(hearing.state, owner(), second, SAID) == "closed"
    award = history.awards[0]
    with clock.held(on(award.ends - timedelta(days=3))):
        third = propose(history)
        history.grant()  # the renewal begins after the award: the proposal covers both
        assert hearing.to_answer(db.session(), history.company_id)
    with clock.held(on(award.ends + timedelta(days=1))):
        assert hearing.to_answer(db.session(), history.company_id) == []
        assert wrong(hearing.state, owner(), third, SAID) == "closed"
        assert wrong(proposing.confirm, history.approver, third) == "granted"


def test_two_at_once_make_one_proposal_and_one_statement(in_app: Flask, history: History) -> None:
    award, second = history.awards[0].id, history.approver
    for _round in range(4):
        made = at_once(
            in_app,
            (lambda s, who: proposing.propose(s, who, award, AwardAct.SUSPENDED, HEARD), history.reviewer),
            (lambda s, who: proposing.propose(s, who, award, AwardAct.REVOKED, replace(HEARD, ground=Ground.OFFENCE)),
             second),
        )  # fmt: skip
        assert sorted(made) == ["WrongStateError", "done"]
        hearings = db.session.scalars(sa.select(Hearing).order_by(Hearing.id)).all()
        proposal = hearings[-1].proposal_id
        about = hearing.own_hearing(db.session(), owner(), proposal).proposal
        by = history.reviewer if about.proposed_by == history.reviewer.user_id else second
        took = at_once(
            in_app,
            (lambda s, who, asked=proposal: hearing.state(s, who, asked, SAID), owner()),
            (lambda s, who, asked=proposal: hearing.state(s, who, asked, "Other words."), owner()),
        )
        assert sorted(took) == ["WrongStateError", "done"]
        with transaction() as session:
            proposing.withdraw(session, by, proposal)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ground": Ground.REMEDIED}, "ground"),
        ({"reason": " "}, "reason"),
        ({"public_km": ""}, "public_km"),
        ({"public_en": "x" * 601}, "public_en"),
    ],
)
def test_every_act_has_its_ground_and_its_reasons(history: History, changed: dict[str, str], field: str) -> None:
    award, wrong = history.awards[0].id, replace(HEARD, **changed)  # type: ignore[arg-type]
    propose_it = (history.reviewer, award, AwardAct.SUSPENDED, wrong)
    assert refused(InvalidError, proposing.propose, *propose_it) == field
    assert set(GROUNDS) == {AwardAct.SUSPENDED, AwardAct.REINSTATED, AwardAct.REVOKED}


def test_no_statement_is_rewritten_whoever_writes(history: History) -> None:
    proposal = propose(history)
    with transaction() as session:
        hearing.state(session, owner(), proposal, SAID)
    for column, value in (("statement", "We did it."), ("until", clock.today())):
        with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
            session.execute(sa.update(Hearing.__table__).values({column: value}))


@pytest.mark.both_databases
def test_a_statement_and_the_confirmation_at_once_leave_no_statement_unread(in_app: Flask, history: History) -> None:
    """Whichever comes first, the act waits for the statement: it is never made while the company can still speak."""
    number = propose(history)
    took = at_once(
        in_app,
        (lambda s, who: hearing.state(s, who, number, SAID), owner()),
        (lambda s, who: proposing.confirm(s, who, number), history.approver),
    )
    stated, confirmed = took
    assert stated == "done"
    assert confirmed in {"done", "WrongStateError"}
    acts = list(db.session.scalars(sa.select(AwardDecision.decided_at).where(AwardDecision.act == AwardAct.SUSPENDED)))
    said = db.session.scalars(sa.select(Hearing).where(Hearing.proposal_id == number)).one()
    assert said.statement == SAID
    assert len(acts) == (confirmed == "done")


def test_the_last_day_stands_in_the_companys_calendar(history: History) -> None:
    def kinds() -> dict[Kind, object]:
        company = history.company_id
        return {one.kind: one.day for one in agenda(db.session(), records_of(db.session(), company, clock.today()))}

    assert Kind.HEARING not in kinds()
    number = propose(history)
    assert kinds()[Kind.HEARING] == clock.today() + DAYS
    [mail] = notices("award_hearing")
    assert day_kept(mail) == f"{Kind.HEARING}-{number}", "the mail brings the day under the same name"
    with transaction() as session:
        hearing.state(session, owner(), number, SAID)
    assert Kind.HEARING not in kinds()
