"""Which passwords are refused: too short, well known, or made of this portal's own words. No rules of composition."""

import re
import unicodedata
from collections.abc import Collection, Iterable

SHORTEST = 15
SHORTEST_WITH_SECOND_FACTOR = 8
LONGEST = 256
CONTEXT_WORDS = frozenset(
    {"champion", "champions", "company", "companies", "compliance", "portal", "award", "child", "protection", "online"}
    | {"mptc", "ministry", "telecom", "cambodia", "khmer", "kampuchea", "phnompenh"}
    | {"password", "admin", "administrator", "reviewer", "approver", "officer", "welcome"}
)
SEQUENCES = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
ENOUGH_LEFT = 6


def normal_form(password: str) -> str:
    """One spelling for what looks the same: Khmer and Latin signs may be composed or not (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def refusal(password: str, *, second_factor: bool, common: Collection[str], about: Iterable[str] = ()) -> str | None:
    """Why the password is refused (`short`, `long`, `common`, `about_you`), or None. `about`: the owner's own words."""
    text = normal_form(password)
    if len(text) < (SHORTEST_WITH_SECOND_FACTOR if second_factor else SHORTEST):
        return "short"
    if len(text) > LONGEST:
        return "long"
    plain = text.casefold()
    if plain in common or is_repetition(plain) or is_sequence(plain) or trimmed(plain) in common:
        return "common"
    return "about_you" if len(without(plain, about)) < ENOUGH_LEFT else None


def trimmed(text: str) -> str:
    """Without the digits and signs that people add around a word."""
    return re.sub(r"^[\d\W_]+|[\d\W_]+$", "", text)


def is_repetition(text: str) -> bool:
    """`passwordpassword`, `abcabcabcabc`, `aaaaaaaaaaaaaaa`: a short piece over and over."""
    sizes = range(1, min(len(text) // 2, SHORTEST - 1) + 1)
    return any(text == (text[:size] * len(text))[: len(text)] for size in sizes)


def is_sequence(text: str) -> bool:
    """A run along the alphabet, the digits or the keyboard, in either direction."""
    return any(text in run or text in run[::-1] for run in SEQUENCES)


def without(text: str, about: Iterable[str]) -> str:
    """What is left when the portal's words, the owner's words and all digits and signs are taken out."""
    own = {part for words in about for part in re.split(r"[\s@._-]+", words.casefold()) if len(part) > 2}
    for word in sorted(CONTEXT_WORDS | own, key=len, reverse=True):
        text = text.replace(word, "")
    return re.sub(r"[\d\W_]+", "", text)
