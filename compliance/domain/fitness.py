"""How a piece of evidence stands on a day: in date, ended, or too old."""

from datetime import date
from enum import StrEnum
from typing import Literal


class Fitness(StrEnum):
    """What its days say of a piece."""

    IN_DATE = "in_date"
    EXPIRED = "expired"
    TOO_OLD = "too_old"


def fitness(
    proves: Literal["practice", "in_force"], day: date, valid_until: date | None, *, oldest: date, on: date
) -> Fitness:
    """`day` is the one by which its age counts, `oldest` the first that is not too old.

    What is in force has no age: it holds until it ends. A document holds on its last day too.
    """
    if valid_until is not None and valid_until < on:
        return Fitness.EXPIRED
    return Fitness.TOO_OLD if proves == "practice" and day < oldest else Fitness.IN_DATE
