"""What is well-formed but looks wrong, each with its place and what to do; none of it stops the scoring."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scoring.checking.bounds import bounds
from scoring.checking.constant import constant
from scoring.checking.ladders import ladders
from scoring.checking.standing import Key, chains, conditions, looked_at, place_of
from scoring.checking.words import REMARKS
from scoring.condition import Ref, any_of
from scoring.loading.lists import read_lists
from scoring.loading.reading import Reading
from scoring.loading.repeating import used_in
from scoring.loading.tree import Branch, Leaf, Listing, Place, Tree
from scoring.rubric import Group, Rubric
from scoring.rules import Bands, Cases, Choice, Choices, Product, Rule
from scoring.text import Text, fill, limit, same


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at, in both languages; `key` is the way to it from the top of the file."""

    place: Place
    key: Key
    code: str
    reason: Text
    remedy: Text

    @property
    def sentence(self) -> Text:
        return Text(f"{self.reason.km}។ {self.remedy.km}", f"{self.reason.en}. {self.remedy.en}")

    def says(self, lang: str, file: str = "") -> str:
        where = f"{self.place.file or file}:{self.place.line}:{self.place.column}: " if self.place.line else ""
        name = ".".join(str(part) for part in self.key[:2]) or "rubric"
        return f"{where}{name}{'៖' if lang == 'km' else ':'} {self.sentence[lang]}"


def remarks(rubric: Rubric, written: Tree, tree: Tree | None = None) -> tuple[Remark, ...]:
    """Everything found, in the order of the file; `written` is the rubric written out, `tree` as it stands."""
    found: list[Remark] = []
    stands = tree or written
    for where, finds in ((written, _found(rubric, written)), (stands, _lists(stands))):
        for key, code, words in finds:
            reason, remedy = (fill(text, **words) for text in REMARKS[code])
            found.append(Remark(place_of(where, key), key, code, reason, remedy))
    return tuple(sorted(found, key=lambda one: (one.place.file, one.place.line, one.place.column)))


Found = tuple[Key, str, Mapping[str, Text]]


def _found(rubric: Rubric, tree: Tree) -> Iterator[Found]:
    looks, reached = looked_at(rubric), bounds(rubric)
    if not rubric.criteria:
        yield (), "empty", {}
    yield from _unused(rubric, tree, looks)
    yield from _outside(rubric, looks)
    for criterion in rubric.criteria.values():
        yield from _rule(rubric, criterion.rule, ("criteria", criterion.id))
    for group in rubric.groups.values():
        yield from _weights(group)
    yield from ladders(rubric, reached)
    for key, whens in chains(rubric):
        if constant(rubric, any_of(whens), reached) is not True:
            yield key, "no_last", {}
    for key, condition in conditions(rubric):
        always = constant(rubric, condition, reached)
        if always is not None:
            yield key, "always_true" if always else "always_false", {"says": condition.says}
    yield from _alike(rubric)


def _unused(rubric: Rubric, tree: Tree, looks: frozenset[Ref]) -> Iterator[Found]:
    """What is declared and read by nothing."""
    for fact in rubric.facts:
        if Ref("fact", fact) not in looks:
            yield ("facts", fact), "unused_fact", {}
    kinds = ("answer", "state", "ruling", "evidence")
    for answer in rubric.answers.keys() - rubric.scored - {ref.id for ref in looks if ref.kind in kinds}:
        yield ("answers", answer), "unused_answer", {}
    named = set(_maps_named(_part(tree, "criteria"))) | set(_maps_named(_part(tree, "defaults")))
    maps = _part(tree, "maps")
    for name in maps.entries if isinstance(maps, Branch) else ():
        if name not in named:
            yield ("maps", name), "unused_map", {}


def _lists(tree: Tree) -> Iterator[Found]:
    """Lists that nothing is repeated for, and columns that no part takes."""
    used, taken = used_in(tree)
    for name, rows in read_lists(Reading(), _part(tree, "lists")).items():
        if name not in used:
            yield ("lists", name), "unused_list", {}
        for column in rows.columns:
            if name in used and column not in taken:
                yield ("lists", name), "unused_column", {"column": same(column).quoted()}


