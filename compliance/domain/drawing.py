"""Draws that anybody can repeat: numbers hashed with a published seed; the first of them, or those below a share."""

import hashlib
from collections.abc import Iterable
from math import ceil


def drawn(seed: str, numbers: Iterable[str], count: int) -> list[str]:
    """The first `count` certificate numbers in the order of SHA-256 over `seed:number`, each at most once."""
    return sorted(set(numbers), key=lambda number: place(seed, number))[:count]


def place(seed: str, number: str) -> str:
    """What orders the numbers: 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def is_within(seed: str, key: str, percent: int) -> bool:
    """Whether a draw of so many hundredths takes `key`: its place, read as a number, lies in that part of all places.

    One by one, so that each is judged on the day on which it comes."""
    return int(place(seed, key), 16) * 100 < percent * 16**64


def share_of(total: int, percent: int, at_least: int) -> int:
    """How many an edition's share is of `total`, rounded up; never more than there are."""
    return min(total, max(at_least, ceil(total * percent / 100)))
