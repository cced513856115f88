"""Where a service takes reports of harm: what counts as a page of its own, and how a telephone number is written."""

import re
from urllib.parse import parse_qsl, urlsplit

WAYS = ("page", "telephone", "menu")
"""In which ways a service can take reports."""
HOME = re.compile(r"(?i)(index|home|default|main|welcome|en|km|kh|en-us|km-kh)?(\.[a-z]{3,5})?")
"""A part of a path that leads no further than the home page."""
NOISE = re.compile(r"(?i)utm_\w+|fbclid|gclid|lang|language|hl|locale|ref")
OWN_HOSTS = frozenset({"report", "reports", "abuse", "safety", "trust", "help", "support", "child-safety"})
"""A host of such a name is a place for reports by itself."""
TELEPHONE = re.compile(r"\+?\(?[0-9](?:[0-9 ()./-]*[0-9])?")


def is_home_page(address: str) -> bool:
    """Whether a web address leads to nothing more than the front of a website."""
    parts = urlsplit(address)
    if (parts.hostname or "").partition(".")[0] in OWN_HOSTS:
        return False
    pages = [name for name in parts.path.split("/") if name]
    asked = [name for name, _value in parse_qsl(parts.query, keep_blank_values=True) if not NOISE.fullmatch(name)]
    if asked or parts.fragment.strip("!/") not in {"", "top", "home"}:
        return False
    return len(pages) <= 2 and all(HOME.fullmatch(name) for name in pages)


def is_telephone(number: str) -> bool:
    """Digits as people write them: three for a short number, at most the 15 of an international one."""
    return bool(TELEPHONE.fullmatch(number)) and 3 <= len(dialled(number)) <= 15


def dialled(number: str) -> str:
    """The digits alone."""
    return "".join(mark for mark in number if mark.isdecimal())


def local(number: str) -> str:
    """The digits as they are dialled in Cambodia, so that two ways to write a number are seen as one."""
    digits = dialled(number)
    return "0" + digits.removeprefix("855").lstrip("0") if digits.startswith("855") and len(digits) > 8 else digits
