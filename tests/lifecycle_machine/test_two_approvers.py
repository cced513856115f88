"""Two approvers at the same moment: one of them decides, the other learns of it, and nothing is there twice."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa

from compliance import clock
from compliance.actions import proposing, reviewing
from compliance.cli.demonstration import acts
from compliance.cli.demonstration.acts import Hands
from compliance.domain.errors import DomainError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.standing import AwardAct
from compliance.store import audit
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, AwardDecision, AwardProposal, Certificate, awards_of
from compliance.store.base import db, transaction
from compliance.store.files import file_store
from compliance.store.people import person_by_email
from compliance.store.reviews import Decision
from tests import examples
from tests.helpers import why
from tests.lifecycle_machine.cast import BEGIN, PLAYERS, populate
from tests.lifecycle_machine.deeds import DEEDS, Page, actor_of, opened
from tests.lifecycle_machine.store import Store

SUITE, NIGHT = 33, 1_000
DECIDING = ("approve", "refuse", "return")
KINDS = [*product(DECIDING, DECIDING), ("confirm", "confirm"), ("approve", "confirm")]
"""What the two do; each pair has one outcome, whoever comes first."""
CHANCE, LATE_SECONDS = random.Random(7), 0.005
"""Whoever comes to the barrier last would go on first each time."""
LATER = BEGIN + timedelta(days=700)
AFTER = {"approve": State.APPROVED, "refuse": State.REFUSED, "return": State.IN_REVIEW, "confirm": State.RECOMMENDED}


@dataclass(frozen=True)
class Race:
    """A renewal that waits for its decision, a proposal to revoke the award in force, and two who may do either."""

    store: Store
    case: int
    proposal: int
    approvers: tuple[int, int]

    def run(self, *deeds: str) -> list[str]:
        """What became of each: its own name, or the name of the refusal."""
        outcomes = ["", ""]
        start, late = threading.Barrier(2), [CHANCE.uniform(0, LATE_SECONDS) for _ in deeds]
        with clock.held(LATER):
            pages = [self._page(deed, who) for deed, who in zip(deeds, self.approvers, strict=True)]
        db.session.rollback()

        def decide(place: int) -> None:
            with self.store.app.app_context(), clock.held(LATER):
                start.wait()
                time.sleep(late[place])
                try:
                    with transaction() as session:
                        DEEDS[deeds[place]](session, pages[place], self.store)
                except DomainError as error:
                    outcomes[place] = type(error).__name__
                else:
                    outcomes[place] = deeds[place]

        threads = [threading.Thread(target=decide, args=(place,)) for place in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def _page(self, deed: str, who: int) -> Page:
        return opened(db.session(), deed, who, self.proposal if deed == "confirm" else self.case)


@pytest.fixture
def race(store: Store) -> Race:
    populate(store)
    with store.app.app_context(), clock.held(BEGIN):
        people = [person_by_email(db.session(), f"{name}@ministry.example") for name in ("approver", "approver2")]
        approvers = (people[0].id, people[1].id)
        first = db.session.scalars(sa.select(Assessment).order_by(Assessment.id)).first()
        company, assessment = first.company_id, first.id
        _to_recommended(store, assessment)
        acts.decide(_hands(store), assessment, 0)
        with clock.held(LATER):
            renewal = acts.fill(PLAYERS["best"], _hands(store), company, 0)
            _to_recommended(store, renewal)
            with transaction() as session:
                for approver in approvers:
                    reviewing.declare(session, actor_of(session, approver), renewal, has_tie=False)
                award = awards_of(session, company)[0].id
                reason = "A false statement."
                proposal = proposing.propose(
                    session, _hands(store).reviewer, award, AwardAct.REVOKED, why(AwardAct.REVOKED, reason)
                ).id
    store.keep()
    return Race(store, renewal, proposal, approvers)


def _hands(store: Store) -> Hands:
    addresses = ("owner@lotus.example", *(f"{name}@ministry.example" for name in ("reviewer", "approver", "approver2")))
    actors = [actor_of(db.session(), person_by_email(db.session(), address).id) for address in addresses]
    return Hands(*actors, file_store(store.settings), store.settings.public_url)


def _to_recommended(store: Store, assessment: int) -> None:
    hands = _hands(store)
    acts.submit(hands, assessment, 0)
    acts.claim(hands, assessment, 0)
    acts.rule(hands, assessment, 0)
    acts.recommend(PLAYERS["best"], hands, assessment, 0)


@pytest.mark.night
def test_one_of_two_approvers_decides(race: Race) -> None:
    won: Counter[int] = Counter()
    for number in range(NIGHT if examples.at_night() else SUITE):
        deeds = KINDS[number % len(KINDS)]
        race.store.put_back()
        with race.store.app.app_context():
            outcomes = race.run(*deeds)
            taken = [place for place in (0, 1) if outcomes[place] == deeds[place]]
            assert len(taken) == 1, f"{deeds}: {outcomes}"
            assert outcomes[1 - taken[0]] in {StaleError.__name__, WrongStateError.__name__}, f"{deeds}: {outcomes}"
            check(race, deeds[taken[0]], race.approvers[taken[0]])
        won[taken[0]] += 1
    assert len(won) == 2 or not examples.at_night(), "the same one was always first: these were no races"


def check(race: Race, deed: str, who: int) -> None:
    """One decision, by the one who came first; one award an assessment; a trail that verifies."""
    session = db.session()
    session.rollback()
    assert session.get_one(Assessment, race.case).state is AFTER[deed]
    decided = session.scalars(sa.select(Decision.decided_by).where(Decision.assessment_id == race.case)).all()
    assert decided == ([] if deed == "confirm" else [who])
    awards = session.scalars(sa.select(Award).order_by(Award.id)).all()
    assert len(awards) == len(session.scalars(sa.select(Certificate)).all()) == (2 if deed == "approve" else 1)
    revoked = session.scalars(sa.select(AwardDecision.decided_by).where(AwardDecision.act == AwardAct.REVOKED)).all()
    assert revoked == ([who] if deed == "confirm" else [])
    proposal = session.get_one(AwardProposal, race.proposal)
    assert (proposal.outcome is None) == (deed != "confirm")
    assert list(audit.verify(session)) == []
