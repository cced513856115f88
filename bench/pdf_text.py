"""The text of a PDF as three independent readers give it, and the texts a certificate should give back."""

import re
import subprocess
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

import pymupdf
import pypdfium2

from certificates import CertificateFacts
from certificates.page import page


def poppler(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def structure(pdf: bytes) -> str:
    """What the glyphs of each tagged piece of a line say one after the other, on all pages: readers that take no heed
    of /ActualText hear that."""
    said = subprocess.run(["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return "\n".join(re.findall(r'^ *"(.*?) *"$', said, re.MULTILINE))


def pdfium(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet = document[0]
        text = sheet.get_textpage()
        found = str(text.get_text_range())
        text.close()
        sheet.close()
        return found
    finally:
        document.close()


def mupdf(pdf: bytes) -> str:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return str(document[0].get_text())


READERS: Mapping[str, Callable[[bytes], str]] = {"poppler": poppler, "pdfium": pdfium, "mupdf": mupdf}


LETTER_SPACED = "CERTIFICATE"


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self._hidden += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden and squeeze(data):
            self.found.append(data)


def source_texts(facts: CertificateFacts) -> list[str]:
    """Every piece of text on the certificate's page, as written."""
    texts = _Texts()
    texts.feed(page(facts))
    return texts.found


def squeeze(text: str) -> str:
    """Without spaces and line ends, which readers place as they like."""
    return re.sub(r"[\s\u200b\u00a0\ufeff]+", "", text)


def come_back(facts: CertificateFacts, read: str) -> float:
    """The share of the source texts that are in what was read, letter for letter and space for space.

    A line may end where the text has a space or may be broken; MuPDF reads wide letter-spacing as spaces.
    """
    texts = [text for text in source_texts(facts) if text != LETTER_SPACED]
    return sum(re.search(_as_read(text), read.replace("\r", "")) is not None for text in texts) / len(texts)


def _as_read(text: str) -> str:
    letters = "".join(" " if mark.isspace() else mark for mark in text.strip())
    return re.sub(r"(\\ )+", r"[ \\u00a0]*[ \\u00a0\\n]", re.escape(letters).replace("\u200b", "\n?"))
