"""What appeals change in the model: seats, votes, and what a majority brings about."""

from typing import Any

from tests.lifecycle_machine.appeal_rules import SEATS, contested
from tests.lifecycle_machine.model import Appeal, Award, Model, Vote


def lodge(model: Model, _who: int, case_id: int, made: Any) -> None:
    case = model.assessments[case_id]
    kind = contested(model, case_id)
    assert kind is not None
    model.appeals[made] = Appeal(made, case.company, case_id, kind, ("case", case_id, case.decisions))


def lodge_against_act(model: Model, _who: int, award_id: int, made: Any) -> None:
    award = model.awards[award_id]
    about = ("award", award_id, award.acts)
    model.appeals[made] = Appeal(made, award.company, award.assessment, "act", about)


def withdraw(model: Model, _who: int, appeal_id: int, _made: Any) -> None:
    model.appeals[appeal_id].closed = "withdrawn"


def sit(model: Model, who: int, appeal_id: int, _made: Any) -> None:
    model.appeals[appeal_id].seats.setdefault(who, None)


def stand_up(model: Model, who: int, appeal_id: int, _made: Any) -> None:
    model.appeals[appeal_id].seats.pop(who, None)


def vote(word: str) -> Any:
    def effect(model: Model, who: int, appeal_id: int, _made: Any) -> None:
        appeal = model.appeals[appeal_id]
        if appeal.closed or appeal.seats[who] is not None:
            return
        appeal.seats[who] = Vote(word, model.now)
        out = [one for one, said in appeal.seats.items() if said and not _still_sits(model, appeal, one)]
        for one in out:
            appeal.seats.pop(one)
        if sum(said is not None for said in appeal.seats.values()) == SEATS:
            _decide(model, appeal)

    return effect


def _still_sits(model: Model, appeal: Appeal, who: int) -> bool:
    return not model.tied(who, appeal.company) and who not in model.parts_in(appeal)


def _decide(model: Model, appeal: Appeal) -> None:
    votes = {who: said for who, said in appeal.seats.items() if said}
    word = "uphold" if 2 * sum(said.word == "uphold" for said in votes.values()) > len(votes) else "dismiss"
    won = sorted((who for who, said in votes.items() if said.word == word), key=lambda who: votes[who].at)
    if word == "dismiss":
        appeal.closed = "dismissed"
        return
    appeal.shut_out = model.parts_in(appeal) | votes.keys()
    appeal.closed = "upheld"
    if appeal.kind == "refusal":
        _reopen(model, appeal.case)
    if appeal.kind == "act":
        _give_back(model, appeal, won[0], won[-1])


def _reopen(model: Model, case_id: int) -> None:
    """Ruled anew is what went against the company; without any such ruling all of them stand."""
    case = model.assessments[case_id]
    case.state, case.reviewer, case.level = "in_review", None, None
    case.steps += 1
    case.rulings += 1
    if case.against:
        case.against = case.all_ruled = False


def _give_back(model: Model, appeal: Appeal, first: int, last: int) -> None:
    """All that the act ended together, unless something else was decided on it since."""
    _award, award_id, acts = appeal.about
    award = model.awards[award_id]
    if award.acts != acts:
        return
    for one in model.together(award):
        one.suspended, one.ended = False, None
        one.acted("reinstated", model.now, first, last)
        overtake(model, one)


def overtake(model: Model, award: Award) -> None:
    for proposal in model.proposals.values():
        if proposal.award == award.id and proposal.closed is None:
            proposal.closed = "overtaken"
