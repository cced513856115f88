"""The first edition's arithmetic once more, in plain Python that knows nothing of `scoring`.

It reads the edition's rubric as plain mappings and texts, and subjects as plain mappings. Written to be read beside
the Code's own words rather than to be fast or general: what the first edition does not use is not here.
"""

from datetime import date
from fractions import Fraction
from typing import Any

Tree = Any
TEN = Fraction(10)


class Independent:
    def __init__(self, rubric: Tree, subject: Tree, *, verified: bool) -> None:
        self.rubric, self.subject, self.verified = rubric, subject, verified
        defaults = {name: fact.get("default") for name, fact in rubric["facts"].items()}
        self.facts = {**defaults, **subject["facts"]}
        self.states: dict[str, str] = {}
        self.given: dict[str, Any] = {}
        self.counted: dict[str, Any] = {}
        self.points: dict[str, Fraction | None] = {}

    # Answers

    def answer(self, name: str) -> str:
        """The state of an answer; its value as given and as counted are remembered."""
        if name not in self.states:
            self.states[name] = self._answer(name, {**self.rubric["answers"], **self.rubric["criteria"]}[name])
        return self.states[name]

    def _answer(self, name: str, about: Tree) -> str:
        if "asked" in about and not self.holds(about["asked"], asking=True):
            return "not_asked"
        ruling = self.subject["rulings"].get(name, {}) if self.verified else {}
        if name in self.subject["not_applicable"]:
            if not self.verified or ruling.get("not_applicable") == "accepted":
                return "not_applicable"
            if ruling.get("not_applicable") != "refused":
                return "unsupported"
        value = ruling["value"] if ruling.get("verdict") == "adjust" else self.subject["answers"].get(name)
        if value is None or value == []:
            return "unsupported" if name in self.subject["not_applicable"] else "unanswered"
        if ruling.get("verdict") not in {"confirm", "adjust"}:
            value = about.get("counts_as_until_confirmed", {}).get(value, value) if isinstance(value, str) else value
        self.given[name] = value
        if self.verified and not self._supported(name, ruling):
            return "unsupported"
        self.counted[name] = value
        return "value"

    def _supported(self, name: str, ruling: Tree) -> bool:
        if ruling.get("verdict"):
            return bool(ruling["verdict"] != "not_supported")
        return name not in self.rubric["criteria"] or self.evidence(name)

    def evidence(self, name: str) -> bool:
        """Whether enough was given (claimed) or accepted (verified)."""
        ruled = self.subject["rulings"].get(name, {}).get("evidence") if self.verified else None
        raw = ruled or self.subject["evidence"].get(name)
        return raw == "accepted" or (raw == "given" and not self.verified)

    def holds(self, condition: Tree, *, asking: bool = False) -> bool:
        if "all" in condition:
            return all(self.holds(part, asking=asking) for part in condition["all"])
        if "any" in condition:
            return any(self.holds(part, asking=asking) for part in condition["any"])
        if "state" in condition:
            return self.answer(condition["state"]) == condition["is"]
        if "fact" in condition:
            value = self.facts[condition["fact"]]
        else:
            self.answer(condition["answer"])
            value = (self.given if asking else self.counted).get(condition["answer"])
        if "answered" in condition:
            return (value is not None) == (condition["answered"] == "yes")
        wanted = condition.get("is") or condition.get("in") or condition.get("any_of")
        chosen = value if isinstance(value, list) else [value]
        return any(one in wanted if isinstance(wanted, list) else one == wanted for one in chosen)

    # Points

    def criterion(self, name: str) -> Fraction | None:
        """Points of 10; None when the criterion drops out."""
        state = self.answer(name)
        if state in {"not_asked", "not_applicable"}:
            return None
        if state in {"unanswered", "unsupported"}:
            return Fraction(0)
        about = self.rubric["criteria"][name]
        points = min(self._rule(name, about), TEN)
        limit = {"none": TEN, "half": TEN / 2, "full": Fraction(0)}[about["evidence"]]
        return points if self.evidence(name) else min(points, limit)

    def _rule(self, name: str, about: Tree) -> Fraction:
        value = self.counted[name]
        if "presence" in about:
            return Fraction(about["presence"])
        if "choices" in about:
            return sum((Fraction(about["choices"][option]) for option in value), Fraction(0))
        if "choice" in about:
            table = about["choice"]
            return Fraction((self.rubric["maps"][table] if isinstance(table, str) else table)[value])
        start, end = date.fromisoformat(value), date.fromisoformat(self.facts["submission_date"])
        months = (end.year - start.year) * 12 + end.month - start.month - (1 if end.day < start.day else 0)
        for band in about["bands"]:
            if "otherwise" in band or months <= int(band["at_most"]):
                return Fraction(band.get("points", band.get("otherwise")))
        raise AssertionError(name)

    def section(self, name: str) -> Fraction | None:
        """Per cent of what could be earned among the criteria that count."""
        earned = possible = Fraction(0)
        for child, weight in self.rubric["groups"][name]["of"].items():
            points = self.criterion(child)
            if points is not None:
                earned, possible = earned + Fraction(weight) * points, possible + Fraction(weight) * TEN
        return 100 * earned / possible if possible else None

    def overall(self) -> Fraction | None:
        found = [
            (Fraction(weight), self.section(name)) for name, weight in self.rubric["groups"]["overall"]["of"].items()
        ]
        counted = [(weight, value) for weight, value in found if value is not None]
        bottom = sum(weight for weight, _ in counted)
        return sum((weight * value for weight, value in counted), Fraction(0)) / bottom if bottom else None

    # Levels

    def demand(self, name: str, demand: Tree) -> bool:
        if "when" in demand and not self.holds(demand["when"]):
            return True
        state = self.answer(name)
        if state in {"not_asked", "not_applicable"}:
            return True
        if state != "value":
            return False
        if demand["met_by"] != "given" and self.counted[name] not in demand["met_by"]:
            return False
        return demand.get("evidence") != "accepted" or self.evidence(name)

    def level(self) -> str | None:
        essentials = all(
            self.demand(name, about["essential"])
            for name, about in self.rubric["criteria"].items()
            if "essential" in about
        )
        total, sections = self.overall(), self.rubric["levels"]["award"]["sections"]
        gates: list[tuple[str, Tree]] = []
        reached = None
        for rung in self.rubric["levels"]["award"]["rungs"]:
            gates += list(rung.get("criteria", {}).items())
            minimum = rung.get("each_section", {"at_least": "0"})
            floors = {name: Fraction(minimum.get("except", {}).get(name, minimum["at_least"])) for name in sections}
            met = (
                essentials
                and total is not None
                and total >= Fraction(rung.get("total", {"at_least": "0"})["at_least"])
                and all(value is None or value >= floors[name] for name in sections for value in [self.section(name)])
                and all(self.demand(name, gate) for name, gate in gates)
                and all(self.holds(condition) for condition in rung.get("conditions", []))
            )
            reached = rung["id"] if met else reached
        return reached
