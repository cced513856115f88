"""Where files lie, in a folder and in a bucket alike."""

import re

from compliance.store.errors import MissingFileError

INCOMING, LOCKED, DRAWN = "incoming", "locked", "drawn"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def digest_name(sha256: str) -> str:
    """The digest, which is safe in a path. Raises MissingFileError for every other text."""
    if not _DIGEST.fullmatch(sha256):
        raise MissingFileError(sha256)
    return sha256


def place_of(sha256: str) -> str:
    """`ab/cd/<sha256>`. Raises MissingFileError."""
    name = digest_name(sha256)
    return f"{name[:2]}/{name[2:4]}/{name}"
