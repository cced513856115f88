"""One uploaded file, from its bytes to its type: sniffed, then parsed for real."""

import unicodedata
from dataclasses import dataclass

import magic

from compliance.actions.inspection import office
from compliance.actions.inspection.refusal import RefusedFileError

LONGEST_NAME = 120
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {PDF: ("pdf",), DOCX: ("docx",), XLSX: ("xlsx",), "image/png": ("png",), "image/jpeg": ("jpg", "jpeg")}
PICTURES = frozenset({"image/png", "image/jpeg"})
SAME_NAME = frozenset({"application/zip", "application/octet-stream"})


@dataclass(frozen=True)
class Inspected:
    """An accepted file. `data` may be a cleaned copy: pictures are drawn anew, without position or maker's notes."""

    name: str
    media_type: str
    data: bytes


def inspect(name: str, data: bytes, *, pictures: bool, max_bytes: int) -> Inspected:
    """The file, accepted. Raises RefusedFileError."""
    if not data:
        raise RefusedFileError("file_empty")
    if len(data) > max_bytes:
        raise RefusedFileError("file_too_large", most=max_bytes // 1_000_000)
    media_type = sniff(data)
    shown = clean_name(name, media_type)
    if media_type in PICTURES and not pictures:
        raise RefusedFileError("picture_not_asked")
    return Inspected(shown, media_type, _parsed(media_type, data))


def _parsed(media_type: str, data: bytes) -> bytes:
    """Read by its own library. pikepdf and Pillow are loaded by the first file that needs them, not at every start."""
    match media_type:
        case "application/pdf":
            from compliance.actions.inspection import pdf

            return pdf.check(data)
        case "image/png" | "image/jpeg":
            from compliance.actions.inspection import picture

            return picture.redraw_png(data) if media_type == "image/png" else picture.redraw_jpeg(data)
        case _:
            return office.check_document(data) if media_type == DOCX else office.check_workbook(data)


def sniff(data: bytes) -> str:
    """The media type by content. Raises RefusedFileError for every type that is not evidence."""
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return DOCX if office.is_document(data) else XLSX if office.is_workbook(data) else _refuse()
    found = magic.from_buffer(data[:65_536], mime=True)
    return found if found in PICTURES else _refuse()


def _refuse() -> str:
    raise RefusedFileError("file_type")


def clean_name(name: str, media_type: str) -> str:
    """The file's own name without folders, control characters or tricks of direction; Khmer names stay Khmer.

    Raises RefusedFileError when the ending promises another type than the content is.
    """
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(mark for mark in base if unicodedata.category(mark) not in {"Cc", "Cs", "Co", "Cn"})
    kept = "".join(mark for mark in kept if unicodedata.category(mark) != "Cf" or mark in "\u200b\u200c\u200d")
    stem, dot, ending = kept.strip().rstrip(" .").rpartition(".")
    if not dot or ending.lower() not in ENDINGS[media_type]:
        raise RefusedFileError("file_ending", expected=ENDINGS[media_type][0])
    stem = stem.strip(" .") or "file"
    return f"{stem[:LONGEST_NAME]}.{ending.lower()}"
