"""The texts of two versions of an edition side by side: which text of the one was which of the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import groupby

from questionnaires.passages import NAMELESS, Passage


def counterparts(now: Iterable[Passage], before: Iterable[Passage]) -> Mapping[str, Passage]:
    """By the id of each text of ``now``, the text it was before; those that are new have none.

    A text is known by its name. Texts of lists that give their items no names are known by their neighbours, so that
    one more at the beginning does not make all others look changed.
    """
    there = tuple(before)
    known = {one.id: one for one in there if NAMELESS not in one.name}
    lists = _by_part(one for one in there if NAMELESS in one.name)
    mine = tuple(now)
    found = {one.id: known[one.id] for one in mine if one.id in known}
    for part, several in _by_part(one for one in mine if NAMELESS in one.name).items():
        found |= _aligned(several, lists.get(part, []))
    return found


def _by_part(several: Iterable[Passage]) -> dict[str, list[Passage]]:
    return {part: list(group) for part, group in groupby(several, key=lambda one: one.part)}


def _aligned(now: list[Passage], before: list[Passage]) -> dict[str, Passage]:
    matcher = SequenceMatcher(None, [_said(one) for one in before], [_said(one) for one in now], autojunk=False)
    found: dict[str, Passage] = {}
    for what, start, end, at, until in matcher.get_opcodes():
        if what == "equal" or (what == "replace" and end - start == until - at):
            found |= {mine.id: old for old, mine in _alike(before[start:end], now[at:until])}
    return found


def _alike(before: list[Passage], now: list[Passage]) -> Iterator[tuple[Passage, Passage]]:
    """Pairs of the same kind: a heading was no step of a list."""
    return ((old, mine) for old, mine in zip(before, now, strict=True) if _kind(old) == _kind(mine))


def _said(one: Passage) -> tuple[str | None, ...]:
    return tuple(one.words.values())


def _kind(one: Passage) -> tuple[str, ...]:
    return tuple(step for step in one.name.split(".") if not step.startswith(NAMELESS))
