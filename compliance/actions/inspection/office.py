"""DOCX and XLSX: a zip of plain XML parts; macros, embedded programs, foreign parts and bombs are refused."""

import io
import re
import zipfile
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from compliance.actions.inspection.refusal import RefusedFileError

MOST_PARTS = 3_000
MOST_UNPACKED = 150_000_000
MOST_RATIO = 300
LARGE_PART = 30_000_000
SMALL = 1_000_000
FORBIDDEN = re.compile(
    r"vbaproject|vbadata|activex|/embeddings/|oleobject|externallinks?/|customui|\.(bin|exe|dll|js|vbs|ps1|bat|html?|swf|"
    r"mp4|avi|mov|wmv|mp3|wav|m4a|mkv|webm)$",
    re.IGNORECASE,
)
HARMLESS_BINARY = re.compile(r"printersettings/[^/]+\.bin$", re.IGNORECASE)
DYNAMIC = re.compile(rb"DDEAUTO|<[^>]*ddeLink|INCLUDETEXT\s|INCLUDEPICTURE\s+[\"']?(?:https?:|\\\\)", re.IGNORECASE)
LINKS = ("hyperlink",)


def is_document(data: bytes) -> bool:
    """Whether the zip is laid out as a Word document."""
    return _has(data, "word/document.xml")


def is_workbook(data: bytes) -> bool:
    """Whether the zip is laid out as an Excel workbook."""
    return _has(data, "xl/workbook.xml")


def _has(data: bytes, part: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return part in names and "[Content_Types].xml" in names


def check_document(data: bytes) -> bytes:
    """The same bytes when they are a quiet Word document. Raises RefusedFileError."""
    return _check(data, b"wordprocessingml.document.main+xml")


def check_workbook(data: bytes) -> bytes:
    """The same bytes when they are a quiet Excel workbook. Raises RefusedFileError."""
    return _check(data, b"spreadsheetml.sheet.main+xml")


def _check(data: bytes, main_type: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_second_face(data, archive)
            _refuse_bomb(archive)
            for entry in archive.infolist():
                _check_part(archive, entry)
            types = archive.read("[Content_Types].xml")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, KeyError) as error:
        raise RefusedFileError("file_damaged") from error
    if main_type not in types or b"macroEnabled" in types:
        raise RefusedFileError("file_active")
    return data


def _refuse_second_face(data: bytes, archive: zipfile.ZipFile) -> None:
    """Nothing before the first part, nothing after the directory."""
    end = data.rfind(b"PK\x05\x06")
    if archive.comment or end < 0 or len(data) - end != 22:
        raise RefusedFileError("file_two_faced")
    if min(entry.header_offset for entry in archive.infolist()) != 0:
        raise RefusedFileError("file_two_faced")


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS or len(set(names)) != len(names):
        raise RefusedFileError("file_bomb")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise RefusedFileError("file_bomb")
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            raise RefusedFileError("file_bomb")


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name:
        raise RefusedFileError("file_two_faced")
    if entry.flag_bits & 0x1:
        raise RefusedFileError("file_locked")
    if FORBIDDEN.search(name) and not HARMLESS_BINARY.search(name):
        raise RefusedFileError("file_active")
    if not name.lower().endswith((".xml", ".rels", ".vml")):
        return
    with archive.open(entry) as part:
        content = part.read(LARGE_PART + 1)
    if len(content) > LARGE_PART:
        raise RefusedFileError("file_bomb")
    if DYNAMIC.search(content):
        raise RefusedFileError("file_active")
    tree = _parse(content)
    if name.lower().endswith(".rels"):
        _refuse_outside(tree)


def _parse(content: bytes) -> Element:
    """Without document types and entities: neither can explode or reach out."""
    try:
        return fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise RefusedFileError("file_damaged") from error


def _refuse_outside(tree: Element) -> None:
    """A part may link to a web page; it may not load from one."""
    for relation in tree:
        kind = relation.get("Type", "").rsplit("/", 1)[-1].lower()
        target = relation.get("Target", "").strip().lower()
        if relation.get("TargetMode", "").lower() != "external":
            continue
        if kind not in LINKS or not target.startswith(("http://", "https://", "mailto:", "tel:")):
            raise RefusedFileError("file_active")
