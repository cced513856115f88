"""What a subject may change about one criterion, and what it would earn."""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product
from math import prod
from typing import TypeVar, cast

from scoring import answers, nodes
from scoring.path.budget import Budget
from scoring.path.proposals import MAX_COMBINATIONS, better_values, own_answers, step
from scoring.results import NodeResult
from scoring.rubric import Criterion
from scoring.subject import RawValue, Ruling, Subject
from scoring.work import Work

_ZERO = Fraction(0)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way a criterion may stand: changed answers, added evidence or confirmation, and the effort of it."""

    criterion: str
    answers: Mapping[str, RawValue]
    evidence: bool
    effort: Fraction

    @property
    def stays(self) -> bool:
        return not self.answers and not self.evidence


def effort_of(chosen: Iterable[Candidate]) -> Fraction:
    return sum((one.effort for one in chosen), _ZERO)


def candidates(work: Work, criterion: Criterion, sign: int, budget: Budget, *, evidence: bool) -> list[Candidate]:
    """Staying as it is, then every better answer (with evidence), then evidence alone where that matters.

    Effort is counted in steps from one kind of points to the next better one, unless the rubric gives its own figures.
    """
    found = [Candidate(criterion.id, {}, False, _ZERO)]
    own = own_answers(work.rubric, criterion)
    if work.states[criterion.id] in {"not_asked", "not_applicable", "void"} or not own:
        return found
    lists = [[(None, _ZERO), *(better_values(work, criterion, answer, sign, budget) or ())] for answer in own]
    ways = list(islice(product(*lists), 1, MAX_COMBINATIONS + 2))
    if prod(map(len, lists)) > len(ways) + 1:
        budget.complete = False
        ways.append(tuple(values[-1] for values in lists))
    for way in ways:
        changed = {answer: value for answer, (value, _) in zip(own, way, strict=True) if value is not None}
        found.append(Candidate(criterion.id, changed, True, sum((cost for _, cost in way), _ZERO)))
    supported = all(work.answers[answer].state == "value" for answer in own)
    given = work.enough_files(criterion.evidence.files, criterion.id, *own)
    answered = all(work.answers[answer].value is not None for answer in own)
    if answered and (not supported or (evidence and not given)):
        found.append(Candidate(criterion.id, {}, True, step(criterion)))
    return found


def changed_subject(work: Work, chosen: Iterable[Candidate]) -> Subject:
    """The subject after the changes: what is changed is answered, and supported on the basis in force."""
    subject = work.subject
    given, evidence, rulings = _over(subject.answers), _over(subject.evidence), _over(subject.rulings)
    skipped = set(subject.not_applicable)
    for candidate in chosen:
        criterion = work.rubric.criteria[candidate.criterion]
        given.update(candidate.answers)
        skipped -= set(candidate.answers)
        if not candidate.evidence:
            continue
        evidence[criterion.id] = "accepted" if work.basis == "verified" else "given"
        for name in (criterion.id, *own_answers(work.rubric, criterion)):
            if work.basis == "verified":
                rulings[name] = _confirmed(rulings.get(name), changed=name in candidate.answers)
    return replace(subject, answers=given, evidence=evidence, rulings=rulings, not_applicable=frozenset(skipped))


def _over(mapping: Mapping[str, Value]) -> ChainMap[str, Value]:
    """Changes go on top: a copy for every candidate would cost the square of a large rubric."""
    return ChainMap({}, cast("dict[str, Value]", mapping))


def _confirmed(ruling: Ruling | None, *, changed: bool) -> Ruling:
    if ruling is None or changed or ruling.verdict not in {"confirm", "adjust"}:
        return Ruling("confirm", evidence="accepted")
    return replace(ruling, evidence="accepted")


def try_out(work: Work, candidate: Candidate) -> tuple[Work, NodeResult]:
    """The criterion's result with one candidate, everything else as it is."""
    if candidate.stays:
        return work, work.nodes[candidate.criterion]
    criterion = work.rubric.criteria[candidate.criterion]
    changed = replace(
        work,
        subject=changed_subject(work, [candidate]),
        answers=_over(work.answers),
        nodes=_over(work.nodes),
        states=_over(work.states),
    )
    for answer in own_answers(work.rubric, criterion):
        changed.answers[answer] = answers.resolve(changed, work.rubric.answers[answer])
    result = nodes.score_criterion(changed, criterion)
    changed.nodes[criterion.id] = result
    return changed, result
