"""One file of an edition: its tree, its values as its models want them, and the place where each stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from questionnaires.errors import EditionError
from scoring import RubricError
from scoring.loading.reader import read_tree
from scoring.loading.tree import Branch, Leaf, Listing, Tree

Key: TypeAlias = tuple[str | int, ...]
"""The way to a value: ("questions", 3, "text", "km")."""

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,18}\.\d{1,18}", re.ASCII)
_WORDS_FOR_TRUTH = {"yes", "no", "on", "off", "y", "n"}
_TRUTH: Mapping[str, bool] = {"true": True, "false": False}


@dataclass(frozen=True)
class Document:
    """One file's tree and value, and where in the file each part of it stands (line and column from 1)."""

    file: str
    tree: Tree
    value: Any
    places: Mapping[Key, tuple[int, int]]

    def error(self, key: Key, reason: str, khmer: str = "") -> EditionError:
        """An error at ``key``, or at the nearest value around it that the file does have."""
        known = key
        while known and known not in self.places:
            known = known[:-1]
        line, column = self.places.get(known, (1, 1))
        return EditionError(self.file, line, column, dotted(key), reason, khmer)

    def part(self, key: Key) -> Tree:
        """The tree of a value that the file has."""
        found = self.tree
        for step in key:
            found = found.entries[str(step)][1] if isinstance(found, Branch) else _items(found)[int(step)]
        return found


def dotted(key: Key) -> str:
    """questions[3].text.km"""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return words.removeprefix(".")


def read(path: Path, name: str, errors: list[EditionError]) -> Document | None:
    """The document at ``path``, called ``name`` in errors; what is wrong is added to ``errors``.

    None when nothing of it can be used.
    """
    if not path.is_file():
        errors.append(EditionError(name, 1, 1, "", "this file is missing; write it"))
        return None
    try:
        tree = read_tree(path, name)
    except RubricError as refused:
        errors += map(EditionError.of, refused.problems)
        return None
    return document(tree, name, errors)


def document(tree: Tree, name: str, errors: list[EditionError]) -> Document:
    """As ``read``, for a tree already in hand."""
    typing = _Typing(name, errors)
    return Document(name, tree, typing.value(tree, ()), typing.places)


@dataclass
class _Typing:
    """Values by how they are written: plain numbers and truths are such, everything in quotes is a text."""

    file: str
    errors: list[EditionError]
    places: dict[Key, tuple[int, int]] = field(default_factory=dict)

    def value(self, tree: Tree, key: Key) -> Any:
        self.places[key] = (tree.place.line, tree.place.column)
        if isinstance(tree, Listing):
            return tuple(self.value(part, (*key, index)) for index, part in enumerate(tree.items))
        if isinstance(tree, Leaf):
            return self._single(tree, key)
        values = {name: self.value(part, (*key, name)) for name, (_, part) in tree.entries.items()}
        for name, (place, part) in tree.entries.items():
            if not isinstance(part, Leaf):  # its name stands above it, and is what one looks for
                self.places[(*key, name)] = (place.line, place.column)
        return values

    def _single(self, leaf: Leaf, key: Key) -> Any:
        text = leaf.text
        if text is None or not leaf.plain:
            return text
        if text in _TRUTH:
            return _TRUTH[text]
        if text.lower() in _WORDS_FOR_TRUTH:
            reason = f"put {text} in quotes ('{text}'): without them YAML tools read it as true or false"
            self.errors.append(EditionError(self.file, *self.places[key], dotted(key), reason))
        if _INTEGER.fullmatch(text):
            return int(text)
        return Decimal(text) if _DECIMAL.fullmatch(text) else text


def _items(tree: Tree) -> tuple[Tree, ...]:
    return tree.items if isinstance(tree, Listing) else ()
