"""Tables: a row a subject, or a row a value; the header decides which."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from scoring.errors import ReadingError
from scoring.files.by_value import Places, read_by_value
from scoring.files.columns import column_named, missing, name_of, read_columns, refuse_misspelt, subject_from
from scoring.files.layout import Layout, Row, unread
from scoring.headers import Column, Known, tidy

_ID, _CRITERION, _VALUE = ("id",), ("criterion",), "value"
_SEPARATOR = re.compile("sep=(.)", re.IGNORECASE)
"""What some spreadsheets write above the header."""
_QUOTED = re.compile(r'"[^"]*"?')
Lines = Iterator[tuple[int, list[str]]]


def read_table(lines: Iterator[str], names: Known, layout: Layout, *, tabs: bool = False) -> Iterator[Row]:
    """The subjects of a CSV file in constant memory; raises ReadingError for the file as a whole."""
    before = layout.header_line - 1
    first = next(islice(lines, before, None), "")
    if told := _SEPARATOR.fullmatch(first.strip()):
        layout, first, before = replace(layout, delimiter=told[1]), next(lines, ""), before + 1
    delimiter = layout.delimiter or ("\t" if tabs else max(",;\t", key=_QUOTED.sub("", first).count))
    rows = _rows(csv.reader(chain([first], lines), delimiter=delimiter, strict=True), before)
    header = [tidy(cell) for cell in next(rows, (0, [""]))[1]]
    if not any(header):
        raise ReadingError(f"there is no header. {_elsewhere(layout)}")
    if _is_by_value(header, names, layout):
        return _by_value(rows, header, names, layout)
    return _by_subject(rows, header, names, layout)


def _is_by_value(header: list[str], names: Known, layout: Layout) -> bool:
    """Columns called criterion and value say so, unless the rubric asks for answers of these names."""
    told = bool(layout.criterion or layout.value)
    wanted = (
        *_titles(layout.id, _naming(header) or _ID),
        *_titles(layout.criterion, _CRITERION),
        tidy(layout.value) or _VALUE,
    )
    if told and (absent := [title for title in wanted if title not in header]):
        raise _no_column(absent[0], header, layout)
    return told or (
        set(wanted) <= set(header) and not any(column_named(title, names) for title in (*_CRITERION, _VALUE))
    )


def _naming(header: list[str]) -> tuple[str, ...]:
    """`id`, however it is written; none in a file that names nobody."""
    return _ID if _ID[0] in header else tuple(title for title in header if title.casefold() == _ID[0])


def _titles(told: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(tidy, told)) or usual


def _rows(rows: Any, before: int) -> Lines:
    """Each row that says something, with its line; a broken quote ends the file: what follows cannot be trusted."""
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise ReadingError(f"line {before + rows.line_num}: {error}") from error
        if any(map(str.strip, row)):
            yield before + rows.line_num, row


def _by_value(rows: Lines, header: list[str], names: Known, layout: Layout) -> Iterator[Row]:
    naming, criterion = _titles(layout.id, _naming(header)), _titles(layout.criterion, _CRITERION)
    value = tidy(layout.value) or _VALUE
    for title in (*naming, *criterion, value):
        _refuse_twice(title, header)
    used = {header.index(title) for title in (*criterion, value)}
    others = [place for place in range(len(header)) if place not in used]
    titles = [header[place] for place in others]
    columns = read_columns(titles, names, naming, layout)
    refuse_misspelt(titles, names.facts, columns, layout)
    beside = tuple((place, column) for place, column in zip(others, columns, strict=True) if column is not None)
    ids, abouts = [header.index(title) for title in naming], [header.index(title) for title in criterion]
    return read_by_value(rows, names, Places(len(header), ids, abouts, header.index(value), beside), layout)


def _by_subject(rows: Lines, header: list[str], names: Known, layout: Layout) -> Iterator[Row]:
    naming = tuple(map(tidy, layout.id)) or _naming(header)
    absent = [title for title in naming if title not in header]
    if absent:
        raise _no_column(absent[0], header, layout)
    for title in naming:
        _refuse_twice(title, header)
    columns = read_columns(header, names, naming, layout)
    refuse_misspelt(header, names.facts | names.answers, columns, layout)
    absent = missing(columns, names)
    if absent:
        raise _no_column(absent[0], header, layout)
    if names.answers and not any(columns):
        raise ReadingError(f"no column stands for a fact or answer of the rubric. {_elsewhere(layout)}")
    return _wide(rows, columns, len(header), [header.index(title) for title in naming])


def _refuse_twice(title: str, header: list[str]) -> None:
    if header.count(title) > 1:
        raise ReadingError(f"the column {title!r} is there twice")


def _no_column(title: str, header: list[str], layout: Layout) -> ReadingError:
    there = ", ".join([cell for cell in header if cell][:20])
    return ReadingError(f"the file has no column {title!r}; there are: {there}. {_elsewhere(layout)}")


def _elsewhere(layout: Layout) -> str:
    return f"Is the header not on line {layout.header_line}? Say which with --header-line"


def _wide(rows: Lines, columns: list[Column | None], width: int, ids: list[int]) -> Iterator[Row]:
    for line, row in rows:
        if len(row) != width:
            yield unread(f"line {line}", line, f"{len(row)} cells where the header has {width}")
        else:
            yield _row(name_of(row, ids) or f"line {line}", line, zip(columns, row, strict=True))


def _row(name: str, line: int, cells: Iterable[tuple[Column | None, str]]) -> Row:
    try:
        return Row(name, subject_from(cells, name))
    except ReadingError as error:
        return unread(name, line, error)
