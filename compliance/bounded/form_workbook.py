"""The offline form as a workbook, made in a process of its own: the library it needs stays out of web processes."""

import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from compliance.bounded.child import serve
from compliance.bounded.form_layout import COLUMNS, FIRST_ROW, KEYS_ROW, STAMP_ROW, STAMPED

KHMER_FONT = "Khmer OS Battambang"
"""What spreadsheets in Cambodia have; any other Khmer font takes its place where it is missing."""
LATIN_FONT = "Calibri"
WIDTHS: Mapping[str, float] = {"number": 6, "question": 52, "answer": 34, "not_applicable": 12, "reason": 34,
                               "comment": 34, "guidance": 70}  # fmt: skip
"""In characters."""
HIDDEN = ("id", "version")
OPEN = ("answer", "not_applicable", "reason", "comment")
NOTES_WIDTH = 100
LIST_SHEET = "lists"
LONGEST = 32_767
"""Characters that a cell holds."""
EXACT = 15
"""Digits that a spreadsheet keeps of a number."""
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
WHITE, GREY, THREAD, INK = "FFFFFF", "F1F3F4", "EAF1F7", "1D2A36"
LINE = Side(style="thin", color="C6CDD3")
MARKS = ("=", "+", "-", "@")
TOP = Alignment(wrap_text=True, vertical="top")


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """Keys: lang, stamp, title, sheets (names of the two), notes, warning, heads, lists and rows.

    A row has `section` alone, or texts by column, `open` (columns to write in), `lists` (by column, a list's name),
    `figure` when its answer is a number, and `bold`.
    """
    font = KHMER_FONT if request["lang"] == "km" else LATIN_FONT
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 (a new workbook has one)
    sheet.title, notes_name = request["sheets"]
    lists = _lists(book, request["lists"])
    _head(sheet, request, font)
    for number, row in enumerate(request["rows"], start=FIRST_ROW):
        _row(sheet, number, row, lists, font)
    for rule in lists.values():
        sheet.add_data_validation(rule)
    _dress(sheet)
    _notes(book.create_sheet(notes_name), request, font)
    book.properties.title, book.properties.creator = request["title"], request["company"]
    packed = io.BytesIO()
    book.save(packed)
    return {}, packed.getvalue()


def _lists(book: Workbook, lists: Mapping[str, Sequence[str]]) -> dict[str, DataValidation]:
    """Choices stand on a hidden sheet: a list inside a cell's own rule holds 255 characters and no comma."""
    sheet = book.create_sheet(LIST_SHEET)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    made = {}
    for column, (name, choices) in enumerate(lists.items(), start=1):
        for place, choice in enumerate(choices, start=1):
            _write(sheet.cell(place, column), choice)
        letter = get_column_letter(column)
        area = f"{quote_sheetname(LIST_SHEET)}!${letter}$1:${letter}${len(choices)}"
        made[name] = DataValidation(type="list", formula1=area, allow_blank=True, showErrorMessage=False)
    return made


def _head(sheet: Worksheet, request: dict[str, Any], font: str) -> None:
    for column, text in enumerate((STAMPED, *request["stamp"]), start=1):
        _write(sheet.cell(STAMP_ROW, column), text)
    for column, name in enumerate(COLUMNS, start=1):
        _write(sheet.cell(KEYS_ROW, column), f"#{name}")
        head = sheet.cell(FIRST_ROW - 1, column)
        _write(head, request["heads"].get(name, ""))
        head.font, head.alignment = Font(name=font, bold=True, color=WHITE, size=11), TOP
        head.fill = PatternFill("solid", fgColor=INK)
    sheet.row_dimensions[STAMP_ROW].hidden = sheet.row_dimensions[KEYS_ROW].hidden = True
    place = COLUMNS.index("question") + 1
    for row, text, size in ((KEYS_ROW + 1, request["title"], 15), (KEYS_ROW + 2, request["warning"], 11)):
        _write(sheet.cell(row, place), text)
        sheet.cell(row, place).font = Font(name=font, bold=True, size=size)
        sheet.cell(row, place).alignment = TOP


def _row(sheet: Worksheet, number: int, row: Mapping[str, Any], lists: Mapping[str, DataValidation], font: str) -> None:
    for column, name in enumerate(COLUMNS, start=1):
        cell = sheet.cell(number, column)
        _write(cell, row.get("section", "") if name == "question" and "section" in row else row.get(name, ""))
        cell.alignment, cell.border = TOP, Border(top=LINE, bottom=LINE)
        cell.font = Font(name=font, size=11, bold="section" in row or (name == "question" and bool(row.get("bold"))))
        opened = name in row.get("open", ())
        if opened:
            cell.protection = Protection(locked=False)
            cell.border = Border(top=LINE, bottom=LINE, left=LINE, right=LINE)
            cell.font = Font(name=KHMER_FONT, size=11)
            cell.quotePrefix = row.get(name, "").startswith(MARKS)
            cell.number_format = "General" if row.get("figure") and name == "answer" else "@"
        elif "section" in row:
            cell.fill = PatternFill("solid", fgColor=THREAD)
        elif name in OPEN:
            cell.fill = PatternFill("solid", fgColor=GREY)
        if opened and (chosen := row.get("lists", {}).get(name)):
            lists[chosen].add(cell)


def _write(cell: Cell, text: str) -> None:
    """Text is text: nothing of it becomes a formula, a code or a reference to a character."""
    if (number := _number(text)) is not None:
        cell.value = number
        return
    cell.value = _ESCAPED.sub("_x005F_", _UNWRITABLE.sub("", text))[:LONGEST] or None
    if cell.value is not None:
        cell.data_type = "s"


def _number(text: str) -> int | Decimal | None:
    """What a spreadsheet keeps exactly; longer figures stay text, and so does what begins with zeros."""
    if len(text) > EXACT or not re.fullmatch(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", text, re.ASCII):
        return None
    try:
        return Decimal(text) if "." in text else int(text)
    except InvalidOperation:
        return None


def _dress(sheet: Worksheet) -> None:
    for column, name in enumerate(COLUMNS, start=1):
        measure = sheet.column_dimensions[get_column_letter(column)]
        measure.width = WIDTHS.get(name, 10)
        measure.hidden = name in HIDDEN
    sheet.freeze_panes = sheet.cell(FIRST_ROW, COLUMNS.index("answer") + 1)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{FIRST_ROW - 1}:{FIRST_ROW - 1}"


def _notes(sheet: Worksheet, request: dict[str, Any], font: str) -> None:
    sheet.column_dimensions["A"].width = NOTES_WIDTH
    sheet.protection.sheet = True
    for row, text in enumerate((request["title"], *request["notes"]), start=1):
        cell = sheet.cell(row, 1)
        _write(cell, text)
        cell.alignment, cell.font = TOP, Font(name=font, size=15 if row == 1 else 11, bold=row == 1)


if __name__ == "__main__":
    serve(work, foreign=False)
