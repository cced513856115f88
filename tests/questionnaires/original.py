"""Puts an edition back into the shape of the reference text it was written from, to prove that nothing was lost."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from questionnaires import Edition, Question
from scoring.condition import All, Condition, Test
from scoring.rubric import Criterion, Demand, Scale
from scoring.rules import Bands

GATES = {None: "none", Fraction(0): "full", Fraction(5): "cap_partial"}


def digest(value: object) -> str:
    """Of the value's canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def original(edition: Edition) -> dict[str, Any]:
    """The whole edition, part by part."""
    texts, scale = edition.texts, edition.rubric.levels["award"]
    return {
        "code": {
            "id": texts.code,
            "version": texts.version,
            "status": texts.status,
            "marker": plain(texts.marker),
            "notice": plain(texts.notice),
            "title": plain(texts.title),
            "child": plain(texts.definitions.child),
            "csam": plain(texts.definitions.csam),
            "themes": plain(texts.themes),
            "itu_key_areas": plain(texts.itu_key_areas),
            **plain(texts.prose),
        },
        "company_kinds": plain(texts.company_kinds),
        "sections": [_section(edition, index) for index in range(len(edition.sections))],
        "questions": [_question(edition, question) for question in edition.questions],
        "rules": _rules(edition),
        "evidence_rules": _evidence_rules(edition),
        "award_levels": [_level(edition, index, scale) for index in range(len(edition.levels))],
        "extra_conditions": plain(edition.extra_conditions),
        "lifecycle": _lifecycle(edition),
        "certificate": plain(edition.award.prose["certificate"]),
        "public_register": rules(edition.award)["register"],
        "sources": {
            name: {**plain(source), **({"url": None} if source.url is None else {})}
            for name, source in edition.sources.items()
        },
    }


def plain(value: Any) -> Any:
    """Models, mappings and tuples as JSON, without what the files leave out."""
    if isinstance(value, BaseModel):
        return plain(value.model_dump(exclude_unset=True, exclude_none=True, by_alias=True))
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return whole(value) if isinstance(value, Fraction) else float(value) if isinstance(value, Decimal) else value


def rules(model: BaseModel) -> Any:
    """A file's model with its rules in words back in their places."""
    made = plain(model)
    return merged(made, made.pop("prose", {}))


def merged(one: Any, other: Any) -> Any:
    """Two trees of mappings as one; what stands in both must be mappings."""
    assert isinstance(one, dict), f"stands twice: {one!r}"
    return {**one, **{key: merged(one[key], part) if key in one else part for key, part in other.items()}}


def _lifecycle(edition: Edition) -> Any:
    made = rules(edition.lifecycle)
    # The original closes such a draft; the portal reminds of it.
    made["review"]["draft_closes_after_days_without_change"] = made["review"].pop("idle_draft_reminder_after_days")
    # The original leaves nothing to discretion, draws no checks and lets nothing be moved; its register keeps the
    # reasons of acts to itself.
    for later in ("discretion", "spot_checks", "second_scoring", "movable"):
        made.pop(later, None)
    for later in ("assessments_at_once", "change_request_working_days"):
        made["review"].pop(later, None)
    made["suspension"]["register_shows_reason"] = False
    return made


def whole(value: Fraction) -> int:
    assert value.denominator == 1
    return int(value)


def _section(edition: Edition, index: int) -> dict[str, Any]:
    section = edition.sections[index]
    made: dict[str, Any] = {
        "id": section.id,
        "order": index + 1,
        "scored": section.scored,
        "title": plain(section.title),
        "intro": plain(section.intro),
    }
    if section.weight is not None:
        made["weight"] = whole(section.weight)
    return made


def _question(edition: Edition, question: Question) -> dict[str, Any]:
    section = edition.section(question.section)
    kinds, conditions = asked(edition, question.asked_when)
    made: dict[str, Any] = {
        "id": question.id,
        "section": question.section,
        "order": (section.questions.index(question) + 1) * 10,
        "type": question.kind,
        "text": plain(question.text),
        "help": plain(question.help),
        "applies_to": kinds,
        "show_when": {"all": conditions} if conditions else None,
        "scored": question.scored,
        "na": {"allowed": question.not_applicable is not None, **plain(question.not_applicable or {})},
        "evidence": {"required": False, **_evidence(question)},
        "essential": question.essential,
        "sources": plain(question.sources),
    }
    if question.options:
        made["options"] = [_option(question, index) for index in range(len(question.options))]
    if question.scored:
        _rule(edition, question, made)
    _kind_rules(question, made)
    if section.statistics:
        made |= {"statistic": True, **rules(section.statistics)}
    return made


def _evidence_rules(edition: Edition) -> Any:
    made = {**rules(edition.evidence), "small_business": plain(edition.evidence.small_business.text)}
    # The original knows files only; the portal takes links as well.
    return {**made, "accepted_types": [kind for kind in made["accepted_types"] if kind != "link"]}


