"""The text of a file of subjects: UTF-8 and marked UTF-16 need no word, everything else is said."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from scoring.errors import ReadingError

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIPPED = b"PK\x03\x04"


@contextmanager
def opened(source: io.BufferedReader, encoding: str = "") -> Iterator[TextIO]:
    """The text; raises ReadingError where the bytes are not of the encoding."""
    start = source.peek(len(_ZIPPED))
    if start.startswith(_ZIPPED):
        raise ReadingError("the file is zipped, as spreadsheets are. Save it as CSV (UTF-8)")
    told = encoding or ("utf-16" if start.startswith(_MARKS) else "utf-8-sig")
    try:
        with io.TextIOWrapper(source, encoding=told, newline="") as stream:
            yield stream
    except UnicodeDecodeError as error:
        remedy = "Name its encoding, for instance --encoding cp1252 for older Windows programs"
        raise ReadingError(f"the file is not {told.removesuffix('-sig')} text ({error.reason}). {remedy}") from error
