"""Who may appeal against what, who may sit on the panel and vote: the reasons against it."""

from collections.abc import Callable
from datetime import timedelta

from tests.lifecycle_machine.model import Appeal, Model
from tests.lifecycle_machine.reasons import SIGNERS, Reasons, colleague, role, undeclared, untied

DAYS, SEATS = timedelta(days=30), 3
LEVELS = ("", "committed", "bronze", "silver", "gold")


def contested(model: Model, case_id: int) -> str | None:
    """What of a decision can be contested: a refusal, or an award below the claim."""
    case = model.assessments[case_id]
    if case.state == "refused":
        return "refusal"
    below = LEVELS.index(case.claimed or "") > LEVELS.index(case.level or "")
    return "level" if case.state == "approved" and below else None


def lodge(model: Model, who: int, case_id: int) -> Reasons:
    case = model.assessments[case_id]
    yield from colleague(model, who, case.company, SIGNERS)
    if contested(model, case_id) is None:
        yield "nothing to contest"
    elif case.decided_on is None or model.today > case.decided_on + DAYS:
        yield "too late"
    if model.appeal_against("case", case_id, case.decisions):
        yield "lodged already"
    if model.open_assessment(case.company):
        yield "another assessment is open"


def lodge_against_act(model: Model, who: int, award_id: int) -> Reasons:
    award = model.awards[award_id]
    yield from colleague(model, who, award.company, SIGNERS)
    if award.last is None or award.last[0] not in {"suspended", "revoked"} or model.together(award)[0] is not award:
        yield "nothing to contest"
    elif model.today > model.day(award.last[1]) + DAYS:
        yield "too late"
    if model.appeal_against("award", award_id, award.acts):
        yield "lodged already"


def withdraw(model: Model, who: int, appeal_id: int) -> Reasons:
    appeal = model.appeals[appeal_id]
    yield from colleague(model, who, appeal.company, SIGNERS)
    if appeal.closed not in {None, "withdrawn"}:
        yield "decided"


def _reads(model: Model, who: int, appeal: Appeal) -> Reasons:
    yield from role(model, who, "panel_member")
    yield from untied(model, who, appeal.company)
    yield from undeclared(who, model.assessments[appeal.case])
    if who in model.parts_in(appeal):
        yield "took part"


def sit(model: Model, who: int, appeal_id: int) -> Reasons:
    appeal = model.appeals[appeal_id]
    if appeal.closed:
        yield "closed"
    yield from _reads(model, who, appeal)
    if who not in appeal.seats and len(appeal.seats) >= SEATS:
        yield "full"


def stand_up(model: Model, _who: int, appeal_id: int) -> Reasons:
    """Whoever has no seat gives none back."""
    if model.appeals[appeal_id].closed:
        yield "closed"


def vote(word: str) -> Callable[[Model, int, int], Reasons]:
    """The same word said again, also after the decision, finds it said."""

    def reasons(model: Model, who: int, appeal_id: int) -> Reasons:
        appeal = model.appeals[appeal_id]
        if appeal.closed and appeal.voted(who) == word:
            return
        if appeal.closed:
            yield "closed"
        yield from _reads(model, who, appeal)
        if who not in appeal.seats:
            yield "no seat"

    return reasons