def _evidence(question: Question) -> dict[str, Any]:
    """Without what the original says for all questions together."""
    made = _renamed(plain(question.evidence), "prose", "note")
    return {name: value for name, value in made.items() if name not in {"accepts", "proves"}}


def _renamed(made: dict[str, Any], name: str, original: str) -> dict[str, Any]:
    return {original if key == name else key: value for key, value in made.items()}


def _option(question: Question, index: int) -> dict[str, Any]:
    option = question.options[index]
    made = {**plain(option), "points": whole(question.rule.points[option.value]) if question.rule else 0}
    made.pop("exclusive", None)
    made.pop("hint", None)
    return made


def _kind_rules(question: Question, made: dict[str, Any]) -> None:
    if question.length:
        made["text_rules"] = {"min_length": question.length.min, "max_length": question.length.max}
    if question.choose_at_least:
        made["choice_rules"] = {"min": question.choose_at_least}
    if question.number:
        made["number_rules"] = plain(question.number)
        if limit := made["number_rules"].pop("at_most", None):
            made["cross_checks"] = [f"{question.id} <= {limit}"]


def _rule(edition: Edition, question: Question, made: dict[str, Any]) -> None:
    criterion = edition.rubric.criteria[question.id]
    assert question.rule
    made["weight"] = whole(question.rule.weight)
    made["themes"] = list(question.themes)
    made["itu_key_areas"] = list(question.itu_key_areas)
    made["scoring"] = _method(question, criterion)
    made["evidence"]["gate"] = GATES[question.rule.points_without_evidence]
    if criterion.essential:
        demand = criterion.essential.demand
        made["essential_rule"] = {
            "met_by": ["accepted"] if demand.given else list(demand.met_by or ()),
            "needs_accepted_evidence": demand.evidence,
            **_only_for(edition, demand),
        }
    gates = []
    for rung in edition.rubric.levels["award"].rungs:
        if question.id in rung.gates:
            gate = rung.gates[question.id]
            assert gate.evidence == question.evidence.required
            gates.append({"level": rung.id, "met_by": list(gate.met_by or ()), **_only_for(edition, gate)})
    if gates:
        made["level_gates"] = gates


def _method(question: Question, criterion: Criterion) -> dict[str, Any]:
    if question.kind == "multiple_choice":
        alone = [option.value for option in question.options if option.exclusive]
        assert tuple(alone) == criterion.rule.exclusive  # type: ignore[union-attr]
        return {"method": "sum_capped", "cap": whole(criterion.finish.cap or Fraction(0)), "exclusive": alone}
    if question.kind in ("url", "file"):
        top = whole(criterion.attainable or Fraction(0))
        return {"method": "presence", "points_if_confirmed": top, "points_if_absent": 0}
    if isinstance(criterion.rule, Bands):
        bands = [
            {"max_age_months": whole(band.edge.number), "points": whole(band.points)}  # type: ignore[arg-type]
            for band in criterion.rule.bands
        ]
        assert question.date
        assert not question.date.future
        return {
            "method": "date_age",
            "counted_from": criterion.input.on,  # type: ignore[union-attr]
            "bands": bands,
            "else_points": whole(criterion.rule.otherwise),  # type: ignore[arg-type]
            "future_date": "reject",
        }
    return {"method": "option_points"}


def asked(edition: Edition, condition: Condition | None) -> tuple[list[str], list[dict[str, Any]]]:
    """The kinds asked, and the conditions on earlier answers."""
    kinds = [kind.id for kind in edition.kinds]
    conditions = []
    parts = condition.parts if isinstance(condition, All) else (condition,) if condition else ()
    for part in parts:
        assert isinstance(part, Test)
        assert isinstance(part.wanted, tuple)
        if part.ref.kind == "fact":
            kinds = list(part.wanted)
        else:
            conditions.append({"question": part.ref.id, "any_of": list(part.wanted)})
    return kinds, conditions


def _only_for(edition: Edition, demand: Demand) -> dict[str, list[str]]:
    return {"for": asked(edition, demand.when)[0]} if demand.when else {}


def _level(edition: Edition, index: int, scale: Scale) -> dict[str, Any]:
    level, rung = edition.levels[index], scale.rungs[index]
    assert (level.id, rung.title.en) == (rung.id, level.title.en)
    return {
        **plain(level),
        "order": index + 1,
        "min_overall": whole(rung.total.number) if rung.total else 0,
        "min_section_default": whole(rung.each_section.edge.number) if rung.each_section else 0,
        "min_section": {
            name: whole(edge.number) for name, edge in rung.each_section.exceptions.items() if edge
        } if rung.each_section else {},
    }  # fmt: skip


def _rules(edition: Edition) -> dict[str, Any]:
    made: dict[str, Any] = rules(edition.rules)
    made.pop("risk", None)  # the original knows no signs of risk
    kept = ("id", "severity", "prose")
    checks = [{key: check[key] for key in kept} for check in made["consistency_checks"]]
    made["consistency_checks"] = [_renamed(check, "prose", "rule") for check in checks]
    return made
