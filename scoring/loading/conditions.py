"""Conditions from the tree: names and types checked, words in both languages made on the way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import cast

from scoring.condition import (
    EDGES,
    KINDS,
    TEXT_OPS,
    Condition,
    Edge,
    EdgeOp,
    Kind,
    Op,
    Ref,
    Test,
    all_of,
    any_of,
    negate,
)
from scoring.errors import ValueRefusedError
from scoring.loading.names import Named, Names
from scoring.loading.reading import Reading, near, suggest
from scoring.loading.tree import Branch, Leaf, Listing, Tree
from scoring.loading.wording import word_length, word_test
from scoring.rubric import ValueType
from scoring.text import Text, digits, limit, same
from scoring.values import YES_NO, read

Entry = Named | Text | tuple[Text, dict[str, Text]]
"""What stands under a name that a condition may look at."""
_OPS: tuple[Op, ...] = (*EDGES, *TEXT_OPS, "is", "in", "any_of", "all_of", "answered")
_WORDS_OF_CONDITIONS = (*KINDS, *_OPS, "all", "any", "not", "says")
_BY_TYPE: Mapping[ValueType, tuple[Op, ...]] = {
    "choice": ("is", "in", "any_of", "answered"),
    "yes_no": ("is", "in", "answered"),
    "choices": ("any_of", "all_of", "answered"),
    "number": ("is", *EDGES, "answered"),
    "date": ("is", *EDGES, "answered"),
    "text": ("is", "in", *TEXT_OPS, "answered"),
    "given": ("answered", *TEXT_OPS),
}
_ANSWER_STATES = {
    "value": Text("មានចម្លើយ", "answered"),
    "unanswered": Text("មិនទាន់ឆ្លើយ", "unanswered"),
    "not_applicable": Text("មិនពាក់ព័ន្ធ", "not applicable"),
    "not_asked": Text("មិនត្រូវសួរ", "not asked"),
    "void": Text("មោឃៈ", "void"),
    "unsupported": Text("គ្មានអ្វីគាំទ្រ", "not supported"),
}
_RULINGS = {
    "confirm": Text("បញ្ជាក់", "confirmed"),
    "adjust": Text("កែសម្រួល", "adjusted"),
    "not_supported": Text("គ្មានអ្វីគាំទ្រ", "not supported"),
}
_EVIDENCE = {
    "given": Text("បានផ្តល់", "given"),
    "accepted": Text("បានទទួលយក", "accepted"),
    "refused": Text("មិនបានទទួលយក", "refused"),
}
_ESSENTIAL = {
    "pass": Text("បានបំពេញ", "met"),
    "fail": Text("មិនបានបំពេញ", "not met"),
    "discretionary": Text("រង់ចាំការសម្រេច", "to be decided"),
}
_WORDS: Mapping[Kind, Mapping[str, Text]] = {
    "state": _ANSWER_STATES,
    "ruling": _RULINGS,
    "evidence": _EVIDENCE,
    "essential": _ESSENTIAL,
}


def read_condition(reading: Reading, tree: Tree, node: str, names: Names) -> Condition:
    """The condition; after a problem a harmless stand-in is returned, for the rubric is refused anyway."""
    keys = set(tree.entries) - {"says"} if isinstance(tree, Branch) else set()
    entries = reading.branch(tree, node)
    found = _read(reading, tree, node, names, entries, keys)
    if "says" in entries:
        return _said(found, reading.title(entries["says"], node, ""))
    return found


def read_conditions(reading: Reading, tree: Tree | None, node: str, names: Names) -> tuple[Condition, ...]:
    return tuple(read_condition(reading, item, node, names) for item in reading.items(tree, node))


def optional_condition(reading: Reading, tree: Tree | None, node: str, names: Names) -> Condition | None:
    return None if tree is None else read_condition(reading, tree, node, names)


def read_edge(reading: Reading, tree: Tree, node: str, plain: EdgeOp) -> Edge:
    """A limit; a plain number means `plain`."""
    if isinstance(tree, Leaf):
        return Edge(plain, reading.number(tree, node))
    entries = reading.branch(tree, node, EDGES)
    if len(entries) != 1:
        reading.wrong(tree, node, "exactly one limit is needed", "Write one of at_least, above, at_most, below")
        return Edge(plain, Fraction(0))
    (op, value) = next(iter(entries.items()))
    return Edge(cast("EdgeOp", op), reading.number(value, node))


def _said(condition: Condition, says: Text) -> Condition:
    return replace(condition, says=says, denies=None) if isinstance(condition, Test) else replace(condition, says=says)


def _read(reading: Reading, tree: Tree, node: str, names: Names, entries: dict[str, Tree], keys: set[str]) -> Condition:
    if keys in ({"all"}, {"any"}):
        word = keys.pop()
        parts = read_conditions(reading, entries[word], node, names)
        if not parts:
            reading.wrong(
                tree, node, f"{word!r} needs at least one condition", "List conditions in it, or leave it out"
            )
        return all_of(parts) if word == "all" else any_of(parts)
    if keys == {"not"}:
        return negate(read_condition(reading, entries["not"], node, names))
    kinds = [kind for kind in KINDS if kind in keys]
    ops = [op for op in _OPS if op in keys]
    if len(kinds) != 1 or len(ops) != 1 or len(keys) != 2:
        unknown = [key for key in entries if key not in _WORDS_OF_CONDITIONS]
        fix = "Write what is looked at and one test, such as {fact: kinds, any_of: [isp]}, or all, any, not"
        fix = next(filter(None, (near(key, _WORDS_OF_CONDITIONS) for key in unknown)), fix)
        reading.wrong(tree, node, "this is not a condition", fix, value=", ".join(sorted(keys)))
        return any_of(())
    return _test(reading, node, names, kinds[0], entries[kinds[0]], ops[0], entries[ops[0]])


def _test(reading: Reading, node: str, names: Names, kind: Kind, target: Tree, op: Op, wanted: Tree) -> Condition:
    name = reading.text(target, node)
    known = _known(names, kind)
    if name not in known:
        reading.wrong(target, node, f"there is no {kind} of this name", suggest(name, known))
        return any_of(())
    ref, title = Ref(kind, name), _title(known[name])
    if op == "answered":
        given = "yes" if reading.yes_no(wanted, node) else "no"
        return Test(ref, op, (given,), *word_test(kind, title, op, [same(given)]))
    if kind == "level":
        return _level_test(reading, node, names, name, op, wanted)
    if kind in _WORDS:
        named = Named(title, "choice", _WORDS[kind])
    elif kind == "node":
        named = Named(title, "number", {})
    else:
        named = (names.facts if kind == "fact" else names.answers)[name]
    return _typed(reading, node, ref, named, op, wanted)


def _known(names: Names, kind: Kind) -> Mapping[str, Entry]:
    """What conditions of a kind may look at: the tables themselves, for a large rubric has many conditions."""
    match kind:
        case "fact":
            return names.facts
        case "answer" | "state":
            return names.answers
        case "level":
            return names.scales
        case "essential":
            return names.essentials
    return names.nodes if kind == "node" else names.rulable()


def _title(entry: Entry) -> Text:
    if isinstance(entry, Named):
        return entry.title
    return entry[0] if isinstance(entry, tuple) else entry


def _typed(reading: Reading, node: str, ref: Ref, named: Named, op: Op, wanted: Tree) -> Condition:
    if op not in _BY_TYPE[named.type]:
        fix = f"A {named.type} takes: {', '.join(_BY_TYPE[named.type])}"
        reading.wrong(wanted, node, f"{op!r} does not fit {ref.id!r}", fix, value=op)
        return any_of(())
    if op == "has_link":
        yes = "yes" if reading.yes_no(wanted, node) else "no"
        return Test(ref, op, (yes,), *word_test(ref.kind, named.title, op, [same(yes)]))
    if op == "length":
        edge = read_edge(reading, wanted, node, "at_least")
        return Test(ref, op, edge, *word_length(ref.kind, named.title, edge.op, limit(edge.number)))
    if named.type in {"number", "date"}:
        single = _operand(reading, node, wanted, named)
        shown = limit(single) if isinstance(single, Fraction) else digits(str(single))
        return Test(
            ref,
            op,
            cast("Fraction | date", single),
            *word_test(ref.kind, named.title, op, [shown], day=named.type == "date"),
        )
    words = tuple(_word(reading, node, item, named) for item in _several(reading, node, wanted, op))
    if not words:
        reading.wrong(wanted, node, "at least one value is needed", "List the values that make it true")
    options = YES_NO if named.type == "yes_no" else named.options
    shown_all = [options.get(word, same(word)).quoted() for word in words]
    return Test(ref, op, words, *word_test(ref.kind, named.title, op, shown_all, many=named.type == "choices"))


def _several(reading: Reading, node: str, wanted: Tree, op: Op) -> tuple[Tree, ...]:
    if op == "is" or isinstance(wanted, Leaf):
        return (wanted,)
    if isinstance(wanted, Listing):
        return wanted.items
    return reading.items(wanted, node)


def _word(reading: Reading, node: str, item: Tree, named: Named) -> str:
    text = reading.text(item, node)
    options = YES_NO if named.type == "yes_no" else named.options
    text = {"true": "yes", "false": "no"}.get(text, text) if named.type == "yes_no" else text
    if options and text not in options:
        reading.wrong(item, node, "there is no such option", suggest(text, options))
    return text


def _operand(reading: Reading, node: str, wanted: Tree, named: Named) -> object:
    if named.type == "number":
        return reading.number(wanted, node)
    try:
        return read(reading.text(wanted, node), named.type, {})
    except ValueRefusedError as fault:
        reading.wrong(wanted, node, fault.reason, "Write the date as 2026-01-31")
        return date.min


def _level_test(reading: Reading, node: str, names: Names, scale: str, op: Op, wanted: Tree) -> Condition:
    title, rungs = names.scales[scale]
    rung = reading.text(wanted, node)
    if op not in {"is", *EDGES} or rung not in rungs:
        fix = near(rung, rungs) if op in {"is", *EDGES} else ""
        fix = fix or f"Write is, at_least, above, at_most or below with one of: {', '.join(rungs)}"
        reading.wrong(wanted, node, "this does not fit a level", fix)
        return any_of(())
    ranks = tuple(rungs) if op in EDGES else ()
    return Test(Ref("level", scale), op, (rung,), *word_test("level", title, op, [rungs[rung].quoted()]), ranks)
