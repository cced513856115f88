"""Two people at once at an assessment that is scored twice: each side has one holder, and each difference one end."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from compliance.actions import blind, moderating, reviewing, second_scoring
from compliance.actions.comparing import both_readings
from compliance.actions.judging import Judgement
from compliance.actions.moderating import Choice, seen_of
from compliance.cli.demonstration import acts
from compliance.domain.roles import Actor
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.reviews import Verdict
from compliance.store.second_scorings import Settled
from tests.account.test_two_owners import at_once
from tests.jobs.world import notices
from tests.twice import (
    BY_FIRST,
    BY_SECOND,
    FIRST_SAYS,
    SECOND_SAYS,
    Twice,
    refused,
    rule_first,
    rule_of,
    rule_second,
    scored_twice,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def twice(in_app: Flask, settings: Settings, moment: object) -> Iterator[Twice]:
    with rule_of(share_percent=100, tolerance_points=1):
        yield scored_twice(settings)


def test_taken_finished_and_settled_once(in_app: Flask, twice: Twice) -> None:
    number = twice.number
    acts.claim(twice.one.hands, number, 0)
    for who in (twice.second, twice.other, twice.third, twice.one.hands.approver):
        with transaction() as session:
            reviewing.declare(session, who, number, has_tie=False)

    def take(session: Session, actor: Actor) -> None:
        second_scoring.take(session, actor, number)

    assert sorted(at_once(in_app, (take, twice.second), (take, twice.other))) == ["WrongStateError", "done"]
    if twice.scoring.scorer_id != twice.second.user_id:
        twice.second, twice.other = twice.other, twice.second
    rule_first(twice, {one: refused(FIRST_SAYS) for one in BY_FIRST})
    rule_second(twice, {one: refused(SECOND_SAYS) for one in BY_SECOND})
    finished = at_once(
        in_app,
        (lambda session, actor: second_scoring.finish_first(session, actor, number), twice.first),
        (lambda session, actor: second_scoring.finish(session, actor, number), twice.second),
    )
    assert finished == ["done", "done"]
    assert twice.scoring.to_moderate
    assert len({one.person_id for one in notices("moderation_waiting")}) == len(notices("moderation_waiting"))
    both = both_readings(db.session(), twice.one.assessment)
    seen, answers = seen_of(both), {name: Choice("first", "Seen.") for name in both.differing}

    def settle(session: Session, actor: Actor) -> None:
        moderating.moderate(session, actor, number, answers, seen)

    settled = at_once(in_app, (settle, twice.third), (settle, twice.one.hands.approver))
    assert sorted(settled) == ["WrongStateError", "done"]
    assert twice.scoring.settled is Settled.MODERATED


def test_who_loses_the_right_while_saving_leaves_nothing_half(in_app: Flask, twice: Twice) -> None:
    number, confirm = twice.number, Judgement(Verdict.CONFIRM, evidence_accepted=True)
    with transaction() as session:
        reviewing.declare(session, twice.second, number, has_tie=False)

    def save(session: Session, actor: Actor) -> None:
        second_scoring.rule(session, actor, number, "gov_policy", confirm)

    def lose(session: Session, _actor: Actor) -> None:
        blind.free_held_by(session, twice.second.user_id or 0)
        session.flush()

    for _round in range(3):
        with transaction() as session:
            second_scoring.take(session, twice.second, number)
        outcomes = at_once(in_app, (save, twice.second), (lose, twice.third))
        assert outcomes[0] in {"done", "ForbiddenError"}
        assert outcomes[1] == "done"
        assert twice.scoring.scorer_id is None
