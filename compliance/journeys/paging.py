"""Long lists a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import Session

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
    return page_read(name, len(every), lambda start, most: every[start : start + most])


def page_read(name: str, count: int, read: Callable[[int, int], Sequence[T]]) -> Page[T]:
    """As `page_named`, of `count` lines of which `read` gets those of the page alone: from where on, and how many."""
    pages = max(1, -(-count // LINES))
    number = min(max(1, whole_number(request.args.get(name)) or 1), pages)
    return Page(read((number - 1) * LINES, LINES), number, pages)


def page_stored(session: Session, name: str, query: sa.Select[T]) -> Page[T]:
    """The same of what the database holds in the order of the query."""
    count = session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery()))
    return page_read(name, count or 0, lambda start, most: session.scalars(query.offset(start).limit(most)).all())
