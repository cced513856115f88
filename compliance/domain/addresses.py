"""E-mail addresses: one form for all the ways of typing the same one."""

import unicodedata

import idna

DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})
INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})  # categories of Unicode
TOO_LONG = 1000
"""Characters: more than any address has, few enough to be folded in no time."""


def normal_address(typed: str) -> str:
    """The one form by which an account is found, counted and kept; the same again for what it gave.

    Width and case do not count, nor does what is invisible at the ends; the domain is written as DNS knows it
    (`xn--…`). Never fails: what is no address comes back folded, at most TOO_LONG characters, for a form to refuse.
    """
    folded = _folded(typed) if len(typed) < TOO_LONG else typed
    if len(folded) >= TOO_LONG:
        return folded[:TOO_LONG]
    local, at, domain = _trimmed(folded).rpartition("@")
    # The domain's own rules tell more letters apart (`ß` is not `ss` there), so it is read as it was typed.
    as_typed = _trimmed(unicodedata.normalize("NFKC", typed)).rpartition("@")[2]
    return f"{local}{at}{_domain(as_typed) if at else domain}"


def _domain(typed: str) -> str:
    """In A-labels; folded where it is no domain."""
    folded = _folded(typed).translate(DOTS)
    for form in (typed, folded):
        try:
            return idna.encode(form, uts46=True).decode().rstrip(".")
        except (idna.IDNAError, UnicodeError):
            continue
    return folded.rstrip(".")


def _folded(text: str) -> str:
    """Without width and case. Folding can open what the other normalises, so both are done until nothing changes."""
    while (folded := unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())) != text:
        text = folded
    return text


def _trimmed(text: str) -> str:
    begin, end = 0, len(text)
    while begin < end and unicodedata.category(text[begin]) in INVISIBLE:
        begin += 1
    while end > begin and unicodedata.category(text[end - 1]) in INVISIBLE:
        end -= 1
    return text[begin:end]
