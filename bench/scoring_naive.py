"""Scoring as a competent first version does it: pydantic models, a walk over sections and questions, sentences."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict

from scoring import Files, Rubric, Subject
from scoring.condition import Condition, Ref, Value, holds
from scoring.rubric import Demand
from scoring.rules import Bands, Choice, Choices, Presence

MONTHS = 12


class Given(BaseModel):
    value: str | int | date | tuple[str, ...] | None = None
    files: int = 0
    not_applicable: bool = False


class Assessment(BaseModel):
    """What came in, checked."""

    facts: dict[str, str | date | tuple[str, ...]]
    answers: dict[str, Given]


class Finding(BaseModel):
    question: str
    asked: bool
    points: Fraction | None
    reason: str
    model_config = ConfigDict(arbitrary_types_allowed=True)


class Result(BaseModel):
    total: Fraction | None
    sections: dict[str, Fraction | None]
    findings: list[Finding]
    level: str | None
    unmet: dict[str, list[str]]
    model_config = ConfigDict(arbitrary_types_allowed=True)


def incoming(subject: Subject) -> dict[str, Any]:
    """The subject as a request would bring it."""
    names = {*subject.answers, *subject.evidence, *subject.not_applicable}
    return {"facts": dict(subject.facts), "answers": {name: _given(subject, name) for name in sorted(names)}}


def _given(subject: Subject, name: str) -> dict[str, object]:
    files = subject.evidence.get(name)
    count = files.given if isinstance(files, Files) else 0
    skipped = name in subject.not_applicable
    return {"value": subject.answers.get(name), "files": count, "not_applicable": skipped}


class Walk:
    """One assessment of the first edition, on the claimed basis."""

    def __init__(self, rubric: Rubric, data: Mapping[str, Any]) -> None:
        self.rubric = rubric
        self.given = Assessment.model_validate(data)

    def result(self) -> Result:
        scale = self.rubric.levels["award"]
        self.findings = {name: self.finding(name) for name in self.rubric.criteria}
        sections = {name: self.section(name) for name in scale.sections}
        weights = {child.id: child.weights[0].weight for child in self.rubric.groups[scale.of or ""].children}
        counted = [(weights[name], value) for name, value in sections.items() if value is not None]
        total = sum(w * v for w, v in counted) / sum(w for w, _ in counted) if counted else None
        level, unmet = None, {}
        for rung in scale.rungs:
            missing = self.missing(rung, total, sections)
            unmet[rung.id] = missing
            if missing:
                continue
            level = rung.id
        return Result(total=total, sections=sections, findings=list(self.findings.values()), level=level, unmet=unmet)

    def look(self, ref: Ref, _missing: bool) -> Value | None:
        if ref.kind == "fact":
            default = self.rubric.facts[ref.id].default
            return self.given.facts.get(ref.id, default)
        asked = self.asked(ref.id)
        one = self.given.answers.get(ref.id, Given())
        if ref.kind == "state":
            return "value" if asked and one.value is not None else "other" if asked else "not_asked"
        if not asked or one.not_applicable:
            return None
        value = self.rubric.answers[ref.id].counts_as.get(str(one.value), one.value)
        return Fraction(value) if isinstance(value, int) else value

    def asked(self, name: str) -> bool:
        return self.true(self.rubric.answers[name].asked)

    def true(self, condition: Condition | None) -> bool:
        return condition is None or holds(condition, self.look)

    def finding(self, name: str) -> Finding:
        criterion, given = self.rubric.criteria[name], self.given.answers.get(name, Given())
        if not self.asked(name):
            return Finding(question=name, asked=False, points=None, reason=f"{criterion.title.en}: not asked")
        if given.not_applicable:
            return Finding(question=name, asked=True, points=None, reason=f"{criterion.title.en}: not applicable")
        if given.value is None:
            return Finding(question=name, asked=True, points=Fraction(0), reason=f"{criterion.title.en}: no answer")
        points = self.points(name, given.value)
        if criterion.finish.cap is not None:
            points = min(points, criterion.finish.cap)
        top = criterion.evidence.at_most
        reason = f"{criterion.title.en}: {points} of {criterion.attainable}"
        if top is not None and given.files < criterion.evidence.files:
            points, reason = min(points, top), reason + ", evidence is missing"
        return Finding(question=name, asked=True, points=points, reason=reason)

    def points(self, name: str, value: Any) -> Fraction:
        rule = self.rubric.criteria[name].rule
        if isinstance(rule, Choice):
            return Fraction(rule.points[value])
        if isinstance(rule, Choices):
            return sum((rule.points[option] for option in value), Fraction(0))
        if isinstance(rule, Presence):
            return rule.points
        assert isinstance(rule, Bands)
        end: Any = self.given.facts["submission_date"]
        months = (end.year - value.year) * MONTHS + end.month - value.month - (end.day < value.day)
        fitting = [band for band in rule.bands if band.edge.holds(Fraction(months))]
        best = min(fitting, key=lambda band: band.edge.number).points if fitting else rule.otherwise
        return Fraction(best)  # type: ignore[arg-type]

    def section(self, name: str) -> Fraction | None:
        points, most = Fraction(0), Fraction(0)
        for child in self.rubric.groups[name].children:
            found = self.findings[child.id].points
            if found is not None:
                points += child.weights[0].weight * found
                most += child.weights[0].weight * (self.rubric.criteria[child.id].attainable or 0)
        return points / most * 100 if most else None

    def missing(self, rung: Any, total: Any, sections: Mapping[str, Any]) -> list[str]:
        """What a rung still needs, in words; demands of lower rungs count as well."""
        scale = self.rubric.levels["award"]
        found = []
        if total is None or (rung.total and not rung.total.holds(total)):
            found.append(f"the total is {total}")
        for name, value in sections.items() if rung.each_section else ():
            edge = rung.each_section.exceptions.get(name, rung.each_section.edge)
            if value is not None and edge and not edge.holds(value):
                found.append(f"{self.rubric.groups[name].title.en} is {value}")
        lower = scale.rungs[: scale.rungs.index(rung) + 1]
        gates = [pair for one in lower for pair in one.gates.items()] + [
            (name, one.essential.demand)
            for name, one in self.rubric.criteria.items()
            if rung.essentials and one.essential
        ]
        for name, demand in gates:
            if not self.meets(name, demand):
                found.append(f"{self.rubric.criteria[name].title.en} is needed")
        return found + [condition.says.en for condition in rung.conditions if not self.true(condition)]

    def meets(self, name: str, demand: Demand) -> bool:
        given = self.given.answers.get(name, Given())
        if not self.true(demand.when) or not self.asked(name):
            return True
        if given.not_applicable:
            return demand.not_applicable_meets
        if given.value is None or (demand.met_by is not None and given.value not in demand.met_by):
            return False
        return not demand.evidence or given.files >= self.rubric.criteria[name].evidence.files
