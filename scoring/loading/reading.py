"""Reading one part of the tree after another, collecting every problem instead of stopping at the first."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from typing import TypeVar

from scoring import numbers
from scoring.errors import Problem, RubricError
from scoring.loading.tree import MAX_TEXT, NOWHERE, Branch, Leaf, Listing, Place, Tree
from scoring.text import Text, same

Word = TypeVar("Word", bound=str)
MAX_PROBLEMS = 100
_NEAR_AMONG = 300
_MAX_NAME = 120


@dataclass
class Reading:
    """The problems found so far in one file; every method returns something usable, so that reading goes on.

    After MAX_PROBLEMS it ends with what was found: more would help nobody, and take long.
    """

    file: str = ""
    problems: list[Problem] = field(default_factory=list)
    told: dict[tuple[object, ...], Tree | Place] = field(default_factory=dict)

    def wrong(self, tree: Tree | Place, node: str, reason: str, fix: str, value: str = "") -> None:
        """Notes a problem; one that stands at one place of the file is told once, whatever it is repeated for."""
        place = tree if isinstance(tree, Place) else tree.place
        shown = value or (tree.text if isinstance(tree, Leaf) and tree.text is not None else "")
        problem = Problem(place.file or self.file, place.line, place.column, node, shown[:80], reason, fix)
        where = (place.file, place.line, place.column) if place.line else (id(tree),)
        if tree is not NOWHERE and (*where, reason, problem.value) in self.told:
            return
        self.told[*where, reason, problem.value] = tree
        self.problems.append(problem)
        if len(self.problems) >= MAX_PROBLEMS:
            raise self.refusal()

    def refusal(self) -> RubricError:
        return RubricError(tuple(sorted(set(self.problems))))

    def branch(self, tree: Tree | None, node: str, known: Iterable[str] | None = None) -> dict[str, Tree]:
        """The entries of a mapping; with `known`, other keys are problems (close names are suggested)."""
        if tree is None:
            return {}
        if not isinstance(tree, Branch):
            self.wrong(tree, node, "a mapping (name: value) is needed here", "Write one entry a line: name: value")
            return {}
        if known is not None:
            self._unknown_keys(tree, node, tuple(known))
        return {key: value for key, (_, value) in tree.entries.items() if known is None or key in known}

    def _unknown_keys(self, tree: Branch, node: str, known: tuple[str, ...]) -> None:
        for key, (place, value) in tree.entries.items():
            if key not in known:
                self.wrong(
                    place if place.line else value, node, "this key is not known", suggest(key, known), value=key
                )

    def items(self, tree: Tree | None, node: str) -> tuple[Tree, ...]:
        if tree is None:
            return ()
        if not isinstance(tree, Listing):
            self.wrong(tree, node, "a list is needed here", "Write [first, second] or one line '- item' each")
            return ()
        return tree.items

    def text(self, tree: Tree, node: str) -> str:
        if not isinstance(tree, Leaf) or tree.text is None:
            self.wrong(tree, node, "a text is needed here", "Write a single value")
            return ""
        if len(tree.text) > MAX_TEXT:
            self.wrong(tree, node, "the text is too long", f"Use at most {MAX_TEXT} characters")
            return ""
        return tree.text

    def name(self, text: str, place: Place, node: str) -> str:
        """A name for a fact, answer, node, option or rung: any script, no control characters, no outer spaces."""
        hidden = any(unicodedata.category(sign) in {"Cc", "Cs", "Co"} for sign in text)
        if not text or len(text) > _MAX_NAME or text != text.strip() or hidden:
            self.wrong(place, node, "this cannot be a name", f"Use 1 to {_MAX_NAME} visible characters", value=text)
        return text

    def number(self, tree: Tree, node: str) -> Fraction:
        found = numbers.parse(tree.text.strip()) if isinstance(tree, Leaf) and tree.text is not None else None
        if found is None:
            self.wrong(tree, node, "a number is needed here", "Write a number such as 12, -3, 0.5 or 1/3")
            return Fraction(0)
        return found

    def number_or(self, tree: Tree, node: str, words: tuple[Word, ...]) -> Fraction | Word:
        """A number, or one of a few words."""
        text = (tree.text or "").strip() if isinstance(tree, Leaf) else ""
        for word in words:
            if word == text:
                return word
        if not text or numbers.parse(text) is not None:
            return self.number(tree, node)
        fix = near(text, words) or f"Write a number, or one of: {', '.join(words)}"
        self.wrong(tree, node, "a number is needed here", fix)
        return Fraction(0)

    def whole(self, tree: Tree, node: str, low: int, high: int) -> int:
        found = self.number(tree, node)
        if found.denominator != 1 or not low <= found <= high:
            self.wrong(tree, node, "this number does not fit here", f"Write a whole number from {low} to {high}")
            return low
        return int(found)

    def yes_no(self, tree: Tree, node: str) -> bool:
        return self.one_of(tree, node, ("yes", "no", "true", "false")) in {"yes", "true"}

    def one_of(self, tree: Tree, node: str, allowed: tuple[Word, ...]) -> Word:
        text = tree.text if isinstance(tree, Leaf) else None
        for word in allowed:
            if word == text:
                return word
        self.wrong(tree, node, "this value is not known", suggest(text or "", allowed))
        return allowed[0]

    def title(self, tree: Tree | None, node: str, fallback: str) -> Text:
        """Words in both languages; one plain text stands for both."""
        if tree is None:
            return same(fallback)
        if isinstance(tree, Leaf):
            return same(self.text(tree, node))
        entries = self.branch(tree, node, ("km", "en"))
        for lang in ("km", "en"):
            if lang not in entries:
                self.wrong(tree, node, f"the {lang} text is missing", "Give both: {km: …, en: …}")
        words = {lang: self.text(value, node) for lang, value in entries.items()}
        return Text(words.get("km", fallback), words.get("en", fallback))


def suggest(word: str, known: Iterable[str], first: str = "Use") -> str:
    """What to write instead: the nearest name, or the first few there are."""
    names = list(known)
    return near(word, names) or f"{first} one of: " + (
        ", ".join(names[:20]) + (", …" if len(names) > 20 else "") if names else "(there is none)"
    )


def near(word: str, known: Iterable[str]) -> str:
    """The one name that was meant; empty when none is like it."""
    close = get_close_matches(word[:_MAX_NAME], list(known)[:_NEAR_AMONG], n=1)
    return f"Did you mean {close[0]!r}?" if close else ""
