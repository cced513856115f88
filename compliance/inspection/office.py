"""DOCX and XLSX: a zip of parts, each judged by its type, its relationships, its first bytes and its text."""

import io
import zipfile

from compliance.inspection.office_kinds import (
    DOCX,
    XLSX,
    ContentTypes,
    refuse_binary,
    refuse_name,
    refuse_relation,
    refuse_type,
)
from compliance.inspection.office_text import Part, read_part
from compliance.inspection.refusal import RefusedFileError, serve_check

MOST_PARTS = 3_000
MOST_UNPACKED = 120_000_000
MOST_RATIO = 300
LARGEST_PART = 60_000_000
LARGE = 20_000_000
"""Bytes of a part from which on the ratio counts: plain text of one kind packs well too."""
TYPES = "[Content_Types].xml"
XML_BEGINS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
PACKING = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What the standard allows; no office program opens another."""
END = b"PK\x05\x06"
END_SIZE = 22


def check(data: bytes) -> tuple[str, bytes]:
    """Its media type when it is a quiet document or workbook; it is kept as it is. Raises RefusedFileError."""
    return _check(data, outer=""), b""


def _check(data: bytes, outer: str) -> str:
    """`outer`: the media type of the file that this one is a part of: a chart in a document carries its numbers."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_second_face(data, archive)
            _refuse_bomb(archive)
            if TYPES not in archive.namelist():
                raise RefusedFileError("file_odf" if "mimetype" in archive.namelist() else "file_type")
            types = ContentTypes(read_part(archive.read(TYPES)).elements)
            media_type = types.media_type
            for entry in archive.infolist():
                _check_part(archive, entry, types, outer or media_type)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, KeyError) as error:
        raise RefusedFileError("file_damaged") from error
    return media_type


def _refuse_second_face(data: bytes, archive: zipfile.ZipFile) -> None:
    """Nothing before the first part, nothing after the directory but zeros."""
    end = data.rfind(END)
    if archive.comment or end < 0 or data[end + END_SIZE :].strip(b"\0"):
        raise RefusedFileError("file_two_faced")
    if not archive.infolist():
        raise RefusedFileError("file_damaged")
    if min(entry.header_offset for entry in archive.infolist()) != 0:
        raise RefusedFileError("file_two_faced")


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename.casefold() for entry in entries}
    if len(names) != len(entries):
        raise RefusedFileError("file_two_faced")
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise RefusedFileError("file_bomb")
    for entry in entries:
        if entry.file_size > LARGE and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            raise RefusedFileError("file_bomb")


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, types: ContentTypes, outer: str) -> None:
    name = entry.filename
    if name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name:
        raise RefusedFileError("file_two_faced")
    if entry.flag_bits & 0x1:
        raise RefusedFileError("file_locked")
    if entry.compress_type not in PACKING:
        raise RefusedFileError("file_damaged")
    if entry.is_dir() or name == TYPES:
        return
    kind = types.of(name)
    refuse_name(name)
    refuse_type(kind)
    with archive.open(entry) as part:
        content = part.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise RefusedFileError("file_bomb")
    _check_content(name, kind, content, outer)


def _check_content(name: str, kind: str, content: bytes, outer: str) -> None:
    if not content:
        return
    if content.lstrip()[:6].startswith(XML_BEGINS) or name.lower().endswith((".xml", ".rels", ".vml")):
        _refuse_relations(read_part(content))
    elif kind == XLSX and outer == DOCX:
        _check(content, outer=XLSX)
    else:
        refuse_binary(kind, content)


def _refuse_relations(part: Part) -> None:
    for element in part.elements:
        if element.name == "Relationship":
            refuse_relation(element.attributes)


if __name__ == "__main__":
    serve_check(check)
