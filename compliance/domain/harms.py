"""Kinds of harm to a child, as the Code names them, and which of them a way to report takes."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from compliance.domain.reporting import WAYS


class Harm(StrEnum):
    """What a person wants to report. The list is settled: what fits nowhere is the last."""

    MATERIAL = "material"
    GROOMING = "grooming"
    EXTORTION = "extortion"
    LIVESTREAM = "livestream"
    BULLYING = "bullying"
    OTHER = "other"


Harms = Mapping[str, Sequence[str]]
"""By way to report, the kinds that it takes; a way that is not named takes every harm to a child."""


def takes(harms: Harms, way: str, harm: str) -> bool:
    """Whether this way takes reports of this harm."""
    return way not in harms or harm in harms[way]


def taken(harms: Harms, way: str) -> tuple[Harm, ...]:
    """The kinds that this way takes, in the order of the list."""
    return tuple(harm for harm in Harm if takes(harms, way, harm))


def limited(chosen: Mapping[str, Sequence[str]], ways: Mapping[str, str]) -> dict[str, list[str]]:
    """What was chosen as it is kept: only of ways that are given, in the order of the list; all is as good as none."""
    found = {way: [harm.value for harm in Harm if harm in chosen.get(way, ())] for way, text in ways.items() if text}
    return {way: harms for way, harms in found.items() if 0 < len(harms) < len(Harm)}


def narrowed(service: Mapping[str, Any], harm: str) -> Mapping[str, Any]:
    """A service with the ways alone that take this harm; with all of them when `harm` is empty."""
    harms = service.get("harms", {})
    return {**service, **{way: "" for way in WAYS if harm and not takes(harms, way, harm)}}
