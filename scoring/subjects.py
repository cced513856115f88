"""Subjects from files, one after another: JSON lines, CSV with a row a subject, CSV with a row a value."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO, cast

from scoring.columns import Column, Known, read_columns, subject_from
from scoring.errors import ReadingError
from scoring.subject import Files, Ruling, Subject

MAX_LINE = 2_000_000
_LONG = ("id", "criterion", "value")
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
    """`id` names the column of names; `skip_unknown` passes over columns no rubric knows."""

    id: str = "id"
    delimiter: str = ""
    skip_unknown: bool = False


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
    header = [cell.strip() for cell in next(_rows(rows), (0, [""]))[1]]
    if set(_LONG) == set(header):
        return _long(_rows(rows), names, [header.index(name) for name in _LONG])
    columns = read_columns(header, names, layout.id, skip_unknown=layout.skip_unknown)
    return _wide(_rows(rows), columns, len(header), header.index(layout.id) if layout.id in header else None)


def _chain(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _rows(rows: Any) -> Iterator[tuple[int, list[str]]]:
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


def _wide(
    rows: Iterator[tuple[int, list[str]]], columns: list[Column | None], width: int, name: int | None
) -> Iterator[Row]:
    for line, row in rows:
        subject = row[name].strip() if name is not None and name < len(row) else f"line {line}"
        if len(row) != width:
            yield Row(subject, None, f"line {line}: {len(row)} cells where the header has {width}")
            continue
        yield _row(subject, line, zip(columns, row, strict=True))


def _row(name: str, line: int, cells: Iterable[tuple[Column | None, str]]) -> Row:
    try:
        return Row(name, subject_from(cells, name))
    except ReadingError as error:
        return Row(name, None, f"line {line}: {error}")


def _long(rows: Iterator[tuple[int, list[str]]], names: Known, places: list[int]) -> Iterator[Row]:
    """Rows of one subject stand together; a name that comes back later is an error, for it was scored already."""
    known: dict[str, Column | None] = {}
    done: set[str] = set()
    current, start, cells = "", 0, cast("list[tuple[Column | None, str]]", [])
    for line, row in rows:
        if len(row) != len(_LONG):
            raise ReadingError(f"line {line}: {len(row)} cells where the header has {len(_LONG)}")
        name, criterion, value = (row[place].strip() for place in places)
        if name != current or not start:
            if start:
                yield _row(current, start, cells)
                done.add(current)
            if name in done:
                raise ReadingError(f"line {line}: the rows of {name!r} do not stand together; sort the file by id")
            current, start, cells = name, line, []
        if criterion not in known:
            known[criterion] = read_columns([criterion], names, "id", skip_unknown=False)[0]
        cells.append((known[criterion], value))
    if start:
        yield _row(current, start, cells)
