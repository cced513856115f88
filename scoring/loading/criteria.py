"""Criteria from the tree."""

from collections.abc import Mapping
from fractions import Fraction

from scoring.loading.answers import ANSWER_KEYS
from scoring.loading.conditions import optional_condition
from scoring.loading.declared import criterion_entries
from scoring.loading.finish import DEMAND_KEYS, FINISH_KEYS, read_demand, read_finish, read_policy
from scoring.loading.fits import check_fit, sources
from scoring.loading.inputs import read_input
from scoring.loading.names import Names
from scoring.loading.ranges import Range, limits
from scoring.loading.reading import Reading, suggest
from scoring.loading.rules import RULES, Maps, read_rule
from scoring.loading.tree import Branch, Leaf, Tree
from scoring.rubric import Answer, Criterion, Essential, EvidenceGate, Finish, Policies, Policy
from scoring.rules import Cases, Choices, Input, Rule, Source
from scoring.text import Text
from scoring.values import YES_NO

_POLICIES = ("unanswered", "not_applicable", "unsupported", "void", "not_asked")
DEFAULTS = (*_POLICIES, "evidence", "effort", "attainable")
_OWN = ("title", "options", "answer", "input", "applies", "essential")
CRITERION_KEYS = (*_OWN, *ANSWER_KEYS, *RULES, *DEFAULTS, *FINISH_KEYS)
_MAX_FILES = 100
_ZERO = Fraction(0)


def read_criteria(
    reading: Reading, top: Mapping[str, Tree], names: Names, maps: Maps, answers: Mapping[str, Answer]
) -> dict[str, Criterion]:
    defaults = _defaults(reading, top.get("defaults"))
    found: dict[str, Criterion] = {}
    for name, tree in reading.branch(top.get("criteria"), "criteria").items():
        node = f"criteria.{name}"
        if not isinstance(tree, Leaf):
            reading.branch(tree, node, CRITERION_KEYS)
        entries = {**defaults, **criterion_entries(reading, tree)}
        found[name] = _criterion(reading, name, tree, entries, names, maps, answers)
    return found


def _defaults(reading: Reading, tree: Tree | None) -> dict[str, Tree]:
    """Read once for themselves, so that a slip is told where it stands and not for each criterion."""
    entries = reading.branch(tree, "defaults", DEFAULTS)
    _policies(reading, entries, "defaults", None)
    _evidence(reading, entries.get("evidence"), "defaults", Fraction(1))
    for key in ("attainable", "effort"):
        if isinstance(entries.get(key), Leaf):
            reading.number(entries[key], "defaults")
    return entries


def _criterion(
    reading: Reading,
    name: str,
    tree: Tree,
    entries: Mapping[str, Tree],
    names: Names,
    maps: Maps,
    answers: Mapping[str, Answer],
) -> Criterion:
    node = f"criteria.{name}"
    source = _input(reading, name, tree, entries, names)
    rule = read_rule(reading, entries, tree, node, names, maps)
    read = sources(source, rule)
    if isinstance(rule, Choices) and len(read) == 1 and read[0] in answers:
        rule = Choices(rule.points, answers[read[0]].exclusive)
    if isinstance(rule, Cases) and ("attainable" in entries or "cap" in entries):
        rule = Cases(rule.cases, by_facts=False)
    check_fit(reading, tree, node, names, source, rule)
    finish = read_finish(reading, entries, node, names)
    least, most = _range(reading, entries, node, rule, finish)
    if most is None and any(override.what == "all" for override in finish.overrides):
        reading.wrong(tree, node, "all of what? This rule has no top", "Write attainable: NUMBER")
    essential = _essential(reading, entries["essential"], node, names, read) if "essential" in entries else None
    return Criterion(
        name,
        names.nodes[name],
        read,
        source,
        rule,
        optional_condition(reading, entries.get("applies"), node, names),
        _policies(reading, entries, node, least),
        _evidence(reading, entries.get("evidence"), node, most),
        essential,
        most,
        finish,
        _effort(reading, entries.get("effort"), node, options_of(names, read)),
    )


