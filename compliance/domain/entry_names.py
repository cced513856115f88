"""Names of files inside an archive that every system unpacks: Windows, macOS, Linux; Khmer is kept."""

import re
import unicodedata

LIMIT = 120
ENDING = 16
REFUSED = re.compile(r'["<>:|?*/\\]')
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)")


def entry_name(name: str) -> str:
    """At most LIMIT bytes of UTF-8, no character or device name that a system refuses, never empty."""
    kept = "".join(char for char in name if unicodedata.category(char) not in {"Cc", "Cs"})
    kept = REFUSED.sub("_", kept).strip().rstrip(". ")
    kept = f"_{kept}" if not kept or RESERVED.match(kept) else kept
    return _short(kept)


def _short(name: str) -> str:
    """The ending stays, for it says what opens the file."""
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > ENDING:
        return _cut(name, LIMIT).rstrip(". ")
    return f"{_cut(stem, LIMIT - len((dot + ending).encode()))}{dot}{ending}"


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")
