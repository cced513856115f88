"""The way to the next level as a plan keeps it: its steps together reach the level that is promised, and tick off."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.actions import aims
from compliance.actions.aims import Aim, Proposal
from questionnaires import Facts, Question, Reply, current
from questionnaires.answers import Value
from questionnaires.asking import asked
from questionnaires.scorable import subject
from scoring import Files, Subject, evaluate, run
from tests.questionnaires import companies

EDITION = current()
KINDS = [kind.id for kind in EDITION.kinds]
MANNERS: tuple[companies.Manner, ...] = (companies.worst, companies.middle, companies.best, lambda _question: None)

Claimed = tuple[Facts, dict[str, Reply], dict[str, Files]]


@st.composite
def claims(draw: st.DrawFn) -> Claimed:
    """A company of some kinds that answers each question in one of four manners, with files for some, or not at all."""
    plan, visit = draw(st.booleans()), draw(st.booleans())
    told = companies.facts(*draw(st.sets(st.sampled_from(KINDS), min_size=1, max_size=2)))
    told = replace(told, improvement_plan_given=plan, verification_visit_or_call_passed=visit)
    chance = draw(st.randoms(use_true_random=False))

    def manner(question: Question) -> Value | None:
        return chance.choice(MANNERS)(question)

    given = companies.answers(EDITION, told, manner)
    files = {name: count for name, count in companies.all_evidence(EDITION).items() if chance.random() < 0.8}
    return told, {name: reply for name, reply in given.items() if chance.random() < 0.9}, files


def proposed(told: Facts, replies: dict[str, Reply], files: dict[str, Files]) -> tuple[Subject, Proposal | None]:
    claimed = subject(EDITION, told, replies, files=files)
    found = aims.propose(EDITION, run(EDITION.rubric, claimed, "claimed"), asked(EDITION, told, replies))
    return claimed, found if isinstance(found, Proposal) else None


def stored(found: Proposal) -> dict[str, Aim | None]:
    """The aims once a plan has kept them as JSON."""
    return {name: aims.read(json.loads(json.dumps(aim.stored()))) for name, aim in found.aims.items()}


@settings(max_examples=25)
@given(claims())
def test_the_steps_together_reach_what_is_promised(claim: Claimed) -> None:
    told, replies, _files = claim
    claimed, found = proposed(*claim)
    if found is None:
        return
    kept = stored(found)
    after = aims.applied(EDITION, claimed, {name: aim for name, aim in kept.items() if aim})
    card = evaluate(EDITION.rubric, after)
    rung = card.levels["award"].rung(found.path.reaches)
    beside = {(one.kind, one.id, one.position, one.from_rung) for one in found.path.besides if one not in found.figured}
    assert {(one.kind, one.id, one.position, one.from_rung) for one in rung.unmet} <= beside
    names = {question.id for question in asked(EDITION, told, replies)}
    assert aims.standing(EDITION, after, card, kept, names).reached == kept.keys(), "every step is ticked off"
    if found.path.steps:
        before = aims.standing(EDITION, claimed, evaluate(EDITION.rubric, claimed), kept, names)
        assert before.reached < kept.keys(), "what is still wanted is not ticked off"
        assert not before.dropped


@settings(max_examples=15)
@given(claims(), st.data())
def test_no_step_but_its_own_answer_ticks_it_off(claim: Claimed, data: st.DataObject) -> None:
    told, replies, _files = claim
    claimed, found = proposed(*claim)
    if found is None or not found.aims:
        return
    kept = stored(found)
    one = data.draw(st.sampled_from(sorted(kept)))
    names = {question.id for question in asked(EDITION, told, replies)}
    before = aims.standing(EDITION, claimed, evaluate(EDITION.rubric, claimed), kept, names).reached
    others = aims.applied(EDITION, claimed, {name: aim for name, aim in kept.items() if aim and name != one})
    assert (
        one in before
        or one not in aims.standing(EDITION, others, evaluate(EDITION.rubric, others), kept, names).reached
    )


def test_an_aim_that_a_new_edition_does_not_know_does_not_fit() -> None:
    assert aims.fits(EDITION, "gov_policy", Aim("gold", {"gov_policy": "yes"}))
    assert aims.fits(EDITION, "gov_policy", None)
    assert not aims.fits(EDITION, "gov_policy", Aim("gold", {"gov_policy": "an option of old"}))
    assert not aims.fits(EDITION, "gov_policy", Aim("gold", {"a_question_of_old": "yes"}))
    assert not aims.fits(EDITION, "a_question_of_old", None)
