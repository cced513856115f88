"""What criteria and groups have in common: cap, floor, overrides, rounding, policies and demands."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from scoring.condition import EDGES
from scoring.loading.conditions import optional_condition, read_condition, read_edge
from scoring.loading.names import Names
from scoring.loading.reading import Reading, suggest
from scoring.loading.tree import Leaf, Tree
from scoring.numbers import ROUNDINGS
from scoring.rubric import Demand, Finish, Override, Policy
from scoring.text import Text, same

FINISH_KEYS = ("cap", "floor", "overrides", "round")
DEMAND_KEYS = ("met_by", "points", "evidence", "when", "not_applicable")
_MAX_ROUND = 30
_STATES: tuple[Literal["excluded", "void", "error"], ...] = ("excluded", "void", "error")


def read_finish(reading: Reading, entries: Mapping[str, Tree], node: str, names: Names) -> Finish:
    cap = reading.number(entries["cap"], node) if "cap" in entries else None
    floor = reading.number(entries["floor"], node) if "floor" in entries else None
    if cap is not None and floor is not None and floor > cap:
        reading.wrong(entries["floor"], node, "the floor is above the cap", "Swap the two")
    overrides = tuple(_override(reading, item, node, names) for item in reading.items(entries.get("overrides"), node))
    if "round" not in entries:
        return Finish(cap, floor, overrides)
    rounding = reading.branch(entries["round"], node, ("digits", "how"))
    if "digits" not in rounding:
        reading.wrong(entries["round"], node, "'digits' is missing", "Write {digits: 1, how: half_up}")
    digits = reading.whole(rounding["digits"], node, 0, _MAX_ROUND) if "digits" in rounding else 0
    how = reading.one_of(rounding["how"], node, ROUNDINGS) if "how" in rounding else "half_up"
    return Finish(cap, floor, overrides, digits, how)


def _override(reading: Reading, tree: Tree, node: str, names: Names) -> Override:
    entries = reading.branch(tree, node, ("when", "set", "cap", "floor", "result", "because"))
    acts = [key for key in ("set", "cap", "floor", "result") if key in entries]
    if len(acts) != 1 or "when" not in entries:
        fix = "Write {when: CONDITION, set: 0} (or cap, floor, or result: excluded | void)"
        reading.wrong(tree, node, "this is not an override", fix)
        return Override(read_condition(Reading(), tree, node, names), "void", Fraction(0), same(""))
    when = read_condition(reading, entries["when"], node, names)
    because = reading.title(entries["because"], node, "") if "because" in entries else when.says
    if acts[0] == "result":
        return Override(when, reading.one_of(entries["result"], node, ("excluded", "void")), Fraction(0), because)
    given = entries[acts[0]]
    if acts[0] == "set" and isinstance(given, Leaf) and given.text == "attainable":
        return Override(when, "all", Fraction(0), because)
    number = reading.number(given, node)
    return Override(when, "set" if acts[0] == "set" else "cap" if acts[0] == "cap" else "floor", number, because)


def read_policy(reading: Reading, tree: Tree, node: str) -> Policy:
    """A number of points, or `excluded`, `void`, `error`."""
    return reading.number_or(tree, node, _STATES)


def read_demand(
    reading: Reading, entries: Mapping[str, Tree], node: str, names: Names, options: Mapping[str, Text] | None
) -> Demand:
    """What an essential or a level asks of one answer; `options` is None when it has no options."""
    met_by, given = _met_by(reading, entries.get("met_by"), node, options)
    evidence = "evidence" in entries and reading.one_of(entries["evidence"], node, ("accepted", "none")) == "accepted"
    passes = (
        reading.one_of(entries["not_applicable"], node, ("pass", "fail")) if "not_applicable" in entries else "pass"
    )
    return Demand(
        met_by,
        given,
        read_edge(reading, entries["points"], node, EDGES[0]) if "points" in entries else None,
        evidence,
        optional_condition(reading, entries.get("when"), node, names),
        passes == "pass",
    )


def _met_by(
    reading: Reading, tree: Tree | None, node: str, options: Mapping[str, Text] | None
) -> tuple[tuple[str, ...] | None, bool]:
    if tree is None:
        return None, False
    if isinstance(tree, Leaf) and tree.text == "given":
        return None, True
    words = [tree] if isinstance(tree, Leaf) else list(reading.items(tree, node))
    chosen = tuple(reading.text(item, node) for item in words)
    if options is None:
        reading.wrong(tree, node, "there are no options to be met by", "Write met_by: given, or points: {at_least: 1}")
        return (), False
    for item, option in zip(words, chosen, strict=True):
        if option not in options:
            reading.wrong(item, node, "there is no such option", suggest(option, options))
    return chosen, False
