"""Who may do what: every act with the reasons against it, as the ministry would say them."""

from collections.abc import Callable

from compliance.domain.lifecycle import STEPS, By
from tests.lifecycle_machine import appeal_rules as appeals
from tests.lifecycle_machine.model import LIVE, Assessment, Award, Change, Model, Proposal
from tests.lifecycle_machine.reasons import (
    EDITORS,
    SIGNERS,
    UNDECLARED,
    Reasons,
    colleague,
    role,
    undeclared,
    untied,
)

CLARIFICATIONS = 2
COMPANY = {By.EDITOR: EDITORS, By.SIGNER: SIGNERS}


def step(model: Model, who: int, case: Assessment, name: str) -> Reasons:
    """What the table of steps says."""
    found = STEPS[name]
    waits = name == "claim" and case.waits_again
    if case.state not in {state.value for state in found.starts} and not waits:
        yield "no such step from here"
    if found.by in COMPANY:
        yield from colleague(model, who, case.company, COMPANY[found.by])
        return
    yield from role(model, who, "reviewer" if found.by is By.REVIEWER else "approver")
    if found.by is By.REVIEWER and name != "claim" and case.reviewer != who:
        yield "somebody else's case"
    if name == "release":
        return
    yield from untied(model, who, case.company)
    yield from undeclared(who, case)
    if who in model.shut_out(case):
        yield "took part in what an appeal put aside"
    if found.by is By.APPROVER and (case.reviewer == who or who in case.ruled_by):
        yield "ruled here"


def start(model: Model, who: int, company: int) -> Reasons:
    yield from colleague(model, who, company, EDITORS)
    if model.open_assessment(company) is None and model.assessed_appeal(company):
        yield "an appeal runs"
    elif model.open_assessment(company) is None and model.waits_after_revoked(company):
        yield "revoked not long ago"


def fill(model: Model, who: int, case: int) -> Reasons:
    one = model.assessments[case]
    yield from colleague(model, who, one.company, EDITORS)
    if one.state != "draft":
        yield "no draft"


def answer(model: Model, who: int, case: int) -> Reasons:
    one = model.assessments[case]
    yield from colleague(model, who, one.company, EDITORS)
    if one.state not in {"draft", "clarifying"}:
        yield "closed"


def submit(model: Model, who: int, case: int) -> Reasons:
    yield from step(model, who, model.assessments[case], "submit")
    if not model.assessments[case].full:
        yield "something is left to answer"


def declare(model: Model, who: int, case: int) -> Reasons:
    one = model.assessments[case]
    yield from role(model, who, "reviewer", "approver", "panel_member")
    if who not in one.declared:
        yield from untied(model, who, one.company)


def declare_a_tie(model: Model, who: int, _case: int) -> Reasons:
    yield from role(model, who, "reviewer", "approver", "panel_member")


def rule(model: Model, who: int, case: int) -> Reasons:
    yield from step(model, who, model.assessments[case], "recommend")


def ask(model: Model, who: int, case: int) -> Reasons:
    yield from step(model, who, model.assessments[case], "ask")
    if model.assessments[case].rounds >= CLARIFICATIONS:
        yield "asked often enough"


def recommend(model: Model, who: int, case: int) -> Reasons:
    yield from step(model, who, model.assessments[case], "recommend")
    if not model.assessments[case].all_ruled:
        yield "something is left to rule"


def refuse(model: Model, who: int, case: int, name: str = "refuse") -> Reasons:
    one = model.assessments[case]
    yield from step(model, who, one, name)
    if one.recommended_by is not None:
        yield from untied(model, one.recommended_by, one.company)


def approve(model: Model, who: int, case: int) -> Reasons:
    yield from refuse(model, who, case, "approve")
    if model.assessments[case].level is None:
        yield "no level reached"


def _named(name: str) -> Callable[[Model, int, int], Reasons]:
    return lambda model, who, case: step(model, who, model.assessments[case], name)


def possible(model: Model, award: Award, act: str) -> bool:
    """Whether an act on an award is one that can follow what was done to it."""
    if model.standing(award) not in LIVE or (award.suspended != (act == "reinstated") and act != "revoked"):
        return False
    held_back = [a for a in model.awards_of(award.company) if a.starts <= model.today]
    waits = act == "reinstated" and award.starts > model.today
    return not (waits and any(model.standing(a) == "suspended" for a in held_back))