def _part(tree: Tree, name: str) -> Tree:
    return tree.entries[name][1] if isinstance(tree, Branch) and name in tree.entries else Leaf(None)


def _maps_named(tree: Tree, key: str = "choice") -> Iterator[str]:
    """Single texts that stand for the options of a choice: `choice: NAME`, or NAME for a whole criterion."""
    if isinstance(tree, Leaf):
        if key in {"choice", "choices"} and tree.text:
            yield tree.text
    elif isinstance(tree, Listing):
        for item in tree.items:
            yield from _maps_named(item, "")
    else:
        depth = key == "choice"
        for name, (_, part) in tree.entries.items():
            yield from _maps_named(part, "choice" if depth and isinstance(part, Leaf) else name)


def _outside(rubric: Rubric, looks: frozenset[Ref]) -> Iterator[Found]:
    """Criteria whose points count nowhere, and essentials that no level asks for."""
    scales = rubric.levels.values()
    rungs = [rung for scale in scales for rung in scale.rungs]
    counted = {child.id for group in rubric.groups.values() for child in group.children}
    counted |= {node for scale in scales for node in (scale.of, *scale.sections) if node}
    counted |= {ref.id for ref in looks if ref.kind == "node"} | {name for rung in rungs for name in rung.gates}
    asked = {ref.id for ref in looks if ref.kind == "essential"}
    if any(rung.essentials for rung in rungs):
        asked |= rubric.criteria.keys()
    for criterion in rubric.criteria.values():
        if criterion.essential and criterion.id not in asked:
            yield ("criteria", criterion.id, "essential"), "essential_unasked", {}
        elif criterion.id not in counted and (rubric.groups or rungs) and not criterion.essential:
            yield ("criteria", criterion.id), "outside", {}


def _rule(rubric: Rubric, rule: Rule, key: Key) -> Iterator[Found]:
    """Values that fit no band, options that nobody can choose."""
    if isinstance(rule, Cases):
        for place, case in enumerate(rule.cases):
            yield from _rule(rubric, case.rule, (*key, "cases", place))
    elif isinstance(rule, Product):
        for place, factor in enumerate(rule.factors):
            yield from _rule(rubric, factor.rule, (*key, "product", place))
    elif isinstance(rule, Bands) and rule.otherwise is None:
        yield from _open_end(rule, (*key, "bands"))
    elif isinstance(rule, Choice | Choices):
        for option in rule.points:
            if option in rubric.words:
                yield (*key, "choice"), "option_is_word", {"option": same(option), "state": same(rubric.words[option])}


def _open_end(rule: Bands, key: Key) -> Iterator[Found]:
    """Bands from 0 up need no lower end: few values can be below, and for those an error is right."""
    edges = sorted((band.edge for band in rule.bands), key=lambda edge: edge.number)
    if edges[0].op in {"at_most", "below"}:
        yield key, "no_upper_end", {"limit": limit(edges[-1].number)}
    elif edges[0].number > 0 or edges[0].op == "above":
        yield key, "no_lower_end", {"limit": limit(edges[0].number)}


def _weights(group: Group) -> Iterator[Found]:
    key = ("groups", group.id, "of")
    idle = [child.id for child in group.children if all(case.weight == 0 for case in child.weights)]
    if len(idle) == len(group.children):
        yield key, "weighs_nothing", {}
    else:
        yield from (((*key, child), "child_weighs_nothing", {"name": same(child)}) for child in idle)


def _alike(rubric: Rubric) -> Iterator[Found]:
    """Two things called the same: no explanation tells them apart."""
    nodes = {name: rubric.node_title(name) for name in (*rubric.criteria, *rubric.groups)}
    facts = {name: fact.title for name, fact in rubric.facts.items()}
    own = {name: answer.title for name, answer in rubric.answers.items() if name not in rubric.criteria}
    for where, titles in (("facts", facts), ("answers", own), ("", nodes)):
        for lang in ("km", "en"):
            first: dict[str, str] = {}
            for name, title in titles.items():
                other = first.setdefault(title[lang], name)
                if other != name and (lang == "km" or titles[other].km != title.km):
                    part = where or ("criteria" if name in rubric.criteria else "groups")
                    yield (part, name), "alike", {"title": same(title[lang]), "other": same(other)}
