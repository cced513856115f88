"""A scorecard whose groups and levels are made when somebody looks at them; equal to the plain one in every byte."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from scoring import answers, levelling, nodes
from scoring.evaluate import shown
from scoring.generating import Program
from scoring.results import Basis, EssentialResult, Finding, LevelResult, NodeResult
from scoring.rubric import Rubric
from scoring.scorecard import Scorecard
from scoring.subject import Subject
from scoring.work import Work

Result = TypeVar("Result")


@dataclass(slots=True)
class Pending:
    """What the program found for one subject, finished by the plain code on demand."""

    rubric: Rubric
    subject: Subject
    basis: Basis
    program: Program
    found: tuple[Any, ...]
    work: Work | None = None
    findings: dict[str, Finding] = field(default_factory=dict)

    def finish(self) -> Work:
        """Groups and levels by the plain code over the ready criteria."""
        if self.work is not None:
            return self.work
        rubric = self.rubric
        work = Work(rubric, self.subject, self.basis, answers.read_facts(rubric, self.subject))
        criteria, watched, _, _ = self.found
        for row, one in zip(watched, self.program.watched, strict=True):
            work.answers[one.answer.id] = row[0]
        rows = dict(zip((leaf.id for leaf in self.program.leaves), criteria, strict=True))
        for name, row in rows.items():
            work.nodes[name], work.states[name] = row[0], row[1]
            work.answers.update(zip(rubric.criteria[name].answers, row[4], strict=True))
            if row[3] is not None:
                work.essentials[name] = row[3]
        for kind, name in rubric.order:
            if kind == "level":
                work.levels[name] = levelling.judge_level(work, rubric.levels[name])
            elif kind == "node" and name in rubric.groups:
                work.nodes[name] = nodes.score_group(work, rubric.groups[name])
        self.findings = {name: self._finding(work, row[2]) for name, row in rows.items()}
        self.work = work
        return work

    def _finding(self, work: Work, found: Finding) -> Finding:
        """The row's finding; an answer whose content nothing looks at is read again for its own words."""
        if found.state != "value" or found.id not in self.program.unread:
            return found
        name = self.rubric.criteria[found.id].answers[0]
        own = answers.resolve(work, self.rubric.answers[name]).counted
        return replace(found, answer=shown(own))


class Later(Mapping[str, Result]):
    """One part of a scorecard, made at the first look."""

    __slots__ = ("_made", "_make")

    def __init__(self, pending: Pending, part: str) -> None:
        self._make: tuple[Pending, str] | None = (pending, part)
        self._made: Mapping[str, Result] = {}

    def _ready(self) -> Mapping[str, Result]:
        if self._make is not None:
            pending, part = self._make
            work = pending.finish()
            self._made = cast("Mapping[str, Result]", pending.findings if part == "findings" else getattr(work, part))
            self._make = None
        return self._made

    def __getitem__(self, name: str) -> Result:
        return self._ready()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ready())

    def __len__(self) -> int:
        return len(self._ready())

    def __repr__(self) -> str:
        return repr(self._ready())


def scorecard(pending: Pending) -> Scorecard:
    nodes_: Later[NodeResult] = Later(pending, "nodes")
    findings: Later[Finding] = Later(pending, "findings")
    essentials: Later[EssentialResult] = Later(pending, "essentials")
    levels: Later[LevelResult] = Later(pending, "levels")
    return Scorecard(pending.rubric, pending.subject.id, pending.basis, nodes_, findings, essentials, levels)
