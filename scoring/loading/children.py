"""Children of a group by tag or by pattern, written out as names in their order, so that no order matters."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scoring.loading.reading import Reading, suggest
from scoring.loading.tree import MAX_PARTS, Branch, Leaf, Listing, Place, Tree, too_large

_SELECTORS = ("tag", "matching")
Entries = Mapping[str, tuple[Place, Tree]]


def with_children(reading: Reading, tree: Branch) -> Branch:
    """The rubric without `tags`, and with the children that `tag` and `matching` stand for."""
    nodes = {**_part(tree, "criteria"), **_part(tree, "groups")}
    chosen = _Chosen(reading, tuple(sorted(nodes)), _tagged(reading, nodes))
    entries = dict(tree.entries)
    for where in ("criteria", "groups"):
        parts = {name: (place, _plain(part, name, chosen)) for name, (place, part) in _part(tree, where).items()}
        if parts:
            entries[where] = (entries[where][0], Branch(parts, entries[where][1].place))
    return Branch(entries, tree.place)


def _part(tree: Branch, name: str) -> Entries:
    found = tree.entries[name][1] if name in tree.entries else None
    return found.entries if isinstance(found, Branch) else {}


def _tagged(reading: Reading, nodes: Entries) -> dict[str, list[str]]:
    """The names that have each tag."""
    found: dict[str, list[str]] = {}
    for name, (_, part) in nodes.items():
        tags = part.entries.get("tags") if isinstance(part, Branch) else None
        for item in _items(tags[1]) if tags else ():
            found.setdefault(reading.text(item, name), []).append(name)
    return found


def _items(tree: Tree) -> tuple[Tree, ...]:
    return tree.items if isinstance(tree, Listing) else (tree,)


def _plain(tree: Tree, name: str, chosen: "_Chosen") -> Tree:
    """A criterion or group without tags, its children written out."""
    if not isinstance(tree, Branch) or not {"tags", "of"} & tree.entries.keys():
        return tree
    entries = {key: entry for key, entry in tree.entries.items() if key != "tags"}
    if "of" in entries:
        entries["of"] = (entries["of"][0], chosen.children(entries["of"][1], name))
    return Branch(entries, tree.place)


@dataclass
class _Chosen:
    """What tags and patterns stand for; a node called `tag` or `matching` stays an ordinary child."""

    reading: Reading
    names: tuple[str, ...]
    tagged: Mapping[str, list[str]]
    count: int = 0

    def children(self, of: Tree, group: str) -> Tree:
        said = of.entries if isinstance(of, Branch) else {}
        selectors = [key for key in _SELECTORS if key in said and not self._is_name(key)]
        if not selectors:
            return of
        found: dict[str, Place] = {}
        for key in selectors:
            for item in _items(said[key][1]):
                found |= dict.fromkeys(self._select(key, item, group), item.place)
        found.pop(group, None)
        named = {name: entry for name, entry in said.items() if name not in selectors}
        if not named:
            return Listing(tuple(Leaf(name, found[name]) for name in sorted(found)), of.place)
        by_tag = {name: (found[name], Leaf("1", found[name])) for name in sorted(found)}
        return Branch({**by_tag, **named}, of.place)

    def _is_name(self, name: str) -> bool:
        place = bisect_left(self.names, name)
        return place < len(self.names) and self.names[place] == name

    def _select(self, key: str, item: Tree, group: str) -> list[str]:
        wanted = self.reading.text(item, f"groups.{group}")
        found = self.tagged.get(wanted, []) if key == "tag" else list(self._matching(wanted))
        self.count += len(found)
        if self.count > MAX_PARTS:
            raise too_large(self.reading.file, item.place)
        if found in ([], [group]):
            known, reason = self.tagged.keys(), "no criterion or group has this tag"
            if key == "matching":
                known, reason = dict.fromkeys(self.names).keys(), "no criterion or group has a name like this"
            self.reading.wrong(item, f"groups.{group}", reason, suggest(wanted, known))
        return found

    def _matching(self, pattern: str) -> Iterator[str]:
        """Names like the pattern; only those that begin like it are looked at."""
        first, *rest = pattern.split("*")
        for place in range(bisect_left(self.names, first), len(self.names)):
            name = self.names[place]
            if not name.startswith(first):
                return
            if name == first if not rest else _continues(name[len(first) :], rest):
                yield name


def _continues(tail: str, pieces: list[str]) -> bool:
    """Whether the pieces stand in the tail one after another, the last at its end; without going back."""
    *inner, last = pieces
    at = 0
    for piece in inner:
        at = tail.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return tail.endswith(last) and len(tail) - len(last) >= at
