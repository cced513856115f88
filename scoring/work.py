"""Working memory while one subject is scored: what is known so far, and how conditions look at it."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scoring.condition import Condition, Ref, Value, holds
from scoring.errors import ScoringError
from scoring.results import AnswerState, Basis, EssentialResult, LevelResult, NodeResult
from scoring.rubric import Rubric
from scoring.subject import Files, Ruling, Subject

ANY_NUMBER = 1_000_000


class Answered(NamedTuple):
    """One answer: `value` as given or adjusted, for asking; `counted` what points and demands may use."""

    state: AnswerState
    value: Value | None
    counted: Value | None


@dataclass
class Work:
    """Filled unit after unit in the rubric's order."""

    rubric: Rubric
    subject: Subject
    basis: Basis
    facts: Mapping[str, Value | None]
    answers: MutableMapping[str, Answered] = field(default_factory=dict)
    nodes: MutableMapping[str, NodeResult] = field(default_factory=dict)
    states: MutableMapping[str, AnswerState] = field(default_factory=dict)
    essentials: dict[str, EssentialResult] = field(default_factory=dict)
    levels: dict[str, LevelResult] = field(default_factory=dict)
    rulings: Mapping[str, Ruling] = field(init=False)

    def __post_init__(self) -> None:
        """The claimed score knows of no ruling."""
        self.rulings = self.subject.rulings if self.basis == "verified" else {}

    def error(self, code: str, node: str, value: object, reason: str) -> ScoringError:
        return ScoringError(code, self.rubric.id, node, value, reason)

    def fact(self, name: str, *, may_be_missing: bool = False) -> Value | None:
        value = self.facts.get(name)
        if value is None and not may_be_missing and not self.rubric.facts[name].optional:
            raise self.error("missing_fact", name, None, "this fact is needed but not given")
        return value

    def grants(self, condition: Condition | None) -> bool:
        """Conditions that apply and grant look at what counts."""
        return condition is None or holds(condition, self.look)

    def asks(self, condition: Condition | None) -> bool:
        """Conditions that ask look at the answers given, whether or not they are supported yet."""
        return condition is None or holds(condition, self._look_asking)

    def _look_asking(self, ref: Ref, may_be_missing: bool) -> Value | None:
        return self.answers[ref.id].value if ref.kind == "answer" else self.look(ref, may_be_missing)

    def look(self, ref: Ref, may_be_missing: bool) -> Value | None:
        match ref.kind:
            case "fact":
                found = self.fact(ref.id, may_be_missing=may_be_missing)
            case "answer":
                found = self.answers[ref.id].counted
            case "node":
                found = self.nodes[ref.id].value
            case "state":
                found = self.answers[ref.id].state
            case "level":
                found = self.levels[ref.id].reached
            case "essential":
                found = self.essentials[ref.id].outcome
            case "ruling":
                ruling = self.rulings.get(ref.id)
                found = ruling.verdict if ruling else None
            case _:
                found = self.evidence_state(ref.id)
        return found

    def evidence_state(self, *names: str) -> str | None:
        files = self.files(*names)
        if files.accepted:
            return "accepted"
        return "given" if files.given else "refused" if any(self._raw(name) for name in names) else None

    def files(self, *names: str) -> Files:
        """How many files there are for a criterion; the first of the names that has any entry."""
        for name in names:
            ruling = self.rulings.get(name)
            if ruling and ruling.evidence == "accepted":
                return Files(ANY_NUMBER, ANY_NUMBER)
            if ruling and ruling.evidence == "refused":
                return Files(0, 0)
            raw = self._raw(name)
            if isinstance(raw, Files):
                return raw
            if raw:
                return Files(0 if raw == "refused" else ANY_NUMBER, ANY_NUMBER if raw == "accepted" else 0)
        return Files(0, 0)

    def _raw(self, name: str) -> str | Files | None:
        ruling = self.rulings.get(name)
        return self.subject.evidence.get(name) or (ruling.evidence if ruling else None)

    def enough_files(self, wanted: int, *names: str) -> bool:
        """Claimed: files that were given count. Verified: only accepted ones."""
        files = self.files(*names)
        return (files.accepted if self.basis == "verified" else max(files.given, files.accepted)) >= wanted
