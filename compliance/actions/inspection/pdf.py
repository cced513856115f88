"""PDF: opened and read whole; anything that runs, calls out, carries files or hides behind a password is refused."""

import io
import zlib
from typing import Any

import pikepdf

from compliance.actions.inspection.refusal import RefusedFileError

ACTIVE = frozenset(
    {
        "/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/EmbeddedFile", "/EmbeddedFiles", "/Filespec",
        "/RichMedia", "/Movie", "/Sound", "/Screen", "/Rendition", "/3D", "/XFA", "/SubmitForm", "/ImportData",
        "/GoToR", "/GoToE", "/Collection", "/ResetForm", "/Hide", "/Trans", "/FileAttachment",
    }
)  # fmt: skip
NAMING = ("/S", "/Type", "/Subtype")
HARMLESS_OPENING = frozenset({"/GoTo", "/XYZ", "/Fit", "/FitH", "/FitV", "/FitR", "/FitB", "/FitBH", "/FitBV"})
MOST_OBJECTS = 200_000
MOST_DEPTH = 30
MOST_PAGES = 1_000
MOST_UNPACKED = 300_000_000
FOREIGN = (b"PK\x05\x06", b"PK\x03\x04", b"MZ\x90\x00", b"\x7fELF", b"<script", b"<html", b"<svg", b"<?php")


def check(data: bytes) -> bytes:
    """The same bytes when they are a quiet PDF. Raises RefusedFileError."""
    _refuse_second_face(data)
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted:
                raise RefusedFileError("file_locked")
            if not 1 <= len(document.pages) <= MOST_PAGES or len(document.objects) > MOST_OBJECTS:
                raise RefusedFileError("file_damaged")
            _walk(document)
    except pikepdf.PasswordError as error:
        raise RefusedFileError("file_locked") from error
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError, KeyError) as error:
        raise RefusedFileError("file_damaged") from error
    return data


def _refuse_second_face(data: bytes) -> None:
    """A file that another program would read as something else."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise RefusedFileError("file_damaged")
    if len(data) - end > 1_024 or data[end + 5 :].strip():
        raise RefusedFileError("file_two_faced")
    head = data[:2_048].lower()
    if any(mark.lower() in head for mark in FOREIGN) or b"PK\x05\x06" in data[-66_000:]:
        raise RefusedFileError("file_two_faced")


def _walk(document: pikepdf.Pdf) -> None:
    unpacked = 0
    for item in document.objects:
        _refuse_deep(item, 0)
        if isinstance(item, pikepdf.Stream):
            unpacked += _unpacked_size(item, MOST_UNPACKED - unpacked)


def _refuse_deep(item: Any, depth: int) -> None:
    """Looks into an object and the direct dictionaries and lists inside it."""
    if depth > MOST_DEPTH:
        raise RefusedFileError("file_damaged")
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        _refuse_active(item)
        for _key, value in item.items():
            if not getattr(value, "is_indirect", False):
                _refuse_deep(value, depth + 1)
    elif isinstance(item, pikepdf.Array):
        for value in list(item):
            if not getattr(value, "is_indirect", False):
                _refuse_deep(value, depth + 1)


def _refuse_active(item: Any) -> None:
    for key in item.keys():  # noqa: SIM118 (pikepdf objects iterate over something else)
        if key == "/OpenAction" and _is_harmless_opening(item[key]):
            continue
        if key in ACTIVE:
            raise RefusedFileError("file_active")
    for key in NAMING:
        value = item.get(key)
        if isinstance(value, pikepdf.Name) and str(value) in ACTIVE:
            raise RefusedFileError("file_active")
    uri = item.get("/URI")
    if isinstance(uri, pikepdf.String) and not str(uri).lower().startswith(("http://", "https://", "mailto:", "tel:")):
        raise RefusedFileError("file_active")


def _is_harmless_opening(action: Any) -> bool:
    """Office programs open a document at a page: a destination, not an act."""
    if isinstance(action, pikepdf.Array):
        return True
    return isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) == "/GoTo"


def _unpacked_size(stream: pikepdf.Stream, room: int) -> int:
    """How much a Flate stream holds, never unpacking more than `room`."""
    filters = stream.get("/Filter")
    names = [str(name) for name in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if len(names) > 4:
        raise RefusedFileError("file_bomb")
    if "/FlateDecode" not in names:
        return 0
    raw, total = stream.read_raw_bytes(), 0
    unpacker = zlib.decompressobj()
    while raw:
        try:
            piece = unpacker.decompress(raw, 1_000_000)
        except zlib.error:
            return total
        total += len(piece)
        if total > room:
            raise RefusedFileError("file_bomb")
        raw = unpacker.unconsumed_tail
        if not piece:
            break
    return total
