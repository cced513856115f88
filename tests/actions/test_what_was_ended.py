"""What was ended stays ended: three years of days, random acts, and what waits behind an award in force."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.actions import awarding, deciding, proposing, reviewing
from compliance.actions.scorecards import seen_digest
from compliance.cli.demonstration import acts
from compliance.domain.errors import ForbiddenError, InvalidError, StaleError, WrongStateError
from compliance.domain.standing import IN_FORCE, AwardAct, Standing
from compliance.settings import Settings
from compliance.store.awards import Award, AwardDecision, AwardProposal
from compliance.store.base import db, transaction
from compliance.store.reviews import Declaration
from tests.actions.cases import CAFE, Case, case, reload, to_award, to_recommended
from tests.actions.histories import START, History, begin, on, play
from tests.actions.test_walk import refused
from tests.helpers import company_standing, why

STARTED = {"grant", AwardAct.REINSTATED}


@pytest.fixture
def history(in_app: Flask) -> History:
    with clock.held(on(START)):
        return begin()


def standings(history: History) -> list[Standing]:
    """Of all awards, the oldest first."""
    return [award.standing(clock.today()) for award in reversed(history.awards)]


@pytest.mark.parametrize("seed", range(6))
def test_nothing_of_a_company_becomes_current_by_itself(history: History, seed: int) -> None:
    before, awards, known = None, [], 0
    for day in play(history, seed):
        if len(history.done) != known:
            awards, known = [award.held for award in history.awards], len(history.done)
        now = company_standing(awards, day)
        if now in IN_FORCE and before not in IN_FORCE:
            assert [act for done, act in history.done if done == day and act in STARTED], f"{day}: {before} → {now}"
        before = now
    assert len(history.done) > 3


class TestARenewalThatWaits:
    """Granted sixty days ahead, behind an award in force."""

    ends = START + timedelta(days=364)

    @pytest.fixture
    def waiting(self, history: History) -> History:
        with clock.held(on(START)):
            history.grant()
        with clock.held(on(self.ends - timedelta(days=60))):
            history.grant()
            assert standings(history) == [Standing.EXPIRING, Standing.WAITING]
        return history

    def test_is_revoked_with_the_award_in_force(self, waiting: History) -> None:
        with clock.held(on(self.ends - timedelta(days=10))):
            waiting.act(waiting.awards[1], AwardAct.REVOKED)
        for days in (0, 1, 100, 700):
            with clock.held(on(self.ends + timedelta(days=days))):
                assert standings(waiting) == [Standing.REVOKED, Standing.REVOKED]

    def test_is_suspended_and_reinstated_with_it(self, waiting: History) -> None:
        with clock.held(on(self.ends - timedelta(days=10))):
            waiting.act(waiting.awards[1], AwardAct.SUSPENDED)
            refused(
                WrongStateError, proposing.propose, waiting.reviewer, waiting.awards[0].id, AwardAct.REINSTATED, "x"
            )
        with clock.held(on(self.ends + timedelta(days=1))):
            assert standings(waiting) == [Standing.SUPERSEDED, Standing.SUSPENDED]
            waiting.act(waiting.awards[0], AwardAct.REINSTATED)
            assert standings(waiting) == [Standing.SUPERSEDED, Standing.CURRENT]

    def test_can_be_revoked_alone_and_the_old_award_runs_to_its_end(self, waiting: History) -> None:
        with clock.held(on(self.ends - timedelta(days=10))):
            waiting.act(waiting.awards[0], AwardAct.REVOKED)
            assert standings(waiting) == [Standing.EXPIRING, Standing.REVOKED]
        with clock.held(on(self.ends + timedelta(days=1))):
            assert standings(waiting) == [Standing.IN_GRACE, Standing.REVOKED]

    def test_granted_after_the_page_was_shown_it_is_shown_before_it_is_covered(self, history: History) -> None:
        with clock.held(on(START)):
            award = history.grant()
        with clock.held(on(self.ends - timedelta(days=30))):
            with transaction() as session:
                proposal = proposing.propose(
                    session, history.reviewer, award.id, AwardAct.REVOKED, why(AwardAct.REVOKED, "false")
                ).id
                seen = proposing.numbers(proposing.covered(session, history.awards[0], AwardAct.REVOKED))
            renewal = history.grant().number
            confirm = partial(proposing.confirm, seen=seen)
            refused(StaleError, confirm, history.approver, proposal)
            with transaction() as session:
                proposing.confirm(session, history.approver, proposal, seen=f"{seen} {renewal}")
            assert standings(history) == [Standing.REVOKED, Standing.REVOKED]


class TestANewAwardForASuspendedCompany:
    """The approver is told and gives a reason; the reason is on the decision."""

    def test_is_told_and_needs_a_reason(self, in_app: Flask, moment: datetime, settings: Settings) -> None:
        one = case(settings, to_award)
        with transaction() as session:
            award = session.scalars(sa.select(Award)).one()
            proposal = proposing.propose(
                session,
                one.hands.reviewer,
                award.id,
                AwardAct.SUSPENDED,
                why(AwardAct.SUSPENDED, "The check-in is late."),
            )
            proposing.confirm(session, one.hands.second, proposal.id)
        hands = acts.Hands(**{**vars(one.hands), "owner": reload(one.hands.owner)})
        again = Case(hands, one.company_id, acts.fill(CAFE, hands, one.company_id, 0))
        to_recommended(again)
        approve = partial(
            deciding.approve, public_url="http://localhost", seen=seen_digest(db.session(), again.assessment)
        )
        with transaction() as session:
            reviewing.declare(session, one.hands.approver, again.assessment_id, has_tie=False)
        against = awarding.objections(db.session(), one.company_id)
        assert [(each.kind, each.number, each.reason) for each in against] == [
            ("suspended", award.number, "The check-in is late.")
        ]
        told = awarding.told(against)
        refused(StaleError, approve, one.hands.approver, again.assessment_id, note="why not")
        assert refused(InvalidError, approve, one.hands.approver, again.assessment_id, told=told) == "reason"
        with transaction() as session:
            new = approve(session, one.hands.approver, again.assessment_id, told=told, note="The check-in was held.")
        reasons = db.session.scalars(sa.select(AwardDecision.reason).where(AwardDecision.award_id == new.id))
        assert list(reasons) == ["The check-in was held."]
        assert db.session.get_one(Award, award.id).standing(clock.today()) is Standing.SUPERSEDED


class TestOneOpenProposal:
    """One a company; withdrawn by whoever made it, lapsed after thirty days, confirmed by somebody else."""

    @pytest.fixture
    def proposed(self, history: History) -> tuple[History, int]:
        with clock.held(on(START)):
            award = history.grant()
        with clock.held(on(START)), transaction() as session:
            return history, proposing.propose(
                session, history.reviewer, award.id, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, "late")
            ).id

    def again(self, history: History, day: date, act: AwardAct = AwardAct.SUSPENDED) -> int:
        with clock.held(on(day)), transaction() as session:
            return proposing.propose(session, history.reviewer, history.awards[0].id, act, why(act, "late")).id

    def test_a_second_one_is_refused_until_the_first_is_withdrawn(self, proposed: tuple[History, int]) -> None:
        history, first = proposed
        with clock.held(on(START)):
            refused(
                WrongStateError,
                proposing.propose,
                history.approver,
                history.awards[0].id,
                AwardAct.REVOKED,
                why(AwardAct.REVOKED, "x"),
            )
            assert refused(ForbiddenError, proposing.withdraw, history.approver, first) == "not_yours"
            for _pressed_twice in range(2):
                with transaction() as session:
                    proposing.withdraw(session, history.reviewer, first)
            refused(WrongStateError, proposing.confirm, history.approver, first)
        self.again(history, START)

    def test_it_lapses_after_thirty_days(self, proposed: tuple[History, int]) -> None:
        history, first = proposed
        with clock.held(on(START + timedelta(days=30))):
            refused(WrongStateError, proposing.confirm, history.approver, first)
            refused(WrongStateError, proposing.withdraw, history.reviewer, first)
        second = self.again(history, START + timedelta(days=30))
        with clock.held(on(START + timedelta(days=59))), transaction() as session:
            proposing.confirm(session, history.approver, second)

    def test_a_forgotten_one_never_suspends_again(self, proposed: tuple[History, int]) -> None:
        history, first = proposed
        with clock.held(on(START)):
            with transaction() as session:
                proposing.confirm(session, history.approver, first)
            history.act(history.awards[0], AwardAct.REINSTATED)
            refused(WrongStateError, proposing.confirm, history.approver, first)
            assert standings(history) == [Standing.CURRENT]

    def test_the_database_refuses_a_second_open_one_and_its_own_proposer(self, proposed: tuple[History, int]) -> None:
        history, first = proposed
        rows = AwardProposal.__table__
        values = {"award_id": history.awards[0].id, "act": "revoked", "reason": "x", "proposed_at": clock.now()}
        with pytest.raises(sa.exc.IntegrityError), transaction() as session:
            session.execute(sa.insert(rows).values(proposed_by=history.reviewer.user_id, **values))
        alone = {"outcome": "confirmed", "closed_at": clock.now(), "closed_by": history.reviewer.user_id}
        for values in (alone, {**alone, "closed_by": None}, {**alone, "outcome": None}):
            with pytest.raises(sa.exc.IntegrityError), transaction() as session:
                session.execute(sa.update(rows).where(rows.c.id == first).values(**values))

    def test_whoever_is_tied_to_the_company_neither_proposes_nor_confirms(self, proposed: tuple[History, int]) -> None:
        history, first = proposed
        with clock.held(on(START)):
            with transaction() as session:
                session.add(
                    Declaration(
                        assessment_id=history.awards[0].assessment_id, person_id=history.approver.user_id,
                        has_tie=True, tie="shares", declared_at=clock.now(),
                    )
                )  # fmt: skip
            award_id = history.awards[0].id
            assert refused(ForbiddenError, proposing.confirm, history.approver, first) == "tie"
            assert (
                refused(
                    ForbiddenError,
                    proposing.propose,
                    history.approver,
                    award_id,
                    AwardAct.REVOKED,
                    why(AwardAct.REVOKED, "x"),
                )
                == "tie"
            )
