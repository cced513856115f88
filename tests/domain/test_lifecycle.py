"""The lifecycle table says what the design says, and nothing more."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.lifecycle import FINAL, STEPS, By, State, steps_from
from compliance.domain.working_days import add_working_days, working_days_until

TABLE = """
submit    | draft                        | submitted   | signer
withdraw  | draft, submitted, clarifying | withdrawn   | editor
claim     | submitted                    | in_review   | reviewer
release   | in_review                    | submitted   | reviewer
ask       | in_review                    | clarifying  | reviewer
reply     | clarifying                   | in_review   | signer
lapse | clarifying | in_review | system
recommend | in_review                    | recommended | reviewer
return    | recommended                  | in_review   | approver
approve   | recommended                  | approved    | approver
refuse    | recommended                  | refused     | approver
reopen    | refused                      | in_review   | panel
"""


def test_the_table() -> None:
    rows = [[cell.strip() for cell in row.split("|")] for row in TABLE.strip().splitlines()]
    told = {name: (set(starts.split(", ")), to, by) for name, starts, to, by in rows}
    assert told == {name: (set(step.starts), step.to, step.by) for name, step in STEPS.items()}


def test_every_state_but_the_final_ones_can_be_left() -> None:
    leavable = {state for step in STEPS.values() for state in step.starts}
    assert set(State) - leavable == FINAL - {State.REFUSED}


def test_buttons_come_from_the_table() -> None:
    assert [step.name for step in steps_from(State.IN_REVIEW, By.REVIEWER)] == ["release", "ask", "recommend"]
    assert steps_from(State.APPROVED, *By) == ()


def test_tags_are_source_subject_action() -> None:
    assert all(len(step.tag.split(":")) == 3 for step in STEPS.values())
    assert len({step.tag for step in STEPS.values()}) == len(STEPS)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
    ],
)
def test_working_days(start: date, days: int, expected: date) -> None:
    assert add_working_days(start, days) == expected


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 60))
def test_counting_back_what_was_added(start: date, days: int) -> None:
    assert working_days_until(start, add_working_days(start, days)) == days


def test_holidays_do_not_count() -> None:
    holiday = date(2026, 11, 24)
    assert add_working_days(date(2026, 11, 23), 1, {holiday}) == date(2026, 11, 25)
    assert working_days_until(date(2026, 11, 23), date(2026, 11, 25), {holiday}) == 1
    assert working_days_until(date(2026, 11, 25), date(2026, 11, 20)) == -3
    assert working_days_until(date(2026, 11, 25), date(2026, 11, 20), {date(2026, 11, 20)}) == -2
    assert working_days_until(date(2026, 11, 25), date(2026, 11, 25)) == 0
    assert add_working_days(date(2026, 11, 25), 0) == date(2026, 11, 25)
