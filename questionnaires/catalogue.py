"""The published editions: which there are, which is current, and one by its id."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from questionnaires.errors import UnknownEditionError
from questionnaires.loader import load
from questionnaires.model import Edition

DIRECTORY = Path(__file__).parent / "editions"


def locked(directory: Path = DIRECTORY) -> Mapping[str, str]:
    """The sha256 of each published edition, oldest first, as the LOCK file holds them."""
    lines = (directory / "LOCK").read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {name: digest for digest, name in pairs}


@cache
def editions() -> tuple[str, ...]:
    """The ids of all published editions, oldest first. Read once: a new edition comes with new code."""
    return tuple(locked())


def current() -> Edition:
    """The newest published edition: what a new assessment is started with."""
    return edition(editions()[-1])


@cache
def edition(edition_id: str) -> Edition:
    """A published edition; raises UnknownEditionError. Loaded once and kept."""
    if edition_id not in editions():
        raise UnknownEditionError(edition_id)
    return load(DIRECTORY / edition_id)
