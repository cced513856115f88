"""Spot checks: a draw that anybody repeats, one reviewer without a tie, an outcome that the company reads."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.actions import reviewing, spot_checking, spot_drawing, spot_handing
from compliance.actions.grounds import LONGEST_REASON
from compliance.actions.spot_checking import Found
from compliance.domain.drawing import drawn
from compliance.domain.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    StaleError,
    TakenError,
    WrongStateError,
)
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import AwardAct
from compliance.jobs.checks import chase_checks
from compliance.jobs.facts import told_now
from compliance.settings import Settings
from compliance.store.audit import AuditEntry
from compliance.store.awards import Award, AwardProposal
from compliance.store.base import db, transaction
from compliance.store.belongings import records
from compliance.store.company_trail import happenings
from compliance.store.outbox import Notice
from compliance.store.spot_checks import Cause, Finding, SpotCheck
from tests.account.test_two_owners import at_once
from tests.actions.cases import Case, case, person, to_award
from tests.actions.test_walk import refused

pytestmark = pytest.mark.usefixtures("in_app", "moment")


@pytest.fixture
def one(in_app: Flask, moment: object, settings: Settings) -> Case:
    return case(settings, to_award)


def award() -> Award:
    return db.session.scalars(sa.select(Award)).one()


def only() -> SpotCheck:
    return db.session.scalars(sa.select(SpotCheck).execution_options(populate_existing=True)).one()


def stopped(act: Callable[..., object], *arguments: object) -> str:
    """The state that the act does not leave from."""
    with pytest.raises(WrongStateError) as caught, transaction() as session:
        act(session, *arguments)
    return caught.value.state


def taken(one: Case) -> tuple[Actor, SpotCheck]:
    """A check that was chosen, in the hands of a reviewer who did not verify the award."""
    checker = person("other@ministry.example", Role.REVIEWER)
    with transaction() as session:
        spot_drawing.open_spot_check(session, one.hands.approver, award().id, "said in a newspaper")
        reviewing.declare(session, checker, one.assessment_id, has_tie=False)
        spot_checking.take(session, checker, only().id)
    return checker, only()


def told(one: Case) -> tuple[Actor, SpotCheck, tuple[str, ...]]:
    checker, check = taken(one)
    names = tuple(spot_checking.answers_to_choose(db.session(), check)[:2])
    with transaction() as session:
        due = spot_checking.proposed_due(session, check)
        spot_checking.tell(session, checker, check.id, names, "The policy as it hangs there.", due)
    return checker, only(), names


def test_whoever_has_seed_and_numbers_draws_the_same() -> None:
    """Five lines that share nothing with the portal but the two sentences that describe the draw."""
    numbers = [f"MPTC-2026-{n:05d}" for n in range(300)]
    lines = [(hashlib.sha256(b"head:" + number.encode()).hexdigest(), number) for number in numbers]
    lines.sort()
    repeated = [number for _digest, number in lines][:30]
    assert drawn("head", reversed(numbers), 30) == repeated
    assert drawn("head", [*numbers, *numbers], 30) == repeated
    assert drawn("head", numbers, 31)[:30] == repeated, "a larger draw keeps the smaller"
    assert drawn("tail", numbers, 30) != repeated


def test_a_draw_is_one_a_day_at_least_the_editions_share_and_kept_as_it_was(one: Case) -> None:
    administrator = person("administrator@ministry.example", Role.ADMINISTRATOR)
    assert refused(InvalidError, spot_drawing.draw, administrator, 0) == "count"
    assert refused(InvalidError, spot_drawing.draw, administrator, 2) == "count"
    assert refused(ForbiddenError, spot_drawing.draw, one.hands.reviewer, 1) == "role"
    with transaction() as session:
        made = spot_drawing.draw(session, administrator, 1).id
    found = only().draw_id
    assert found == made
    assert stopped(spot_drawing.draw, administrator, 1) == "drawn"
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == "administrator:spot_checks:drawn")).one()
    assert entry.actor_id == administrator.user_id
    signed = db.session.scalars(sa.select(AuditEntry.hash)).all()
    draw = spot_drawing.draw_on(db.session(), clock.today())
    assert draw is not None
    assert draw.seed in signed, "the fingerprint of a signed head, which nobody chooses"
    assert drawn(draw.seed, draw.numbers, draw.count) == [award().number]
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), transaction() as session:
        session.execute(sa.text("UPDATE spot_check_draws SET seed = 'mine'"))


def test_who_verified_an_award_does_not_check_it_and_the_second_of_two_is_told_who(one: Case) -> None:
    first, second = (person(f"{name}@ministry.example", Role.REVIEWER) for name in ("bopha", "dara"))
    with transaction() as session:
        number = spot_drawing.open_spot_check(session, one.hands.approver, award().id, "said").id
        again = spot_drawing.open_spot_check(session, one.hands.reviewer, award().id, "said twice").id
    assert again == number, "one is open an award"
    assert refused(ForbiddenError, spot_checking.take, one.hands.reviewer, number) == "four_eyes"
    with transaction() as session:
        spot_checking.take(session, first, number)
        spot_checking.take(session, first, number)
    with pytest.raises(TakenError) as told, transaction() as session:
        spot_checking.take(session, second, number)
    assert told.value.name == first.name
    with transaction() as session:
        spot_checking.release(session, first, number)
        spot_checking.release(session, first, number)
        spot_checking.take(session, second, number)
    assert only().checker_id == second.user_id


def test_a_check_is_handed_over_with_a_reason_and_whoever_gets_it_says_first_that_they_have_no_tie(one: Case) -> None:
    checker, check = taken(one)
    give, other = spot_handing.hand_over_check, person("colleague@ministry.example", Role.REVIEWER)
    holder = checker.user_id or 0
    for who in (one.hands.reviewer, checker, one.hands.approver):
        assert refused(InvalidError, give, checker, check.id, who.user_id, "x", holder) == "to"
    assert refused(InvalidError, give, checker, check.id, other.user_id, " ", holder) == "reason"
    assert refused(ForbiddenError, give, other, check.id, other.user_id, "x", holder) == "not_claimed"
    with pytest.raises(StaleError), transaction() as session:
        give(session, one.hands.approver, check.id, other.user_id or 0, "x", other.user_id or 0)
    with transaction() as session:
        give(session, one.hands.approver, check.id, other.user_id or 0, "On leave <b>", holder)
    assert only().checker_id == other.user_id
    notices = db.session.scalars(sa.select(Notice).where(Notice.kind == "spot_check_handed_over"))
    letters = {found.email: found.values for notice in notices if (found := told_now(db.session(), notice)) is not None}
    assert {email: (said["mine"], said["reason"]) for email, said in letters.items()} == {
        "colleague@ministry.example": (True, "On leave <b>"),
        "other@ministry.example": (False, "On leave <b>"),
    }
    tell = partial(spot_checking.tell, check_id=check.id, questions=("gov_policy",), asked="x", due_on=clock.today())
    for who, why in ((checker, "not_claimed"), (other, "not_declared")):
        with pytest.raises(ForbiddenError, match=why), transaction() as session:
            tell(session, who)
    with transaction() as session:
        spot_checking.release(session, other, check.id)
    assert stopped(give, one.hands.approver, check.id, other.user_id, "x", 0) == "free"


def test_the_company_is_told_answers_and_reads_the_outcome(one: Case) -> None:
    checker, check = taken(one)
    with pytest.raises(NotFoundError):
        spot_checking.own_check(db.session(), one.hands.owner, check.id)
    names = tuple(spot_checking.answers_to_choose(db.session(), check)[:2])
    tell = partial(spot_checking.tell, questions=names, asked="The policy.")
    assert refused(InvalidError, partial(tell, due_on=clock.today()), checker, check.id) == "due_on"
    due = spot_checking.proposed_due(db.session(), check)
    assert refused(InvalidError, partial(tell, due_on=due, questions=()), checker, check.id) == "questions"
    assert refused(InvalidError, partial(tell, due_on=due, questions=("made_up",)), checker, check.id) == "questions"
    with transaction() as session:
        spot_checking.tell(session, checker, check.id, names, "The policy.", due)
    assert stopped(partial(tell, due_on=due), checker, check.id) == "told"
    with transaction() as session:
        spot_checking.reply(session, one.hands.owner, check.id, "It hangs at the door.")
    assert spot_checking.own_check(db.session(), one.hands.owner, check.id).reply == "It hangs at the door."
    good = dict.fromkeys(names, (spot_checking.IN_ORDER, ""))
    find = lambda outcome, answers, **more: partial(  # noqa: E731
        spot_checking.find, found=Found(outcome, answers, more.pop("reasons", ""), **more)
    )
    bad = {**good, names[0]: (spot_checking.NOT_IN_ORDER, "The page is gone.")}
    silent = {**good, names[0]: (spot_checking.NOT_IN_ORDER, " ")}
    for outcome, answers, field in (
        (Finding.IN_ORDER, {}, "answers"),
        (Finding.IN_ORDER, silent, "answers"),
        (Finding.IN_ORDER, bad, "outcome"),
        (Finding.TO_MEND, good, "outcome"),
        (Finding.DROPPED, good, "outcome"),
        (Finding.TO_MEND, bad, "reasons"),
    ):
        assert refused(InvalidError, find(outcome, answers), checker, check.id) == field
    mend = find(Finding.TO_MEND, bad, reasons="Put it back.", mend_by=clock.today() + timedelta(days=61))
    assert refused(InvalidError, mend, checker, check.id) == "mend_by"
    with transaction() as session:
        later = clock.today() + timedelta(days=30)
        spot_checking.find(session, checker, check.id, Found(Finding.TO_MEND, bad, "Put it back.", later))
    assert only().closed_at is None, "open until it is mended"
    with transaction() as session:
        spot_checking.find(session, checker, check.id, Found(Finding.IN_ORDER, good, ""))
    assert only().closed_at is not None
    kinds = set(db.session.scalars(sa.select(Notice.kind).where(Notice.kind.like("spot_check%"))))
    assert kinds == {"spot_check_told", "spot_check_replied", "spot_check_found"}
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), transaction() as session:
        session.execute(sa.text("UPDATE spot_checks SET reasons = 'other'"))


def test_before_it_is_told_a_company_finds_its_check_nowhere_and_never_why_it_was_chosen(one: Case) -> None:
    def seen() -> tuple[list[dict[str, object]], list[str]]:
        tags = {"reviewer:spot_check:told", "reviewer:spot_check:found"}
        told = [one.tag for one in happenings(db.session(), company, tags)]
        return list(records(db.session(), company, "spot_checks")), told

    company = one.company_id
    checker, check = taken(one)
    assert seen() == ([], [])
    with transaction() as session:
        session.get_one(Award, award().id).last_act = AwardAct.REVOKED
        spot_checking.drop(session, checker, check.id)
    assert seen() == ([], []), "nor when it ended before"
    with transaction() as session:
        session.get_one(Award, award().id).last_act = AwardAct.GRANTED
        because = "x" * (2 * LONGEST_REASON)
        again = spot_drawing.open_spot_check(session, one.hands.approver, award().id, because, Cause.CONCERN)
        spot_checking.take(session, checker, again.id)
        names = tuple(spot_checking.answers_to_choose(session, again)[:1])
        spot_checking.tell(session, checker, again.id, names, "All.", spot_checking.proposed_due(session, again))
    [taken_home], tags = seen()
    assert taken_home["asked"] == "All."
    assert not {"cause", "because"} & taken_home.keys()
    assert tags == ["reviewer:spot_check:told"]


def test_reasons_that_a_proposal_cannot_hold_are_refused_beside_them(one: Case) -> None:
    checker, check, names = told(one)
    bad = dict.fromkeys(names, (spot_checking.NOT_IN_ORDER, "Gone."))
    found = Found(Finding.SUSPEND, bad, "x" * (LONGEST_REASON + 1))
    assert refused(InvalidError, partial(spot_checking.find, found=found), checker, check.id) == "reasons"


def test_to_suspend_is_a_proposal_that_a_second_person_confirms(one: Case) -> None:
    checker, check, names = told(one)
    bad = dict.fromkeys(names, (spot_checking.NOT_IN_ORDER, "Gone."))
    with transaction() as session:
        spot_checking.find(session, checker, check.id, Found(Finding.SUSPEND, bad, "Nothing of it is there."))
    proposal = db.session.scalars(sa.select(AwardProposal)).one()
    assert (proposal.act, proposal.proposed_by) == (AwardAct.SUSPENDED, checker.user_id)
    assert only().proposal_id == proposal.id
    assert award().last_act is AwardAct.GRANTED, "the award stands until somebody else confirms"


def test_a_check_of_an_award_that_ended_is_dropped(one: Case) -> None:
    checker, check, names = told(one)
    assert stopped(spot_checking.drop, checker, check.id) == "in_force"
    with transaction() as session:
        session.get_one(Award, award().id).last_act = AwardAct.REVOKED
    good = dict.fromkeys(names, (spot_checking.IN_ORDER, ""))
    found = Found(Finding.IN_ORDER, good, "")
    assert stopped(partial(spot_checking.find, found=found), checker, check.id) == "revoked"
    with transaction() as session:
        spot_checking.drop(session, checker, check.id)
    assert only().outcome is Finding.DROPPED


@pytest.mark.both_databases
def test_drawn_and_chosen_at_once_make_one_check(in_app: Flask, one: Case) -> None:
    administrator, number = person("administrator@ministry.example", Role.ADMINISTRATOR), award().id
    made = at_once(
        in_app,
        (lambda s, who: spot_drawing.draw(s, who, 1), administrator),
        (lambda s, who: spot_drawing.open_spot_check(s, who, number, "said in a newspaper"), one.hands.approver),
    )
    assert made == ["done", "done"]
    assert only().award_id == number


def test_whoever_holds_a_check_that_stands_still_is_reminded_of_each_day_once(one: Case) -> None:
    def reminded() -> list[str]:
        found = sa.select(Notice.email).where(Notice.kind == "spot_check_late").order_by(Notice.id)
        return list(db.session.scalars(found))

    checker, check = taken(one)
    assert chase_checks() == 0
    with clock.held(clock.now() + timedelta(days=30)):
        for _twice in range(2):
            assert chase_checks() == 1
        assert reminded() == ["other@ministry.example"]
        names = tuple(spot_checking.answers_to_choose(db.session(), check)[:1])
        with transaction() as session:
            due = spot_checking.proposed_due(session, check)
            spot_checking.tell(session, checker, check.id, names, "The policy.", due)
        assert chase_checks() == 0
    with clock.held(clock.now() + timedelta(days=90)):
        assert chase_checks() == 1
        assert len(reminded()) == 2
