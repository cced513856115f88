"""Appeals from the decision to what follows: each act beside the model, and everybody tries at each stage."""

from collections import Counter

import pytest

from tests.lifecycle_machine.cast import populate
from tests.lifecycle_machine.machine import LifecycleMachine
from tests.lifecycle_machine.reasons import UNDECLARED
from tests.lifecycle_machine.rules import allowed, onward
from tests.lifecycle_machine.store import Store

COMPANY = 1
pytestmark = pytest.mark.night


@pytest.fixture
def machine(store: Store) -> LifecycleMachine:
    return LifecycleMachine(store, populate(store), Counter())


def by_whoever_may(machine: LifecycleMachine, *acts: str) -> None:
    """Each done by the first who may and has not, after declaring no tie."""
    for act in acts:
        model = machine.model
        done = {(who, one.id) for one in model.appeals.values() for who in one.seats if act == "sit" or one.voted(who)}
        pairs = allowed(model, act, passing=UNDECLARED)
        machine.declare_and_take(*next(pair for pair in pairs if pair not in done), act)


def onward_until(machine: LifecycleMachine, state: str) -> None:
    """The company's newest assessment goes on by whoever may."""
    while machine.model.assessments[newest(machine)].state != state:
        acts = ("start", "fill", "submit", "claim", "rule", "recommend", "approve")
        able = ((*pair, act) for act in acts for pair in onward(machine.model, act, COMPANY))
        machine.declare_and_take(*next(able))


def newest(machine: LifecycleMachine) -> int:
    return max(one.id for one in machine.model.assessments.values() if one.company == COMPANY)


def others_try(machine: LifecycleMachine, act: str, subject: int) -> None:
    """Whoever may not is refused and changes nothing."""
    may = {who for who, one in allowed(machine.model, act) if one == subject}
    for who in machine.model.people.keys() - may:
        machine.take(who, subject, act)
    machine.portal_and_model_agree()


def judged(machine: LifecycleMachine, *votes: str) -> None:
    """A panel sits down an hour later and votes."""
    machine.hours_pass(1)
    by_whoever_may(machine, "sit", "sit", "sit", *votes)
    others_try(machine, "uphold", max(machine.model.appeals))


def test_a_refusal_is_reopened_and_decided_by_others(machine: LifecycleMachine) -> None:
    onward_until(machine, "in_review")
    by_whoever_may(machine, "rule harshly", "recommend", "refuse", "lodge")
    case = newest(machine)
    judged(machine, "uphold", "dismiss", "uphold")
    assert (machine.model.assessments[case].state, machine.model.assessments[case].reviewer) == ("in_review", None)
    others_try(machine, "claim", case)
    onward_until(machine, "approved")
    machine.portal_and_model_agree()
    machine.teardown()


def test_a_revocation_is_lifted(machine: LifecycleMachine) -> None:
    onward_until(machine, "approved")
    by_whoever_may(machine, "revoked", "confirm", "lodge against an act")
    judged(machine, "uphold", "uphold", "dismiss")
    [award] = machine.model.awards.values()
    assert machine.model.standing(award) == "current"
    machine.teardown()
