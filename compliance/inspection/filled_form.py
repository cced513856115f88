"""A workbook that comes back filled in: its rows as text, with the address of each cell. Nothing is run."""

import io
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from compliance.bounded.child import serve
from compliance.bounded.form_layout import STAMPED
from compliance.inspection.office import check
from compliance.inspection.office_kinds import XLSX
from compliance.inspection.refusal import RefusedFileError

WRITTEN = ("answer", "not_applicable", "reason", "comment")
"""What people write in; a form that lost one of these columns would take away what it held."""
PARTS = ("version", *WRITTEN)
SEARCHED = 60
"""Rows and columns in which the keys are looked for."""
MOST_ROWS = 2_000
"""Rows of a sheet that are looked at; a form has a few hundred."""
MOST_TEXT = 2_000_000
"""Characters of all rows together."""
EXACT = ".15g"
"""What a spreadsheet shows of a number."""
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def work(_request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """`stamps` and `rows`, or `refused` with `values`. A row: id, place, and by part [address, kind, text].

    Kinds: text, formula, error, merged. A row without an id is there when something is written in it.
    """
    try:
        return _read(data), b""
    except RefusedFileError as refused:
        return {"refused": refused.code, "values": refused.values}, b""


def _read(data: bytes) -> dict[str, Any]:
    media_type, _same = check(data)
    if media_type != XLSX:
        raise RefusedFileError("file_type")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except MemoryError:
        raise
    except Exception as error:
        raise RefusedFileError("file_unreadable") from error
    forms = [form for sheet in book.worksheets if (form := _Form.found(sheet))]
    if not forms:
        raise RefusedFileError("form_unknown")
    several = len(forms) > 1
    rows = [row for form in forms for row in form.rows(f"{form.sheet.title}!" if several else "")]
    if sum(_size(row) for row in rows) > MOST_TEXT:
        raise RefusedFileError("file_too_heavy")
    return {"stamps": [form.stamp for form in forms], "rows": rows}


def _size(row: dict[str, Any]) -> int:
    return sum(len(cell[2]) for cell in row["cells"].values())


class _Form:
    """A sheet that carries a form: its stamp, where its keys stand, and the column of each key."""

    def __init__(self, sheet: Worksheet, stamp: list[str], keys_row: int, columns: dict[str, int]) -> None:
        self.sheet, self.stamp, self.keys_row, self.columns = sheet, stamp, keys_row, columns
        self.last = min(sheet.max_row, keys_row + MOST_ROWS)
        self.merged = {
            (row, column)
            for area in sheet.merged_cells.ranges
            for column in columns.values()
            if area.min_col <= column <= area.max_col
            for row in range(area.min_row, min(area.max_row, self.last) + 1)
        }

    @classmethod
    def found(cls, sheet: Worksheet) -> "_Form | None":
        """None for a sheet without stamp or keys."""
        stamp: list[str] = []
        for row in sheet.iter_rows(max_row=SEARCHED, max_col=SEARCHED):
            texts = [_shown(cell)[1].strip() for cell in row]
            if STAMPED in texts:
                stamp = [text for text in texts[texts.index(STAMPED) + 1 :] if text][:3]
            columns = {text[1:]: place for place, text in enumerate(texts, start=1) if text.startswith("#")}
            if stamp and {"id", *WRITTEN} <= columns.keys():
                return cls(sheet, stamp, row[0].row, columns)
        return None

    def rows(self, prefix: str) -> Iterator[dict[str, Any]]:
        begun = False  # the heads stand above the first question
        for row in range(self.keys_row + 1, self.last + 1):
            name = _shown(self.sheet.cell(row, self.columns["id"]))[1].strip()
            begun = begun or bool(name)
            cells = {part: self._cell(prefix, row, part) for part in PARTS if begun and part in self.columns}
            if name or any(_holds(cells[part]) for part in WRITTEN if cells):
                yield {"id": name[:200], "place": cells["answer"][0], "cells": cells}

    def _cell(self, prefix: str, row: int, part: str) -> list[str]:
        cell = self.sheet.cell(row, self.columns[part])
        kind, text = _shown(cell)
        if (row, self.columns[part]) in self.merged:
            kind = "merged"
        return [f"{prefix}{cell.coordinate}", kind, text]


def _holds(cell: list[str]) -> bool:
    """Whether somebody wrote in a cell; one that is merged with others but empty holds nothing."""
    return cell[1] in {"formula", "error"} or bool(cell[2].strip())


def _shown(cell: Cell | MergedCell) -> tuple[str, str]:
    """The kind of a cell and its text, much as a spreadsheet shows it."""
    value = cell.value
    if value is None:
        return "text", ""
    if cell.data_type == "f":
        return "formula", ""
    if cell.data_type == "e":
        return "error", str(value)
    return "text", _text(value, str(cell.number_format or ""))


def _text(value: object, number_format: str) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        shown, sign = (value * 100, "%") if "%" in number_format else (value, "")
        return format(Decimal(f"{shown:{EXACT}}"), "f") + sign
    if isinstance(value, datetime | date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, time | timedelta):
        return str(value)
    return _NO_TEXT.sub("", _CODE.sub(lambda found: chr(int(found[1], 16)), str(value)))


if __name__ == "__main__":
    serve(work, foreign=True)
