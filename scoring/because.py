"""Every reason code as a sentence in Khmer and English."""

from collections.abc import Mapping
from fractions import Fraction

from scoring.condition import Edge
from scoring.limits import limits
from scoring.rubric import Rubric, Scale
from scoring.rules import Cases, Rule
from scoring.sentences import COMPARISONS, CONDITION_CODES, EDGES, ESSENTIALS, REASONS
from scoring.text import Text, join, limit, number, same

Params = Mapping[str, Fraction | str]


def node(rubric: Rubric, name: str, reasons: list[tuple[str, Params]], lang: str) -> str:
    """Why a node has its result, one sentence a reason."""
    return " ".join(_fill(REASONS[code], _words(rubric, name, params))[lang] for code, params in reasons)


def essential(rubric: Rubric, name: str, outcome: str, code: str, lang: str) -> str:
    title = rubric.criteria[name].title
    return _fill(ESSENTIALS[outcome], {"name": title, "why": CONDITION_CODES[code]})[lang]


def condition(rubric: Rubric, scale_id: str, rung_id: str, kind: str, name: str, index: int, lang: str) -> str:
    """What one condition of a rung asks for."""
    scale = rubric.levels[scale_id]
    rung = next(rung for rung in scale.rungs if rung.id == rung_id)
    if kind == "condition":
        return rung.conditions[index].says[lang]
    if kind == "essential":
        return _fill(COMPARISONS["essential"], {"name": rubric.criteria[name].title})[lang]
    if kind == "series":
        below = next(other.title for other in scale.rungs if other.id == name)
        return _fill(COMPARISONS["series"], {"name": below})[lang]
    if kind == "criterion":
        return _gate(rubric, scale, rung_id, name)[lang]
    edge = rung.total
    if kind == "section" and rung.each_section:
        edge = rung.each_section.of(name)
    return _edge(rubric.node_title(name), edge)[lang]


def condition_found(rubric: Rubric, name: str, says: str, code: str, found: Fraction | None, lang: str) -> str:
    """The condition, and what was found instead or beside it."""
    if found is not None:
        value = number(found, *limits(rubric, name))
        return _fill(COMPARISONS["found"], {"says": same(says), "value": value})[lang]
    return _fill(COMPARISONS["state"], {"says": same(says), "why": CONDITION_CODES[code]})[lang]


def _edge(title: Text, edge: Edge | None) -> Text:
    if edge is None:
        return _fill(COMPARISONS["result"], {"name": title})
    return _fill(EDGES[edge.op], {"name": title, "value": limit(edge.number)})


def _gate(rubric: Rubric, scale: Scale, rung_id: str, name: str) -> Text:
    demand = next(rung for rung in scale.rungs if rung.id == rung_id).gates[name]
    criterion = rubric.criteria[name]
    parts: list[Text] = []
    if demand.met_by is not None:
        options = rubric.answers[criterion.answers[0]].options
        words = join([options.get(option, same(option)) for option in demand.met_by], " ឬ ", " or ")
        parts.append(_fill(COMPARISONS["is"], {"name": criterion.title, "value": words}))
    elif demand.given:
        parts.append(_fill(COMPARISONS["given"], {"name": criterion.title}))
    if demand.points is not None:
        parts.append(_edge(criterion.title, demand.points))
    if demand.evidence:
        parts.append(_fill(COMPARISONS["evidence"], {"name": criterion.title}))
    return join(parts, " និង ", " and ")


def _words(rubric: Rubric, name: str, params: Params) -> dict[str, Text]:
    """What the placeholders of a sentence stand for."""
    most = [top for top in (params.get("attainable"),) if isinstance(top, Fraction)]
    beside = (*limits(rubric, name), *most)
    words = {
        key: number(value, *beside) if isinstance(value, Fraction) else same(value) for key, value in params.items()
    }
    top = "score_of" if "attainable" in params else "score"
    words["score"] = _fill(COMPARISONS[top], words)
    for key in ("option", "options"):
        if key in params:
            words[key] = _option_words(rubric, name, str(params[key]))
    if "child" in params:
        words["child"] = rubric.node_title(str(params["child"]))
    if "case" in params:
        words["when"] = _case(rubric.criteria[name].rule, int(Fraction(params["case"])))
    if "override" in params:
        finish = (rubric.criteria.get(name) or rubric.groups[name]).finish
        words["because"] = finish.overrides[int(Fraction(params["override"]))].because
    return words


def _option_words(rubric: Rubric, name: str, chosen: str) -> Text:
    found = [rubric.answers[answer].options for answer in rubric.criteria[name].answers]
    options = found[0] if found else {}
    words = [options.get(option, same(option)) for option in chosen.split(";")]
    return join(words, "; ", "; ")


def _case(rule: Rule, index: int) -> Text:
    when = rule.cases[index].when if isinstance(rule, Cases) else None
    return when.says if when else COMPARISONS["otherwise"]


def _fill(sentence: Text, words: Mapping[str, Text]) -> Text:
    km, en = sentence.km, sentence.en
    for key, text in words.items():
        km, en = km.replace("{" + key + "}", text.km), en.replace("{" + key + "}", text.en)
    return Text(km, en)
