"""Every reason code as a sentence in Khmer and English."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from scoring.condition import Edge
from scoring.limits import limits
from scoring.rubric import Criterion, Demand, Rubric, Rung, Scale
from scoring.rules import (
    Age,
    Bands,
    Cases,
    Choice,
    Choices,
    Constant,
    Factor,
    Input,
    Points,
    Presence,
    Product,
    Rule,
    Source,
)
from scoring.sentences import BANDS, DEMANDS, EDGES, ESSENTIALS, FACTORS, REASONS, ROUNDING, SCORES, WHY
from scoring.text import Text, any_listed, fill, limit, listed, number, same

Params = Mapping[str, Fraction | str]


def node(rubric: Rubric, name: str, reasons: Iterable[tuple[str, Params]], lang: str) -> list[str]:
    """Why a node has its result: what it is made of, then each cap, floor, override and rounding."""
    said: list[str] = []
    before = Fraction(0)
    for code, params in reasons:
        said.append(_reason(rubric, name, code, params, before)[lang])
        before = Fraction(params.get("limit", params.get("points", before)))
    return said


def essential(rubric: Rubric, name: str, outcome: str, code: str, lang: str) -> str:
    says = fill(ESSENTIALS[outcome], name=rubric.criteria[name].title.quoted())
    if code not in {"met", "to_be_decided"}:
        says = fill(DEMANDS["but"], says=says, why=WHY[code])
    return says[lang] + ("។" if lang == "km" else ".")


def condition(rubric: Rubric, scale_id: str, rung_id: str, kind: str, name: str, index: int, lang: str) -> str:
    """What one condition of a rung asks for."""
    scale = rubric.levels[scale_id]
    rung = next(rung for rung in scale.rungs if rung.id == rung_id)
    if kind == "condition":
        says = rung.conditions[index].says[lang]
        return says[:1].upper() + says[1:]
    return _demanded(rubric, scale, rung, kind, name)[lang]


def _demanded(rubric: Rubric, scale: Scale, rung: Rung, kind: str, name: str) -> Text:
    if kind == "essential":
        return fill(DEMANDS["essential"], name=rubric.criteria[name].title.quoted())
    if kind == "series":
        below = next(other.title for other in scale.rungs if other.id == name)
        return fill(DEMANDS["series"], name=below.quoted())
    if kind == "criterion":
        return demand(rubric, name, rung.gates[name])
    edge = rung.each_section.of(name) if kind == "section" and rung.each_section else rung.total
    return edge_words(rubric.node_title(name).quoted(), edge)


def condition_found(says: str, kind: str, code: str, *, held: bool, found: Text | None, lang: str) -> str:
    """The condition, and what was found instead or beside it."""
    form = "it_has" if found else "state" if held or kind == "condition" else "but"
    return fill(DEMANDS[form], says=same(says), why=found or WHY[code])[lang]


def edge_words(title: Text, edge: Edge | None) -> Text:
    if edge is None:
        return fill(DEMANDS["result"], name=title)
    return fill(EDGES[edge.op], name=title, value=limit(edge.number))


def demand(rubric: Rubric, name: str, asked: Demand) -> Text:
    """What a level or an essential asks of one criterion, such as “Terms” needs the answer “Yes”, with evidence."""
    criterion = rubric.criteria[name]
    parts: list[Text] = []
    if asked.met_by is not None:
        options = rubric.answers[criterion.answers[0]].options
        words = [options.get(option, same(option)).quoted() for option in asked.met_by]
        parts.append(fill(DEMANDS["answer"], value=any_listed(words)))
    elif asked.given:
        parts.append(DEMANDS["given"])
    if asked.points is not None:
        parts.append(fill(DEMANDS[asked.points.op], value=limit(asked.points.number)))
    needs = listed(parts) if parts else DEMANDS["evidence"]
    if asked.evidence and parts:
        needs = fill(DEMANDS["with_evidence"], needs=needs)
    says = fill(DEMANDS["needs"], name=criterion.title.quoted(), needs=needs)
    if not asked.not_applicable_meets:
        says = fill(DEMANDS["applies_always"], says=says)
    return fill(DEMANDS["when"], when=asked.when.says, says=says) if asked.when else says


def _reason(rubric: Rubric, name: str, code: str, params: Params, before: Fraction) -> Text:
    words = _words(rubric, name, params)
    criterion = rubric.criteria.get(name)
    if code == "case" and criterion and isinstance(criterion.rule, Cases):
        case = criterion.rule.cases[int(Fraction(params["case"]))]
        inner = _ruled(rubric, criterion, case.rule, _code(case.rule).replace("points", "case_points"), params, words)
        when = case.when.says if case.when else DEMANDS["otherwise"]
        return fill(REASONS["case"], when=when, rest=Text(inner.km, inner.en[:1].lower() + inner.en[1:]))
    if code == "mean" and len({case.weight for child in rubric.groups[name].children for case in child.weights}) == 1:
        code = "plain_mean"
    if code == "rounded":
        finish = (criterion or rubric.groups[name]).finish
        return _rounded(finish.digits, str(finish.how), before, Fraction(params["points"]))
    if code == "evidence_missing":
        words["most"] = fill(SCORES["most" if params["limit"] else "nothing"], **words)
        code = "evidence_missing" if params["files"] == 1 else "files_missing"
    if code == "left_out" and "option" in params:
        code = "option_left_out"
    if code == "options" and ";" not in str(params["options"]):
        return fill(REASONS["option"], **{**words, "option": words["options"]})
    return _ruled(rubric, criterion, criterion.rule, code, params, words) if criterion else fill(REASONS[code], **words)


def _ruled(
    rubric: Rubric, criterion: Criterion, rule: Rule, code: str, params: Params, words: Mapping[str, Text]
) -> Text:
    """A sentence about the rule of a criterion; bands and factors are named."""
    if code == "band" and isinstance(rule, Bands) and isinstance(params["value"], Fraction):
        words = {**words, "band": _band(rule, params["value"])}
        if isinstance(criterion.input, Age):
            code, words["value"] = "age", fill(SCORES[criterion.input.unit], **words)
    if code == "product" and isinstance(rule, Product):
        told = [_factor(rubric, factor, params, place) for place, factor in enumerate(rule.factors)]
        words = {**words, "factors": listed(told) if "factor0" in params else FACTORS["some"]}
    return fill(REASONS[code], **words)


def _code(rule: Rule) -> str:
    """The reason that a rule gives when no case stands before it."""
    codes = {
        Choice: "option",
        Choices: "options",
        Bands: "band",
        Presence: "given",
        Points: "points",
        Product: "product",
    }
    return codes.get(type(rule), "number")


def _words(rubric: Rubric, name: str, params: Params) -> dict[str, Text]:
    """What the placeholders of a sentence stand for."""
    top = params.get("attainable")
    beside = (*limits(rubric, name), *([top] if isinstance(top, Fraction) else []))
    words = {
        key: number(value, *beside) if isinstance(value, Fraction) else same(value) for key, value in params.items()
    }
    words |= {key: limit(value) for key, value in params.items() if isinstance(value, Fraction) and key in _EXACT}
    if "points" in words:
        last = words.get("attainable", words["points"])
        form = ("point" if last.en == "1" else "points") + ("_of" if top is not None else "")
        words["score"] = fill(SCORES[form], **words)
    if "count" in words:
        words["parts"] = fill(SCORES["part" if words["count"].en == "1" else "parts"], **words)
    for key in ("option", "options"):
        if key in params:
            words[key] = _option_words(rubric, name, str(params[key]))
    if "child" in params:
        words["child"] = rubric.node_title(str(params["child"])).quoted()
    if "override" in params:
        finish = (rubric.criteria.get(name) or rubric.groups[name]).finish
        words["because"] = finish.overrides[int(Fraction(params["override"]))].because
    return words


_EXACT = {"limit", "value", "attainable", "needs", "files", "count"}


def _option_words(rubric: Rubric, name: str, chosen: str) -> Text:
    found = [rubric.answers[answer].options for answer in rubric.criteria[name].answers]
    options = found[0] if found else {}
    return listed([options.get(option, same(option)).quoted() for option in chosen.split(";")])


def _band(rule: Bands, value: Fraction) -> Text:
    band = rule.holding(value)
    return fill(BANDS[band.edge.op], limit=limit(band.edge.number)) if band else BANDS["otherwise"]


def _factor(rubric: Rubric, factor: Factor, params: Params, place: int) -> Text:
    value, points = params.get(f"factor{place}", ""), params.get(f"gives{place}", "")
    if isinstance(value, Fraction):
        shown = number(value)
        if isinstance(factor.rule, Bands):
            shown = fill(FACTORS["band"], value=shown, band=_band(factor.rule, value))
    elif not value:
        shown = FACTORS["given"]
    else:
        options = _options_of(rubric, factor.input)
        shown = listed([options.get(option, same(option)).quoted() for option in value.split(";")])
    given = number(points) if isinstance(points, Fraction) else same(points)
    return fill(FACTORS["factor"], name=input_words(rubric, factor.input), value=shown, points=given)


def _options_of(rubric: Rubric, source: Input) -> Mapping[str, Text]:
    if not isinstance(source, Source) or source.kind == "node":
        return {}
    return (rubric.facts if source.kind == "fact" else rubric.answers)[source.id].options


def input_words(rubric: Rubric, source: Input) -> Text:
    if isinstance(source, Source):
        if source.kind == "node":
            return rubric.node_title(source.id).quoted()
        return (rubric.facts if source.kind == "fact" else rubric.answers)[source.id].title.quoted()
    if isinstance(source, Age):
        return fill(FACTORS["age"], name=input_words(rubric, source.of))
    return limit(source.number) if isinstance(source, Constant) else FACTORS["calculated"]


def _rounded(digits: int, how: str, before: Fraction, rounded: Fraction) -> Text:
    """With as many digits as it takes to see why it was rounded to this side."""
    half = Fraction(1, 2 * 10**digits)
    edges = [rounded + step * half for step in (-2, -1, 0, 1, 2)]
    form = fill(ROUNDING[str(digits) if digits < 2 else "more"], digits=number(Fraction(digits)))
    shown = number(before, *edges, places=max(2, digits))
    return fill(REASONS["rounded"], how=ROUNDING[how], digits=form, before=shown, points=limit(rounded))
