"""An edition's files with some of its texts replaced: every other byte stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaires.folders import Texts
from questionnaires.passages import MARK, Spot, leaf_of, shared, spots_of, tree_of
from questionnaires.scalars import BREAKS, Setting, written
from questionnaires.text import LANGS
from scoring.loading.tree import Branch, Leaf, Listing, Tree

Wanted = Mapping[str, Mapping[str, str]]
"""New words by the id of their passage, then by language."""
_LINE = re.compile(rf"\r\n|[{BREAKS}]")
_BLOCK = re.compile(r"[|>][^ \t#\r\n]*(?P<comment>[ \t]+#[^\r\n]*)?")


class CannotRewordError(ValueError):
    """A passage cannot be changed in its place; ``passage`` is its id."""

    def __init__(self, passage: str, reason: str) -> None:
        super().__init__(f"{passage}: {reason}")
        self.passage = passage


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    words: str


def reworded(files: Texts, wanted: Wanted) -> dict[str, str]:
    """The files with the wanted words. Raises CannotRewordError, KeyError for a passage that no file has."""
    left, result = set(wanted), dict(files)
    for name in files:
        if not name.endswith(".yaml") or not left:
            continue
        mark = MARK if files[name].startswith(MARK) else ""
        tree = tree_of(files[name], name)
        spots = {f"{spot.part}.{spot.name}": spot for spot in spots_of(tree, name)}
        mine = {key: wanted[key] for key in spots if key in wanted}
        left -= mine.keys()
        if mine:
            result[name] = mark + _File(name, files[name].removeprefix(MARK), tree).reworded(spots, mine)
    if left:
        raise KeyError(min(left))
    return result


class _File:
    def __init__(self, name: str, text: str, tree: Tree) -> None:
        self.name, self.text, self.tree = name, text, tree
        self.lines = [0, *(found.end() for found in _LINE.finditer(text))]
        first = _LINE.search(text)
        self.newline = first[0] if first and first[0] == "\r\n" else "\n"

    def reworded(self, spots: Mapping[str, Spot], wanted: Wanted) -> str:
        fixed = shared(tuple(spots.values()), self.text)
        edits: list[_Edit] = []
        for key, words in wanted.items():
            node = spots[key].node
            if node.place in fixed:
                raise CannotRewordError(key, "it is written once and used in several places")
            edits += self._edits(key, node, {lang: words[lang] for lang in LANGS if lang in words})
        text = self.text
        for edit in sorted(edits, key=lambda one: (one.start, one.end), reverse=True):
            text = text[: edit.start] + edit.words + text[edit.end :]
        self._check(text, spots, wanted)
        return text

    def _edits(self, key: str, node: Branch, words: Mapping[str, str]) -> Iterator[_Edit]:
        flow = self.text[self.lines[node.place.line - 1] + node.place.column - 1] == "{"
        for lang, text in words.items():
            leaf = leaf_of(node, lang)
            if leaf is not None and leaf.text == text:
                continue
            try:
                yield self._replaced(node, lang, leaf, text, flow) if leaf else self._added(node, lang, text, flow)
            except ValueError as error:
                raise CannotRewordError(key, str(error)) from error

    def _replaced(self, node: Branch, lang: str, leaf: Leaf, text: str, flow: bool) -> _Edit:
        start, end, comment = self._extent(leaf, flow)
        alone = bool(comment) or end == len(self.text) or self.text[end] in BREAKS
        where = Setting(node.entries[lang][0].column - 1, flow, self.newline, alone)
        words = written(text, where)
        first, line, rest = words.partition(self.newline) if comment else (words, "", "")
        gap = " " if start and self.text[start - 1] == ":" else ""
        return _Edit(start, end, f"{gap}{first}{comment}{line}{rest}")

    def _extent(self, leaf: Tree, flow: bool) -> tuple[int, int, str]:
        """From where to where the value's characters go, its last line end aside, and the comment of its first line."""
        start, end, plain = (*leaf.span, leaf.plain) if isinstance(leaf, Leaf) else (0, 0, True)
        block = None if flow or plain else _BLOCK.match(self.text, start)
        if not block:
            return start, end, ""
        content = max(len(self.text[:end].rstrip(f" \t{BREAKS}")), block.end())
        line_end = _LINE.search(self.text, content)
        return start, min(line_end.start(), end) if line_end else end, block["comment"] or ""

    def _added(self, node: Branch, lang: str, text: str, flow: bool) -> _Edit:
        """The other language's line is there, and this one's is written after it."""
        [(place, other)] = node.entries.values()
        _, end, _ = self._extent(other, flow)
        words = written(text, Setting(place.column - 1, flow, self.newline))
        if flow:
            return _Edit(end, end, f", {lang}: {words}")
        line_end = _LINE.search(self.text, end)
        end = line_end.start() if line_end else len(self.text)
        return _Edit(end, end, f"{self.newline}{' ' * (place.column - 1)}{lang}: {words}")

    def _check(self, text: str, spots: Mapping[str, Spot], wanted: Wanted) -> None:
        """Reads the new file: the wanted words are there, and nothing else is different."""
        new = {id(spots[key].node): words for key, words in wanted.items()}
        if _said(tree_of(text, self.name), {}) != _said(self.tree, new):
            raise CannotRewordError(min(wanted), "the file would not read back")


def _said(tree: Tree, new: Mapping[int, Mapping[str, str]]) -> object:
    """All values of a file, of some texts the new words."""
    if isinstance(tree, Leaf):
        return tree.text
    if isinstance(tree, Listing):
        return [_said(item, new) for item in tree.items]
    own = {key: _said(part, new) for key, (_, part) in tree.entries.items()}
    return {**own, **new.get(id(tree), {})}
