"""First pass: every name of the rubric with its words and type, before any condition is read."""

from collections.abc import Mapping

from scoring.loading.names import Named, Names
from scoring.loading.reading import Reading
from scoring.loading.rules import RULES, Maps, option_table
from scoring.loading.tree import Branch, Leaf, Listing, Place, Tree
from scoring.rubric import VALUE_TYPES, ValueType
from scoring.text import Text, same

_RULE_TYPES: Mapping[str, ValueType] = {
    "choice": "choice",
    "choices": "choices",
    "bands": "number",
    "linear": "number",
    "goalposts": "number",
    "presence": "given",
}


def declare(reading: Reading, top: Mapping[str, Tree], maps: Maps) -> Names:
    """Facts, answers (declared, and those that criteria bring along), nodes, essentials and levels."""
    names = Names()
    names.facts = _named(reading, top.get("facts"), "facts")
    names.answers = _named(reading, top.get("answers"), "answers")
    for criterion, place, tree in _entries(reading, top.get("criteria"), "criteria"):
        reading.name(criterion, place, f"criteria.{criterion}")
        entries = criterion_entries(reading, tree)
        title = _quiet_title(reading, entries, criterion)
        names.nodes[criterion] = title
        if "essential" in entries:
            names.essentials[criterion] = title
        own = own_answer(reading, criterion, entries, maps)
        if own is not None and criterion not in names.answers:
            names.answers[criterion] = own
    for group, place, tree in _entries(reading, top.get("groups"), "groups"):
        reading.name(group, place, f"groups.{group}")
        if group in names.nodes:
            reading.wrong(place, f"groups.{group}", "a criterion has this name already", "Choose another", group)
        names.nodes[group] = _quiet_title(reading, _peek(tree), group)
    for scale, place, tree in _entries(reading, top.get("levels"), "levels"):
        reading.name(scale, place, f"levels.{scale}")
        names.scales[scale] = (_quiet_title(reading, _peek(tree), scale), _rungs(reading, _peek(tree).get("rungs")))
    return names


def criterion_entries(reading: Reading, tree: Tree) -> dict[str, Tree]:
    """A criterion's entries; a plain text is short for `choice: TEXT`."""
    if isinstance(tree, Leaf) and tree.text is not None:
        return {"choice": tree}
    return reading.branch(tree, "criteria") if isinstance(tree, Branch) else {}


def own_answer(reading: Reading, criterion: str, entries: Mapping[str, Tree], maps: Maps) -> Named | None:
    """The answer a criterion brings along: none when it reads another answer or only conditions."""
    age = _peek(entries.get("input"))
    if "answer" in entries or ("input" in entries and not ("age" in age and "of" not in age)):
        return None
    if "age" in age:
        return Named(_quiet_title(reading, entries, criterion), "date", {})
    cases = entries.get("cases")
    rows = [_peek(item) for item in cases.items] if isinstance(cases, Listing) else []
    for row in (entries, *rows):
        for rule in RULES:
            if rule in row and rule in _RULE_TYPES:
                table = _options(reading, row[rule], rule, criterion, maps)
                words = _titles(reading, entries.get("options"), f"criteria.{criterion}", table)
                return Named(_quiet_title(reading, entries, criterion), _RULE_TYPES[rule], words)
    return None


def _options(reading: Reading, tree: Tree, rule: str, criterion: str, maps: Maps) -> tuple[str, ...]:
    if rule not in {"choice", "choices"}:
        return ()
    return tuple(option_table(Reading(reading.file), tree, f"criteria.{criterion}", maps))


def _titles(reading: Reading, tree: Tree | None, node: str, options: tuple[str, ...]) -> dict[str, Text]:
    entries = reading.branch(tree, node, options)
    return {option: reading.title(entries.get(option), node, option) for option in options}


def _named(reading: Reading, tree: Tree | None, where: str) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for name, place, value in _entries(reading, tree, where):
        node = f"{where}.{name}"
        reading.name(name, place, node)
        entries = {"type": value} if isinstance(value, Leaf) else reading.branch(value, node)
        if "type" not in entries:
            reading.wrong(value, node, "'type' is missing", f"Write one of: {', '.join(VALUE_TYPES)}")
            continue
        kind = reading.one_of(entries["type"], node, VALUE_TYPES)
        options = _option_list(reading, entries.get("options"), node)
        if (kind in {"choice", "choices"}) != bool(options):
            fix = "Give options to choice and choices, and to nothing else"
            reading.wrong(value, node, f"options do not fit the type {kind!r}", fix)
        found[name] = Named(reading.title(entries.get("title"), node, name), kind, options)
    return found


def _option_list(reading: Reading, tree: Tree | None, node: str) -> dict[str, Text]:
    if isinstance(tree, Listing):
        words = [reading.name(reading.text(item, node), item.place, node) for item in tree.items]
        return {word: same(word) for word in words}
    entries = reading.branch(tree, node)
    return {option: reading.title(title, node, option) for option, title in entries.items()}


def _rungs(reading: Reading, tree: Tree | None) -> dict[str, Text]:
    rungs: dict[str, Text] = {}
    for item in tree.items if isinstance(tree, Listing) else ():
        entries = _peek(item)
        rung = entries.get("id")
        if isinstance(rung, Leaf) and rung.text:
            rungs[rung.text] = _quiet_title(reading, entries, rung.text)
    return rungs


def _entries(reading: Reading, tree: Tree | None, where: str) -> list[tuple[str, Place, Tree]]:
    reading.branch(tree, where)
    return [(key, place, value) for key, (place, value) in tree.entries.items()] if isinstance(tree, Branch) else []


def _peek(tree: Tree | None) -> dict[str, Tree]:
    """The entries if it is a mapping; what is wrong with it is told in the second pass."""
    return {key: value for key, (_, value) in tree.entries.items()} if isinstance(tree, Branch) else {}


def _quiet_title(reading: Reading, entries: Mapping[str, Tree], fallback: str) -> Text:
    return Reading(reading.file).title(entries.get("title"), "", fallback)
