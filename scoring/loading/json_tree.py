"""JSON as a bounded tree with positions; duplicate keys are refused, numbers stay text."""

import re
from json.decoder import scanstring  # type: ignore[attr-defined]

from scoring.loading.tree import MAX_DEPTH, MAX_PARTS, Branch, Leaf, Listing, Place, Tree, refuse

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS = {"true": "true", "false": "false", "null": None}


def parse_json(text: str, file: str = "") -> Tree:
    """The one value of a JSON text; raises RubricError at the first place that is not JSON."""
    scan = _Scan(text, file)
    tree = scan.value(0)
    scan.skip()
    if scan.at < len(text):
        raise scan.refuse("there is more after the end", "Keep one value a file")
    return tree


class _Scan:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.at = 0
        self.count = 0
        self.line = 1
        self.line_start = 0
        self.seen = 0

    def skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def place(self) -> Place:
        """Where reading stands; lines are counted only forward, from the last place asked for."""
        breaks = self.text.count("\n", self.seen, self.at)
        if breaks:
            self.line += breaks
            self.line_start = self.text.rindex("\n", self.seen, self.at) + 1
        self.seen = self.at
        return Place(self.line, self.at - self.line_start + 1)

    def refuse(self, reason: str, fix: str, value: str = "") -> Exception:
        return refuse(reason, fix, file=self.file, place=self.place(), value=value)

    def value(self, depth: int) -> Tree:
        self.skip()
        place = self.place()
        self.count += 1
        if self.count > MAX_PARTS:
            raise self.refuse("the file holds too many values", f"Keep to {MAX_PARTS} values")
        if depth > MAX_DEPTH:
            raise self.refuse("nested too deeply", f"Keep to {MAX_DEPTH} levels")
        sign = self.text[self.at : self.at + 1]
        if sign == "{":
            return self._branch(place, depth)
        if sign == "[":
            return self._listing(place, depth)
        if sign == '"':
            return Leaf(self._string(), place)
        return self._word(place)

    def _word(self, place: Place) -> Leaf:
        for word, meaning in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return Leaf(meaning, place)
        found = _NUMBER.match(self.text, self.at)
        if not found:
            raise self.refuse(
                "this is not JSON", "Check commas, quotes and brackets", self.text[self.at : self.at + 20]
            )
        self.at = found.end()
        return Leaf(found[0], place)

    def _string(self) -> str:
        try:
            text, self.at = scanstring(self.text, self.at + 1, True)
        except ValueError as error:
            raise self.refuse("this text does not end or has a wrong sign in it", "Check its quotes") from error
        return str(text)

    def _listing(self, place: Place, depth: int) -> Listing:
        items: list[Tree] = []
        while self._more("]", first=not items):
            items.append(self.value(depth + 1))
        return Listing(tuple(items), place)

    def _branch(self, place: Place, depth: int) -> Branch:
        entries: dict[str, tuple[Place, Tree]] = {}
        while self._more("}", first=not entries):
            self.skip()
            where = self.place()
            if not self.text.startswith('"', self.at):
                raise self.refuse("a key in quotes is needed", 'Write "name": value')
            key = self._string()
            if key in entries:
                raise refuse("this key is there twice", "Remove one of them", file=self.file, place=where, value=key)
            self.skip()
            if not self.text.startswith(":", self.at):
                raise self.refuse("a colon is needed", 'Write "name": value')
            self.at += 1
            entries[key] = (where, self.value(depth + 1))
        return Branch(entries, place)

    def _more(self, end: str, *, first: bool) -> bool:
        """Past the opening bracket or a comma: whether another item follows."""
        if first:
            self.at += 1
        self.skip()
        if self.text.startswith(end, self.at):
            self.at += 1
            return False
        if first:
            return True
        if not self.text.startswith(",", self.at):
            raise self.refuse("a comma or the end is missing", f"Separate with commas and close with {end}")
        self.at += 1
        return True