def covered(model: Model, award: Award, act: str) -> list[Award]:
    """The award, and what waits behind it once it has begun."""
    waiting = [a for a in model.awards_of(award.company) if a.starts > model.today and a is not award]
    behind = waiting if award.starts <= model.today else []
    fits = {"suspended": lambda a: not a.suspended, "reinstated": lambda a: a.suspended, "revoked": lambda _a: True}
    return [a for a in (award, *behind) if a is award or (model.standing(a) in LIVE and fits[act](a))]


def _propose(act: str) -> Callable[[Model, int, int], Reasons]:
    def reasons(model: Model, who: int, award_id: int) -> Reasons:
        award = model.awards[award_id]
        yield from role(model, who, "reviewer", "approver")
        yield from untied(model, who, award.company)
        if not possible(model, award, act):
            yield "cannot follow"
        if model.open_proposals(award.company):
            yield "another is open"

    return reasons


SAID = {
    "confirm": "confirmed",
    "take back": "withdrawn",
    "confirm change": "confirmed",
    "decline change": "declined",
    "withdraw change": "withdrawn",
}
"""What each answer to a proposal or a change request makes of it."""


def again(model: Model, act: str, who: int, subject: int) -> bool:
    """Whether somebody presses the same button again: it finds its work done, while nothing came after it."""
    if act not in SAID:
        return False
    found: Proposal | Change = model.changes[subject] if "change" in act else model.proposals[subject]
    same = (found.closed, found.closed_by) == (SAID[act], who)
    return same and (not isinstance(found, Proposal) or act != "confirm" or _last_act(model, found) == found.act)


def _last_act(model: Model, proposal: Proposal) -> str:
    award = model.awards[proposal.award]
    return "revoked" if award.ended else "suspended" if award.suspended else "reinstated"


def confirm(model: Model, who: int, proposal_id: int) -> Reasons:
    found = model.proposals[proposal_id]
    award = model.awards[found.award]
    yield from role(model, who, "approver")
    yield from untied(model, who, award.company)
    if again(model, "confirm", who, proposal_id):
        return
    if found not in model.open_proposals(award.company):
        yield "closed or lapsed"
    if found.by == who:
        yield "one's own"
    yield from untied(model, found.by, award.company)
    if not possible(model, award, found.act):
        yield "cannot follow"


def take_back(model: Model, who: int, proposal_id: int) -> Reasons:
    found = model.proposals[proposal_id]
    if found.by != who:
        yield "not one's own"
    waits = found in model.open_proposals(model.awards[found.award].company)
    if not waits and not again(model, "take back", who, proposal_id):
        yield "closed or lapsed"


def rename(model: Model, who: int, company: int) -> Reasons:
    yield from colleague(model, who, company, EDITORS)


def _judge_change(act: str) -> Callable[[Model, int, int], Reasons]:
    def reasons(model: Model, who: int, change: int) -> Reasons:
        yield from role(model, who, "reviewer")
        yield from untied(model, who, model.changes[change].company)
        if model.changes[change].closed is not None and not again(model, act, who, change):
            yield "closed"

    return reasons


def withdraw_change(model: Model, who: int, change: int) -> Reasons:
    yield from colleague(model, who, model.changes[change].company, EDITORS)
    if model.changes[change].closed is not None and not again(model, "withdraw change", who, change):
        yield "closed"


def leave(model: Model, who: int, company: int) -> Reasons:
    if model.role_in(who, company) is None:
        yield "no colleague"
    if [m.person for m in model.owners(company)] == [who]:
        yield "the last owner"


def manage(model: Model, who: int, membership: int) -> Reasons:
    place = model.memberships[membership]
    yield from colleague(model, who, place.company, {"owner"})
    if place.ended is not None:
        yield "gone"
    if place.person == who:
        yield "oneself"


def manage_place(model: Model, who: int, membership: int) -> Reasons:
    yield from manage(model, who, membership)
    place = model.memberships[membership]
    if model.may_undo(place.person, place.company):
        yield "who handed over can undo it"


def hand_over(model: Model, who: int, membership: int) -> Reasons:
    yield from manage(model, who, membership)
    if model.received(who, model.memberships[membership].company):
        yield "who handed over can undo it"


