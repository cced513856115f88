"""A parsed file as a bounded tree of texts, lists and mappings, each knowing its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from scoring.errors import Problem, RubricError

MAX_DEPTH = 40
MAX_PARTS = 80_000
MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column from 1; `file` where it is another than the rubric's own, such as a table beside it."""

    line: int
    column: int
    file: str = ""


NOWHERE = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value as text, whatever its look; None is an empty value (null). `plain`: written without quotes.

    `span`: where it begins and ends, in characters of the file's text.
    """

    text: str | None
    place: Place = NOWHERE
    plain: bool = field(default=False, compare=False, kw_only=True)
    span: tuple[int, int] = field(default=(0, 0), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple["Tree", ...]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping; each key keeps its own place."""

    entries: Mapping[str, tuple[Place, "Tree"]]
    place: Place = NOWHERE


Tree = Leaf | Listing | Branch


def refuse(reason: str, fix: str, *, file: str = "", place: Place = NOWHERE, value: str = "") -> RubricError:
    """The error of a file that cannot even be read as a tree."""
    return RubricError((Problem(file, place.line, place.column, "", value[:80], reason, fix),))


def too_large(file: str, place: Place) -> RubricError:
    """The error of a rubric that would be more than can be read again once it is written out."""
    fix = f"Shorten its lists: keep to {MAX_PARTS} values and {MAX_DEPTH} levels"
    return refuse("written out, the rubric is too large", fix, file=file, place=place)


def size(tree: Tree) -> int:
    """How many values a tree has; mappings and lists are values too."""
    if isinstance(tree, Branch):
        return 1 + sum(size(value) for _, value in tree.entries.values())
    return 1 + sum(map(size, tree.items)) if isinstance(tree, Listing) else 1


def from_plain(data: object) -> Tree:
    """A tree from mappings, lists and single values; binary floating point is refused because it is not exact."""
    return _grow(data, 0, [0])


def _grow(data: object, depth: int, count: list[int]) -> Tree:
    count[0] += 1
    if depth > MAX_DEPTH or count[0] > MAX_PARTS:
        raise refuse("the rubric is too deep or too large", f"Keep to {MAX_DEPTH} levels and {MAX_PARTS} values")
    if isinstance(data, Mapping):
        return Branch({_key(key): (NOWHERE, _grow(value, depth + 1, count)) for key, value in data.items()})
    if isinstance(data, list | tuple):
        return Listing(tuple(_grow(item, depth + 1, count) for item in data))
    return Leaf(_single(data))


def _key(key: object) -> str:
    text = _single(key)
    if text is None:
        raise refuse("a key is empty", "Give every entry a name")
    return text


def _single(data: object) -> str | None:
    if data is None:
        return None
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, str):
        return data
    if isinstance(data, int | Fraction | date):
        return str(data)
    if isinstance(data, Decimal):
        return format(data, "f") if data.is_finite() else str(data)
    raise refuse("this kind of value is not exact or not known", "Write it as text in quotes", value=repr(data))


def plain(tree: Tree) -> object:
    """The tree as dicts, lists, texts and None, without places."""
    if isinstance(tree, Leaf):
        return tree.text
    if isinstance(tree, Listing):
        return [plain(item) for item in tree.items]
    return {key: plain(value) for key, (_, value) in tree.entries.items()}
