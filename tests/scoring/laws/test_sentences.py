"""Different rules say different sentences, in both languages; the same sentence means the same."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scoring import Rubric, load_rubric
from scoring.condition import Condition, Ref, Value, holds
from tests.scoring.laws.trying import law

# Titles and options that would read as parts of a sentence if they stood there without quotes.
TITLE = {"km": "ទំហំ ហើយ ប្រភេទ", "en": "Size, and kind"}
FACTS: dict[str, Any] = {
    "size": {"type": "number", "optional": "yes", "title": TITLE},
    "kind": {"type": "choice", "options": ["is at least 1", "or"], "optional": "yes"},
    "many": {"type": "choices", "options": ["a", "b"], "optional": "yes"},
    "visit": {"type": "yes_no", "optional": "yes"},
    "day": {"type": "date", "optional": "yes"},
    "words": {"type": "text", "optional": "yes"},
}
CRITERIA: dict[str, Any] = {"q": {"choice": {"yes": 1, "no": 0}, "essential": {"met_by": ["yes"]}}}
VALUES: dict[Ref, tuple[Value | None, ...]] = {
    Ref("fact", "size"): (None, Fraction(0), Fraction(1), Fraction(2), Fraction(3), Fraction("1.0001")),
    Ref("fact", "kind"): (None, "is at least 1", "or"),
    Ref("fact", "many"): (None, ("a",), ("b",), ("a", "b")),
    Ref("fact", "visit"): (None, "yes", "no"),
    Ref("fact", "day"): (None, date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)),
    Ref("fact", "words"): (None, "plain", "plains", "see https://example.org/page"),
    Ref("answer", "q"): (None, "yes", "no"),
    Ref("node", "q"): (None, Fraction(0), Fraction(1)),
    Ref("state", "q"): ("value", "unanswered"),
    Ref("evidence", "q"): (None, "given", "accepted", "refused"),
    Ref("ruling", "q"): (None, "confirm", "adjust"),
    Ref("essential", "q"): ("pass", "fail"),
    Ref("level", "award"): (None, "low", "high"),
}


def _tests() -> Iterator[dict[str, Any]]:
    for op, wanted in product(("at_least", "above", "at_most", "below", "is"), ("1", "1.0001", "2")):
        yield {"fact": "size", op: wanted}
    for op in ("at_least", "above", "at_most", "below", "is"):
        yield {"fact": "day", op: "2026-01-02"}
        yield {"level": "award", op: "high"}
        yield {"node": "q", op: "1"}
    for op, wanted in (("any_of", ["a"]), ("any_of", ["a", "b"]), ("all_of", ["a", "b"]), ("all_of", ["b"])):
        yield {"fact": "many", op: wanted}
    yield from ({"fact": "kind", "in": wanted} for wanted in (["or"], ["is at least 1"], ["or", "is at least 1"]))
    yield from ({"fact": "visit", "is": word} for word in ("yes", "no"))
    yield from ({"answer": "q", "is": word} for word in ("yes", "no"))
    yield from ({"state": "q", "is": word} for word in ("value", "unanswered"))
    yield from ({"evidence": "q", "is": word} for word in ("given", "accepted", "refused"))
    yield from ({"ruling": "q", "is": word} for word in ("confirm", "adjust"))
    yield from ({"essential": "q", "is": word} for word in ("pass", "fail"))
    for kind, name in (("fact", "size"), ("fact", "words"), ("answer", "q"), ("node", "q"), ("evidence", "q")):
        yield from ({kind: name, "answered": word} for word in ("yes", "no"))
    yield from ({"fact": "words", "has_link": word} for word in ("yes", "no"))
    yield from ({"fact": "words", op: word} for op in ("contains", "starts_with") for word in ("plain", "https"))
    yield from ({"fact": "words", "length": {op: 6}} for op in ("at_least", "above", "at_most", "below"))


TESTS = tuple(_tests())


def rubric_with(*trees: dict[str, Any]) -> Rubric:
    """The conditions stand on a rung."""
    ladder = [{"id": "low", "conditions": []}, {"id": "high"}]
    tries = {"id": "tries", "conditions": list(trees)}
    levels = {"award": {"rungs": ladder}, "other": {"rungs": [tries]}}
    tree = {"rubric": "sentences", "facts": FACTS, "criteria": CRITERIA, "levels": levels}
    return load_rubric(tree)


def read(*trees: dict[str, Any]) -> tuple[Condition, ...]:
    return rubric_with(*trees).levels["other"].rungs[0].conditions


def meaning(condition: Condition, looked_at: tuple[Ref, ...]) -> tuple[bool, ...]:
    """For every combination of what can be found, whether the condition holds."""
    rows = (dict(zip(looked_at, row, strict=True)) for row in product(*(VALUES[ref] for ref in looked_at)))
    return tuple(holds(condition, lambda ref, _, row=row: row[ref]) for row in rows)  # type: ignore[misc]


@cache
def ref_of(index: int) -> Ref:
    kind, name = next(iter(TESTS[index].items()))
    return Ref(kind, name)


@st.composite
def trees(draw: st.DrawFn, leaves: tuple[int, ...], depth: int = 3) -> dict[str, Any]:
    shape = draw(st.sampled_from(("test", "not", "all", "any"))) if depth else "test"
    if shape == "test":
        return TESTS[draw(st.sampled_from(leaves))]
    if shape == "not":
        return {"not": draw(trees(leaves, depth - 1))}
    return {shape: draw(st.lists(trees(leaves, depth - 1), min_size=1, max_size=3))}


class TestConditions:
    """Different conditions say different sentences."""

    def test_every_test_and_its_opposite(self) -> None:
        """All that one test can say, among all others and all their opposites."""
        read_all = read(*TESTS, *({"not": test} for test in TESTS))
        for lang in ("km", "en"):
            said: dict[str, list[int]] = {}
            for place, condition in enumerate(read_all):
                said.setdefault(condition.says[lang], []).append(place)
            for places in said.values():
                looked_at = tuple(sorted({ref_of(place % len(TESTS)) for place in places}, key=str))
                assert len({meaning(read_all[place], looked_at) for place in places}) == 1

    @law
    @given(st.data())
    def test_trees(self, data: st.DataObject) -> None:
        """Trees over a few tests, so that many differ only in how they are put together."""
        leaves = tuple(data.draw(st.lists(st.integers(0, len(TESTS) - 1), min_size=2, max_size=3, unique=True)))
        looked_at = tuple(sorted({ref_of(leaf) for leaf in leaves}, key=str))
        several = data.draw(st.lists(trees(leaves), min_size=20, max_size=40))
        meant: dict[tuple[str, str], tuple[bool, ...]] = {}
        for condition in read(*several):
            for lang in ("km", "en"):
                means = meaning(condition, looked_at)
                assert meant.setdefault((lang, condition.says[lang]), means) == means

    def test_every_way_to_put_three_tests_together(self) -> None:
        a, b, c = {"fact": "visit", "is": "yes"}, {"answer": "q", "is": "yes"}, {"fact": "kind", "is": "or"}
        ways: list[dict[str, Any]] = []
        for outer, inner in product(("all", "any"), repeat=2):
            ways += [{outer: [a, b, c]}, {outer: [{inner: [a, b]}, c]}, {outer: [a, {inner: [b, c]}]}]
            ways += [{outer: [{"not": {inner: [a, b]}}, c]}, {outer: [a, {"not": {inner: [b, c]}}]}]
            ways += [{outer: [{inner: [{"not": a}, b]}, c]}, {outer: [{"not": a}, {inner: [b, c]}]}]
        ways += [{"not": way} for way in ways]
        looked_at = (Ref("fact", "visit"), Ref("answer", "q"), Ref("fact", "kind"))
        for lang in ("km", "en"):
            meant: dict[str, tuple[bool, ...]] = {}
            for condition in read(*ways):
                means = meaning(condition, looked_at)
                assert meant.setdefault(condition.says[lang], means) == means

    def test_all_not_and_not_all(self) -> None:
        one, other = {"fact": "visit", "is": "yes"}, {"answer": "q", "is": "yes"}
        said = [each.says.en for each in read({"all": [{"not": one}, other]}, {"not": {"all": [one, other]}})]
        assert said == [
            "“visit” is not “yes”, and “q” is answered “yes”",
            "it is not so that (“visit” is “yes”, and “q” is answered “yes”)",
        ]
