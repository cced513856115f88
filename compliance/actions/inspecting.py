"""One uploaded file, from its bytes to its type: sorted by its first bytes here, looked into outside this process."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from compliance.bounded.runner import CrashedError, Sender, TooHeavyError, ask_about_foreign
from compliance.domain.errors import InvalidError

LONGEST_NAME = 120
INVISIBLE = " .\u200b\u200c\u200d"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEIC = "image/heic"
ENDINGS = {
    "application/pdf": ("pdf",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    HEIC: ("heic", "heif", "hif", "jpg", "jpeg"),
}
PDF_HEAD = 1_024
BLANK = b"\xef\xbb\xbf\0\t\n\f\r "
PICTURE_HEADS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
TELEPHONE_PICTURES = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


@dataclass(frozen=True)
class Inspected:
    """An accepted file. `data` may be a cleaned copy: pictures are drawn anew, without position or maker's notes;
    `received_sha256` is then of what was sent.
    """

    name: str
    media_type: str
    data: bytes
    received_sha256: str | None = None


def inspect(name: str, data: bytes, sender: Sender, *, pictures: bool, max_bytes: int) -> Inspected:
    """The file, accepted. Raises InvalidError on `file` with the reason, BusyError when too many are looked into."""
    if not data:
        raise _refusal("file_empty")
    if len(data) > max_bytes:
        raise _refusal("file_too_large", most=max_bytes // 1_000_000)
    kind = sort(data)
    if kind in {"picture", "heic"} and not pictures:
        raise _refusal("picture_not_asked")
    media_type, redrawn = _look(kind, data, sender)
    received = hashlib.sha256(data).hexdigest() if redrawn else None
    shown = clean_name(name, HEIC if kind == "heic" else media_type)
    if kind == "heic":
        shown = f"{shown.rpartition('.')[0]}.jpg"
    return Inspected(shown, media_type, redrawn or data, received)


def sort(data: bytes) -> str:
    """Which room looks into a file, by its first bytes. Raises InvalidError for every type that is not evidence."""
    if data[:PDF_HEAD].lstrip(BLANK).startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "office"
    if data.startswith(OLD_OFFICE):
        raise _refusal("file_locked" if ENCRYPTED in data else "file_old_office")
    if data[4:8] == b"ftyp" and data[8:12] in TELEPHONE_PICTURES:
        return "heic"
    if data.startswith(PICTURE_HEADS):
        return "picture"
    raise _refusal("file_type")


def _look(kind: str, data: bytes, sender: Sender) -> tuple[str, bytes]:
    """The media type, and new bytes when the file was drawn anew."""
    try:
        told, redrawn = ask_about_foreign(f"compliance.inspection.{kind}", {}, data, sender)
    except TooHeavyError as error:
        raise _refusal("file_too_heavy") from error
    except CrashedError as error:
        raise _refusal("file_unreadable") from error
    if "refused" in told:
        raise _refusal(str(told["refused"]), **_values(told["values"]))
    return str(told["media_type"]), redrawn


def _values(told: Mapping[str, object]) -> dict[str, object]:
    return {str(name): value for name, value in told.items()}


def _refusal(code: str, **values: object) -> InvalidError:
    return InvalidError("file", code, **values)


def clean_name(name: str, media_type: str) -> str:
    """The file's own name without folders, control characters or tricks of direction; Khmer names stay Khmer.

    Raises InvalidError when the ending promises another type than the content is.
    """
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(mark for mark in base if unicodedata.category(mark) not in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
    kept = "".join(mark for mark in kept if unicodedata.category(mark) != "Cf" or mark in "\u200b\u200c\u200d")
    stem, dot, ending = kept.strip().rstrip(" .").rpartition(".")
    if not dot or ending.lower() not in ENDINGS[media_type]:
        raise _refusal("file_ending", expected=ENDINGS[media_type][0])
    stem = stem.strip(INVISIBLE) or "file"
    return f"{stem[:LONGEST_NAME]}.{ending.lower()}"
