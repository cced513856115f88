"""From what a compiled rubric found for one subject to whole results, equal to the plain ones in every byte."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scoring import answers, levelling, nodes
from scoring.compiled.generating import Program
from scoring.evaluate import shown
from scoring.results import Finding, LevelResult, NodeResult, quickly
from scoring.rubric import Rubric
from scoring.scorecard import Scorecard
from scoring.subject import RawValue, Subject
from scoring.values import read
from scoring.work import Work

Found = tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...], tuple[Any, ...], tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class Explain:
    """The rest of a program: nodes and levels from what was found, findings and essentials by their rows' places."""

    nodes: Callable[[Found], dict[str, NodeResult]]
    levels: Callable[[Found], dict[str, LevelResult]]
    criteria: Mapping[str, int]
    essentials: Mapping[str, int]


_finding = quickly(Finding)
_CHANGEABLE = (list, set, frozenset)
_TEXTS = frozenset({"given", "text"})


def scorecard(program: Program, subject: Subject, found: Found, explain: Explain | None) -> Scorecard:
    """Its parts are made when they are read, from what was said when it was scored."""
    rubric, basis, rows = program.rubric, program.basis, found[0]
    said = _said(program, subject)

    def findings(shared: dict[str, Finding]) -> dict[str, Finding]:
        for name, raw in said:
            shared[name] = _in_own_words(rubric, raw, shared[name])
        return shared

    if explain is None:
        work = work_of(program, subject, found, None)
        every = findings({name: work.rows[name][2] for name in rubric.criteria})
        return Scorecard(rubric, subject.id, basis, work.nodes, every, work.essentials, work.levels)

    def make(part: str) -> Mapping[str, Any]:
        if part == "nodes":
            return explain.nodes(found)
        if part == "levels":
            return explain.levels(found)
        if part == "findings":
            return findings({name: rows[at][2] for name, at in explain.criteria.items()})
        return {name: rows[at][3] for name, at in explain.essentials.items()}

    return Scorecard.made_when_read(rubric, subject.id, basis, make)


def work_of(program: Program, subject: Subject, found: Found, explain: Explain | None) -> Work:
    """The plain code's working memory after every unit."""
    rubric, basis = program.rubric, program.basis
    rows = dict(zip((leaf.id for leaf in program.leaves), found[0], strict=True))
    work = Work(rubric, subject, basis, answers.read_facts(rubric, subject), rows=rows)
    for row, one in zip(found[1], program.watched, strict=True):
        work.answers[one.answer.id] = row[0]
    for criterion, row in rows.items():
        work.nodes[criterion], work.states[criterion] = row[0], row[1]
        work.answers.update(zip(rubric.criteria[criterion].answers, row[4], strict=True))
        if criterion in program.unread:
            # The row is another subject's, as far as nothing reads the content.
            answer = rubric.answers[program.unread[criterion]]
            work.answers[answer.id] = answers.resolve(work, answer)
        if row[3] is not None:
            work.essentials[criterion] = row[3]
    if explain:
        work.nodes, work.levels = explain.nodes(found), explain.levels(found)
        return work
    for kind, name in rubric.order:
        if kind == "level":
            work.levels[name] = levelling.judge_level(work, rubric.levels[name])
        elif kind == "node" and name in rubric.groups:
            work.nodes[name] = nodes.score_group(work, rubric.groups[name])
    return work


def _said(program: Program, subject: Subject) -> list[tuple[str, RawValue]]:
    """What the rows do not hold; what could still change is copied."""
    found = [(name, subject.answers.get(answer)) for name, answer in program.unread.items()]
    if program.basis == "verified":
        rulings = [subject.rulings.get(answer) for answer in program.unread.values()]
        found = [
            (name, ruling.value if ruling and ruling.verdict == "adjust" else raw)
            for (name, raw), ruling in zip(found, rulings, strict=True)
        ]
    return [(name, tuple(raw) if isinstance(raw, _CHANGEABLE) else raw) for name, raw in found]


def _in_own_words(rubric: Rubric, raw: RawValue, found: Finding) -> Finding:
    """The row's finding; an answer whose content nothing looks at is read again for its own words."""
    if found.state != "value":
        return found
    answer = rubric.answers[rubric.criteria[found.id].answers[0]]
    if raw.__class__ is str and answer.type in _TEXTS:
        said = raw.strip()
    else:
        said = shown(read(raw, answer.type, answer.options, answer.exclusive, rubric.written))
    return _finding(found.id, found.outcome, found.state, said, found.points, found.attainable, found.reasons, rubric)
