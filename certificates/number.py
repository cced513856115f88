"""A certificate's number with its check characters, and the verification code nobody can guess."""

import re
import secrets
import unicodedata

from certificates.errors import NumberError

PREFIX = "COP-KH"
CODE_LENGTH = 26  # 26 characters of 5 bits: 130 bits
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_NUMBER = re.compile(r"COPKH(\d{4})(\d{5,9})(\d{2})")
_SEPARATORS = re.compile(r"[\s\u200b\u2060\ufeff\-_./\u2010-\u2015\u2212]+")


def mint(year: int, sequence: int) -> str:
    """The number of the `sequence`-th certificate of `year`: COP-KH-2026-00042-XX."""
    if not 2000 <= year <= 9999 or not 1 <= sequence <= 999_999_999:
        raise ValueError(f"no certificate number for year {year}, sequence {sequence}")
    digits = f"{sequence:05d}"
    return f"{PREFIX}-{year}-{digits}-{check(f'{year}{digits}')}"


def check(digits: str) -> str:
    """Two check digits of ISO 7064 MOD 97-10.

    97 is prime and 10 generates all its residues: every single wrong digit and every two digits
    swapped, near or far, changes the remainder.
    """
    return f"{98 - int(digits + '00') % 97:02d}"


def parse(text: str) -> str:
    """The number as minted, however it was typed: any case, spaces, dashes or none, Khmer digits.

    Raises NumberError "form" when it is no number at all, "check" when a character must be wrong.
    """
    match = _NUMBER.fullmatch(_plain(text))
    if match is None:
        raise NumberError(text, "form")
    year, sequence, given = match.groups()
    if len(sequence) > 5 and sequence.startswith("0"):
        raise NumberError(text, "form")
    if check(year + sequence) != given:
        raise NumberError(text, "check")
    return f"{PREFIX}-{year}-{sequence}-{given}"


def mint_code() -> str:
    """A fresh verification code: 130 random bits in Crockford's base 32."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(CODE_LENGTH))


def parse_code(text: str) -> str:
    """The code as minted, however it was typed (O and 0, I, L and 1 count as the same). Raises NumberError "form"."""
    plain = _plain(text).translate(_LOOKALIKES)
    if len(plain) != CODE_LENGTH or not set(plain) <= set(_CROCKFORD):
        raise NumberError(text, "form")
    return plain


def grouped(code: str) -> str:
    """The code as it is printed, in groups that an eye can keep: ABCDE-FGHJK-…"""
    return "-".join(code[start : start + 5] for start in range(0, 25, 5)) + code[25:]


def _plain(text: str) -> str:
    if len(text) > 200:
        raise NumberError(text, "form")
    joined = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    return "".join(str(unicodedata.decimal(character, character)) for character in joined)
