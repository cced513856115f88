"""The bytes and the text of a file of subjects: UTF-8 and marked UTF-16 need no word, everything else is said."""

import codecs
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from scoring.errors import ReadingError

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIPPED = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, or standard input for "-"; what can be read only once is copied, for it is read twice."""
    try:
        source = sys.stdin.buffer if str(path) == "-" else path.open("rb")
    except FileNotFoundError as error:
        raise ReadingError(f"there is no file {str(path)!r}. Check its name and folder") from error
    except IsADirectoryError as error:
        raise ReadingError(f"{str(path)!r} is a folder. Name a file in it") from error
    except OSError as error:
        raise ReadingError(f"the file {str(path)!r} may not be read. Check your rights") from error
    with source:
        if source.seekable():
            yield source
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(source, copy)
            copy.seek(0)
            yield cast("BinaryIO", copy)


def size_of(source: BinaryIO) -> int:
    """In bytes."""
    return source.seek(0, io.SEEK_END)


@contextmanager
def text_of(source: BinaryIO, encoding: str = "") -> Iterator[TextIO]:
    """The text from the start; raises ReadingError where the bytes are not of the encoding."""
    source.seek(0)
    start = source.read(len(_ZIPPED))
    source.seek(0)
    if start in {_ZIPPED, _COMPOUND}:
        raise ReadingError("this is a spreadsheet. Save it as CSV (UTF-8)")
    told = encoding or ("utf-16" if start.startswith(_MARKS) else "utf-8-sig")
    try:
        codecs.lookup(told)
    except LookupError as error:
        raise ReadingError(f"there is no encoding {told!r}. Name one such as cp1252 or utf-16") from error
    stream = io.TextIOWrapper(source, encoding=told, newline="")
    try:
        yield stream
    except UnicodeError as error:
        reason = getattr(error, "reason", error)
        remedy = "Name its encoding, for instance --encoding cp1252 for older Windows programs"
        raise ReadingError(f"the file is not {told.removesuffix('-sig')} text ({reason}). {remedy}") from error
    finally:
        stream.detach()
