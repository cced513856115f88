"""Subjects from files, one after another: JSON lines, CSV with a row a subject, CSV with a row a value."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO, cast

from scoring.errors import ReadingError
from scoring.files.columns import missing, read_columns, subject_from
from scoring.headers import Column, Known, tidy
from scoring.subject import Files, Ruling, Subject

MAX_LINE = 2_000_000
_ID = ("id",)
_TOGETHER = " / "
Lines = Iterator[tuple[int, list[str]]]
_KEYS = {"id", "facts", "answers", "evidence", "rulings", "not_applicable"}
_RULING_KEYS = {"verdict", "value", "evidence", "not_applicable", "essential", "reason"}


@dataclass(frozen=True, slots=True)
class Row:
    """One subject, or why its row cannot be read."""

    id: str
    subject: Subject | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """`id`: the columns that together name a subject; `criterion` and `value`: those of a file with a row a value.

    `skip_unknown` passes over columns no rubric knows.
    """

    id: tuple[str, ...] = ()
    delimiter: str = ""
    skip_unknown: bool = False
    criterion: str = "criterion"
    value: str = "value"


def read_subjects(path: Path, stream: TextIO, names: Known, layout: Layout) -> Iterator[Row]:
    """The subjects of an open .jsonl or .csv file, in constant memory; raises ReadingError for the file as a whole."""
    if path.suffix in {".jsonl", ".ndjson", ".json"}:
        return _json_lines(stream)
    if path.suffix in {".csv", ".tsv"}:
        return _csv(path, stream, names, layout)
    raise ReadingError(f"{path}: subjects are read from .jsonl or .csv files")


def _lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(MAX_LINE):
        if len(line) >= MAX_LINE:
            raise ReadingError(f"a line is longer than {MAX_LINE} characters")
        yield line


def _json_lines(stream: TextIO) -> Iterator[Row]:
    for number, line in enumerate(_lines(stream), start=1):
        if line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: str) -> Row:
    name = f"line {number}"
    try:
        tree = json.loads(line, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_unique)
        name = str(tree.get("id", name)) if isinstance(tree, dict) else name
        return Row(name, subject_from_tree(tree, name))
    except (ReadingError, ValueError, RecursionError) as error:
        return Row(name, None, f"line {number}: {error}")


def _no_constant(word: str) -> object:
    raise ReadingError(f"{word} is not a number")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ReadingError("a key is there twice")
    return found


def subject_from_tree(tree: object, name: str = "") -> Subject:
    """A subject from {"id", "facts", "answers", "evidence", "rulings", "not_applicable"}."""
    if not isinstance(tree, dict):
        raise ReadingError("a subject is an object {…}")
    unknown = sorted(set(tree) - _KEYS)
    if unknown:
        raise ReadingError(f"unknown key {unknown[0]!r}; there are: {', '.join(sorted(_KEYS))}")
    skipped = tree.get("not_applicable", [])
    if not isinstance(skipped, list) or not all(isinstance(item, str) for item in skipped):
        raise ReadingError("'not_applicable' is a list of names")
    return Subject(
        facts=_values(tree, "facts"),
        answers=_values(tree, "answers"),
        evidence={key: _evidence(value) for key, value in _values(tree, "evidence").items()},
        rulings={key: _ruling(key, value) for key, value in _values(tree, "rulings").items()},
        not_applicable=frozenset(skipped),
        id=name,
    )


def _values(tree: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = tree.get(key, {})
    if not isinstance(found, dict):
        raise ReadingError(f"{key!r} is an object {{name: value}}")
    return found


def _evidence(raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    counts = [raw.get("given", 0), raw.get("accepted", 0)]
    if set(raw) - {"given", "accepted"} or not all(type(count) is int and count >= 0 for count in counts):
        raise ReadingError('files are counted as {"given": 2, "accepted": 1}')
    return Files(*counts)


def _ruling(name: str, raw: Any) -> Ruling:
    if isinstance(raw, str):
        raw = {"verdict": raw}
    if not isinstance(raw, dict) or set(raw) - _RULING_KEYS:
        raise ReadingError(f"the ruling on {name!r} may have: {', '.join(sorted(_RULING_KEYS))}")
    allowed: Mapping[str, tuple[object, ...]] = {
        "verdict": (None, "confirm", "adjust", "not_supported"),
        "evidence": (None, "accepted", "refused"),
        "not_applicable": (None, "accepted", "refused"),
        "essential": (None, "pass", "fail"),
    }
    for key, words in allowed.items():
        if raw.get(key) not in words:
            raise ReadingError(f"the ruling on {name!r}: {key} is one of {', '.join(str(word) for word in words[1:])}")
    return Ruling(**{**raw, "reason": str(raw.get("reason", ""))})


def _csv(path: Path, stream: TextIO, names: Known, layout: Layout) -> Iterator[Row]:
    lines = _lines(stream)
    first = next(lines, "")
    delimiter = layout.delimiter or ("\t" if path.suffix == ".tsv" else max(",;\t", key=first.count))
    rows = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
    header = [tidy(cell) for cell in next(_rows(rows), (0, [""]))[1]]
    return _by_value(_rows(rows), header, names, layout) or _by_subject(_rows(rows), header, names, layout)


def _by_subject(rows: Lines, header: list[str], names: Known, layout: Layout) -> Iterator[Row]:
    wanted = tuple(tidy(title) for title in layout.id)
    found = wanted or tuple(title for title in _ID if title in header)
    columns = read_columns(header, names, found, skip_unknown=layout.skip_unknown)
    absent = [*(title for title in found if title not in header), *missing(columns, names)]
    if absent:
        raise ReadingError(f"the file has no column {absent[0]!r}; there are: {', '.join(header[:20])}")
    return _wide(rows, columns, len(header), [header.index(title) for title in found])


def _by_value(rows: Lines, header: list[str], names: Known, layout: Layout) -> Iterator[Row] | None:
    """None when the columns of a file with a row a value are not all there."""
    found = [tidy(title) for title in (*(layout.id or _ID), layout.criterion, layout.value)]
    if not set(found) <= set(header):
        return None
    others = [title for title in header if title not in found]
    if others and not layout.skip_unknown:
        raise ReadingError(f"columns that say nothing here: {', '.join(others[:10])}. Add --skip-unknown-columns")
    return _long(rows, names, len(header), [header.index(title) for title in found])


def _chain(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _rows(rows: Any) -> Lines:
    """Each row with its line number; a broken quote ends the file, for what follows cannot be trusted."""
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise ReadingError(f"line {rows.line_num}: {error}") from error
        if row:
            yield rows.line_num, row


def _wide(rows: Lines, columns: list[Column | None], width: int, places: list[int]) -> Iterator[Row]:
    for line, row in rows:
        if len(row) != width:
            yield Row(f"line {line}", None, f"line {line}: {len(row)} cells where the header has {width}")
            continue
        yield _row(_name(row, places) or f"line {line}", line, zip(columns, row, strict=True))


def _name(row: list[str], places: list[int]) -> str:
    return _TOGETHER.join(row[place].strip() for place in places)


def _row(name: str, line: int, cells: Iterable[tuple[Column | None, str]]) -> Row:
    try:
        return Row(name, subject_from(cells, name))
    except ReadingError as error:
        return Row(name, None, f"line {line}: {error}")


def _long(rows: Lines, names: Known, width: int, places: list[int]) -> Iterator[Row]:
    """Rows of one subject stand together; a name that comes back later is an error, for it was scored already."""
    known: dict[str, Column | None] = {}
    done: set[str] = set()
    current, start, cells = "", 0, cast("list[tuple[Column | None, str]]", [])
    *ids, about, said = places
    for line, row in rows:
        if len(row) != width:
            raise ReadingError(f"line {line}: {len(row)} cells where the header has {width}")
        name, criterion = _name(row, ids), row[about].strip()
        if name != current or not start:
            if start:
                yield _row(current, start, cells)
                done.add(current)
            if name in done:
                raise ReadingError(f"line {line}: the rows of {name!r} do not stand together; sort the file by id")
            current, start, cells = name, line, []
        if criterion not in known:
            known[criterion] = read_columns([criterion], names, (), skip_unknown=False)[0]
        cells.append((known[criterion], row[said]))
    if start:
        yield _row(current, start, cells)
