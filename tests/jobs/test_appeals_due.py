"""Appeals near their days: the company before its last one, the panel around its own, administrators when late."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from compliance import clock
from compliance.actions import appealing
from compliance.actions.agenda import Kind, agenda, records_of
from compliance.domain.appeals import Vote
from compliance.domain.roles import CompanyRole, Role
from compliance.domain.standing import AwardAct
from compliance.jobs.appeals import chase_votes, remind_of_appeals
from compliance.settings import Settings
from compliance.store.base import db, transaction
from tests.actions.appeals import (
    appeal,
    award_of,
    lodge,
    lodged,
    panel,
    sit,
    to_refused,
    to_revoked,
    to_suspended,
    vote,
    write,
)
from tests.actions.cases import acts, case, person
from tests.actions.test_appealing import colleague, to_lower
from tests.helpers import why
from tests.jobs.world import day_kept, notices, told

pytestmark = pytest.mark.usefixtures("in_app", "moment")
TELL = ("appeal_ends", "assessment_refused", "award_revoked")
"""The letters that tell until when a company may appeal."""


@contextmanager
def days_later(days: int) -> Iterator[None]:
    """That many days on, in the minute before midnight in Phnom Penh."""
    db.session.rollback()
    with clock.held(clock.now().replace(hour=16, minute=59) + timedelta(days=days)):
        yield


def written(kind: str) -> list[int | None]:
    """Who has such a letter that would go out now."""
    db.session.rollback()
    return sorted((one.person_id for one in notices(kind) if told(one)), key=str)


@pytest.mark.parametrize(("how", "kind"), [(to_refused, "refusal"), (to_revoked, "revocation"), (to_lower, "level")])
def test_a_company_is_reminded_once_in_the_last_week(settings: Settings, how: object, kind: str) -> None:
    """Owners and signatories, from seven days before to the last day, that day included."""
    one = case(settings, how)  # type: ignore[arg-type]
    signatory = colleague(one, CompanyRole.SIGNATORY)
    colleague(one, CompanyRole.EDITOR)
    with days_later(22):
        assert remind_of_appeals() == 0
    with days_later(23):
        assert (remind_of_appeals(), remind_of_appeals()) == (1, 1)
        assert written("appeal_ends") == sorted(
            [one.hands.owner.user_id, signatory.user_id],
            key=str,  # type: ignore[attr-defined]
        )
        said = told(notices("appeal_ends")[0])
        assert said is not None
        assert (said["contested"], (said["appeal_until"] - clock.today()).days) == (kind, 7)
        known = records_of(db.session(), one.company_id, clock.today())
        [kept] = [day for day in agenda(db.session(), known) if day.kind is Kind.APPEAL]
        mails = [mail for name in TELL for mail in notices(name) if told(mail)]
        assert {day_kept(mail) for mail in mails} == {f"{kept.kind}-{kept.subject}"}, "a calendar shows one day once"
    with days_later(30):
        assert len(written("appeal_ends")) == 2
    with days_later(31):
        assert (remind_of_appeals(), written("appeal_ends")) == (0, [])


def test_who_has_appealed_or_need_not_is_not_reminded(settings: Settings) -> None:
    """A draft is reminded of all the same; what is lodged, or was undone, is not."""
    one = case(settings, to_refused)
    number = write(one)
    with days_later(25):
        assert remind_of_appeals() == 1
        lodge(one, number)
        assert (remind_of_appeals(), written("appeal_ends")) == (0, [])
        with transaction() as session:
            appealing.withdraw(session, one.hands.owner, number)
        assert remind_of_appeals() == 1


def test_an_act_that_was_undone_is_not_reminded_of(settings: Settings) -> None:
    one = case(settings, to_suspended)
    acts.act_on_award(one.hands, one.company_id, AwardAct.REINSTATED, why(AwardAct.REINSTATED), 0)
    assert award_of(one).last_act is AwardAct.REINSTATED
    with days_later(25):
        assert remind_of_appeals() == 0


def test_a_panel_is_asked_for_votes_and_administrators_hear_of_a_late_one(settings: Settings) -> None:
    """Who has not voted: five working days before the last day, and once it has passed; then administrators too."""
    one = case(settings, to_refused)
    number, members = lodged(one), panel()
    administrator = person("admin@ministry.example", Role.ADMINISTRATOR)
    sit(number, *members)
    vote(number, members[0], Vote.UPHOLD)
    silent = [member.user_id for member in members[1:]]
    with days_later(36):
        assert (chase_votes(), written("appeal_due")) == (1, [])
    with days_later(40):
        chase_votes()
        chase_votes()
        assert written("appeal_due") == silent
        vote(number, members[1], Vote.DISMISS)
        assert written("appeal_due") == silent[1:]
    with days_later(45):
        chase_votes()
        assert written("appeal_late") == []
    with days_later(46):
        chase_votes()
        chase_votes()
        assert written("appeal_due") == [silent[1], silent[1]]
        assert written("appeal_late") == [administrator.user_id]
        said = told(notices("appeal_late")[0])
        assert said is not None
        assert (said["overdue"], said["taken"], said["voted"], said["seats"]) == (True, 3, 2, 3)
        vote(number, members[2], Vote.UPHOLD)
        assert written("appeal_") == sorted([one.hands.owner.user_id], key=str), "the decision alone"


def test_seats_that_stay_free_are_told_to_administrators_and_offered_again(settings: Settings) -> None:
    one = case(settings, to_refused)
    number, members = lodged(one), panel()
    administrator = person("admin@ministry.example", Role.ADMINISTRATOR)
    sit(number, members[0])
    last = (appeal(number).take_up_by or clock.today()) - clock.today()
    with days_later(last.days):
        chase_votes()
        assert notices("appeal_late") == []
    with days_later(last.days + 1):
        chase_votes()
        assert written("appeal_late") == [administrator.user_id]
        assert set(written("appeal_waiting")) == {member.user_id for member in members[1:]}
        assert len([one for one in notices("appeal_waiting") if ":take_up:" in one.key]) == 3
        sit(number, *members[1:])
        assert written("appeal_late") == []
