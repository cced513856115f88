"""Repetition: a part that is said once `for_each` row of a list is written out before anything else is read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scoring.loading.lists import Rows, read_lists, text, texts
from scoring.loading.reading import Reading, suggest
from scoring.loading.tree import MAX_DEPTH, MAX_PARTS, Branch, Leaf, Listing, Place, Tree, plain, too_large

# <column>, or <column?> where the cell may be empty; "a < b > c" is a text.
_PLACEHOLDER = re.compile(r"<([^<>\s](?:[^<>\n]*[^<>\s])?)>")
# How many parts may be written, also those that another row has written already.
_MAX_WORK = 10 * MAX_PARTS
Scope = Mapping[str, Tree]


def repeated(reading: Reading, tree: Branch) -> Tree:
    """The tree without `lists`, and every part with `for_each` as often as its list says; what is the same is one.

    What a row fills in stands where the row stands, so that its mistakes are told there. Raises RubricError when the
    rubric becomes too large; other problems are noted.
    """
    _, listed = tree.entries.get("lists", (tree.place, None))
    if listed is None and not _repeats(tree):
        return tree
    rest = Branch({key: entry for key, entry in tree.entries.items() if key != "lists"}, tree.place)
    grown = _Repeating(reading, read_lists(reading, listed)).grow(rest, {}, 0)
    return grown or rest


def _repeats(tree: Tree) -> bool:
    if isinstance(tree, Branch):
        return "for_each" in tree.entries or any(_repeats(value) for _, value in tree.entries.values())
    return isinstance(tree, Listing) and any(map(_repeats, tree.items))


def used_in(tree: Tree) -> tuple[set[str], set[str]]:
    """The lists that parts are repeated for, and the columns that they take or ask for."""
    if isinstance(tree, Leaf):
        return set(), set(_names(tree.text or ""))
    entries = tree.entries.items() if isinstance(tree, Branch) else (("", (tree.place, item)) for item in tree.items)
    lists: set[str] = set()
    columns: set[str] = set()
    for key, (_, value) in entries:
        inner, taken = used_in(value)
        lists |= inner | (set(texts(value)) if key == "for_each" else set())
        columns |= {*taken, *_names(key)} | (
            set(value.entries) if key == "where" and isinstance(value, Branch) else set()
        )
    return lists, columns


def _names(template: str) -> Iterator[str]:
    """The columns that a text names."""
    return (found.removesuffix("?") for found in _PLACEHOLDER.findall(template))


@dataclass
class _Repeating:
    reading: Reading
    lists: Mapping[str, Rows]
    count: int = 0
    work: int = 0
    opens: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def grow(self, tree: Tree, scope: Scope, depth: int) -> Tree | None:
        """The part with its repetitions written out; None where an optional cell is empty."""
        self.count += 1
        self._step(tree.place, depth)
        if isinstance(tree, Leaf):
            return self._fill(tree, scope, depth) if scope and tree.text else tree
        if isinstance(tree, Listing):
            parts = ((one, within) for item in tree.items for one, within in self._each(item, scope, depth))
            grown = (self.grow(one, within, depth + 1) for one, within in parts)
            return Listing(tuple(item for item in grown if item is not None), tree.place)
        return self._branch(tree, scope, depth)

    def _step(self, place: Place, depth: int) -> None:
        self.work += 1
        if depth > MAX_DEPTH or self.count > MAX_PARTS or self.work > _MAX_WORK:
            raise too_large(self.reading.file, place)

    def _branch(self, tree: Branch, scope: Scope, depth: int) -> Branch:
        entries: dict[str, tuple[Place, Tree]] = {}
        for key, (place, value) in tree.entries.items():
            for one, within in self._different(key, value, scope, depth):
                before = self.count
                grown = self.grow(one, within, depth + 1)
                name = self._text(Leaf(key, place), within)
                _, there = entries.get(name.text or "", (place, None))
                if grown is None or (there is not None and plain(there) == plain(grown)):
                    self.count = before
                    continue
                if there is not None:
                    fix = "Make the name different for each row, such as <id>"
                    self.reading.wrong(name, "", "two different parts have this name", fix, name.text or "")
                entries[name.text or ""] = (name.place, grown)
        return Branch(entries, tree.place)

    def _different(self, key: str, tree: Tree, scope: Scope, depth: int) -> Iterator[tuple[Tree, Scope]]:
        """A named part for each row that says something else about it: what another row has written is passed over."""
        said: set[tuple[str | int, ...]] = set()
        for one, within in self._each(tree, scope, depth):
            cells = [within[name] for name in self._open(key, tree) if name in within]
            mark = tuple(text(cell) if isinstance(cell, Leaf) else id(cell) for cell in cells)
            if mark not in said:
                said.add(mark)
                yield one, within

    def _open(self, key: str, tree: Tree) -> tuple[str, ...]:
        """The columns that a part takes from outside of it, in one order."""
        if id(tree) not in self.opens:
            self.opens[id(tree)] = tuple(sorted({*_names(key), *self._taken(tree)}))
        return self.opens[id(tree)]

    def _taken(self, tree: Tree) -> set[str]:
        if isinstance(tree, Leaf):
            return set(_names(tree.text or ""))
        if isinstance(tree, Listing):
            return {name for item in tree.items for name in self._from_outside("", item)}
        return {name for key, (_, value) in tree.entries.items() for name in self._from_outside(key, value)}

    def _from_outside(self, key: str, tree: Tree) -> set[str]:
        """Without what the lists of a repeated part say themselves, but for what `where` asks them for."""
        taken = {*_names(key), *self._taken(tree)}
        if not isinstance(tree, Branch) or "for_each" not in tree.entries:
            return taken
        lists = [self.lists[name] for name in texts(tree.entries["for_each"][1]) if name in self.lists]
        own = {column for one in lists for column in one.columns}
        return (taken - own) | (self._taken(tree.entries["where"][1]) if "where" in tree.entries else set())

    def _each(self, tree: Tree, scope: Scope, depth: int) -> Iterator[tuple[Tree, Scope]]:
        """The part itself, or what it holds for each row; with `where` alone, only if the row in hand fits."""
        keys = tree.entries.keys() if isinstance(tree, Branch) else set()
        if not isinstance(tree, Branch) or not ("for_each" in keys or (scope and "where" in keys)):
            yield tree, scope
            return
        rest = {key: entry for key, entry in tree.entries.items() if key not in {"for_each", "where"}}
        part = rest["value"][1] if rest.keys() == {"value"} else Branch(rest, tree.place)
        where = self.reading.branch(tree.entries["where"][1], "") if "where" in keys else {}
        lists = self._lists(tree.entries["for_each"][1]) if "for_each" in keys else [Rows("", (scope,))]
        self._check_columns(tree, where, lists)
        empty = True
        for within in self._crossed(lists, where, scope, depth):
            self._step(tree.place, depth)
            empty = False
            yield part, within
        if empty and lists and where and not scope:
            self.reading.wrong(tree, "", "no row is like this", "Compare 'where' with the rows", ", ".join(where))

    def _crossed(self, lists: list[Rows], where: Mapping[str, Tree], scope: Scope, depth: int) -> Iterator[Scope]:
        """Each row of the first list with each of the next; what `where` asks of a later one may name the earlier."""
        if not lists:
            yield scope
            return
        own = {column: self.grow(value, scope, depth) for column, value in where.items() if column in lists[0].columns}
        wanted = {column: ("",) if value is None else texts(value) for column, value in own.items()}
        rows, cost = lists[0].where(wanted)
        self.work += cost
        for row in rows:
            yield from self._crossed(lists[1:], where, {**scope, **row}, depth)

    def _lists(self, tree: Tree) -> list[Rows]:
        return [self.lists[text(item)] for item in self._named(tree)]

    def _check_columns(self, tree: Tree, where: Mapping[str, Tree], lists: list[Rows]) -> None:
        columns = [column for one in lists for column in one.columns]
        for column in sorted({column for column in columns if columns.count(column) > 1}):
            self.reading.wrong(tree, "", "two of these lists have a column of this name", "Rename one of them", column)
        for column, value in where.items():
            if columns and column not in columns:
                self.reading.wrong(value, "", "the list has no such column", suggest(column, columns), column)

    def _named(self, tree: Tree) -> Iterator[Tree]:
        for item in tree.items if isinstance(tree, Listing) else (tree,):
            if text(item) in self.lists:
                yield item
            else:
                fix = suggest(text(item), self.lists, "Declare it under lists, or use")
                self.reading.wrong(item, "", "there is no list of this name", fix)

    def _fill(self, leaf: Leaf, scope: Scope, depth: int) -> Tree | None:
        """What the row says here: a cell as it is, or a text with cells in it."""
        whole = _PLACEHOLDER.fullmatch(leaf.text or "")
        if not whole:
            return self._text(leaf, scope)
        cell = self._cell(whole[1], leaf.place, scope)
        return None if cell is None else self.grow(cell, {}, depth)

    def _text(self, leaf: Leaf, scope: Scope) -> Leaf:
        place = leaf.place

        def said(found: re.Match[str]) -> str:
            nonlocal place
            cell = self._cell(found[1], leaf.place, scope)
            if cell is None:
                return ""
            if not isinstance(cell, Leaf):
                self.reading.wrong(cell, "", "only a single value fits into a text", "Let it stand alone", found[0])
            place = place if place is not leaf.place else cell.place
            return text(cell)

        return Leaf(_PLACEHOLDER.sub(said, leaf.text or ""), place) if scope else leaf

    def _cell(self, name: str, place: Place, scope: Scope) -> Tree | None:
        """The row's value; None where it may be empty and is."""
        optional = name not in scope and name.endswith("?")
        name = name.removesuffix("?") if optional else name
        if name not in scope:
            self.reading.wrong(place, "", "there is no column of this name", suggest(name, scope), name)
            return Leaf("?", place)
        cell = scope[name]
        if isinstance(cell, Leaf) and not cell.text:
            if not optional:
                fix = f"Fill it in, or write <{name}?> where it may be empty"
                self.reading.wrong(cell if cell.place.line else place, "", "this cell is empty", fix, name)
            return None
        return cell
