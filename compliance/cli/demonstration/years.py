"""A company's years: assessments, awards, check-ins, renewals and lapses, act by act, from wherever they are.

What was done is read from the store before each act, so that a play that was interrupted goes on and doubles nothing.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import checking_in, renewing, reviewing
from compliance.actions.checking_in import Entered, check_ins_due, figures_asked
from compliance.actions.excusing import Excuse, excuse, undecided
from compliance.actions.judging import Judgement
from compliance.actions.under_review import under_review
from compliance.cli.demonstration import acts
from compliance.cli.demonstration.acts import Hands, day
from compliance.cli.demonstration.cast import Manner, Player
from compliance.cli.demonstration.offers import all_work
from compliance.cli.demonstration.second_readings import read_twice
from compliance.cli.demonstration.seed import ARRIVED, FALSE, LATE, REVIEW_DAYS
from compliance.cli.demonstration.variety import figure
from compliance.domain.lifecycle import FINAL, State
from compliance.domain.standing import AwardAct
from compliance.store.answers import answer_rows
from compliance.store.assessments import Assessment, assessments_of
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.reviews import Verdict, standing_recommendation
from questionnaires import Reply

LADDER: tuple[Manner, ...] = ("poor", "essentials", "middle", "good", "best", "best")
AT_ONCE = 6
"""Answers or rulings in one transaction: nobody who saves meanwhile waits long."""
MOST_CYCLES = 6
NEWEST_ACT = 2
"""Days ago."""
DOUBT = "មិនឃើញក្នុងឯកសារ។ Not found in the file."
NOT_YET = "ចំណុចនេះចាំបាច់ ហើយមិនទាន់បំពេញ។ This point is essential and is not met yet."
SAID = "យើងនឹងផ្ញើឆាប់ៗ។ We will send it soon."

T = TypeVar("T")
Acts = Iterator[None]
"""Gives after each act."""


@dataclass(frozen=True)
class Chance:
    """What is drawn for one cycle before it begins: the same whenever it is played."""

    better: bool
    withdrawn: bool
    doubts: int
    again_after: int
    gives_up: bool
    lapses: bool
    lead: int
    checks_in: bool
    act: float
    act_after: int

    @classmethod
    def of(cls, number: int, cycle: int) -> "Chance":
        rng = Random(f"{number} cycle {cycle}")  # noqa: S311 (a play, not a secret)
        return cls(
            better=rng.random() < 0.7,
            withdrawn=rng.random() < 0.03,
            doubts=rng.choice((0, 0, 0, 1, 2, 3)),
            again_after=rng.randint(70, 220),
            gives_up=rng.random() < 0.2,
            lapses=rng.random() < 0.12,
            lead=rng.randint(25, 120),
            checks_in=rng.random() < 0.92,
            act=rng.random(),
            act_after=rng.randint(40, 280),
        )


def years(player: Player, number: int, hands: Hands, company_id: int) -> Acts:
    """From its first day until today."""
    ago, now = player.days, player
    for cycle in range(1, MOST_CYCLES + 1):
        chance = Chance.of(number, cycle)
        if cycle > 1 and chance.better:
            now = replace(now, manner=LADDER[LADDER.index(now.manner) + 1])
        now = replace(now, variety=number * 10 + cycle)
        yield from _cycle(now, hands, company_id, cycle, ago, chance)
        following = yield from _afterwards(now, hands, company_id, cycle, ago, chance)
        if following < NEWEST_ACT + 1:
            return
        ago = following


def _nth(company_id: int, cycle: int) -> Assessment | None:
    found = assessments_of(db.session(), company_id)[::-1]
    return found[cycle - 1] if len(found) >= cycle else None


def _cycle(player: Player, hands: Hands, company_id: int, cycle: int, ago: int, chance: Chance) -> Acts:
    """As far as the days reach: what is not over by now waits where it would."""
    if _nth(company_id, cycle) is None:
        with clock.held(day(ago)), transaction() as session:
            acts.plan(player, hands, renewing.start(session, hands.owner, company_id))
        yield
    found = _nth(company_id, cycle)
    if found is None:
        return
    number = found.id
    if found.state is State.DRAFT:
        yield from _answer(player, hands, number, ago)
        if ago - 1 < NEWEST_ACT:
            return
        acts.submit(hands, number, ago - 1)
        yield
    if chance.withdrawn and _state(number) is State.SUBMITTED and ago - 3 >= NEWEST_ACT:
        acts.withdraw(hands, number, ago - 3)
        yield
    yield from _review(player, hands, number, ago, chance)


def _answer(player: Player, hands: Hands, number: int, ago: int) -> Acts:
    """A few at a time, those that are not there yet or only carried over."""
    reading: Session = db.session()
    with clock.held(day(ago)):
        pairs = acts.given_by(reading, player, reading.get_one(Assessment, number))
    there = answer_rows(reading, number)
    waiting = [pair for pair in pairs if pair[0].id not in there or there[pair[0].id].carried_over]
    for some in _in_parts(waiting):
        with clock.held(day(ago)), transaction() as session:
            acts.give(session, player, hands, session.get_one(Assessment, number), some)
        yield


def _in_parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def _state(number: int) -> State:
    db.session.remove()
    return db.session().get_one(Assessment, number).state


def _review(player: Player, hands: Hands, number: int, ago: int, chance: Chance) -> Acts:
    if _state(number) is State.SUBMITTED and ago - 3 >= NEWEST_ACT:
        acts.claim(hands, number, ago - 3)
        yield
    if _state(number) is State.IN_REVIEW and ago - 5 >= NEWEST_ACT:
        yield from _rule(hands, number, ago - 5, chance)
        _decide_essentials(hands, number, ago - 5)
        if ago - 8 < NEWEST_ACT:
            return
        read_twice(player, hands, number, ago - 8)
        acts.recommend(player, hands, number, ago - 8)
        yield
    if _state(number) is State.RECOMMENDED and ago - REVIEW_DAYS >= NEWEST_ACT:
        found = standing_recommendation(db.session(), number)
        acts.decide(hands, number, ago - REVIEW_DAYS, refuse=found is None or found.level is None)
        yield


def _rule(hands: Hands, number: int, ago: int, chance: Chance) -> Acts:
    """A few at a time; now and then an answer is not found in its file."""
    reading: Session = db.session()
    found = under_review(reading, reading.get_one(Assessment, number))
    scored = [question.id for question in found.edition.questions if question.rule and not question.essential]
    doubted = set(Random(f"doubts {number}").sample(scored, chance.doubts))  # noqa: S311
    files = found.snapshot.files
    for some in _in_parts(found.unruled):
        with clock.held(day(ago)), transaction() as session:
            for question in some:
                judgement = Judgement(Verdict.CONFIRM, evidence_accepted=True if files.get(question) else None)
                if question in doubted and files.get(question):
                    judgement = Judgement(
                        Verdict.NOT_SUPPORTED, evidence_accepted=False, reason="not_found", note=DOUBT
                    )
                reviewing.rule(session, hands.reviewer, number, question, judgement)
        yield


def _decide_essentials(hands: Hands, number: int, ago: int) -> None:
    """What the rules leave to a person: not passed."""
    with clock.held(day(ago)), transaction() as session:
        for question in undecided(under_review(session, session.get_one(Assessment, number))):
            said = Excuse(passes=False, factors=(), reason=NOT_YET)
            excuse(session, hands.reviewer, number, question, said)


def _afterwards(
    player: Player, hands: Hands, company_id: int, cycle: int, ago: int, chance: Chance
) -> Generator[None, None, int]:
    """What becomes of it, and how many days ago the next cycle begins; 0: there is none."""
    assessment = _nth(company_id, cycle)
    if assessment is None or assessment.state not in FINAL:
        return 0
    award = db.session().scalar(sa.select(Award).where(Award.assessment_id == assessment.id))
    if award is None:
        return 0 if chance.gives_up else ago - REVIEW_DAYS - chance.again_after
    number = award.id
    yield from _term(player, hands, company_id, award, chance)
    db.session.remove()
    award = db.session().get_one(Award, number)
    if chance.lapses or award.last_act is AwardAct.REVOKED:
        return 0
    return _ago(award.ends) + chance.lead


def _ago(on: date) -> int:
    return (clock.today() - on).days


def _term(player: Player, hands: Hands, company_id: int, award: Award, chance: Chance) -> Acts:
    """Suspended, reinstated or revoked by two people, now and then; checked in when it is due."""
    number, done = award.id, {act.act for act in award.acts}
    days = [due.due_on - timedelta(days=5) for due in check_ins_due(db.session(), award)]
    acted = _ago(award.starts) - chance.act_after
    if chance.act < 0.09 and acted >= NEWEST_ACT and award.starts + timedelta(days=chance.act_after) < award.ends:
        first = AwardAct.REVOKED if chance.act < 0.03 else AwardAct.SUSPENDED
        if first not in done:
            why = FALSE if first is AwardAct.REVOKED else LATE
            acts.act_on_award(hands, company_id, first, why, acted, SAID)
            yield
        if first is AwardAct.REVOKED:
            return
        if chance.act < 0.075 and acted - 30 >= NEWEST_ACT and AwardAct.REINSTATED not in done:
            acts.act_on_award(hands, company_id, AwardAct.REINSTATED, ARRIVED, acted - 30)
            yield
    for on in days:
        if chance.checks_in and _ago(on) >= NEWEST_ACT:
            yield from _check_in(player, hands, company_id, number, on)


def _check_in(player: Player, hands: Hands, company_id: int, award_id: int, on: date) -> Acts:
    """With this year's figures; harmless when it was sent, or when nothing is due."""
    with clock.held(datetime.combine(on, time(10), clock.PHNOM_PENH)), transaction() as session:
        due = checking_in.due_check_in(session, company_id)
        if due is None or due.award.id != award_id or not due.open:
            return
        asked = figures_asked(session, due.award)
        told = replace(player, variety=player.variety + 5)
        figures = {question.id: Reply(figure(question.id, told)) for question in asked}
        entered = Entered(figures, contacts_right=True, all_declared=True, channels=all_work(session, company_id))
        checking_in.send(session, hands.owner, company_id, entered, (str(due.due_on), 0))
    yield
