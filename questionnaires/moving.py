"""Figures of an edition's lifecycle by name, and the lifecycle with some of them moved."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from questionnaires.lifecycle import Lifecycle, Movable

Figures = tuple[int, ...]
"""One number, or the days of a list of reminders."""


def is_list(lifecycle: Lifecycle, rule: str) -> bool:
    """Whether the rule is a list of days."""
    return isinstance(_value(lifecycle, rule), tuple)


def figures_of(lifecycle: Lifecycle, rule: str) -> Figures:
    """What a rule says, as `part.name`."""
    found = _value(lifecycle, rule)
    return found if isinstance(found, tuple) else (int(found),)


def movable(lifecycle: Lifecycle, rule: str) -> Movable | None:
    """How far the edition lets a rule be moved; None where it is fixed."""
    return next((one for one in lifecycle.movable if one.rule == rule), None)


def moved(lifecycle: Lifecycle, figures: Mapping[str, Figures]) -> Lifecycle:
    """The lifecycle with these rules as they are in force."""
    for rule, value in figures.items():
        part, _dot, name = rule.partition(".")
        changed = value if is_list(lifecycle, rule) else value[0]
        section = getattr(lifecycle, part).model_copy(update={name: changed})
        lifecycle = lifecycle.model_copy(update={part: section})
    return lifecycle


def within(lifecycle: Lifecycle, bounds: Movable, figures: Figures) -> bool:
    """Whether the edition lets a rule say this: a list is of different days, and of one at least."""
    several = is_list(lifecycle, bounds.rule)
    counted = 1 <= len(figures) <= bounds.count if several else len(figures) == 1
    return counted and len(set(figures)) == len(figures) and all(bounds.least <= one <= bounds.most for one in figures)


def sayable(lifecycle: Lifecycle, one: Movable) -> bool:
    """Whether an edition could say the least and the most itself."""
    part, _dot, name = one.rule.partition(".")
    section = getattr(lifecycle, part)
    try:
        for figure in (one.least, one.most):
            value = (figure,) if is_list(lifecycle, one.rule) else figure
            type(section).model_validate({**section.model_dump(), name: value})
    except ValidationError:
        return False
    return True


def _value(lifecycle: Lifecycle, rule: str) -> int | Figures:
    part, _dot, name = rule.partition(".")
    found: int | Figures = getattr(getattr(lifecycle, part), name)
    return found
