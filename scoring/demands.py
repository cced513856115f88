"""Whether an answer meets what an essential or a level asks of it."""

from scoring.results import EssentialOutcome, EssentialResult
from scoring.rubric import Criterion, Demand, Essential
from scoring.work import Work


def meets(work: Work, criterion: Criterion, demand: Demand) -> tuple[bool | None, str]:
    """(True, False, or None when the demand does not apply to this subject; a code that says why)."""
    state = work.states[criterion.id]
    if not work.grants(demand.when):
        return None, "does_not_apply"
    if state == "not_asked":
        return None, "not_asked"
    if state == "not_applicable":
        return demand.not_applicable_meets, "not_applicable"
    code = state if state not in {"value", "none"} else _failing(work, criterion, demand)
    return code is None, code or "met"


def _failing(work: Work, criterion: Criterion, demand: Demand) -> str | None:
    """The first thing an answer with a value lacks."""
    if demand.met_by is not None and not _chosen(work, criterion, demand.met_by):
        return "other_answer"
    value = work.nodes[criterion.id].value
    if demand.points is not None and (value is None or not demand.points.holds(value)):
        return "too_few_points"
    if demand.evidence and not work.enough_files(criterion.evidence.files, criterion.id, *criterion.answers):
        return "evidence_missing"
    return None


def _chosen(work: Work, criterion: Criterion, options: tuple[str, ...]) -> bool:
    value = work.answers[criterion.answers[0]].counted
    return any(option in options for option in (value if isinstance(value, tuple) else (value,)))


def judge_essential(work: Work, criterion: Criterion, essential: Essential) -> EssentialResult:
    """Pass, fail, or discretionary: then a reviewer's ruling decides, with a reason."""
    met, code = meets(work, criterion, essential.demand)
    outcome: EssentialOutcome = "does_not_apply" if met is None else "pass" if met else "fail"
    if code == "other_answer" and _chosen(work, criterion, essential.discretionary):
        outcome, code = _decided(work, criterion)
    return EssentialResult(criterion.id, outcome, code, work.rubric)


def _decided(work: Work, criterion: Criterion) -> tuple[EssentialOutcome, str]:
    for name in (criterion.id, *criterion.answers):
        ruling = work.rulings.get(name)
        if ruling and ruling.essential:
            if not ruling.reason.strip():
                raise work.error("reason_missing", name, ruling.essential, "a discretionary decision needs a reason")
            return ruling.essential, f"decided_{ruling.essential}"
    return "discretionary", "to_be_decided"