AGAINST: dict[str, Callable[[Model, int, int], Reasons]] = {
    "start": start, "fill": fill, "answer": answer, "submit": submit, "reply": _named("reply"),
    "withdraw": _named("withdraw"), "declare": declare, "declare a tie": declare_a_tie, "claim": _named("claim"),
    "release": _named("release"), "rule": rule, "rule harshly": rule, "ask": ask, "recommend": recommend,
    "return": _named("return"), "approve": approve, "refuse": refuse,
    "suspended": _propose("suspended"), "reinstated": _propose("reinstated"), "revoked": _propose("revoked"),
    "confirm": confirm, "take back": take_back, "rename": rename, "confirm change": _judge_change("confirm change"),
    "decline change": _judge_change("decline change"), "withdraw change": withdraw_change,
    "leave": leave, "remove": manage_place, "hand over": hand_over, "make editor": manage_place,
    "make owner": manage_place,
    "lodge": appeals.lodge, "lodge against an act": appeals.lodge_against_act, "withdraw appeal": appeals.withdraw,
    "sit": appeals.sit, "stand up": appeals.stand_up, "uphold": appeals.vote("uphold"),
    "dismiss": appeals.vote("dismiss"),
}  # fmt: skip
"""Every act, and what speaks against it."""

ABOUT = {
    **dict.fromkeys(("start", "rename", "leave"), "companies"),
    **dict.fromkeys(("suspended", "reinstated", "revoked", "lodge against an act"), "awards"),
    **dict.fromkeys(("withdraw appeal", "sit", "stand up", "uphold", "dismiss"), "appeals"),
    **dict.fromkeys(("confirm", "take back"), "proposals"),
    **dict.fromkeys(("confirm change", "decline change", "withdraw change"), "changes"),
    **dict.fromkeys(("remove", "hand over", "make editor", "make owner"), "memberships"),
}
"""What an act is about; an assessment unless it says something else."""
ONWARD = ("start", "fill", "submit", "claim", "rule", "recommend", "approve", "reply")
"""The acts that bring an assessment to its award."""
SORTS = {
    "onward": ONWARD,
    "aside": ("answer", "withdraw", "release", "rule harshly", "ask"),
    "deciding": ("return", "refuse"),
    "award": ("suspended", "reinstated", "revoked", "confirm", "take back"),
    "house": ("leave", "remove", "hand over", "make editor", "make owner", "rename"),
    "change": ("confirm change", "decline change", "withdraw change"),
    "appeal": ("lodge", "lodge against an act", "withdraw appeal", "sit", "stand up", "uphold", "dismiss"),
    "tie": ("declare", "declare", "declare", "declare a tie"),
}
"""Acts by what they are for: each sort is as likely as another."""


def subjects(model: Model, act: str) -> list[int]:
    """What there is to try an act on; what is full already is not filled again."""
    if act == "fill":
        return [case.id for case in model.assessments.values() if not case.full]
    return list(getattr(model, ABOUT.get(act, "assessments")))


def marks(model: Model, act: str, subject: int) -> object:
    """What a page shows of its subject, as far as the act depends on it: when this has changed, the page is old."""
    if act in {"withdraw", "claim", "release"}:
        return model.assessments[subject].steps
    if act in {"submit", "reply"}:
        return model.assessments[subject].steps, model.assessments[subject].answers
    if act == "answer":
        return model.assessments[subject].answers
    if act in {"recommend", "return", "refuse", "approve"}:
        case = model.assessments[subject]
        told = model.objections(case.company) if act == "approve" else None
        return case.steps, case.rulings, told
    if act == "confirm":
        found = model.proposals[subject]
        return [award.id for award in covered(model, model.awards[found.award], found.act)]
    return model.companies[subject].name if act == "rename" else None


def allowed(model: Model, act: str, passing: str = "") -> list[tuple[int, int]]:
    """Who may take the act on what, when the reason `passing` is passed over."""
    pairs = ((who, subject) for subject in subjects(model, act) for who in model.people)
    return [(who, one) for who, one in pairs if set(AGAINST[act](model, who, one)) <= {passing}]


def onward(model: Model, act: str, company: int | None = None) -> list[tuple[int, int]]:
    """Who may take one of `ONWARD` after declaring no tie, where that leads further; of one company or of all."""

    def leads_on(subject: int) -> bool:
        case = model.assessments[subject] if act != "start" else None
        of = case.company if case else subject
        idle = model.open_assessment(subject) is not None if case is None else act == "rule" and case.all_ruled
        return not idle and company in {None, of}

    return [(who, subject) for who, subject in allowed(model, act, passing=UNDECLARED) if leads_on(subject)]
