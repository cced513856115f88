"""What hashing a password costs: next to nothing in most tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from compliance.actions import passwords

FULL = dict(passwords.ARGON2)
QUICK = {"argon2__memory_cost": 8, "argon2__time_cost": 1, "argon2__parallelism": 1}


@contextmanager
def costing(costs: dict[str, int]) -> Iterator[None]:
    """Hashing costs this much, also in applications that are made while the block runs."""
    before = dict(passwords.ARGON2)
    try:
        passwords.ARGON2.update(costs)
        passwords.HASHING.update(**costs)
        yield
    finally:
        passwords.ARGON2.update(before)
        passwords.HASHING.update(**before)
