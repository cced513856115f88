"""The one algorithm: each unit of the rubric in its order, every one after what it looks at."""

from collections.abc import Iterable
from fractions import Fraction
from typing import cast

from scoring import answers, demands, levelling, nodes
from scoring.condition import Value
from scoring.results import Basis, Finding, NodeResult, Outcome
from scoring.rubric import Essential, Rubric, Unit
from scoring.scorecard import Scorecard
from scoring.subject import Subject
from scoring.work import Work

_STATES = frozenset[Outcome]({"not_applicable", "unanswered", "not_asked", "void", "unsupported"})


def evaluate(rubric: Rubric, subject: Subject, *, basis: Basis = "claimed") -> Scorecard:
    """The scorecard of one subject; raises ScoringError where a rule cannot be evaluated.

    `claimed`: answers, given evidence and claimed "not applicable" count. `verified`: only what a ruling or accepted
    evidence supports.
    """
    return scorecard_of(run(rubric, subject, basis))


def scorecard_of(work: Work) -> Scorecard:
    """The scorecard of what was worked out."""
    rubric = work.rubric
    findings = {name: finding(work, work.nodes[name]) for name in rubric.criteria}
    return Scorecard(rubric, work.subject.id, work.basis, work.nodes, findings, work.essentials, work.levels)


def run(rubric: Rubric, subject: Subject, basis: Basis) -> Work:
    """The working memory after every unit."""
    return _run(rubric, subject, basis, rubric.order)


def points_of(rubric: Rubric, subject: Subject, node: str, *, basis: Basis = "claimed") -> Fraction | None:
    """A criterion's or a group's points as `evaluate` gives them; only what they depend on is worked out."""
    needed: set[Unit] = {("node", node)}
    for unit in reversed(rubric.order):
        if unit in needed:
            needed.update(rubric.needs[unit])
    return _run(rubric, subject, basis, [unit for unit in rubric.order if unit in needed]).nodes[node].value


def _run(rubric: Rubric, subject: Subject, basis: Basis, units: Iterable[Unit]) -> Work:
    answers.check_names(rubric, subject)
    work = Work(rubric, subject, basis, answers.read_facts(rubric, subject))
    for kind, name in units:
        if kind == "answer":
            work.answers[name] = answers.resolve(work, rubric.answers[name])
        elif kind == "essential":
            criterion = rubric.criteria[name]
            work.essentials[name] = demands.judge_essential(work, criterion, cast("Essential", criterion.essential))
        elif kind == "level":
            work.levels[name] = levelling.judge_level(work, rubric.levels[name])
        elif name in rubric.criteria:
            work.nodes[name] = nodes.score_criterion(work, rubric.criteria[name])
        else:
            work.nodes[name] = nodes.score_group(work, rubric.groups[name])
    return work


def finding(work: Work, node: NodeResult) -> Finding:
    """The outcome of a criterion that was scored."""
    criterion, state = work.rubric.criteria[node.id], work.states[node.id]
    answer = None
    if state == "value" and len(criterion.answers) == 1:
        answer = as_text(work.answers[criterion.answers[0]].counted)
    outcome = _outcome(node, state)
    return Finding(node.id, outcome, state, answer, node.value, node.attainable, node.reasons, work.rubric)


def as_text(value: Value | None) -> str:
    """A counted answer as text; several options joined by semicolons."""
    return ";".join(value) if isinstance(value, tuple) else str(value)


def _outcome(node: NodeResult, state: str) -> Outcome:
    """Met: all attainable points. Not met: none. A state other than a value names itself."""
    if state in _STATES:
        return state
    if node.value is None:
        return "void" if node.state == "void" else "not_applicable"
    if node.attainable is not None and node.value >= node.attainable:
        return "met"
    return "partly_met" if node.value.numerator > 0 else "not_met"
