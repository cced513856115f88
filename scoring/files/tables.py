"""Tables: a row a subject, or a row a value; the header decides which."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from scoring.errors import ReadingError
from scoring.files.by_value import Places, read_by_value
from scoring.files.columns import missing, name_of, read_columns, refuse_misspelt, subject_from
from scoring.files.layout import Layout, Row, unread
from scoring.headers import Column, Known, tidy

_ID = ("id",)
Lines = Iterator[tuple[int, list[str]]]


def read_table(lines: Iterator[str], names: Known, layout: Layout, *, tabs: bool = False) -> Iterator[Row]:
    """The subjects of a CSV file in constant memory; raises ReadingError for the file as a whole."""
    before = layout.header_line - 1
    first = next(islice(lines, before, None), "")
    delimiter = layout.delimiter or ("\t" if tabs else max(",;\t", key=first.count))
    rows = _rows(csv.reader(chain([first], lines), delimiter=delimiter, strict=True), before)
    header = [tidy(cell) for cell in next(rows, (0, [""]))[1]]
    wanted = [tidy(title) for title in (*(layout.id or _ID), *layout.criterion, layout.value)]
    if set(wanted) <= set(header):
        return _by_value(rows, header, names, layout)
    return _by_subject(rows, header, names, layout)


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
    ids, abouts = ([header.index(tidy(title)) for title in titles] for titles in (layout.id or _ID, layout.criterion))
    said = header.index(tidy(layout.value))
    others = [place for place in range(len(header)) if place not in {*abouts, said}]
    naming = tuple(header[place] for place in ids)
    columns, passed = read_columns([header[at] for at in others], names, naming, skip_unknown=layout.skip_unknown)
    refuse_misspelt(passed, names.facts, columns)
    beside = tuple((place, column) for place, column in zip(others, columns, strict=True) if column is not None)
    places = Places(len(header), ids, abouts, said, beside)
    return read_by_value(rows, names, places, skip_unknown=layout.skip_unknown)


def _by_subject(rows: Lines, header: list[str], names: Known, layout: Layout) -> Iterator[Row]:
    wanted = tuple(tidy(title) for title in layout.id)
    found = wanted or tuple(title for title in _ID if title in header)
    if not any(header) and not layout.skip_unknown:
        raise ReadingError(f"there is no header. {_elsewhere(layout)}")
    absent = [title for title in found if title not in header]
    if absent:
        raise _no_column(absent[0], header, layout)
    columns, passed = read_columns(header, names, found, skip_unknown=layout.skip_unknown)
    refuse_misspelt(passed, names.facts | names.answers, columns)
    absent = missing(columns, names)
    if absent:
        raise _no_column(absent[0], header, layout)
    if names.answers and any(header) and not any(columns):
        raise ReadingError(f"no column stands for a fact or answer of the rubric. {_elsewhere(layout)}")
    return _wide(rows, columns, len(header), [header.index(title) for title in found])


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
