"""A number that nothing reads is not a rule: every field of an edition's files is read, shown, or prose."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from questionnaires.text import Text
from tests.questionnaires.reads import Field, declared, models_in, read_by_code, shown_by_pages

ROOMS: Mapping[str, frozenset[Field]] = {
    "renewals": frozenset({
        ("Grace", "needs_submitted_renewal"), ("Grace", "extended_to_decision_if_submitted_before_expiry"),
        ("Grace", "max_days_with_submitted_renewal"), ("Renewal", "copy_to_reviewer_days_before_expiry"),
        ("Level", "max_consecutive_terms"),
    }),
    "shown by the preview of an edition, under names that are read of other things too": frozenset({
        ("Source", "title"), ("Source", "url"), ("Source", "note"),
    }),
}  # fmt: skip
"""Fields that wait for a room which is still to be built. A room that is built takes its fields out of here."""

PROSE = "prose"


@pytest.fixture(scope="module")
def fields() -> Mapping[Field, Any]:
    """Of every model; what only groups others, and the two languages of a text, are no rules."""
    return {field: kind for field, kind in declared().items() if field[0] != "Text" and not groups(kind)}


@pytest.fixture(scope="module")
def read(fields: Mapping[Field, Any]) -> set[Field]:
    """What code reads, and the words and choices (never a number) that a page shows."""
    shown = {field for field in shown_by_pages() if field in fields and not counts(fields[field])}
    return read_by_code() | shown


def counts(kind: Any) -> bool:
    """Whether a field holds a number: showing it is not yet keeping it."""
    return kind in (int, float) or any(counts(part) for part in get_args(kind))


def groups(kind: Any) -> bool:
    return any(model is not Text for model in models_in(kind))


def test_every_field_is_read_or_prose_or_waits_for_its_room(fields: Mapping[Field, Any], read: set[Field]) -> None:
    waiting = frozenset[Field]().union(*ROOMS.values())
    idle = [field for field in fields if field not in read | waiting and field[1] != PROSE]
    assert not idle, "nothing reads these: execute them, or put them under prose"


def test_the_list_shrinks(fields: Mapping[Field, Any], read: set[Field]) -> None:
    for room, waiting in ROOMS.items():
        assert waiting <= fields.keys(), f"{room}: there is no such field any more"
        assert not waiting & read, f"{room}: these are read now; take them out of the list"


def test_prose_counts_nothing(read: set[Field]) -> None:
    assert not {field for field in read_by_code() if field[1] == PROSE}


@pytest.mark.parametrize(
    "field",
    [("Grace", "days"), ("Renewal", "reminders_days_before_expiry"), ("EvidenceRules", "max_file_mb"),
     ("SmallBusiness", "workers_below"), ("NumberRules", "max"), ("Level", "validity_months"),
     ("NotApplicableRules", "justification_min_length"), ("Review", "idle_draft_reminder_after_days")],
)  # fmt: skip
def test_what_is_counted_with_is_found(read: set[Field], field: Field) -> None:
    assert field in read


def test_names_alone_are_no_reading(fields: Mapping[Field, Any], read: set[Field]) -> None:
    """`days`, `title`, `note` and the like are read of other things all over the code."""
    for field in (
        ("Source", "title"),
        ("Source", "note"),
        ("Grace", "max_days_with_submitted_renewal"),
    ):
        assert field in fields
        assert field not in read
    assert counts(fields["Renewal", "copy_to_reviewer_days_before_expiry"])
    assert not counts(Text)
