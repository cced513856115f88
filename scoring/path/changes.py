"""What a subject may change about one criterion, what it costs, and what it would earn."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, islice, product
from math import ceil, floor

from scoring import answers, nodes
from scoring.condition import Edge, refs
from scoring.errors import ScoringError
from scoring.points import chosen_case
from scoring.results import NodeResult
from scoring.rubric import Criterion
from scoring.rules import Age, Bands, Cases, Choice, Choices, Presence, Product, Rule, Source
from scoring.subject import RawValue, Ruling, Subject
from scoring.work import Work

_MAX_COMBINATIONS = 256
_MONTHS = 12
_LAST_DAY = 28
_OLDEST = 100_000
Better = tuple[RawValue, Fraction]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way a criterion may stand: changed answers, added evidence or confirmation, and the effort of it."""

    criterion: str
    answers: Mapping[str, RawValue]
    evidence: bool
    effort: Fraction


def stay(criterion: Criterion) -> Candidate:
    return Candidate(criterion.id, {}, False, Fraction(0))


def candidates(work: Work, criterion: Criterion, sign: int, *, evidence_matters: bool) -> list[Candidate]:
    """Staying as it is, then every better answer (with evidence), then evidence alone.

    Effort is counted in steps from one kind of points to the next better one, unless the rubric gives its own
    figures. Values of a sliding rule (linear, goalposts) are not proposed.
    """
    found = [stay(criterion)]
    if work.states[criterion.id] in {"not_asked", "not_applicable", "void"} or not criterion.answers:
        return found
    lists = [[(None, Fraction(0)), *better_values(work, criterion, answer, sign)] for answer in criterion.answers]
    for combined in islice(product(*lists), 1, _MAX_COMBINATIONS):
        changed = {
            answer: value for answer, (value, _) in zip(criterion.answers, combined, strict=True) if value is not None
        }
        found.append(Candidate(criterion.id, changed, True, sum((cost for _, cost in combined), Fraction(0))))
    supported = all(work.answers[answer].state == "value" for answer in criterion.answers)
    given = work.enough_files(criterion.evidence.files, criterion.id, *criterion.answers)
    answered = all(work.answers[answer].value is not None for answer in criterion.answers)
    if answered and (not supported or (evidence_matters and not given)):
        step = criterion.effort if isinstance(criterion.effort, Fraction) else Fraction(1)
        found.append(Candidate(criterion.id, {}, True, step))
    return found


def better_values(work: Work, criterion: Criterion, answer: str, sign: int) -> list[Better]:
    """Other values of one answer, each with its effort, from the nearest to the farthest."""
    rule = _rule_for(_in_force(work, criterion, answer), answer)
    value = work.answers[answer].value
    if isinstance(rule, Choice):
        points = {option: found for option, found in rule.points.items() if isinstance(found, Fraction)}
        return _ranked(criterion, points, None if value is None else str(value), sign)
    if isinstance(rule, Choices):
        return _sets(criterion, rule, value if isinstance(value, tuple) else (), sign)
    if isinstance(rule, Bands):
        return _bands(work, criterion, rule, value, sign)
    if value is None and isinstance(rule, Presence):
        return [("given", _step(criterion))]
    options = work.rubric.answers[answer].options
    return [(option, _step(criterion)) for option in sorted(options) if option != value] if rule is None else []


def _in_force(work: Work, criterion: Criterion, answer: str) -> Rule | None:
    """Of cases the one that holds now; None for an answer that itself chooses the case: its values have no order."""
    rule = criterion.rule
    if not isinstance(rule, Cases):
        return rule
    if any(ref.kind in {"answer", "state"} and ref.id == answer for case in rule.cases for ref in refs(case.when)):
        return None
    # For an answer that is not there yet no case may hold; then trying finds out that it is no way.
    with suppress(ScoringError):
        return rule.cases[chosen_case(work, criterion.id, rule)].rule
    return None


def _rule_for(rule: Rule | None, answer: str) -> Rule | None:
    """The rule that reads the answer; None when only conditions look at it."""
    if isinstance(rule, Product):
        return next((factor.rule for factor in rule.factors if factor.input == Source("answer", answer)), rule)
    return rule


def _step(criterion: Criterion) -> Fraction:
    return criterion.effort if isinstance(criterion.effort, Fraction) else Fraction(1)


def _ranked(criterion: Criterion, points: Mapping[str, Fraction], now: str | None, sign: int) -> list[Better]:
    ladder = sorted({sign * found for found in points.values()})
    rank = {option: ladder.index(sign * found) for option, found in points.items()}
    here = rank.get(now, -1) if now is not None else -1
    better: list[Better] = []
    for option in sorted(points, key=lambda option: (rank[option], option)):
        if option == now or rank[option] < here:
            continue
        if isinstance(criterion.effort, Fraction):
            cost = criterion.effort * max(rank[option] - here, 1)
        else:
            cost = max(criterion.effort[option] - criterion.effort.get(now or "", Fraction(0)), Fraction(0))
        better.append((option, cost))
    return better


