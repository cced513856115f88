"""Subjects from files, one after another: tables, and JSON lines."""

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from scoring.errors import ReadingError
from scoring.files.layout import Layout, Row, unread
from scoring.files.opening import text_of
from scoring.files.tables import read_table
from scoring.headers import Known
from scoring.subject import Files, Ruling, Subject

MAX_LINE = 2_000_000
_JSON, _TABLES = {".jsonl", ".ndjson", ".json"}, {".csv", ".tsv"}
_KEYS = {"id", "facts", "answers", "evidence", "rulings", "not_applicable"}
_RULING_KEYS = {"verdict", "value", "evidence", "not_applicable", "essential", "reason"}


def read_subjects(path: Path, stream: TextIO, names: Known, layout: Layout) -> Iterator[Row]:
    """The subjects of an open .jsonl or .csv file, in constant memory; raises ReadingError for the file as a whole.

    A file without an ending, such as standard input, is read as JSON lines when it starts with "{", else as CSV.
    """
    lines, ending = _lines(stream), path.suffix.lower()
    first = "" if ending else next(lines, "")
    if ending in _JSON or first.lstrip().startswith("{"):
        return _json_lines(chain([first], lines) if first else lines)
    if ending in _TABLES or not ending:
        return read_table(chain([first], lines) if first else lines, names, layout, tabs=ending == ".tsv")
    raise ReadingError(f"{path}: subjects are read from .csv, .tsv or .jsonl files. Save a spreadsheet as CSV")


def read_whole(source: BinaryIO, path: Path, encoding: str, names: Known, layout: Layout) -> Iterator[Row]:
    """The subjects, after the whole file has been read once: one that breaks off is refused before any is scored."""
    for _ in _read(source, path, encoding, names, layout):
        pass
    layout.passed.clear()
    yield from _read(source, path, encoding, names, layout)


def _read(source: BinaryIO, path: Path, encoding: str, names: Known, layout: Layout) -> Iterator[Row]:
    with text_of(source, encoding) as stream:
        yield from read_subjects(path, stream, names, layout)


def _lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(MAX_LINE):
        if len(line) >= MAX_LINE:
            raise ReadingError(f"a line is longer than {MAX_LINE} characters")
        yield line


def _json_lines(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: str) -> Row:
    name = f"line {number}"
    try:
        tree = json.loads(line, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_unique)
        name = str(tree.get("id", name)) if isinstance(tree, dict) else name
        return Row(name, subject_from_tree(tree, name))
    except (ReadingError, ValueError, RecursionError) as error:
        return unread(name, number, error)


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