def _input(reading: Reading, name: str, tree: Tree, entries: Mapping[str, Tree], names: Names) -> Input | None:
    node = f"criteria.{name}"
    if "answer" in entries and "input" in entries:
        reading.wrong(tree, node, "'answer' and 'input' are both given", "Keep one of them")
    if "input" in entries:
        return read_input(reading, entries["input"], node, names, own=name)
    if "answer" in entries:
        answer = reading.text(entries["answer"], node)
        if answer not in names.answers:
            fix = suggest(answer, names.answers, "Declare it under answers, or use")
            reading.wrong(entries["answer"], node, "there is no answer of this name", fix)
        return Source("answer", answer)
    return Source("answer", name) if name in names.answers else None


def options_of(names: Names, read: tuple[str, ...]) -> Mapping[str, Text] | None:
    """The options of the one answer a criterion reads."""
    if len(read) != 1 or read[0] not in names.answers:
        return None
    named = names.answers[read[0]]
    return YES_NO if named.type == "yes_no" else named.options or None


def _range(reading: Reading, entries: Mapping[str, Tree], node: str, rule: Rule, finish: Finish) -> Range:
    least, most = limits(rule)
    if "attainable" in entries:
        most = reading.number(entries["attainable"], node)
    if finish.cap is not None and "attainable" not in entries:
        most = finish.cap if most is None else min(most, finish.cap)
    if finish.floor is not None:
        least = finish.floor if least is None else max(least, finish.floor)
        most = most if most is None else max(most, finish.floor)
    return least, most


def _policies(reading: Reading, entries: Mapping[str, Tree], node: str, least: Fraction | None) -> Policies:
    standard: dict[str, Policy] = {
        "unanswered": "error",
        "not_applicable": "error",
        # A claim that nothing supports never does better than the worst answer.
        "unsupported": min(_ZERO, least or _ZERO),
        "void": "void",
        "not_asked": "excluded",
    }
    said = {key: read_policy(reading, entries[key], node) for key in _POLICIES if key in entries}
    return Policies(**{**standard, **said})


def _evidence(reading: Reading, tree: Tree | None, node: str, most: Fraction | None) -> EvidenceGate:
    if tree is None:
        return EvidenceGate(None, 1)
    entries = {"gate": tree} if isinstance(tree, Leaf) else reading.branch(tree, node, ("gate", "files", "at_most"))
    gate = reading.one_of(entries["gate"], node, ("none", "full", "half", "cap")) if "gate" in entries else "cap"
    files = reading.whole(entries["files"], node, 1, _MAX_FILES) if "files" in entries else 1
    if gate == "half" and most is None:
        reading.wrong(tree, node, "half of what? This rule has no top", "Write attainable: NUMBER")
    if (gate == "cap") != ("at_most" in entries):
        reading.wrong(tree, node, "'at_most' belongs to the gate 'cap'", "Write {gate: cap, at_most: 5}")
    limit = reading.number(entries["at_most"], node) if "at_most" in entries else _ZERO
    at_most = {"none": None, "full": _ZERO, "half": (most or _ZERO) / 2, "cap": limit}[gate]
    return EvidenceGate(at_most, files)


def _essential(reading: Reading, tree: Tree, node: str, names: Names, read: tuple[str, ...]) -> Essential:
    entries = reading.branch(tree, node, (*DEMAND_KEYS, "discretionary"))
    options = options_of(names, read)
    if "met_by" not in entries and "points" not in entries:
        reading.wrong(tree, node, "what meets this essential is missing", "Write met_by: [option, …] or met_by: given")
    demand = read_demand(reading, entries, node, names, options)
    chosen = tuple(reading.text(item, node) for item in reading.items(entries.get("discretionary"), node))
    for item, option in zip(reading.items(entries.get("discretionary"), node), chosen, strict=True):
        if option not in (options or {}):
            reading.wrong(item, node, "there is no such option", suggest(option, options or {}))
    return Essential(demand, chosen)


def _effort(
    reading: Reading, tree: Tree | None, node: str, options: Mapping[str, Text] | None
) -> Fraction | Mapping[str, Fraction]:
    if tree is None:
        return Fraction(1)
    if isinstance(tree, Branch):
        table = {key: reading.number(value, node) for key, value in reading.branch(tree, node, options or ()).items()}
        if set(table) != set(options or ()):
            reading.wrong(tree, node, "every option needs its effort", "List all options, or write one number")
        efforts = list(table.values())
    else:
        efforts = [reading.number(tree, node)]
    if any(effort < 0 for effort in efforts):
        reading.wrong(tree, node, "effort is below 0", "Write numbers from 0")
    return table if isinstance(tree, Branch) else efforts[0]