def _sets(criterion: Criterion, rule: Choices, now: tuple[str, ...], sign: int) -> list[Better]:
    """Sets that keep what is chosen (exclusive options aside) and add options; a step each."""
    kept = tuple(option for option in now if option not in rule.exclusive and sign * rule.points[option] >= 0)
    free = [
        option
        for option, points in sorted(rule.points.items())
        if option not in kept and option not in rule.exclusive and sign * points > 0
    ]
    better: list[Better] = []
    for size in range(1, len(free) + 1):
        for added in islice(combinations(free, size), _MAX_COMBINATIONS):
            better.append((tuple(sorted((*kept, *added))), _step(criterion) * size))
    return better


def _bands(work: Work, criterion: Criterion, rule: Bands, now: object, sign: int) -> list[Better]:
    """One value in each better band."""
    own = criterion.input
    values = [_inside(rule, index) for index in range(len(rule.bands))]
    points = [band.points for band in rule.bands]
    here = work.nodes[criterion.id].before if now is not None else None
    ladder = sorted({sign * found for found in points if isinstance(found, Fraction)})
    start = ladder.index(sign * here) if here is not None and sign * here in ladder else -1
    better: list[Better] = []
    for band, value in zip(rule.bands, values, strict=True):
        found = band.points
        rank = ladder.index(sign * found) if isinstance(found, Fraction) else -1
        if rank <= start:
            continue
        raw: RawValue | None = value
        if isinstance(own, Age):
            raw = _date_of_age(work, own, _whole_inside(band.edge))
        elif not isinstance(own, Source):
            raw = None
        if raw is not None:
            better.append((raw, _step(criterion) * (rank - start)))
    return sorted(better, key=lambda pair: pair[1])


def _inside(rule: Bands, index: int) -> Fraction:
    """A value of this band, at its edge where the edge belongs to it, else half way to the next or one beyond."""
    edge = rule.bands[index].edge
    if edge.op in {"at_least", "at_most"}:
        return edge.number
    up = edge.op == "above"
    others = [band.edge.number for band in rule.bands]
    beyond = [other for other in others if (other > edge.number if up else other < edge.number)]
    if not beyond:
        return edge.number + (1 if up else -1)
    return (edge.number + (min(beyond) if up else max(beyond))) / 2


def _whole_inside(edge: Edge) -> int:
    """The whole number nearest to the edge that is inside."""
    whole = {"at_least": ceil(edge.number), "at_most": floor(edge.number)}
    return whole.get(edge.op, floor(edge.number) + 1 if edge.op == "above" else ceil(edge.number) - 1)


def _date_of_age(work: Work, age: Age, value: int) -> date | None:
    """The last date of that age; a day that every month has keeps the age whole."""
    end = work.fact(age.on)
    if not isinstance(end, date) or not 0 <= value <= _OLDEST:
        return None
    if age.unit == "days":
        return end - timedelta(days=value)
    months = value * (_MONTHS if age.unit == "years" else 1)
    year, month = divmod(end.year * _MONTHS + end.month - 1 - months, _MONTHS)
    return date(year, month + 1, min(end.day, _LAST_DAY)) if year > 0 else None


def changed_subject(work: Work, chosen: Iterator[Candidate] | list[Candidate]) -> Subject:
    """The subject after the changes: what is changed is answered, and supported on the basis in force."""
    subject = work.subject
    given, evidence, rulings = dict(subject.answers), dict(subject.evidence), dict(subject.rulings)
    skipped = set(subject.not_applicable)
    for candidate in chosen:
        criterion = work.rubric.criteria[candidate.criterion]
        given.update(candidate.answers)
        skipped -= set(candidate.answers)
        if not candidate.evidence:
            continue
        evidence[criterion.id] = "accepted" if work.basis == "verified" else "given"
        for name in (criterion.id, *criterion.answers):
            if work.basis == "verified":
                rulings[name] = _confirmed(rulings.get(name), changed=name in candidate.answers)
    return replace(subject, answers=given, evidence=evidence, rulings=rulings, not_applicable=frozenset(skipped))


def _confirmed(ruling: Ruling | None, *, changed: bool) -> Ruling:
    if ruling is None or changed or ruling.verdict not in {"confirm", "adjust"}:
        return Ruling("confirm", evidence="accepted")
    return replace(ruling, evidence="accepted")


def try_out(work: Work, candidate: Candidate) -> tuple[Work, NodeResult]:
    """The criterion's result with one candidate, everything else as it is."""
    criterion = work.rubric.criteria[candidate.criterion]
    changed = replace(
        work,
        subject=changed_subject(work, [candidate]),
        answers=dict(work.answers),
        nodes=dict(work.nodes),
        states=dict(work.states),
    )
    for answer in criterion.answers:
        changed.answers[answer] = answers.resolve(changed, work.rubric.answers[answer])
    result = nodes.score_criterion(changed, criterion)
    changed.nodes[criterion.id] = result
    return changed, result
