"""What an act that was taken changes in the model. `made` is what the service gave back, in the model's words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from compliance.domain.lifecycle import STEPS
from tests.lifecycle_machine import appeal_effects as appeals
from tests.lifecycle_machine.appeal_effects import overtake
from tests.lifecycle_machine.model import Assessment, Award, Change, HandedOver, Model, Proposal, months_after
from tests.lifecycle_machine.rules import LIVE, covered


@dataclass(frozen=True)
class Figures:
    """Of the edition: days before the end from which a renewal loses no time, days of grace, months by level."""

    window: int
    grace: int
    months: dict[str, int]


Effect = Callable[[Model, int, int, Any], None]


def _step(case: Assessment, name: str) -> None:
    case.state = STEPS[name].to.value
    case.steps += 1


def _plain(name: str) -> Effect:
    return lambda model, _who, case, _made: _step(model.assessments[case], name)


def start(model: Model, _who: int, company: int, made: Any) -> None:
    if model.open_assessment(company) is None:
        earlier = max((one.id for one in model.assessments.values() if one.company == company), default=None)
        model.assessments[made] = Assessment(made, company, earlier=earlier)


def fill(model: Model, _who: int, case: int, _made: Any) -> None:
    model.assessments[case].full = True
    model.assessments[case].answers += 1


def answer(model: Model, _who: int, case: int, _made: Any) -> None:
    model.assessments[case].answers += 1
    model.assessments[case].unattested = True


def submit(model: Model, _who: int, case: int, made: Any) -> None:
    one = model.assessments[case]
    _step(one, "submit")
    one.digests.append(made)
    one.unattested = False


def reply(model: Model, _who: int, case: int, made: Any) -> None:
    one = model.assessments[case]
    _step(one, "reply")
    one.digests.append(made)
    one.all_ruled = one.unattested = False
    one.rulings += 1


def declare(model: Model, who: int, case: int, _made: Any) -> None:
    model.assessments[case].declared.setdefault(who, False)


def declare_tie(model: Model, who: int, case: int, _made: Any) -> None:
    model.assessments[case].declared.setdefault(who, True)


def claim(model: Model, who: int, case: int, _made: Any) -> None:
    one = model.assessments[case]
    if not one.waits_again:
        _step(one, "claim")
    one.reviewer = who
    one.parts.add(who)


def release(model: Model, _who: int, case: int, _made: Any) -> None:
    _step(model.assessments[case], "release")
    model.assessments[case].reviewer = None


def rule(model: Model, who: int, case: int, _made: Any) -> None:
    one = model.assessments[case]
    one.ruled_by.add(who)
    one.parts.add(who)
    one.all_ruled = True
    one.rulings += 1


def rule_harshly(model: Model, who: int, case: int, made: Any) -> None:
    rule(model, who, case, made)
    model.assessments[case].against = True


def ask(model: Model, _who: int, case: int, made: Any) -> None:
    one = model.assessments[case]
    _step(one, "ask")
    one.rounds += 1
    one.lapses_on = made


def lapse(model: Model) -> int:
    """What nobody replied to in time goes on with the answers that were attested; how many."""
    over = [
        a for a in model.assessments.values() if a.state == "clarifying" and a.lapses_on and model.today > a.lapses_on
    ]
    for one in over:
        _step(one, "lapse")
        one.answers += one.unattested
        one.unattested = False
    return len(over)


def recommend(model: Model, who: int, case: int, made: Any) -> None:
    one = model.assessments[case]
    _step(one, "recommend")
    (one.level, one.claimed), one.recommended_by = made, who


def _decide(model: Model, who: int, case: int, name: str) -> None:
    one = model.assessments[case]
    _step(one, name)
    one.decisions, one.decided_on = one.decisions + 1, model.today
    one.parts.add(who)


def send_back(model: Model, who: int, case: int, _made: Any) -> None:
    _decide(model, who, case, "return")
    model.assessments[case].level = None


def refuse(model: Model, who: int, case: int, _made: Any) -> None:
    _decide(model, who, case, "refuse")


def approve(figures: Figures) -> Effect:
    def effect(model: Model, who: int, case: int, made: Any) -> None:
        one = model.assessments[case]
        _decide(model, who, case, "approve")
        award_id, number = made
        starts = first_day(model, one.company, figures.window)
        ends = months_after(starts, figures.months[str(one.level)]) - timedelta(days=1)
        printed, counts_until = model.companies[one.company].name, ends + timedelta(days=figures.grace)
        new = Award(award_id, one.company, case, number, printed, starts, ends, counts_until)
        two = one.recommended_by or 0, who
        give_way(model, new, *two)
        new.acted("granted", model.now, *two)
        model.awards[award_id] = new

    return effect


def first_day(model: Model, company: int, window: int) -> date:
    """Today, or the day after the award in force when its renewal is open: no time is lost."""
    held = [a for a in model.awards_of(company) if model.standing(a) in {"current", "expiring"}]
    for award in held:
        if (award.ends - model.today).days <= window:
            return award.ends + timedelta(days=1)
    return model.today


def give_way(model: Model, new: Award, recommended_by: int, decided_by: int) -> None:
    """The company keeps the new award, and the one in force until a new one that waits begins."""
    for award in model.awards_of(new.company):
        keeps = award.starts <= model.today < new.starts
        if not keeps and model.standing(award) in LIVE:
            award.ended = ("superseded", model.today)
            award.acted("superseded", model.now, recommended_by, decided_by)
            overtake(model, award)


def propose(act: str) -> Effect:
    def effect(model: Model, who: int, award: int, made: Any) -> None:
        for earlier in model.proposals.values():
            if earlier.award == award and earlier.closed is None:
                earlier.closed = "lapsed"
        model.proposals[made] = Proposal(made, award, act, who, model.now)
        model.awards[award].parts.add(who)

    return effect


def confirm(model: Model, who: int, proposal_id: int, _made: Any) -> None:
    proposal = model.proposals[proposal_id]
    if proposal.closed is not None:
        return
    proposal.closed, proposal.closed_by = "confirmed", who
    for award in covered(model, model.awards[proposal.award], proposal.act):
        award.suspended = proposal.act == "suspended"
        if proposal.act == "revoked":
            award.ended = ("revoked", model.today)
        award.acted(proposal.act, model.now, proposal.by, who)
        overtake(model, award)
    model.awards[proposal.award].parts.add(who)


def take_back(model: Model, who: int, proposal: int, _made: Any) -> None:
    found = model.proposals[proposal]
    found.closed, found.closed_by = "withdrawn", who
    model.awards[found.award].parts.add(who)


def rename(model: Model, who: int, company: int, made: Any) -> None:
    change, name = made
    if change is None:
        model.companies[company].name = name
        return
    if change in model.changes:
        return
    if (earlier := model.open_change(company)) is not None:
        earlier.closed, earlier.closed_by = "withdrawn", who
    model.changes[change] = Change(change, company, who, name)


def confirm_change(model: Model, who: int, change: int, made: Any) -> None:
    """Certificates of awards that are not over and say another name are issued anew, with numbers of their own."""
    found = model.changes[change]
    if found.closed is not None:
        return
    found.closed, found.closed_by = "confirmed", who
    model.companies[found.company].name = found.name
    for award in model.awards_of(found.company):
        if model.standing(award) in LIVE and award.printed != found.name:
            assert made[award.id] not in {award.number, *award.earlier}, "the certificate was not issued anew"
            award.earlier.append(award.number)
            award.number, award.printed = made[award.id], found.name


def close_change(closed: str) -> Effect:
    def effect(model: Model, who: int, change: int, _made: Any) -> None:
        found = model.changes[change]
        found.closed, found.closed_by = closed, who

    return effect


def leave(model: Model, who: int, company: int, _made: Any) -> None:
    for one in model.memberships.values():
        if (one.person, one.company, one.ended) == (who, company, None):
            one.ended = model.now
    model.moved(company, who)


def remove(model: Model, _who: int, membership: int, _made: Any) -> None:
    one = model.memberships[membership]
    one.ended = model.now
    model.moved(one.company, one.person)


def hand_over(model: Model, who: int, membership: int, _made: Any) -> None:
    heir = model.memberships[membership]
    model.moved(heir.company, owner=True)
    model.handed.append(HandedOver(heir.company, who, heir.person, model.now))
    for own in model.owners(heir.company):
        if own.person == who:
            own.role = "editor"
    heir.role = "owner"


def give_role(role: str) -> Effect:
    def effect(model: Model, _who: int, membership: int, _made: Any) -> None:
        one = model.memberships[membership]
        if one.role != role:
            model.moved(one.company, one.person)
        one.role = role

    return effect


def effects(figures: Figures) -> dict[str, Effect]:
    """By act."""
    return {
        "start": start, "fill": fill, "answer": answer, "submit": submit, "reply": reply,
        "withdraw": _plain("withdraw"), "declare": declare, "declare a tie": declare_tie, "claim": claim,
        "release": release, "rule": rule, "rule harshly": rule_harshly, "ask": ask, "recommend": recommend,
        "return": send_back, "approve": approve(figures), "refuse": refuse,
        "suspended": propose("suspended"), "reinstated": propose("reinstated"), "revoked": propose("revoked"),
        "confirm": confirm, "take back": take_back, "rename": rename, "confirm change": confirm_change,
        "decline change": close_change("declined"), "withdraw change": close_change("withdrawn"), "leave": leave,
        "remove": remove, "hand over": hand_over, "make editor": give_role("editor"),
        "make owner": give_role("owner"), "lodge": appeals.lodge, "lodge against an act": appeals.lodge_against_act,
        "withdraw appeal": appeals.withdraw, "sit": appeals.sit, "stand up": appeals.stand_up,
        "uphold": appeals.vote("uphold"), "dismiss": appeals.vote("dismiss"),
    }  # fmt: skip
