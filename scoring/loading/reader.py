"""Files in YAML or JSON as a bounded tree with positions; nothing in a file is ever constructed or run."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from scoring.loading.load import load_rubric
from scoring.loading.tables import with_tables
from scoring.loading.tree import MAX_DEPTH, MAX_PARTS, Branch, Leaf, Listing, Place, Tree, refuse
from scoring.rubric import Rubric

MAX_BYTES = 4_000_000
# The C parser is several times faster; both give the same events.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = "<<"  # what stands beside it wins over what is merged
_EMPTY_WORDS = {"", "~", "null", "Null", "NULL"}
# Characters above U+FFFF, which JSON may write as two escapes and YAML as one.
_PAIR = re.compile(r"\\\\|\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


def read_rubric(path: Path) -> Rubric:
    """The rubric of a .yaml, .yml or .json file, and the tables beside it; raises RubricError with every problem."""
    return load_rubric(read_with_tables(path), file=str(path))


def read_with_tables(path: Path) -> Tree:
    return with_tables(read_tree(path), path.parent, str(path), parse_yaml)


def read_tree(path: Path, file: str = "") -> Tree:
    """The tree of a file, called `file` in errors; raises RubricError at the first place that cannot be read."""
    file = file or str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise refuse("the file is too large", f"Keep it below {MAX_BYTES // 1_000_000} MB", file=file)
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise refuse("the file cannot be read", "Check its name and your rights", file=file) from error
    except UnicodeDecodeError as error:
        raise refuse("the file is not UTF-8 text", "Save it as UTF-8", file=file) from error
    if path.suffix == ".json":
        return parse_json(text, file)
    return parse_yaml(text, file)


def parse_json(text: str, file: str = "") -> Tree:
    """The one value of a JSON text, which is YAML as well once its tabs and its pairs of escapes are written out."""
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_number)
    except RecursionError as error:
        raise refuse("nested too deeply", f"Keep to {MAX_DEPTH} levels", file=file) from error
    except json.JSONDecodeError as error:
        fix, place = "Check commas, quotes and brackets", Place(error.lineno, error.colno)
        raise refuse(f"this is not JSON: {error.msg}", fix, file=file, place=place) from error
    return parse_yaml(_PAIR.sub(_joined, text.replace("\t", " ")), file)


def _no_number(word: str) -> None:
    raise json.JSONDecodeError(f"{word} is no number", word, 0)


def _joined(pair: re.Match[str]) -> str:
    return chr(0x10000 + (int(pair[1][1:], 16) % 0x400 << 10) + int(pair[2], 16) % 0x400) if pair[1] else pair[0]


class _Open:
    """A list or mapping being read; in a mapping, `key` waits for its value."""

    def __init__(self, place: Place, *, is_map: bool) -> None:
        self.place = place
        self.is_map = is_map
        self.items: list[Tree] = []
        self.entries: dict[str, tuple[Place, Tree]] = {}
        self.key: tuple[Place, str] | None = None

    def close(self) -> Tree:
        if not self.is_map:
            return Listing(tuple(self.items), self.place)
        _, merged = self.entries.get(_MERGE, (self.place, None))
        parts = merged.items if isinstance(merged, Listing) else (merged,)
        own = {key: entry for key, entry in self.entries.items() if key != _MERGE}
        for part in parts:
            if not isinstance(part, Branch):
                return Branch(self.entries, self.place)
            own = {**part.entries, **own}
        return Branch(own, self.place)


def parse_yaml(text: str, file: str = "") -> Tree:
    """The one document of a YAML text; every value stays the text it is written as."""
    try:
        return _Builder(file).build(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        problem = getattr(error, "problem", None) or "not readable"
        raise refuse(
            f"this is not YAML: {problem}", "Check indentation, quotes and colons", file=file, place=place
        ) from error


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.stack: list[_Open] = []
        self.named: dict[str, tuple[Tree, int]] = {}
        self.waiting: list[str | None] = []
        self.counts: list[int] = []
        self.count = 0
        self.root: Tree | None = None

    def build(self, events: Any) -> Tree:
        for event in events:
            place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                raise self._refuse("there is a second document", "Keep one document a file", place)
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._open(event, place)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._close()
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event, place)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(str(event.anchor), place)
        if self.root is None:
            raise self._refuse("the file is empty", "Write at least rubric: NAME", Place(1, 1))
        return self.root

    def _open(self, event: Any, place: Place) -> None:
        self._tag(event, place)
        if len(self.stack) >= MAX_DEPTH:
            raise self._refuse("nested too deeply", f"Keep to {MAX_DEPTH} levels", place)
        is_map = isinstance(event, yaml.MappingStartEvent)
        self._grow(1, place)
        self.stack.append(_Open(place, is_map=is_map))
        self.waiting.append(event.anchor)
        self.counts.append(self.count)

    def _close(self) -> None:
        tree = self.stack.pop().close()
        size = self.count - self.counts.pop() + 1
        self._keep(self.waiting.pop(), tree, size)
        self._add(tree)

    def _scalar(self, event: Any, place: Place) -> None:
        self._tag(event, place)
        self._grow(1, place)
        # A plain text has no style: None from one parser, "" from the other.
        empty = not event.style and event.value in _EMPTY_WORDS
        span = (event.start_mark.index, event.end_mark.index)
        leaf = Leaf(None if empty else event.value, place, plain=not event.style, span=span)
        self._keep(event.anchor, leaf, 1)
        self._add(leaf)

    def _alias(self, anchor: str, place: Place) -> None:
        """A repeated part counts with its whole size each time, so that no small file grows large."""
        if anchor not in self.named:
            raise self._refuse(f"there is nothing called &{anchor} before this", "Check the name", place)
        tree, size = self.named[anchor]
        self._grow(size, place)
        if len(self.stack) + _depth(tree) > MAX_DEPTH:
            raise self._refuse("nested too deeply", f"Keep to {MAX_DEPTH} levels", place)
        self._add(tree)

    def _keep(self, anchor: str | None, tree: Tree, size: int) -> None:
        if anchor is not None:
            self.named[anchor] = (tree, size)

    def _add(self, tree: Tree) -> None:
        if not self.stack:
            self.root = tree
            return
        top = self.stack[-1]
        if not top.is_map:
            top.items.append(tree)
        elif top.key is None:
            top.key = self._key(tree, top)
        else:
            place, key = top.key
            top.entries[key] = (place, tree)
            top.key = None

    def _key(self, tree: Tree, top: _Open) -> tuple[Place, str]:
        if not isinstance(tree, Leaf):
            raise self._refuse("a key must be a single text", "Put quotes around it", tree.place)
        key = tree.text if tree.text is not None else ""
        if key in top.entries:
            raise self._refuse("this key is there twice", "Remove or rename one of them", tree.place, key)
        return tree.place, key

    def _tag(self, event: Any, place: Place) -> None:
        if event.tag is not None and event.tag != "!":
            raise self._refuse("tags are not read", "Write the value without the tag", place, event.tag)

    def _grow(self, size: int, place: Place) -> None:
        self.count += size
        if self.count > MAX_PARTS:
            raise self._refuse("the file holds too many values", f"Keep to {MAX_PARTS} values", place)

    def _refuse(self, reason: str, fix: str, place: Place, value: str = "") -> Exception:
        return refuse(reason, fix, file=self.file, place=place, value=value)


def _depth(tree: Tree) -> int:
    """How deep a part is; it was bounded when it was first read."""
    if isinstance(tree, Branch):
        return 1 + max((_depth(value) for _, value in tree.entries.values()), default=0)
    return 1 + max((_depth(item) for item in tree.items), default=0) if isinstance(tree, Listing) else 0
