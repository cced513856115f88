"""Lists of a rubric: what a part is repeated for. Each item is a row of named columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod

from scoring.loading.reading import Reading
from scoring.loading.tree import Branch, Leaf, Listing, Tree

Row = Mapping[str, Tree]


@dataclass(frozen=True, slots=True)
class Rows:
    """The items of one list; each has the columns of the first."""

    name: str
    rows: tuple[Row, ...]
    indices: dict[tuple[str, ...], dict[tuple[str, ...], list[int]]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.rows[0]) if self.rows else ()

    def where(self, wanted: Mapping[str, tuple[str, ...]]) -> tuple[list[Row], int]:
        """The rows that have one of the wanted texts in each of these columns, in their order; and what it cost."""
        columns = tuple(wanted)
        if columns not in self.indices:
            index = self.indices[columns] = {}
            for place, row in enumerate(self.rows):
                index.setdefault(tuple(text(row[column]) for column in columns), []).append(place)
        index, several = self.indices[columns], [frozenset(texts) for texts in wanted.values()]
        if prod(map(len, several)) <= len(index):
            told = [texts for texts in product(*several) if texts in index]
        else:
            told = [texts for texts in index if all(text in one for text, one in zip(texts, several, strict=True))]
        places = sorted(place for texts in told for place in index[texts])
        return [self.rows[place] for place in places], min(prod(map(len, several)), len(index))


def read_lists(reading: Reading, tree: Tree | None) -> dict[str, Rows]:
    """Every list by its name; an item that is a plain text is a row of one column, named as the list."""
    found: dict[str, Rows] = {}
    for name, value in reading.branch(tree, "lists").items():
        found[name] = Rows(name, _rows(reading, name, value))
    return found


def _rows(reading: Reading, name: str, tree: Tree) -> tuple[Row, ...]:
    node = f"lists.{name}"
    if isinstance(tree, Branch) and "table" in tree.entries:
        fix = "Read the rubric from its file, or write the rows here"
        reading.wrong(tree, node, "a table is read only from beside a rubric file", fix)
        return ()
    rows: list[Row] = []
    for item in reading.items(tree, node):
        row = {name: item} if isinstance(item, Leaf) else reading.branch(item, node)
        for column in row.keys() ^ (rows[0] if rows else row).keys():
            fix = f"Give every item the same columns: {', '.join(rows[0])}"
            reading.wrong(item, node, "this item has other columns than the first", fix, column)
        rows.append(row if not rows else {column: row.get(column, Leaf(None)) for column in rows[0]})
    if not rows:
        reading.wrong(tree, node, "the list is empty", "List what a part is repeated for")
    return tuple(rows)


def text(tree: Tree) -> str:
    return (tree.text or "") if isinstance(tree, Leaf) else ""


def texts(tree: Tree) -> tuple[str, ...]:
    return tuple(text(item) for item in tree.items) if isinstance(tree, Listing) else (text(tree),)
