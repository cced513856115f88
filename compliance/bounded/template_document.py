"""A document to adapt as a Word file, made in a process of its own: the library it needs stays out of web processes."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.run import Run

from compliance.bounded.child import serve

KHMER_FONT = "Khmer OS Battambang"
"""What Word and LibreOffice in Cambodia have; any other Khmer font takes its place where it is missing."""
LATIN_FONT = "Calibri"
STYLES: Mapping[str, float] = {"Normal": 11, "Title": 20, "Heading 2": 13, "List Bullet": 11, "List Number": 11}
"""Sizes in points."""
WIDE = 5
"""A table with more columns lies across."""
MARGIN = Cm(2)


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """`title`, `note` and `parts` (one key each: heading, text, list, steps, fill, table), all in one language.

    `made_at` is the moment in UTC, as the file bears it.
    """
    document = Document()
    _forget_origin(document, datetime.fromisoformat(request["made_at"]))
    _dress(document)
    if any(len(part["table"]["columns"]) > WIDE for part in request["parts"] if "table" in part):
        _turn(document)
    document.core_properties.title = request["title"]
    document.core_properties.author = request["company"]
    document.core_properties.language = request["lang"]
    document.core_properties.comments = ""
    document.add_paragraph(request["title"], style="Title")
    _italic(document.add_paragraph().add_run(request["note"]))
    for part in request["parts"]:
        ((kind, value),) = part.items()
        WRITERS[kind](document, value)
    packed = io.BytesIO()
    document.save(packed)
    return {}, packed.getvalue()


def _forget_origin(document: WordDocument, moment: datetime) -> None:
    """The library's own model is of 2013 and carries a picture of its first page."""
    document.core_properties.created = document.core_properties.modified = moment
    parts = document.part.package.rels
    for name in [name for name, part in parts.items() if part.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        parts.pop(name)


def _dress(document: WordDocument) -> None:
    """Both scripts get a font and a size: Word keeps those of Khmer apart."""
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for spoken in document.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:bidi"), "km-KH")
    for name, size in STYLES.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.cs_bold = style.font.bold
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        fonts.attrib.clear()
        for script, font in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("cs", KHMER_FONT)):
            fonts.set(qn(f"w:{script}"), font)
        khmer_size = properties.makeelement(qn("w:szCs"), {qn("w:val"): str(round(size * 2))})
        properties.find(qn("w:sz")).addnext(khmer_size)


def _turn(document: WordDocument) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _italic(run: Run) -> None:
    run.italic = True


def _styled(style: str) -> Callable[[WordDocument, Any], None]:
    def write(document: WordDocument, texts: str | list[str]) -> None:
        for text in [texts] if isinstance(texts, str) else texts:
            document.add_paragraph(text, style=style)

    return write


def _fill(document: WordDocument, labels: list[str]) -> None:
    table = document.add_table(len(labels), 2, style="Table Grid")
    for row, label in zip(table.rows, labels, strict=True):
        row.cells[0].text = label
        row.height = Cm(1)


def _table(document: WordDocument, told: dict[str, Any]) -> None:
    table = document.add_table(told["rows"] + 1, len(told["columns"]), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, told["columns"], strict=True):
        cell.text = ""
        head = cell.paragraphs[0].add_run(heading)
        head.font.bold = head.font.cs_bold = True
    for row in table.rows[1:]:
        row.height = Cm(0.9)


WRITERS: Mapping[str, Callable[[WordDocument, Any], None]] = {
    "heading": _styled("Heading 2"),
    "text": _styled("Normal"),
    "list": _styled("List Bullet"),
    "steps": _styled("List Number"),
    "fill": _fill,
    "table": _table,
}

if __name__ == "__main__":
    serve(work, foreign=False)
