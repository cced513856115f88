"""From what a compiled rubric found for one subject to whole results, equal to the plain ones in every byte."""

from collections.abc import Callable
from typing import Any

from scoring import answers, levelling, nodes
from scoring.compiled.generating import Program
from scoring.evaluate import shown
from scoring.results import EssentialResult, Finding, LevelResult, NodeResult, quickly
from scoring.subject import Subject
from scoring.values import read
from scoring.work import Work

Found = tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...], tuple[Any, ...], tuple[str | None, ...]]
Whole = tuple[dict[str, NodeResult], dict[str, Finding], dict[str, EssentialResult], dict[str, LevelResult]]
Explain = Callable[[Found], Whole]
_finding = quickly(Finding)


def whole(program: Program, subject: Subject, found: Found, explain: Explain | None) -> Whole:
    """Nodes, findings, essentials and levels; groups and levels by the plain code where there is no `explain`."""
    made = explain(found) if explain else _plainly(program, subject, found)
    for name in program.unread:
        made[1][name] = _in_own_words(program, subject, made[1][name])
    return made


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
            answer = rubric.answers[rubric.criteria[criterion].answers[0]]
            work.answers[answer.id] = answers.resolve(work, answer)
        if row[3] is not None:
            work.essentials[criterion] = row[3]
    if explain:
        work.nodes, _, work.essentials, work.levels = explain(found)
        return work
    for kind, name in rubric.order:
        if kind == "level":
            work.levels[name] = levelling.judge_level(work, rubric.levels[name])
        elif kind == "node" and name in rubric.groups:
            work.nodes[name] = nodes.score_group(work, rubric.groups[name])
    return work


def _plainly(program: Program, subject: Subject, found: Found) -> Whole:
    work = work_of(program, subject, found, None)
    return work.nodes, {name: work.rows[name][2] for name in program.rubric.criteria}, work.essentials, work.levels


def _in_own_words(program: Program, subject: Subject, found: Finding) -> Finding:
    """The row's finding; an answer whose content nothing looks at is read again for its own words."""
    if found.state != "value":
        return found
    rubric: Any = program.rubric
    answer = rubric.answers[rubric.criteria[found.id].answers[0]]
    ruling = subject.rulings.get(answer.id) if program.basis == "verified" else None
    raw = ruling.value if ruling and ruling.verdict == "adjust" else subject.answers[answer.id]
    if raw.__class__ is str and answer.type in {"given", "text"}:
        said = raw.strip()
    else:
        said = shown(read(raw, answer.type, answer.options, answer.exclusive, rubric.written))
    return _finding(found.id, found.outcome, found.state, said, found.points, found.attainable, found.reasons, rubric)
