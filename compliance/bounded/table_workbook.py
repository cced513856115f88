"""Tables as a workbook, one sheet each, made in a process of its own: its library stays out of web processes."""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from compliance.bounded.child import serve

LONGEST_NAME = 31
"""Characters of a sheet's name."""
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """`tables` are [{title, head, rows}], all cells texts; written as texts, so that nothing is run."""
    book = Workbook()
    book.remove(book.active)
    for number, table in enumerate(request["tables"], 1):
        sheet = book.create_sheet(f"{number} {table['title']}".translate(FORBIDDEN)[:LONGEST_NAME])
        for row, cells in enumerate([[table["title"]], table["head"], *table["rows"]], 1):
            for column, text in enumerate(cells, 1):
                cell = sheet.cell(row, column)
                cell.value, cell.data_type = text, "s"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if row <= 2:
                    cell.font = Font(bold=True)
        sheet.column_dimensions["A"].width = 60
    output = io.BytesIO()
    book.save(output)
    return {}, output.getvalue()


if __name__ == "__main__":
    serve(work, foreign=False)
