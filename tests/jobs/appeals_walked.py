"""An appeal in the walk of three years: lodged late, a seat that stays free, votes that are missing, a decision."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.actions import appealing
from compliance.actions.appealing import Grounds
from compliance.domain.appeals import Vote
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import AwardAct
from compliance.store.appeals import Appeal
from compliance.store.awards import Award
from compliance.store.base import transaction
from compliance.store.people import person_by_email
from tests.actions.appeals import SIGNED, panel, sit, vote
from tests.actions.cases import person
from tests.jobs.letters_read import Read
from tests.public.world import decide
from tests.public.world import person as somebody

CONTESTED = date(2027, 9, 1)
LAST_DAY, LODGED = CONTESTED + timedelta(days=30), CONTESTED + timedelta(days=28)
TAKE_UP_BY, DECIDE_BY = date(2027, 10, 6), LODGED + timedelta(days=45)
"""Five working days after the day on which it was lodged, in a calendar without holidays; and 45 days after it."""
SEATED, FILLED = LODGED + timedelta(days=1), TAKE_UP_BY + timedelta(days=2)
ASKED = date(2027, 11, 5)
"""A Friday: five working days are left until the Saturday on which the panel decides."""
VOTED, DECIDED = DECIDE_BY - timedelta(days=1), DECIDE_BY + timedelta(days=3)
ADMINISTRATOR = "admin@ministry.example"
MEMBERS = tuple(f"panel{number}@ministry.example" for number in range(3))
Mails = dict[date, dict[str, frozenset[date]]]


def contest(session: Session, award: Award) -> None:
    """What is contested later, and who will judge it; before the walk begins."""
    two = [somebody(session, f"{who}@ministry.example").id for who in ("reviewer", "approver")]
    decide(session, award, AwardAct.SUSPENDED, CONTESTED, *two)


def judges() -> None:
    panel()
    person(ADMINISTRATOR, Role.ADMINISTRATOR)


def days() -> set[date]:
    """Around every day on which something is due or done."""
    around = (LAST_DAY - timedelta(days=7), LODGED, TAKE_UP_BY, FILLED, ASKED, DECIDE_BY, DECIDED)
    return {day + timedelta(days=beside) for day in around for beside in (-1, 0, 1)}


def go_on(today: date, owner: str) -> None:
    """What is done on this day."""
    if today == LODGED:
        _lodge(owner)
    if today == SEATED:
        sit(_number(), *_members()[:2])
    if today == FILLED:
        sit(_number(), _members()[2])
    if today == VOTED:
        vote(_number(), _members()[0], Vote.DISMISS)
    if today == DECIDED:
        for member in _members()[1:]:
            vote(_number(), member, Vote.DISMISS)


def _lodge(email: str) -> None:
    with transaction() as session:
        found = person_by_email(session, email)
        assert found is not None
        award = session.scalars(sa.select(Award).where(Award.company_id.in_(found.actor().companies))).one()
        made = appealing.write(session, found.actor(), award.assessment_id, award.id, Grounds({}, "It was sent."), 0)
        appealing.lodge(session, found.actor(), made.id, SIGNED, made.draft_version)


def _number() -> int:
    with transaction() as session:
        return session.scalars(sa.select(Appeal.id)).one()


def _members() -> list[Actor]:
    with transaction() as session:
        found = [person_by_email(session, email) for email in MEMBERS]
        return [one.actor() for one in found if one is not None]


def is_about(mail: Read) -> bool:
    return "/appeal" in mail.text or mail.to == ADMINISTRATOR


def expected(owners: list[str]) -> Mails:
    """Day by day who is written to, and every day that the mail names; its own too, while something is to come."""
    both, end, near = frozenset({TAKE_UP_BY, DECIDE_BY}), frozenset({DECIDE_BY}), LAST_DAY - timedelta(days=7)
    return {
        near: dict.fromkeys(owners, frozenset({LAST_DAY, near})),
        LODGED: {**dict.fromkeys(owners, both | {LODGED}), **dict.fromkeys(MEMBERS, both)},
        TAKE_UP_BY + timedelta(days=1): {ADMINISTRATOR: both, MEMBERS[2]: both},
        ASKED: dict.fromkeys(MEMBERS, end | {ASKED}),
        DECIDE_BY + timedelta(days=1): {ADMINISTRATOR: end, **dict.fromkeys(MEMBERS[1:], end)},
        DECIDED: dict.fromkeys(owners, frozenset()),
    }
