"""Links in documents: what a click may open."""

import re

OPENING = frozenset(
    {
        "http", "https", "ftp", "ftps", "mailto", "tel", "sms", "callto", "sip", "sips", "skype", "tg", "viber",
        "whatsapp", "line", "geo", "maps", "urn", "doi", "news", "webcal", "file",
    }
)  # fmt: skip
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\ufeff]+")


def running_scheme(link: str) -> str:
    """The scheme of a link that may start something (`javascript`); empty for one that leads to a page or a file.

    Relative links, `#anchor`, `www.…`, `C:\\…` and `host.example:8080/` have none.
    """
    found = _SCHEME.match(_IGNORED.sub("", link))
    scheme = found[1].lower() if found else ""
    return "" if scheme in OPENING or len(scheme) == 1 or "." in scheme or scheme == "localhost" else scheme


def is_remote(target: str) -> bool:
    """Whether loading the target would leave this machine; a drive letter stays on it."""
    plain = target.strip().lower().replace("\\", "/")
    return re.match(r"(file:/{2,})?/?[a-z]:/", plain) is None
