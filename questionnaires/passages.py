"""Every text of an edition that people read, in both languages: where it stands and what it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath

from questionnaires.errors import EditionError
from questionnaires.folders import Texts
from questionnaires.text import LANGS
from scoring import RubricError
from scoring.loading.reader import parse_yaml
from scoring.loading.tree import Branch, Leaf, Listing, Place, Tree

SECTION, QUESTION, DOCUMENT = "section-", "question-", "document-"
"""How a part is called that belongs to one of these; the rest of an edition is called as its file."""
_KINDS = {"sections": SECTION, "templates": DOCUMENT}
_FIRST, _REST = ("edition.yaml",), ("award.yaml", "lifecycle.yaml", "evidence.yaml", "rules.yaml", "rubric.yaml")
_NAMED_BY = ("id", "value")
NAMELESS = "@"
MARK = "\ufeff"
KEPT = 64


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of an edition. ``part`` and ``name`` find it again in another version of the edition."""

    part: str
    """section-csam, question-csam_terms, document-policy, award."""
    name: str
    """options.partial.label"""
    file: str
    line: int
    words: Mapping[str, str | None]
    """By language; None where the file has nothing."""
    fixed: bool = False
    """Written once and used in several places of its file, so it cannot be changed in one of them alone."""

    @property
    def id(self) -> str:
        return f"{self.part}.{self.name}"


@dataclass(frozen=True, slots=True)
class Spot:
    """A text in the tree of its file."""

    part: str
    name: str
    node: Branch


def passages(files: Texts, errors: list[EditionError]) -> tuple[Passage, ...]:
    """The texts of an edition's files, by their names in its folder, in the order people meet them.

    A file that cannot be read gives none, and its mistake is added to ``errors``.
    """
    found = [passage for file in in_order(files) for passage in _of_file(file, files[file], errors)]
    times = Counter(passage.id for passage in found)
    return tuple(replace(one, fixed=True) if times[one.id] > 1 else one for one in found)


def in_order(files: Texts) -> tuple[str, ...]:
    """The files that hold texts: the edition, its sections and documents as it lists them, then its terms."""
    listed = _listed(files["edition.yaml"]) if "edition.yaml" in files else ()
    folders = sorted(file for file in files if PurePosixPath(file).parent.name in _KINDS)
    names = dict.fromkeys((*_FIRST, *listed, *folders, *_REST))
    return tuple(name for name in names if name in files)


def _listed(edition: str) -> tuple[str, ...]:
    try:
        tree = tree_of(edition, "edition.yaml")
    except RubricError:
        return ()
    return tuple(
        f"{folder}/{item.text}.yaml"
        for folder in _KINDS
        for item in _items(tree.entries[folder][1] if isinstance(tree, Branch) and folder in tree.entries else tree)
        if isinstance(item, Leaf)
    )


def _of_file(file: str, text: str, errors: list[EditionError]) -> Iterator[Passage]:
    try:
        spots = tuple(spots_of(tree_of(text, file), file))
    except RubricError as refused:
        errors += map(EditionError.of, refused.problems)
        return
    again = shared(spots, text.removeprefix(MARK))
    for spot in spots:
        words: dict[str, str | None] = {
            lang: leaf.text if (leaf := leaf_of(spot.node, lang)) else None for lang in LANGS
        }
        yield Passage(spot.part, spot.name, file, spot.node.place.line, words, spot.node.place in again)


@lru_cache(maxsize=KEPT)
def tree_of(text: str, file: str) -> Tree:
    """A file as a tree; raises RubricError. Most files of a draft are the same at the next look.

    The spans of its leaves count from after a mark of byte order.
    """
    return parse_yaml(text.removeprefix(MARK), file)


def spots_of(tree: Tree, file: str) -> Iterator[Spot]:
    """Every text of one file."""
    path = PurePosixPath(file)
    part = _KINDS.get(path.parent.name, "") + path.stem
    for steps, node in _walk(tree, ()):
        if part.startswith(SECTION) and steps[0] == "questions" and not steps[1].startswith(NAMELESS):
            yield Spot(QUESTION + steps[1], ".".join(steps[2:]), node)
        else:
            yield Spot(part, ".".join(steps), node)


def shared(spots: tuple[Spot, ...], text: str) -> frozenset[Place]:
    """Where texts begin that bear an anchor, or that several places of the file use."""
    times = Counter(place for spot in spots for place in _places(spot.node))
    return frozenset(spot.node.place for spot in spots if _anchored(spot.node, text) or _again(spot.node, times))


def _again(node: Branch, times: Mapping[Place, int]) -> bool:
    return any(times[place] > 1 for place in _places(node))


def _places(node: Branch) -> set[Place]:
    return {node.place, *(leaf.place for lang in LANGS if (leaf := leaf_of(node, lang)))}


def _anchored(node: Branch, text: str) -> bool:
    return any(text.startswith(("&", "!"), leaf.span[0]) for lang in LANGS if (leaf := leaf_of(node, lang)))


def leaf_of(node: Branch, lang: str) -> Leaf | None:
    leaf = node.entries[lang][1] if lang in node.entries else None
    return leaf if isinstance(leaf, Leaf) else None


def _walk(tree: Tree, steps: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Branch]]:
    if isinstance(tree, Listing):
        for name, item in zip(_names(tree), tree.items, strict=True):
            yield from _walk(item, (*steps, name))
    elif isinstance(tree, Branch):
        if steps and _is_text(tree):
            yield steps, tree
            return
        for key, (_, part) in tree.entries.items():
            yield from _walk(part, (*steps, key))


def _is_text(node: Branch) -> bool:
    entries = node.entries.items()
    return bool(node.entries) and all(key in LANGS and isinstance(part, Leaf) for key, (_, part) in entries)


def _names(listing: Listing) -> tuple[str, ...]:
    """What each item of a list calls itself, where no other is called so; else its place, which is no id."""
    called = [_called(item) for item in listing.items]
    times = Counter(called)
    return tuple(name if name and times[name] == 1 else f"{NAMELESS}{at}" for at, name in enumerate(called))


def _called(item: Tree) -> str:
    for key in _NAMED_BY:
        _, leaf = item.entries.get(key, (item.place, item)) if isinstance(item, Branch) else (item.place, item)
        if isinstance(item, Branch) and isinstance(leaf, Leaf) and leaf.text:
            return leaf.text
    return ""


def _items(tree: Tree) -> tuple[Tree, ...]:
    return tree.items if isinstance(tree, Listing) else ()
