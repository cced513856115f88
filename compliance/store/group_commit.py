"""Group commit on SQLite: writers that meet share one transaction, and one wait for the disk."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any, TypeVar

import sqlalchemy.exc
from flask import current_app
from sqlalchemy.orm import Session

from compliance.store.base import dialect, transaction

Result = TypeVar("Result")
Work = Callable[[Session], Any]


@dataclass(eq=False)
class _Turn:
    """One caller's work, and what became of it."""

    work: Work
    done: bool = False
    result: Any = None
    error: Exception | None = None


@dataclass
class GroupCommit:
    """Whoever comes first works for all who wait; nobody is told "stored" before the commit returned."""

    waiting: SimpleQueue[_Turn] = field(default_factory=SimpleQueue)
    working: Lock = field(default_factory=Lock)

    def run(self, work: Callable[[Session], Result]) -> Result:
        mine = _Turn(work)
        self.waiting.put(mine)
        with self.working:
            if not mine.done:
                others = [turn for turn in self._all_waiting() if turn is not mine]
                _share([mine, *others])
        if mine.error is not None:
            raise mine.error
        result: Result = mine.result
        return result

    def _all_waiting(self) -> Iterator[_Turn]:
        with suppress(Empty):
            while True:
                yield self.waiting.get_nowait()


def _share(turns: list[_Turn]) -> None:
    """All in one transaction; when one of them fails, each in its own, so that only that one fails.

    When the database itself fails (locked, gone, full), nobody is made to wait for it once more.
    """
    if len(turns) == 1:
        _alone(turns[0])
        return
    try:
        with transaction() as session:
            results = [turn.work(session) for turn in turns]
    except sqlalchemy.exc.OperationalError as error:
        for turn in turns:
            turn.error, turn.done = error, True
    except Exception:  # noqa: BLE001 (whichever it was, only the one it belongs to shall see it)
        for turn in turns:
            _alone(turn)
    else:
        for turn, result in zip(turns, results, strict=True):
            turn.result, turn.done = result, True


def _alone(turn: _Turn) -> None:
    try:
        with transaction() as session:
            turn.result = turn.work(session)
    except Exception as error:  # noqa: BLE001 (raised again where the caller waits)
        turn.error = error
    turn.done = True


def in_shared_transaction(work: Callable[[Session], Result]) -> Result:
    """Runs short work in a write transaction, shared with whoever else writes at this moment.

    The work may be run again after a failure, so it must leave nothing behind but rows. SQLite has one writer at a
    time and waits for the disk at every commit; PostgreSQL needs no help.
    """
    if dialect() != "sqlite":
        with transaction() as session:
            return work(session)
    group: GroupCommit = current_app.extensions.setdefault("group_commit", GroupCommit())
    return group.run(work)
