"""Reads one file of an edition: safe, bounded YAML, with the place where each value stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from questionnaires.errors import EditionError

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 50_000

Key: TypeAlias = tuple[str | int, ...]
"""The way to a value: ("questions", 3, "text", "km")."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?\d{1,18}\.\d{1,18}")
_WORDS_FOR_TRUTH = {"yes", "no", "on", "off", "y", "n"}
_PLAIN: Mapping[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True)
class Document:
    """One file's value, and where in the file each part of it stands (line and column from 1)."""

    file: str
    value: Any
    places: Mapping[Key, tuple[int, int]]

    def error(self, key: Key, reason: str, khmer: str = "") -> EditionError:
        """An error at ``key``, or at the nearest value around it that the file does have."""
        known = key
        while known and known not in self.places:
            known = known[:-1]
        line, column = self.places.get(known, (1, 1))
        return EditionError(self.file, line, column, dotted(key), reason, khmer)


def dotted(key: Key) -> str:
    """questions[3].text.km"""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return words.removeprefix(".")


def read(path: Path, name: str, errors: list[EditionError]) -> Document | None:
    """The document at ``path``, called ``name`` in errors; what is wrong is added to ``errors``.

    None when nothing of it can be used.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError:
        errors.append(EditionError(name, 1, 1, "", "this file is missing; write it"))
        return None
    if len(raw) > MAX_BYTES:
        errors.append(EditionError(name, 1, 1, "", f"larger than {MAX_BYTES:,} bytes; split it"))
        return None
    try:
        return read_text(raw.decode("utf-8"), name, errors)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        errors.append(EditionError(name, line, 1, "", "not UTF-8 text; save the file as UTF-8"))
        return None


def read_text(text: str, name: str, errors: list[EditionError]) -> Document | None:
    """As ``read``, for a text already in hand."""
    builder = _Builder(name, errors)
    try:
        value = builder.document(yaml.parse(text, Loader=_Loader))
    except _StopReadingError:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        errors.append(EditionError(name, line, column, "", f"not readable as YAML: {error.problem or error.context}"))
        return None
    except yaml.YAMLError as error:
        errors.append(EditionError(name, 1, 1, "", f"not readable as YAML: {error}"))
        return None
    return Document(name, value, builder.places)


class _StopReadingError(Exception):
    """The file is beyond a limit: its error is noted and reading ends."""


@dataclass
class _Builder:
    file: str
    errors: list[EditionError]
    places: dict[Key, tuple[int, int]] = field(default_factory=dict)

    def document(self, events: Iterator[Any]) -> Any:
        value: Any = None
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                if self.places:
                    self._stop(event, (), "a second document starts here; keep one document a file")
                value = self._value(event, events, ())
        return value

    def _value(self, event: Any, events: Iterator[Any], key: Key) -> Any:
        self.places[key] = (event.start_mark.line + 1, event.start_mark.column + 1)
        if len(key) > MAX_DEPTH:
            self._stop(event, key, f"nested deeper than {MAX_DEPTH} levels")
        if len(self.places) > MAX_VALUES:
            self._stop(event, key, f"more than {MAX_VALUES:,} values in one file")
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self._stop(event, key, "anchors and aliases (& and *) are not allowed; write the value out")
        if event.tag is not None:
            self._stop(event, key, f"tags ({event.tag}) are not allowed; write a plain value")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, key)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, key)
        return self._scalar(event, key)

    def _mapping(self, events: Iterator[Any], key: Key) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                self._stop(event, key, "a key must be one plain word")
            name = event.value
            if name in values:
                self._note(event, (*key, name), "this key stands here twice; keep one of them")
            values[name] = self._value(next(events), events, (*key, name))
            if isinstance(values[name], dict | tuple):  # its name stands above it, and is what one looks for
                self.places[(*key, name)] = (event.start_mark.line + 1, event.start_mark.column + 1)
        return values

    def _sequence(self, events: Iterator[Any], key: Key) -> tuple[Any, ...]:
        values: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            values.append(self._value(event, events, (*key, len(values))))
        return tuple(values)

    def _scalar(self, event: Any, key: Key) -> Any:
        text = str(event.value)
        if event.style:  # quoted or block; plain is None or "" by the parser in use
            return text
        if text in _PLAIN:
            return _PLAIN[text]
        if text.lower() in _WORDS_FOR_TRUTH:
            self._note(event, key, f"put {text} in quotes ('{text}'): without them YAML tools read it as true or false")
        if _INTEGER.fullmatch(text):
            return int(text)
        return Decimal(text) if _DECIMAL.fullmatch(text) else text

    def _note(self, event: Any, key: Key, reason: str) -> None:
        mark = event.start_mark
        self.errors.append(EditionError(self.file, mark.line + 1, mark.column + 1, dotted(key), reason))

    def _stop(self, event: Any, key: Key, reason: str) -> None:
        self._note(event, key, reason)
        raise _StopReadingError
