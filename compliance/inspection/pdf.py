"""PDF: opened and read whole; what runs, carries files or hides behind a password is refused."""

import io
import zlib
from typing import Any

import pikepdf

from compliance.inspection.links import running_scheme
from compliance.inspection.refusal import RefusedFileError, serve_check

PDF = "application/pdf"
ACTIONS = {
    **dict.fromkeys(("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/Hide"), "file_script"),
    **dict.fromkeys(("/GoToR", "/GoToE"), "file_remote"),
    **dict.fromkeys(("/Movie", "/Sound", "/Screen", "/Rendition", "/3D", "/RichMedia", "/RichMediaExecute"),
                    "file_media"),
    **dict.fromkeys(("/EmbeddedFile", "/FileAttachment"), "file_attached"),
}  # fmt: skip
KEYS = {
    **dict.fromkeys(("/JavaScript", "/JS"), "file_script"),
    **dict.fromkeys(("/EmbeddedFiles", "/EF", "/Collection"), "file_attached"),
    **dict.fromkeys(("/RichMediaContent", "/RichMediaSettings"), "file_media"),
    "/XFA": "file_xfa",
}
NAMING = ("/S", "/Type", "/Subtype")
MOST_OBJECTS = 150_000
MOST_DEPTH = 30
MOST_PAGES = 3_000
MOST_UNPACKED = 60_000_000
MOST_PICTURES = 1_500_000_000
FOREIGN = (b"PK\x05\x06", b"PK\x03\x04", b"MZ\x90\x00", b"\x7fELF", b"<script", b"<html", b"<svg", b"<?php")
FOR_SOME = "unsupported encryption filter"  # what qpdf says of a file encrypted for the holders of certificates
BLANK = b"\0\t\n\f\r "


def check(data: bytes) -> tuple[str, bytes]:
    """Its media type when it is a quiet PDF; it is kept as it is. Raises RefusedFileError."""
    _refuse_second_face(data)
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if not 1 <= len(document.pages) <= MOST_PAGES:
                raise RefusedFileError("file_damaged" if not len(document.pages) else "file_bomb")
            if len(document.objects) > MOST_OBJECTS:
                raise RefusedFileError("file_bomb")
            _walk(document)
    except pikepdf.PasswordError as error:
        raise RefusedFileError("file_locked") from error
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError, KeyError) as error:
        _raise_lack_of_memory(error)
        raise RefusedFileError("file_recipients" if FOR_SOME in str(error) else "file_damaged") from error
    return PDF, b""


def _refuse_second_face(data: bytes) -> None:
    """A file that another program would read as something else. Scanners pad with blanks and zeros at both ends."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise RefusedFileError("file_damaged")
    if data[end + 5 :].strip(BLANK):
        raise RefusedFileError("file_two_faced")
    head = data[:2_048].lower()
    if any(mark.lower() in head for mark in FOREIGN) or b"PK\x05\x06" in data[-66_000:]:
        raise RefusedFileError("file_two_faced")


def _walk(document: pikepdf.Pdf) -> None:
    room = {True: MOST_PICTURES, False: MOST_UNPACKED}
    for item in document.objects:
        _refuse_deep(item, 0)
        if isinstance(item, pikepdf.Stream):
            _refuse_elsewhere(item)
            is_picture = item.get("/Subtype") == "/Image"
            room[is_picture] -= _unpacked_size(item, room[is_picture])


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
        if key in KEYS:
            raise RefusedFileError(KEYS[key])
        if (key == "/AA" and _acts(item[key])) or (key == "/OpenAction" and not _is_harmless_opening(item[key])):
            raise RefusedFileError("file_script")
    for key in NAMING:
        value = item.get(key)
        if isinstance(value, pikepdf.Name) and str(value) in ACTIONS:
            raise RefusedFileError(ACTIONS[str(value)])
    if item.get("/S") == "/Thread" and "/F" in item:
        raise RefusedFileError("file_remote")
    uri = item.get("/URI")
    if isinstance(uri, pikepdf.String) and (scheme := running_scheme(str(uri))):
        raise RefusedFileError("file_link", scheme=scheme[:30])


def _refuse_elsewhere(stream: pikepdf.Stream) -> None:
    """A stream whose bytes lie in another file, a page of another file, and one that is a program for printers."""
    if "/F" in stream or "/Ref" in stream:
        raise RefusedFileError("file_remote")
    if "/PS" in (str(stream.get("/Subtype", "")), str(stream.get("/Subtype2", ""))):
        raise RefusedFileError("file_script")


def _acts(events: Any) -> bool:
    """Whether something happens by itself; a font or picture that is merely called AA does nothing."""
    if not isinstance(events, pikepdf.Dictionary):
        return True
    if "/Type" in events or "/Subtype" in events:
        return any(isinstance(event, pikepdf.Dictionary) and "/S" in event for _name, event in events.items())
    return len(events.keys()) > 0


def _is_harmless_opening(action: Any) -> bool:
    """Office programs open a document at a page: a destination, not an act."""
    if isinstance(action, pikepdf.Array | pikepdf.String | pikepdf.Name):
        return True
    return isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) == "/GoTo"


def _unpacked_size(stream: pikepdf.Stream, room: int) -> int:
    """How much a packed stream holds. Raises RefusedFileError when it is more than `room`."""
    filters = stream.get("/Filter")
    names = [str(name) for name in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if len(names) > 4:
        raise RefusedFileError("file_bomb")
    size = _inflated(stream.read_raw_bytes(), room) if names == ["/FlateDecode"] else _decoded(stream)
    if size > room:
        raise RefusedFileError("file_bomb")
    return size


def _decoded(stream: pikepdf.Stream) -> int:
    """The size behind several filters, or filters that pikepdf leaves to others (those hold one picture each)."""
    try:
        return len(stream.read_bytes(pikepdf.StreamDecodeLevel.generalized))
    except (pikepdf.PdfError, NotImplementedError) as error:
        _raise_lack_of_memory(error)
        return 0


def _raise_lack_of_memory(error: Exception) -> None:
    """qpdf tells it as a fault of the file."""
    if "bad_alloc" in str(error):
        raise MemoryError from error


def _inflated(raw: bytes, room: int) -> int:
    """The size of a Flate stream, never holding more than a megabyte of it."""
    total, unpacker = 0, zlib.decompressobj()
    while raw and total <= room:
        try:
            piece = unpacker.decompress(raw, 1_000_000)
        except zlib.error:
            return total
        if not piece:
            break
        total += len(piece)
        raw = unpacker.unconsumed_tail
    return total


if __name__ == "__main__":
    serve_check(check)
