"""A draw that anybody can repeat: the awards whose numbers, hashed with a published seed, come first."""

import hashlib
from collections.abc import Iterable
from math import ceil


def drawn(seed: str, numbers: Iterable[str], count: int) -> list[str]:
    """The first `count` certificate numbers in the order of SHA-256 over `seed:number`, each at most once."""
    return sorted(set(numbers), key=lambda number: place(seed, number))[:count]


def place(seed: str, number: str) -> str:
    """What orders the numbers: 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def share_of(total: int, percent: int, at_least: int) -> int:
    """How many an edition's share is of `total`, rounded up; never more than there are."""
    return min(total, max(at_least, ceil(total * percent / 100)))
