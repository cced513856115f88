"""What counts as a link: an http or https address with the public name of a host."""

import re
import unicodedata

_START = re.compile(r"(?<![a-z0-9])https?://", re.IGNORECASE)
# What may name the host, its port and a user; a path, a query, brackets or quotes end it.
_AUTHORITY = re.compile(r"[^\s/?#\\\"'<>()\[\]{}|]{1,300}")
_PORT = re.compile(r":(\d{1,5})(?!\d)", re.ASCII)
# Names that no public host has.
_NOT_PUBLIC = {"localhost", "local", "internal", "invalid", "test"}
_MAX_PORT, _MAX_HOST, _MAX_LABEL = 65535, 253, 63


def has_link(text: str) -> bool:
    """Whether a link stands anywhere in the text; what follows the host (a path, a full stop) does not matter."""
    return any(_names_a_host(_AUTHORITY.match(text, found.end())) for found in _START.finditer(text))


def _names_a_host(found: re.Match[str] | None) -> bool:
    said = found[0] if found else ""
    host = _host(said)
    rest = said[len(host) :]
    port = _PORT.match(rest)
    if port:
        rest = rest[port.end() :]
    # A name or password before the host, or a sign that no host has, may lead anywhere.
    odd = "@" in said or (rest[:1] == ":" and len(rest) > 1) or rest[:1] in set("_%&=+~$*")
    return not odd and (port is None or 0 < int(port[1]) <= _MAX_PORT) and _is_public(host.removesuffix("."))


def _host(said: str) -> str:
    """The letters of any script with their marks, digits, hyphens and dots at the start."""
    for place, sign in enumerate(said):
        if unicodedata.category(sign)[0] not in "LM" and not sign.isdecimal() and sign not in "-.":
            return said[:place]
    return said


def _is_public(host: str) -> bool:
    labels = host.split(".")
    last = labels[-1]
    if len(labels) < 2 or len(host) > _MAX_HOST or len(last) < 2 or last.isdecimal():
        return False
    return last.casefold() not in _NOT_PUBLIC and all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    starts_well = label[:1].isalnum()
    return starts_well and len(label) <= _MAX_LABEL and not label.endswith("-")
