"""Hashing of passwords, and the rules of domain/passwords.py with the list of well-known ones."""

from collections.abc import Iterable
from functools import cache

from passlib.context import CryptContext
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from compliance.domain import passwords
from compliance.domain.errors import InvalidError

# OWASP's smallest argon2id: a sign-in costs 19 MiB and about 20 ms, so that a burst of them does not stop the portal.
ARGON2 = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
HASHING = CryptContext(schemes=["argon2"], **ARGON2)


def hash_password(password: str) -> str:
    return str(HASHING.hash(passwords.normal_form(password)))


def is_right(typed: str, hashed: str | None) -> bool:
    """Whether a person typed their password; what is longer than any password may be is nobody's."""
    normal = passwords.normal_form(typed)
    return bool(hashed) and len(normal) <= passwords.LONGEST and bool(HASHING.verify(normal, hashed))


@cache
def common() -> frozenset[str]:
    """The 30,000 passwords seen most in leaks."""
    return frozenset(FREQUENCY_LISTS["passwords"])


def require_good(password: str, field: str, about: Iterable[str] = (), *, second_factor: bool = False) -> None:
    """Raises InvalidError for a password that the rules refuse."""
    why = passwords.refusal(password, second_factor=second_factor, common=common(), about=about)
    shortest = passwords.SHORTEST_WITH_SECOND_FACTOR if second_factor else passwords.SHORTEST
    match why:
        case "short":
            raise InvalidError(
                field, "Use at least %(length)s characters: four or five words are easy to remember.", length=shortest
            )
        case "long":
            raise InvalidError(field, "Use at most %(length)s characters.", length=passwords.LONGEST)
        case "common":
            raise InvalidError(field, "This password is on lists of well-known passwords. Choose another.")
        case "about_you":
            raise InvalidError(
                field, "This password is too close to your name, your address or this portal's words. Choose another."
            )
