"""Turns what people type into numbers, dates, addresses and texts; Khmer digits count like others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from scoring.numbers import latin_digits

MAX_ADDRESS = 2000

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060"))
_BREAKS = dict.fromkeys(map(ord, "\v\f\x85\u2028\u2029"), "\n")
"""What Word and others write for a new line or page."""
_UNREADABLE = dict.fromkeys([*range(9), *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])
_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Marks that turn the direction of what follows: in a name they only make it read as another."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that draw nothing."""
_NUMBER = re.compile(r"(-?)(\d{1,12}|\d{1,3}(?:[, ]\d{3}){1,3})(?:\.(\d{1,6}))?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{1,4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_HOST = re.compile(r"(?=.{4,253}$)([^\s.:/@?#\[\]]{1,63}\.)+[^\s.:/@?#\[\]\d][^\s.:/@?#\[\]]{1,62}")
_BEGINS_WITH_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def tidy(text: str) -> str:
    """Composed characters, one kind of line end, no space around; nothing a reader would miss is lost.

    Control characters go: no page, table, calendar or feed may hold them. A text that shows nothing is none.
    """
    cleaned = _cleaned(text)
    return cleaned if any(map(_is_seen, cleaned)) else ""


def _cleaned(text: str) -> str:
    broken = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    return unicodedata.normalize("NFC", broken.translate(_UNREADABLE)).strip()


def _is_seen(character: str) -> bool:
    selects = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    unseen = character.isspace() or unicodedata.category(character) in {"Cc", "Cf", "Cs"}
    return not (unseen or selects or character in _BLANK)


def one_line(text: str) -> str:
    """A name, a title or a number: tidy, on one line, in the order in which it was typed."""
    return " ".join(tidy(text.translate(_TURNING)).split())


def length(text: str) -> int:
    """Characters that say something: the invisible ones Khmer keyboards put between words do not count."""
    return len(text.translate(_INVISIBLE))


def weight(text: str) -> int:
    """What a text counts against a limit, as the counter in the page does (js/count.mjs): the characters that say
    something, once it is tidied. Invisible ones count only where they are more than those.
    """
    tidied = _cleaned(text)
    return max(length(tidied), len(tidied) // 2)


def digits(text: str) -> str:
    """The text with plain digits, without invisible characters and the space around."""
    return latin_digits(text.translate(_INVISIBLE)).replace("\u00a0", " ").strip()


def number(text: str) -> int | Decimal | None:
    """The exact number, written with a decimal point and perhaps commas or spaces between thousands."""
    found = _NUMBER.fullmatch(digits(text))
    if found is None:
        return None
    sign, whole, decimals = found.groups()
    plain = sign + whole.replace(",", "").replace(" ", "")
    if decimals is None or not decimals.strip("0"):
        return int(plain)
    return Decimal(f"{plain}.{decimals.rstrip('0')}")


def date_parts(texts: Sequence[str]) -> tuple[str, str, str] | None:
    """Year, month and day as typed: from three boxes (day, month, year) or from one text."""
    if len(texts) == 3:
        day, month, year = (digits(text) for text in texts)
        return year, month, day
    text = digits(texts[0]) if len(texts) == 1 else ""
    if found := _YEAR_FIRST.fullmatch(text):
        return found[1], found[2], found[3]
    if found := _DAY_FIRST.fullmatch(text):
        return found[3], found[2], found[1]
    return None


def calendar_date(year: str, month: str, day: str) -> date | None:
    """The date these three name, if there is such a day."""
    if not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in (year, month, day)):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def web_address(text: str) -> str | None:
    """A public http address, completed with https:// where the scheme was left out."""
    address = digits(text)
    if not _BEGINS_WITH_SCHEME.match(address):
        address = f"https://{address}"
    if len(address) > MAX_ADDRESS or any(character.isspace() or not character.isprintable() for character in address):
        return None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.username is not None or port == 0:
        return None
    return address if host and _HOST.fullmatch(host) else None
