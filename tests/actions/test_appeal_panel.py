"""The panel of an appeal: who sits, what is voted, and what the majority brings about."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from compliance import clock
from compliance.actions import accounts, appeal_panel, appealing, deciding, reviewing
from compliance.actions.appeal_panel import Ballot, Finding
from compliance.actions.judging import Judgement
from compliance.actions.scorecards import seen_digest
from compliance.cli.demonstration import acts
from compliance.cli.recheck import derived_anew
from compliance.domain.appeals import AppealOutcome, Right, Vote
from compliance.domain.errors import ForbiddenError, InvalidError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import AwardAct, Standing
from compliance.settings import Settings
from compliance.store import audit
from compliance.store.appeal_parts import Part, parts_in
from compliance.store.appeals import AppealSeat, seats_of
from compliance.store.assessments import latest_submission, submissions
from compliance.store.awards import open_proposals
from compliance.store.base import db, transaction
from compliance.store.evidence_files import evidence_for
from compliance.store.people import Person, role_row
from compliance.store.register import entry_by_slug
from compliance.store.reviews import Verdict, standing_recommendation, standing_rulings
from tests.actions.appeals import (
    LOST,
    SIGNED,
    appeal,
    award_of,
    ballot,
    decided,
    lodged,
    panel,
    sit,
    to_refused,
    to_revoked,
    to_suspended,
    vote,
    write,
)
from tests.actions.cases import CAFE, Case, case, person, reload, to_review
from tests.actions.test_appealing import stored, to_lower
from tests.actions.tying import address, in_vain
from tests.helpers import why
from tests.jobs.world import notices, told

pytestmark = pytest.mark.usefixtures("in_app", "moment")
UP, DOWN = Vote.UPHOLD, Vote.DISMISS


def with_role(role: Role, *people: Actor) -> list[Actor]:
    """They hold this one too from now on."""
    with transaction() as session:
        for who in people:
            account = session.get_one(Person, who.user_id)
            account.roles = [*account.roles, role_row(session, role)]
    return [reload(who) for who in people]


def refused(who: Actor, number: int) -> str:
    """Why somebody cannot sit."""
    with pytest.raises(ForbiddenError) as error:
        sit(number, who)
    return error.value.reason


@pytest.mark.parametrize("how", [to_refused, to_suspended])
def test_whoever_had_a_part_does_not_sit(settings: Settings, how: object) -> None:
    """The role alone does not do: not who reviewed, decided, proposed or confirmed, in the service and below it."""
    one = case(settings, how)  # type: ignore[arg-type]
    number = lodged(one, act=how is to_suspended)
    hands = [one.hands.reviewer, one.hands.approver, *([one.hands.second] if how is to_suspended else [])]
    assert {refused(who, number) for who in with_role(Role.PANEL_MEMBER, *hands)} == {"took_part"}
    for who in hands:
        seat = AppealSeat(appeal_id=number, person_id=who.user_id or 0, taken_at=clock.now(), findings={})
        with pytest.raises(sa.exc.IntegrityError, match="four_eyes"), transaction() as session:
            session.add(seat)
    assert refused(person("reviewer9@ministry.example", Role.REVIEWER), number) == "role"


def test_whoever_held_it_once_does_not_sit(settings: Settings) -> None:
    """Claimed and handed back, without a ruling."""
    one = case(settings, to_review)
    with transaction() as session:
        reviewing.release(session, one.hands.reviewer, one.assessment_id, one.assessment.version)
    other = person("other@ministry.example", Role.REVIEWER)
    first, one.hands = one.hands.reviewer, acts.Hands(**{**one.hands.__dict__, "reviewer": other})
    acts.claim(one.hands, one.assessment_id, 0)
    acts.rule(one.hands, one.assessment_id, 0)
    with transaction() as session:
        judgement = Judgement(Verdict.NOT_SUPPORTED, reason="not_found", note="no such policy")
        reviewing.rule(session, other, one.assessment_id, LOST, judgement)
    acts.recommend(CAFE, one.hands, one.assessment_id, 0)
    acts.decide(one.hands, one.assessment_id, 0, refuse=True)
    assert refused(*with_role(Role.PANEL_MEMBER, first), lodged(one)) == "took_part"


def test_three_seats_and_each_once(settings: Settings) -> None:
    one = case(settings, to_refused)
    number, members = lodged(one), panel(4)
    with pytest.raises(ForbiddenError, match="not_declared"), transaction() as session:
        appeal_panel.sit(session, members[0], number)
    sit(number, members[0], members[0], members[1])
    assert appeal(number).taken_up_at is None
    sit(number, members[2])
    assert appeal(number).taken_up_at is not None
    with pytest.raises(WrongStateError) as full:
        sit(number, members[3])
    assert full.value.state == "full"
    with transaction() as session:
        appeal_panel.stand_up(session, members[1], number)
    sit(number, members[3])
    assert {seat.person_id for seat in seats_of(db.session(), [number])} == {
        members[0].user_id, members[2].user_id, members[3].user_id,
    }  # fmt: skip


def test_a_vote_is_whole_is_of_what_was_seen_and_is_said_once(settings: Settings) -> None:
    one = case(settings, to_suspended)
    number, (first, second, third) = lodged(one, act=True), panel()
    sit(number, first, second, third)
    seen = appeal_panel.seen_of(db.session(), appeal(number))
    for field, said in {
        "reasons": Ballot(UP, " ", {}, "ត្រឹមត្រូវ។", "In order."),
        "public_reason": Ballot(UP, "In order.", {}, " ", "In order."),
        "public_reason_en": Ballot(UP, "In order.", {}, "ត្រឹមត្រូវ។", " "),
    }.items():
        with pytest.raises(InvalidError) as wrong:
            in_vain(lambda s, said=said: appeal_panel.vote(s, first, number, said, seen))
        assert wrong.value.field == field
    with transaction() as session:
        appeal_panel.note(session, second, number, clock.today(), "They showed the letter.")
    with pytest.raises(StaleError):
        in_vain(lambda s: appeal_panel.vote(s, first, number, ballot(number, UP), seen))
    vote(number, first, UP)
    vote(number, first, DOWN)  # what was said stays
    assert [seat.vote for seat in seats_of(db.session(), [number])] == [UP, None, None]
    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.get_one(AppealSeat, seats_of(session, [number])[0].id).vote = DOWN
    outsider = person("panel9@ministry.example", Role.PANEL_MEMBER)
    with transaction() as session:
        reviewing.declare(session, outsider, one.assessment_id, has_tie=False)
    with pytest.raises(ForbiddenError, match="no_seat"):
        vote(number, outsider, UP)


def test_every_ground_gets_a_finding(settings: Settings) -> None:
    one = case(settings, to_refused)
    number, members = lodged(one, gov_policy="It is on page 2."), panel()
    sit(number, *members)
    seen = appeal_panel.seen_of(db.session(), appeal(number))
    for findings in ({}, {LOST: Finding(Right.COMPANY, "  ")}):
        said = Ballot(UP, "In order.", findings)
        with pytest.raises(InvalidError) as wrong:
            in_vain(lambda s, said=said: appeal_panel.vote(s, members[0], number, said, seen))
        assert wrong.value.field == LOST


def test_notes_are_kept_by_those_who_sit(settings: Settings) -> None:
    one = case(settings, to_refused)
    number, (first, *_rest) = lodged(one), panel()
    sit(number, first)
    tomorrow, yesterday = (clock.today() + timedelta(days=days) for days in (1, -1))
    attempts = [("met_on", tomorrow, "Soon."), ("met_on", yesterday, "Before."), ("text", clock.today(), "  ")]
    for field, day, text in attempts:
        with pytest.raises(InvalidError) as wrong:
            in_vain(lambda s, day=day, text=text: appeal_panel.note(s, first, number, day, text))
        assert wrong.value.field == field
    with transaction() as session:
        made = appeal_panel.note(session, first, number, clock.today(), "They showed the letter.").id
    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.get_one(appeal_panel.AppealNote, made).text = "Something else."


def test_upheld_a_refusal_is_reviewed_and_decided_by_others(settings: Settings) -> None:
    """The contested ruling falls with the recommendation, the file becomes evidence, and the earlier people are out."""
    one = case(settings, to_refused)
    number = write(one, general="", gov_policy="It is on page 2.")
    with transaction() as session:
        file = appealing.attach(session, one.hands.owner, number, LOST, stored(one)).file_id
        appealing.lodge(session, one.hands.owner, number, SIGNED, 1)
    before = one.assessment.review_due_on
    members = panel()
    found = decided(number, members, UP, DOWN, UP)
    assert (found.outcome, found.findings[LOST]["right"]) == (AppealOutcome.UPHELD, "company")
    assert (one.assessment.state, one.assessment.reviewer_id) == (State.IN_REVIEW, None)
    assert before is not None
    assert (one.assessment.review_due_on or before) >= before
    rulings = standing_rulings(db.session(), one.assessment_id)
    assert LOST not in rulings
    assert len(rulings) > 20
    assert standing_recommendation(db.session(), one.assessment_id) is None
    assert file in {given.id for given in evidence_for(db.session(), one.assessment_id)[LOST]}
    newest = latest_submission(db.session(), one.assessment_id)
    assert newest is not None
    assert (newest.round, len(submissions(db.session(), one.assessment_id))) == (2, 2)
    assert [name for name, same in derived_anew(db.session()) if not same] == []
    _earlier_people_are_out(one, members)
    _others_go_on(one)


def _earlier_people_are_out(one: Case, members: list[Actor]) -> None:
    for who in (one.hands.reviewer, *with_role(Role.REVIEWER, *members)):
        with pytest.raises(ForbiddenError, match="took_part"), transaction() as session:
            reviewing.claim(session, who, one.assessment_id, one.assessment.version)


def _others_go_on(one: Case) -> None:
    """To an award, by people who had no part; the earlier approver decides on it no more."""
    fresh = person("fresh@ministry.example", Role.REVIEWER), person("fresh2@ministry.example", Role.APPROVER)
    old, one.hands = one.hands, acts.Hands(**{**one.hands.__dict__, "reviewer": fresh[0], "approver": fresh[1]})
    acts.claim(one.hands, one.assessment_id, 0)
    acts.rule(one.hands, one.assessment_id, 0)
    acts.recommend(CAFE, one.hands, one.assessment_id, 0)
    seen = seen_digest(db.session(), one.assessment)
    with pytest.raises(ForbiddenError, match="took_part"), transaction() as session:
        deciding.approve(session, old.approver, one.assessment_id, seen=seen, public_url="http://localhost")
    acts.decide(one.hands, one.assessment_id, 0)
    assert award_of(one).standing(clock.today()) is Standing.CURRENT


def test_upheld_as_a_whole_all_that_went_against_the_company_is_ruled_anew(settings: Settings) -> None:
    one = case(settings, to_refused)
    decided(lodged(one), panel(), UP, UP, DOWN)
    assert LOST not in standing_rulings(db.session(), one.assessment_id)
    assert len(submissions(db.session(), one.assessment_id)) == 1


def test_dismissed_everything_stays_and_it_is_over(settings: Settings) -> None:
    one = case(settings, to_refused)
    number = lodged(one, gov_policy="It is on page 2.")
    found = decided(number, panel(), DOWN, UP, DOWN)
    assert (found.outcome, found.reasons) == (
        AppealOutcome.DISMISSED,
        "The policy is in force.\n\nThe policy is in force.",
    )
    assert one.assessment.state is State.REFUSED
    for again in (partial(write, one), partial(decided, number, [], *())):
        if again.func is write:
            with pytest.raises(WrongStateError):
                again()
    with pytest.raises(WrongStateError), transaction() as session:
        appealing.withdraw(session, one.hands.owner, number)


@pytest.mark.parametrize(("how", "ended"), [(to_suspended, Standing.SUSPENDED), (to_revoked, Standing.REVOKED)])
def test_the_award_holds_again_by_two_of_the_panel(settings: Settings, how: object, ended: Standing) -> None:
    """Until then it stays as it was; then the register, the trail and its signed head say so at once."""
    one = case(settings, how)  # type: ignore[arg-type]
    number, members = lodged(one, act=True), panel()
    sit(number, *members)
    vote(number, members[0], UP)
    assert award_of(one).standing(clock.today()) is ended
    vote(number, members[1], DOWN)
    vote(number, members[2], UP)
    award = award_of(one)
    assert award.standing(clock.today()) is Standing.CURRENT
    last = award.acts[-1]
    assert (last.act, last.proposed_by, last.decided_by) == (
        AwardAct.REINSTATED, members[0].user_id, members[2].user_id,
    )  # fmt: skip
    entry = entry_by_slug(db.session(), award.company.slug, clock.today())
    assert entry is not None
    assert entry.standing(clock.today()) is Standing.CURRENT
    assert list(audit.verify(db.session())) == []
    parts, (granted, act, given_back) = parts_in(db.session(), appeal(number)), award.acts
    assert (parts[act.proposed_by], parts[act.decided_by]) == (Part.PROPOSED, Part.CONFIRMED)
    assert {parts[granted.proposed_by], parts[granted.decided_by]} <= {
        Part.RECOMMENDED, Part.DECIDED, Part.PROPOSED, Part.CONFIRMED,
    }  # fmt: skip
    assert {parts[given_back.proposed_by], parts[given_back.decided_by]} == {Part.JUDGED}, "a panel proposes nothing"


def test_dismissed_an_act_stays_with_a_reason_for_everybody(settings: Settings) -> None:
    one = case(settings, to_revoked)
    found = decided(lodged(one, act=True), panel(), DOWN, DOWN, UP)
    assert [found.told(lang) for lang in ("km", "en")] == ["រកឃើញថាត្រឹមត្រូវ។", "It was found to be in order."]
    assert award_of(one).standing(clock.today()) is Standing.REVOKED


def test_what_was_settled_meanwhile_is_left_alone(settings: Settings) -> None:
    """Reinstated by two people while the appeal ran: the panel changes nothing, and closes no proposal."""
    one = case(settings, to_suspended)
    number = lodged(one, act=True)
    acts.act_on_award(one.hands, one.company_id, AwardAct.REINSTATED, why(AwardAct.REINSTATED, "It has arrived."), 0)
    acts.act_on_award(one.hands, one.company_id, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, "Late again."), 0)
    decided(number, panel(), UP, UP, UP)
    assert award_of(one).standing(clock.today()) is Standing.SUSPENDED
    assert open_proposals(db.session(), one.company_id) == []


def test_upheld_on_the_level_the_next_assessment_is_for_others(settings: Settings) -> None:
    one = case(settings, to_lower)
    decided(lodged(one), panel(), UP, UP, UP)
    assert one.assessment.state is State.APPROVED
    assert award_of(one).standing(clock.today()) is Standing.CURRENT
    one.assessment_id = acts.fill(CAFE, one.hands, one.company_id, 0)
    acts.submit(one.hands, one.assessment_id, 0)
    with pytest.raises(ForbiddenError, match="took_part"):
        acts.claim(one.hands, one.assessment_id, 0)


@pytest.mark.parametrize("how", ["role", "off", "tie"])
def test_who_may_sit_no_more_is_not_counted(settings: Settings, how: str) -> None:
    """The vote falls with the right to it, and the seat is free again; nothing is decided by two."""
    one = case(settings, to_refused)
    number, (first, second, third, fourth) = lodged(one), panel(4)
    sit(number, first, second, third)
    vote(number, first, UP)
    vote(number, second, UP)
    administrator = person("admin@ministry.example", Role.ADMINISTRATOR)
    with transaction() as session:
        if how == "tie":
            address(session, first, "cafe.example")
        elif how == "off":
            accounts.set_active(session, administrator, first.user_id or 0, active=False)
        else:
            account = session.get_one(Person, first.user_id)
            account.roles = [role_row(session, Role.OBSERVER)]
    vote(number, third, DOWN)
    assert appeal(number).outcome is None
    assert first.user_id not in {seat.person_id for seat in seats_of(db.session(), [number])}
    sit(number, fourth)
    vote(number, fourth, DOWN)
    assert appeal(number).outcome is AppealOutcome.DISMISSED


def test_a_tie_that_came_up_lets_one_leave_and_nothing_else(settings: Settings) -> None:
    one = case(settings, to_refused)
    number, (first, *_others) = lodged(one), panel()
    sit(number, first)
    with transaction() as session:
        address(session, first, "cafe.example")
    first = reload(first)
    with pytest.raises(ForbiddenError, match="tie_mail"):
        vote(number, first, UP)
    with pytest.raises(ForbiddenError, match="tie_mail"), transaction() as session:
        appeal_panel.note(session, first, number, clock.today(), "A note.")
    with transaction() as session:
        appeal_panel.stand_up(session, first, number)
    assert seats_of(db.session(), [number]) == []


def test_a_seat_that_was_left_is_offered_again(settings: Settings) -> None:
    """Also when the panel was complete before; not to who left, nor to who sits."""
    one = case(settings, to_refused)
    number, members = lodged(one), panel(4)
    sit(number, *members[:3])
    assert offered(members) == []
    with transaction() as session:
        appeal_panel.stand_up(session, members[0], number)
    assert offered(members) == [members[3].user_id]
    sit(number, members[3])
    assert offered(members) == []


def offered(members: list[Actor]) -> list[int | None]:
    """Which of them have a letter that offers a seat now."""
    db.session.rollback()
    ids = {one.user_id for one in members}
    return sorted({one.person_id for one in notices("appeal_waiting") if one.person_id in ids and told(one)}, key=str)


def test_withdrawn_nothing_is_voted_any_more(settings: Settings) -> None:
    one = case(settings, to_refused)
    number, members = lodged(one), panel()
    sit(number, *members)
    with transaction() as session:
        appealing.withdraw(session, one.hands.owner, number)
    with pytest.raises(WrongStateError):
        vote(number, members[0], UP)
