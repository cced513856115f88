"""The published editions: which there are, which is current, and one by its id.

Some come with the code; others are published while it runs and stand on a shelf that the application puts beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from questionnaires.errors import UnknownEditionError
from questionnaires.loader import load
from questionnaires.model import Edition

DIRECTORY = Path(__file__).parent / "editions"


class Shelf(Protocol):
    """Editions that did not come with the code."""

    def begun(self) -> Mapping[str, bool]:
        """Every id, and whether its day has come; the first to begin first."""

    def find(self, edition_id: str) -> Edition | None:
        """The edition with an id, begun or to come; None where there is none."""


class _NoShelf:
    def begun(self) -> Mapping[str, bool]:
        return {}

    def find(self, edition_id: str) -> Edition | None:  # noqa: ARG002
        return None


_shelves: list[Shelf] = [_NoShelf()]


def put_beside(shelf: Shelf) -> None:
    """From now on these editions are known too; the shelf that was put there last counts."""
    _shelves[:] = [shelf]


def locked(directory: Path = DIRECTORY) -> Mapping[str, str]:
    """The sha256 of each published edition, oldest first, as the LOCK file holds them."""
    lines = (directory / "LOCK").read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {name: digest for digest, name in pairs}


@cache
def carried() -> Mapping[str, str]:
    """The sha256 of each edition that came with the code, oldest first. Read once: a new one comes with new code."""
    return locked()


def editions() -> tuple[str, ...]:
    """The ids of all editions whose day has come, oldest first: those of the code, then those of the shelf."""
    begun = _shelves[0].begun()
    own = (name for name in carried() if name not in begun)
    return (*own, *(name for name, has_begun in begun.items() if has_begun))


def current() -> Edition:
    """The edition in force: what a new assessment is started with."""
    return edition(editions()[-1])


def edition(edition_id: str) -> Edition:
    """A published edition, in force, earlier or to come; loaded once and kept.

    Raises UnknownEditionError, and TamperedEditionError for one that is not as it was published.
    """
    if edition_id in carried():
        return _of_the_code(edition_id)
    found = _shelves[0].find(edition_id)
    if found is None:
        raise UnknownEditionError(edition_id)
    return found


@cache
def _of_the_code(edition_id: str) -> Edition:
    return load(DIRECTORY / edition_id)
