"""A rubric told back in a few lines: each ladder in its order with its limits, each group with its children."""

from collections.abc import Iterator
from fractions import Fraction

from scoring.because import demand, edge_words, input_words
from scoring.rubric import Child, Group, Rubric, Rung, Scale
from scoring.rules import Input
from scoring.sentences import DEMANDS
from scoring.text import Text, fill, join, limit, same

_LADDER = {
    "high": Text("{name} ពីទាបបំផុតទៅខ្ពស់បំផុត៖", "{name}, from the worst to the best:"),
    "low": Text("{name} ពីអន់បំផុតទៅល្អបំផុត (តិចជាងគឺល្អជាង)៖", "{name}, from the worst to the best, less is better:"),
}
_RUNG = Text("  {place}. {name}៖ {demands}", "  {place}. {name}: {demands}")
_NOTHING = Text("មិនទាមទារអ្វីទេ", "asks for nothing")
_ALL_ESSENTIALS = Text("ចំណុចចាំបាច់ទាំងអស់ ({count})", "all essentials ({count})")
_EACH_SECTION = Text("ផ្នែកនីមួយៗ", "each section")
_SERIES = Text("  កម្រិតនីមួយៗត្រូវការកម្រិតខាងក្រោមទាំងអស់", "  each rung needs all below it")
_COMBINES = {
    "sum": Text("ផលបូក", "sum"),
    "mean": Text("មធ្យមភាគ", "mean"),
    "share": Text("ចំណែកនៃពិន្ទុ", "share of the points"),
    "lowest": Text("ទាបបំផុត", "lowest"),
    "highest": Text("ខ្ពស់បំផុត", "highest"),
    "geometric_mean": Text("មធ្យមភាគធរណីមាត្រ", "geometric mean"),
}
_GROUP = Text(
    "{name} = {combine} នៃ {count} (ទម្ងន់សរុប {sum})៖ {children}",
    "{name} = {combine} of {count}, weights {sum} together: {children}",
)
_PLAIN_GROUP = Text("{name} = {combine} នៃ {count}៖ {children}", "{name} = {combine} of {count}: {children}")
_NO_LEVELS = Text("គ្មានកម្រិតទេ៖ មានតែពិន្ទុ", "no levels: only points")


def read_back(rubric: Rubric, lang: str) -> Iterator[str]:
    for scale in rubric.levels.values():
        yield from (line[lang] for line in _ladder(rubric, scale))
    if not rubric.levels:
        yield _NO_LEVELS[lang]
    for group in rubric.groups.values():
        yield _group(rubric, group)[lang]


def _ladder(rubric: Rubric, scale: Scale) -> Iterator[Text]:
    yield fill(_LADDER[scale.better], name=same(scale.id))
    for place, rung in enumerate(scale.rungs, 1):
        said = list(rung_demands(rubric, scale, rung)) or [_NOTHING]
        yield fill(_RUNG, place=same(str(place)), name=same(rung.id), demands=join(said, "; ", "; "))
    if scale.series:
        yield _SERIES


def rung_demands(rubric: Rubric, scale: Scale, rung: Rung) -> Iterator[Text]:
    """What a rung asks for, one sentence each."""
    if rung.total and scale.of:
        yield edge_words(rubric.node_title(scale.of).quoted(), rung.total)
    if rung.each_section:
        yield edge_words(_EACH_SECTION, rung.each_section.edge)
        for section, edge in rung.each_section.exceptions.items():
            if edge is not None:
                yield edge_words(rubric.node_title(section).quoted(), edge)
    if rung.essentials:
        essentials = sum(criterion.essential is not None for criterion in rubric.criteria.values())
        yield fill(_ALL_ESSENTIALS, count=limit(Fraction(essentials)))
    yield from (demand(rubric, name, gate) for name, gate in rung.gates.items())
    yield from (condition.says for condition in rung.conditions)


def _group(rubric: Rubric, group: Group) -> Text:
    weighted = any(case.weight != 1 for child in group.children for case in child.weights)
    children = [_child(rubric, child, weighted=weighted) for child in group.children]
    written = [case.weight for child in group.children for case in child.weights]
    known = all(isinstance(weight, Fraction) for weight in written) and len(written) == len(children)
    words = {
        "name": same(group.id),
        "combine": _COMBINES[group.combine],
        "count": limit(Fraction(len(children))),
        "children": join(children, ", ", ", "),
    }
    if not weighted or not known:
        return fill(_PLAIN_GROUP, **words)
    total = sum((weight for weight in written if isinstance(weight, Fraction)), Fraction(0))
    return fill(_GROUP, sum=limit(total), **words)


def _child(rubric: Rubric, child: Child, *, weighted: bool) -> Text:
    """Its name and weight; several weights, of which conditions choose one, with a stroke between."""
    weights = join([_weight(rubric, case.weight) for case in child.weights], "/", "/")
    said = join([same(child.id), weights], " ", " ") if weighted else same(child.id)
    return fill(DEMANDS["state"], says=said, why=child.when.says) if child.when else said


def _weight(rubric: Rubric, weight: Fraction | Input) -> Text:
    return limit(weight) if isinstance(weight, Fraction) else input_words(rubric, weight)
