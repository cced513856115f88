"""An answer in a form that was filled offline meets the answer stored today: what that comes to."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

Content = Mapping[str, Any]
"""What an answer says: value, not_applicable, na_reason, comment."""
NOTHING: Content = {"value": None, "not_applicable": False, "na_reason": "", "comment": ""}


class Meeting(StrEnum):
    """What becomes of an answer in a form. Of the last two nothing is taken until a person chooses."""

    UNCHANGED = "unchanged"
    NEW = "new"
    CHANGED = "changed"
    EMPTIED = "emptied"
    CONFLICT = "conflict"


TO_CHOOSE = frozenset({Meeting.EMPTIED, Meeting.CONFLICT})


def meet(base: Content | None, now: Content, mine: Content) -> Meeting:
    """`base`: what the form held when downloaded (None: nobody knows); `now`: what is stored; `mine`: the file's.

    Whoever left a row of the form as it was wants nothing of it, whatever a colleague did since.
    """
    if mine in (base, now) or (base is None and mine == NOTHING):
        return Meeting.UNCHANGED
    if base is not None and base != now:
        return Meeting.CONFLICT
    if now == NOTHING:
        return Meeting.NEW
    if base is None:
        return Meeting.CONFLICT
    return Meeting.EMPTIED if mine == NOTHING else Meeting.CHANGED
