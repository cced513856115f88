"""Facts and answers from the tree."""

from collections.abc import Mapping

from scoring.condition import Value
from scoring.errors import ValueRefusedError
from scoring.loading.conditions import optional_condition
from scoring.loading.declared import criterion_entries
from scoring.loading.names import Named, Names
from scoring.loading.reading import Reading, suggest
from scoring.loading.rules import exclusive_options
from scoring.loading.tree import Leaf, Listing, Tree
from scoring.rubric import Answer, Fact
from scoring.values import read

ANSWER_KEYS = ("asked", "counts_as_until_confirmed", "exclusive")


def read_facts(reading: Reading, tree: Tree | None, names: Names) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    trees = reading.branch(tree, "facts")
    for name, named in names.facts.items():
        node, value = f"facts.{name}", trees[name]
        keys = ("type", "options", "title", "default", "optional")
        entries = {} if isinstance(value, Leaf) else reading.branch(value, node, keys)
        optional = "optional" in entries and reading.yes_no(entries["optional"], node)
        default = _default(reading, entries["default"], node, named) if "default" in entries else None
        facts[name] = Fact(name, named.title, named.type, named.options, default, optional)
    return facts


def _default(reading: Reading, tree: Tree, node: str, named: Named) -> Value | None:
    listed = isinstance(tree, Listing)
    words = [reading.text(item, node) for item in (tree.items if isinstance(tree, Listing) else (tree,))]
    try:
        return read(words if listed else words[0], named.type, named.options)
    except ValueRefusedError as refused:
        reading.wrong(tree, node, refused.reason, "Give a default that fits the type")
        return None


def read_answers(reading: Reading, top: Mapping[str, Tree], names: Names) -> dict[str, Answer]:
    """Declared answers, then the own answers of criteria."""
    answers: dict[str, Answer] = {}
    declared = reading.branch(top.get("answers"), "answers")
    for name, value in declared.items():
        node = f"answers.{name}"
        keys = ("type", "options", "title", *ANSWER_KEYS)
        entries = {} if isinstance(value, Leaf) else reading.branch(value, node, keys)
        if name in names.answers:
            answers[name] = _answer(reading, name, entries, node, names)
    for name, value in reading.branch(top.get("criteria"), "criteria").items():
        entries = criterion_entries(reading, value)
        if name in names.answers and name not in declared:
            answers[name] = _answer(reading, name, entries, f"criteria.{name}", names)
        elif "asked" in entries or "counts_as_until_confirmed" in entries:
            fix = "Write it with the answer under 'answers', or use 'applies' here"
            reading.wrong(value, f"criteria.{name}", "this criterion has no answer of its own to ask", fix)
    return answers


def _answer(reading: Reading, name: str, entries: Mapping[str, Tree], node: str, names: Names) -> Answer:
    named = names.answers[name]
    counts_as = reading.branch(entries.get("counts_as_until_confirmed"), node, named.options)
    meant = {option: reading.text(value, node) for option, value in counts_as.items()}
    for option, value in counts_as.items():
        if meant[option] not in named.options:
            reading.wrong(value, node, "there is no such option", suggest(meant[option], named.options))
    exclusive = exclusive_options(reading, entries.get("exclusive"), node, tuple(named.options))
    asked = optional_condition(reading, entries.get("asked"), node, names)
    return Answer(name, named.title, named.type, named.options, asked, meant, exclusive)
