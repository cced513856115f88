"""Two reviewers score one assessment: who may, what each may do, and what comes of both."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from compliance import clock
from compliance.actions import (
    answering,
    blind,
    deciding,
    handing_over,
    moderating,
    reviewing,
    second_scoring,
    submitting,
)
from compliance.actions.comparing import both_readings
from compliance.actions.judging import Judgement
from compliance.actions.moderating import Choice, seen_of
from compliance.actions.scorecards import replies_of, seen_digest
from compliance.actions.second_reading import second_reading
from compliance.actions.submitting import Attestation
from compliance.cli.demonstration import acts
from compliance.cli.demonstration.second_readings import read_twice
from compliance.domain.appeals import Vote
from compliance.domain.drawing import is_within
from compliance.domain.errors import ForbiddenError, InvalidError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.jobs.second_scorings import chase_scorings
from compliance.settings import Settings
from compliance.store.answers import answer_rows
from compliance.store.awards import awards_of
from compliance.store.base import db, transaction
from compliance.store.people import Person, role_row
from compliance.store.reviews import Verdict, standing_rulings
from compliance.store.second_scorings import Reason, Settled, scorings_of, second_rulings
from tests.actions import appeals
from tests.actions.cases import CAFE, case, reload
from tests.actions.test_walk import refused as refusal
from tests.jobs.world import notices, told
from tests.twice import (
    BY_FIRST,
    BY_SECOND,
    Twice,
    differing,
    finish,
    level_now,
    refused,
    rule_first,
    rule_of,
    rule_second,
    scored_twice,
    take,
)

UNVISITED = replace(CAFE, manner="good")
"""Recommending notes nothing: what the Ministry alone can say is noted before the scoring is finished."""
CONFIRM = Judgement(Verdict.CONFIRM, evidence_accepted=True)


@pytest.fixture
def twice(in_app: Flask, settings: Settings, moment: object) -> Iterator[Twice]:
    with rule_of(share_percent=100, tolerance_points=1):
        yield scored_twice(settings)


def settle(twice: Twice, side: str = "second") -> None:
    both = both_readings(db.session(), twice.one.assessment)
    choices = {name: Choice(side, "The page names nobody.") for name in both.differing}
    with transaction() as session:
        reviewing.declare(session, twice.third, twice.number, has_tie=False)
        moderating.moderate(session, twice.third, twice.number, choices, seen_of(both))


def test_the_edition_says_which_are_drawn(in_app: Flask, settings: Settings, moment: object) -> None:
    one = case(settings)
    with rule_of(share_percent=0, first_at=("gold",)):
        acts.submit(one.hands, one.assessment_id, 0)
    [found] = scorings_of(db.session(), one.assessment_id)
    assert (found.because, found.closed_at) == (Reason.FIRST_AT, None)


def test_none_is_drawn_where_the_edition_wants_none(in_app: Flask, settings: Settings, moment: object) -> None:
    one = case(settings)
    acts.submit(one.hands, one.assessment_id, 0)
    assert scorings_of(db.session(), one.assessment_id) == []


def test_the_draw_stands_on_a_seed_and_a_digest_that_anybody_can_hash(twice: Twice) -> None:
    found = twice.scoring
    assert found.because is Reason.DRAW
    assert is_within(found.seed, found.digest, found.share)
    assert found.digest == second_reading(db.session(), twice.one.assessment).submission.digest


def test_two_that_agree_go_on_to_the_approver_and_neither_scorer_decides(twice: Twice) -> None:
    acts.claim(twice.one.hands, twice.number, 0)
    take(twice)
    rule_first(twice)
    rule_second(twice)
    recommend = partial(acts.recommend, UNVISITED, twice.one.hands, twice.number, 0)
    with pytest.raises(WrongStateError):
        recommend()
    finish(twice)
    assert twice.scoring.settled is Settled.AGREED
    assert twice.scoring.first_level == twice.scoring.second_level == level_now(twice)
    rule = partial(refusal, WrongStateError, reviewing.rule, twice.first, twice.number, "gov_policy", CONFIRM)
    rule()
    recommend()
    with transaction() as session:
        both = session.get_one(Person, twice.second.user_id)
        both.roles.append(role_row(session, Role.APPROVER))
    seen = seen_digest(db.session(), twice.one.assessment)
    approve = partial(deciding.approve, public_url="http://localhost", seen=seen)
    assert refusal(ForbiddenError, approve, reload(twice.second), twice.number) == "four_eyes"
    acts.decide(twice.one.hands, twice.number, 0)
    assert awards_of(db.session(), twice.one.company_id)


def test_the_demonstration_plays_under_an_edition_with_the_rule(twice: Twice) -> None:
    acts.claim(twice.one.hands, twice.number, 0)
    acts.rule(twice.one.hands, twice.number, 0)
    read_twice(CAFE, twice.one.hands, twice.number, 0)
    acts.recommend(CAFE, twice.one.hands, twice.number, 0)
    assert (twice.scoring.settled, twice.scoring.second_level) == (Settled.AGREED, "gold")


def test_nobody_is_on_both_sides(twice: Twice) -> None:
    acts.claim(twice.one.hands, twice.number, 0)
    assert refusal(ForbiddenError, second_scoring.take, twice.first, twice.number) == "other_side"
    take(twice)
    with transaction() as session:
        reviewing.release(session, twice.first, twice.number, twice.one.assessment.version)
    version = twice.one.assessment.version
    assert refusal(ForbiddenError, reviewing.claim, twice.second, twice.number, version) == "other_side"
    assert refusal(ForbiddenError, second_scoring.take, twice.first, twice.number) == "other_side"
    with transaction() as session:
        second_scoring.release(session, twice.second, twice.number)
    assert refusal(ForbiddenError, reviewing.claim, twice.second, twice.number, version) == "other_side"
    acts.claim(twice.one.hands, twice.number, 0)
    assert twice.second.user_id not in {one.id for one in handing_over.may_take(db.session(), twice.one.assessment)}


def test_of_two_who_take_it_one_has_it(twice: Twice) -> None:
    take(twice)
    with pytest.raises(WrongStateError) as caught:
        take(twice, twice.other)
    assert caught.value.state == "taken"
    assert twice.scoring.scorer_id == twice.second.user_id


def test_where_they_differ_a_third_settles_each_answer(twice: Twice) -> None:
    differing(twice)
    assert twice.scoring.to_moderate
    both = both_readings(db.session(), twice.one.assessment)
    assert set(both.differing) == {*BY_FIRST, *BY_SECOND}
    for who in (twice.first, twice.second):
        with transaction() as session:
            reviewing.declare(session, who, twice.number, has_tie=False)
        assert refusal(ForbiddenError, moderating.moderate, who, twice.number, {}, "") == "took_part"
    with transaction() as session:
        reviewing.declare(session, twice.third, twice.number, has_tie=False)
    moderate = partial(refusal, InvalidError, moderating.moderate, twice.third, twice.number, seen=seen_of(both))
    assert str(moderate({BY_FIRST[0]: Choice("first", "Seen.")})).startswith("side_")
    assert moderate({name: Choice("second", " ") for name in both.differing}) == f"reason_{both.differing[0]}"
    with pytest.raises(StaleError), transaction() as session:
        moderating.moderate(session, twice.third, twice.number, {}, "another page")
    settle(twice)
    found, rulings = twice.scoring, standing_rulings(db.session(), twice.number)
    assert (found.settled, found.moderator_id) == (Settled.MODERATED, twice.third.user_id)
    assert {name: rulings[name].verdict for name in (*BY_FIRST, *BY_SECOND)} == {
        **dict.fromkeys(BY_FIRST, Verdict.CONFIRM), **dict.fromkeys(BY_SECOND, Verdict.NOT_SUPPORTED),
    }  # fmt: skip
    assert level_now(twice) == found.second_level
    acts.recommend(UNVISITED, twice.one.hands, twice.number, 0)
    with transaction() as session:
        seen = seen_digest(session, twice.one.assessment)
    refuse = partial(deciding.refuse, seen=seen, reason="no")
    assert refusal(ForbiddenError, refuse, twice.third, twice.number) == "four_eyes"


def test_the_first_side_may_stand_too(twice: Twice) -> None:
    differing(twice)
    settle(twice, "first")
    assert level_now(twice) == twice.scoring.first_level
    assert {one["side"] for one in twice.scoring.choices.values()} == {"first"}


def test_sent_back_both_go_on_where_they_were(twice: Twice) -> None:
    differing(twice)
    both = both_readings(db.session(), twice.one.assessment)
    with transaction() as session:
        reviewing.declare(session, twice.third, twice.number, has_tie=False)
        moderating.send_back(session, twice.third, twice.number, "Look at the dates again.", seen_of(both))
    finish(twice)
    again = [one for one in notices("moderation_waiting") if one.person_id == twice.third.user_id]
    assert len(again) == 2, "whoever sent them back may settle them, and is told"
    assert told(again[-1])
    unmoved = both_readings(db.session(), twice.one.assessment)
    with transaction() as session:
        moderating.send_back(session, twice.third, twice.number, "And the names.", seen_of(unmoved))
    rule_first(twice)
    rule_second(twice)
    finish(twice)
    assert (twice.scoring.settled, twice.scoring.times_back) == (Settled.AGREED, 2)


def test_a_score_within_the_tolerance_counts_as_the_same(in_app: Flask, settings: Settings, moment: object) -> None:
    with rule_of(share_percent=100, tolerance_points=100):
        twice = scored_twice(settings)
        acts.claim(twice.one.hands, twice.number, 0)
        take(twice)
        rule_first(twice)
        rule_second(twice, {"gov_conduct": refused("A draft.")})
        finish(twice)
        same = twice.scoring.first_level == twice.scoring.second_level
        assert (twice.scoring.settled is Settled.AGREED) is same


def test_a_changed_answer_is_ruled_again_and_nothing_tells_what_was_asked(twice: Twice) -> None:
    acts.claim(twice.one.hands, twice.number, 0)
    take(twice)
    rule_second(twice)
    with transaction() as session:
        second_scoring.finish(session, twice.second, twice.number)
    acts.ask(twice.one.hands, twice.number, 0)
    changed, kept = "edu_staff_trained", "csam_procedure"
    reply(twice, changed)
    standing = second_rulings(db.session(), twice.number)
    assert changed not in standing
    assert kept in standing, "asked about, and answered as before"
    assert twice.scoring.second_done_at is None
    assert [one.values["what"] for one in notices("second_news")] == ["changed"]
    rule_first(twice)
    rule_second(twice)
    finish(twice)
    assert twice.scoring.settled is Settled.AGREED


def reply(twice: Twice, question: str) -> None:
    """The owner answers the round; one answer is another one."""
    owner = twice.one.hands.owner
    with transaction() as session:
        before = replies_of(session, twice.one.assessment)[question]
        version = answer_rows(session, twice.number)[question].version
        answering.save(session, owner, twice.number, question, replace(before, comment="Seen anew"), version)
    with transaction() as session:
        signed = Attestation("Owner", "Director")
        submitting.reply(session, owner, twice.number, "Here it is.", signed, twice.one.assessment.version)


def test_a_withdrawn_assessment_is_scored_no_more(twice: Twice) -> None:
    take(twice)
    with transaction() as session:
        submitting.withdraw(session, twice.one.hands.owner, twice.number, twice.one.assessment.version)
    assert twice.scoring.settled is Settled.DROPPED
    assert twice.one.assessment.state is State.WITHDRAWN


def test_who_does_not_finish_is_reminded_and_freed(twice: Twice) -> None:
    take(twice)
    rule_second(twice)
    with clock.held(clock.now() + timedelta(days=19)):
        chase_scorings()
        chase_scorings()
    assert len(notices("second_due")) == 1
    with clock.held(clock.now() + timedelta(days=60)):
        chase_scorings()
    assert len(notices("second_due")) == 2
    assert notices("second_late")
    with transaction() as session:
        reviewing.declare(session, twice.third, twice.number, has_tie=False)
        second_scoring.set_free(session, twice.third, twice.number, "On leave.")
    assert twice.scoring.scorer_id is None
    assert second_rulings(db.session(), twice.number) == {}
    take(twice, twice.other)


def test_who_loses_the_right_holds_nothing_any_more(twice: Twice) -> None:
    take(twice)
    with transaction() as session:
        blind.free_held_by(session, twice.second.user_id or 0)
    assert twice.scoring.scorer_id is None


def test_after_an_appeal_the_next_second_scorer_begins_with_nothing(twice: Twice) -> None:
    acts.claim(twice.one.hands, twice.number, 0)
    take(twice)
    lost = {appeals.LOST: refused("No such policy.")}
    rule_first(twice, lost)
    rule_second(twice, lost)
    finish(twice)
    acts.recommend(UNVISITED, twice.one.hands, twice.number, 0)
    acts.decide(twice.one.hands, twice.number, 0, refuse=True)
    lodged = appeals.lodged(twice.one)
    appeals.decided(lodged, appeals.panel(), *[Vote.UPHOLD] * 3)
    assert twice.scoring.because is Reason.REOPENED
    take(twice, twice.other)
    read = second_reading(db.session(), twice.one.assessment)
    assert read.unruled == read.to_rule
