"""Long lists a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from compliance.journeys.forms import whole_number

LINES = 50
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of many lines; pages count from 1."""

    lines: Sequence[T]
    number: int
    pages: int


def page_named(name: str, every: Sequence[T]) -> Page[T]:
    """The page that the address asks for under `name`; the last one for a number beyond it."""
    pages = max(1, -(-len(every) // LINES))
    number = min(max(1, whole_number(request.args.get(name)) or 1), pages)
    return Page(every[(number - 1) * LINES : number * LINES], number, pages)
