"""The whole lifecycle under random hands: a few hundred steps in each run, thousands at night (`make night`)."""

from collections import Counter
from functools import partial

import pytest
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from tests import examples
from tests.lifecycle_machine.cast import populate
from tests.lifecycle_machine.machine import LifecycleMachine
from tests.lifecycle_machine.rules import AGAINST
from tests.lifecycle_machine.store import Store

SUITE, NIGHT = (6, 40), (120, 60)
"""Runs, and steps of each."""
DONE_IN_EACH_RUN = {"approve", "confirm", "suspended", "revoked", "refused", "plug pulled", "declare a tie", "rename"}


@pytest.mark.night
def test_nothing_untrue_results_whoever_does_what_and_when(store: Store) -> None:
    runs, steps = NIGHT if examples.at_night() else SUITE
    taken: Counter[str] = Counter()
    fails_at_once = () if examples.at_night() else (Phase.shrink, Phase.explain)
    run_state_machine_as_test(
        partial(LifecycleMachine, store, populate(store), taken),
        settings=hypothesis_settings(
            max_examples=runs, stateful_step_count=steps, phases=[one for one in Phase if one not in fails_at_once]
        ),
    )
    expected = AGAINST.keys() | {"lapse"} if examples.at_night() else DONE_IN_EACH_RUN
    assert expected <= (+taken).keys(), f"never done: {expected - taken.keys()}"
