"""Gives an edition's rubric its words: rubric.yaml holds rules only, the other files say how things are called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from questionnaires.terms import Award
from questionnaires.text import Text
from questionnaires.wording import CompanyKind, EditionText, Option, QuestionText, SectionText
from scoring.loading.tree import NOWHERE, Branch, Leaf, Listing, Place, Tree

Entries = dict[str, tuple[Place, Tree]]


def worded(rubric: Tree, texts: EditionText, sections: Iterable[SectionText], award: Award) -> Tree:
    """The rubric with titles and option words from the edition's files, wherever it has none of its own."""
    parts = tuple(sections)
    questions = {question.id: question for section in parts for question in section.questions}
    titles = {section.id: section.title for section in parts}
    rungs = {level.id: level.title for level in award.levels}
    rubric = _with(rubric, "title", words(texts.title))
    rubric = _each(rubric, "facts", lambda _, fact: _worded_fact(fact, texts.company_kinds))
    rubric = _each(rubric, "answers", lambda name, answer: _worded_answer(answer, questions.get(name), texts))
    tables = _entries(rubric, "maps")
    rubric = _each(rubric, "criteria", lambda name, rule: _worded_criterion(rule, questions.get(name), texts, tables))
    rubric = _each(rubric, "groups", lambda name, group: _titled(group, titles.get(name)))
    return _each(rubric, "levels", lambda _, scale: _worded_scale(scale, rungs, award.extra_conditions))


def options(question: QuestionText, texts: EditionText) -> tuple[Option, ...]:
    """The options a question offers: its own, else those shared by its kind."""
    if question.kind == "yes_partial_no" and not question.options:
        shared = texts.shared_options["yes_partial_no"]
        return tuple(
            option.model_copy(update={"hint": question.hints.get(option.value, option.hint)}) for option in shared
        )
    return question.options


def words(text: Text) -> Branch:
    """A text as the rubric language writes it."""
    return Branch({"km": (NOWHERE, Leaf(text.km)), "en": (NOWHERE, Leaf(text.en))})


def _with(node: Tree, name: str, value: Tree) -> Tree:
    """The mapping with one more entry, unless it has one of this name (or is no mapping)."""
    if not isinstance(node, Branch) or name in node.entries:
        return node
    return Branch({**node.entries, name: (node.place, value)}, node.place)


def _each(node: Tree, name: str, change: Callable[[str, Tree], Tree]) -> Tree:
    if not isinstance(node, Branch) or name not in node.entries:
        return node
    place, part = node.entries[name]
    if not isinstance(part, Branch):
        return node
    changed = Branch({key: (at, change(key, value)) for key, (at, value) in part.entries.items()}, part.place)
    return Branch({**node.entries, name: (place, changed)}, node.place)


def _titled(node: Tree, title: Text | None) -> Tree:
    return node if title is None else _with(node, "title", words(title))


def _long(node: Tree, key: str) -> Tree:
    """The long form of an entry that is only one word."""
    return Branch({key: (node.place, node)}, node.place) if isinstance(node, Leaf) else node


def _worded_fact(fact: Tree, kinds: Iterable[CompanyKind]) -> Tree:
    return _with_option_words(fact, {kind.id: kind.label for kind in kinds})


def _worded_answer(answer: Tree, question: QuestionText | None, texts: EditionText) -> Tree:
    if question is None:
        return answer
    titled = _titled(_long(answer, "type"), question.title)
    return _with_option_words(titled, {option.value: option.label for option in options(question, texts)})


def _worded_criterion(rule: Tree, question: QuestionText | None, texts: EditionText, tables: Entries) -> Tree:
    if question is None:
        return rule
    titled = _titled(_long(rule, "choice"), question.title)
    earning = _options_with_points(titled, tables)
    offered = [option for option in options(question, texts) if option.value in earning]
    if not offered:
        return titled
    entries: Entries = {option.value: (titled.place, words(option.label)) for option in offered}
    return _with(titled, "options", Branch(entries, titled.place))


def _options_with_points(rule: Tree, tables: Entries) -> Collection[str]:
    """The options a criterion names, in its own table or in one of the maps."""
    own = _entries(rule, "choice") or _entries(rule, "choices")
    if own or not isinstance(rule, Branch) or "choice" not in rule.entries:
        return own
    _, named = rule.entries["choice"]
    _, table = tables.get(named.text or "", (NOWHERE, named)) if isinstance(named, Leaf) else (NOWHERE, named)
    return table.entries if isinstance(table, Branch) else ()


def _entries(node: Tree, name: str) -> Entries:
    """What stands under a key that holds a mapping; nothing otherwise."""
    _, part = node.entries.get(name, (NOWHERE, node)) if isinstance(node, Branch) else (NOWHERE, node)
    return dict(part.entries) if isinstance(part, Branch) and part is not node else {}


def _with_option_words(node: Tree, labels: Mapping[str, Text]) -> Tree:
    """A plain list of options becomes a mapping with their words."""
    if not isinstance(node, Branch) or "options" not in node.entries:
        return node
    place, listed = node.entries["options"]
    if not isinstance(listed, Listing) or not all(isinstance(item, Leaf) and item.text for item in listed.items):
        return node
    entries: Entries = {}
    for item in listed.items:
        value = item.text or "" if isinstance(item, Leaf) else ""
        entries[value] = (item.place, words(labels[value]) if value in labels else Leaf(value, item.place))
    return Branch({**node.entries, "options": (place, Branch(entries, listed.place))}, node.place)


def _worded_scale(scale: Tree, titles: Mapping[str, Text], extra: Mapping[str, Text]) -> Tree:
    if not isinstance(scale, Branch) or "rungs" not in scale.entries:
        return scale
    place, rungs = scale.entries["rungs"]
    if not isinstance(rungs, Listing):
        return scale
    changed = Listing(tuple(_worded_rung(rung, titles, extra) for rung in rungs.items), rungs.place)
    return Branch({**scale.entries, "rungs": (place, changed)}, scale.place)


def _worded_rung(rung: Tree, titles: Mapping[str, Text], extra: Mapping[str, Text]) -> Tree:
    if not isinstance(rung, Branch):
        return rung
    _, name = rung.entries.get("id", (NOWHERE, Leaf(None)))
    entries: Entries = dict(rung.entries)
    if "conditions" in entries:
        place, conditions = entries["conditions"]
        if isinstance(conditions, Listing):
            said = tuple(_worded_condition(condition, extra) for condition in conditions.items)
            entries["conditions"] = (place, Listing(said, conditions.place))
    return _titled(Branch(entries, rung.place), titles.get(name.text or "") if isinstance(name, Leaf) else None)


def _worded_condition(condition: Tree, extra: Mapping[str, Text]) -> Tree:
    if not isinstance(condition, Branch) or "says" not in condition.entries:
        return condition
    place, named = condition.entries["says"]
    sentence = extra.get(named.text or "") if isinstance(named, Leaf) else None
    if sentence is None:
        return condition
    said = words(Text(km=sentence.km.rstrip("។"), en=sentence.en.rstrip(".")))
    return Branch({**condition.entries, "says": (place, said)}, condition.place)
