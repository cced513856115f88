"""Spot checks are opened: by a draw that anybody can repeat, or because of something that was said of an award."""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.awarding import hold_company
from compliance.actions.notifying import notify
from compliance.actions.ties import require_no_tie
from compliance.domain.drawing import drawn, share_of
from compliance.domain.errors import InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import HELD, IN_FORCE, AwardAct
from compliance.store.audit import AuditEntry, record
from compliance.store.awards import Award
from compliance.store.people import people_with_role, rights_now
from compliance.store.signed_heads import SignedHead
from compliance.store.spot_checks import Cause, SpotCheck, SpotCheckDraw, draw_on, open_check
from questionnaires import current

LONGEST = 4000
"""Of a reason: the reasons with which a concern is closed may be one."""
LONGEST_GRACE = timedelta(days=3650)
"""No edition lets an award hold on for longer after its end."""


def awards_in_force(session: Session, on: date) -> list[Award]:
    """Every award that counts on a day, by number: what a draw is made of."""
    query = sa.select(Award).where(
        Award.starts <= on,
        Award.ends >= on - LONGEST_GRACE,
        Award.last_act.in_([AwardAct.GRANTED, AwardAct.REINSTATED]),
    )
    return [award for award in session.scalars(query.order_by(Award.number)) if award.standing(on) in IN_FORCE]


def share(total: int) -> int:
    """How many of `total` awards the edition in force wants drawn."""
    rule = current().lifecycle.spot_checks
    return share_of(total, rule.share_percent, rule.at_least)


def seed_of(session: Session, on: date) -> str:
    """The fingerprint of the trail in the newest head that was signed before the day; on the first day, the newest.

    Nobody chooses it, and whoever kept a copy of the head has it.
    """
    query = sa.select(AuditEntry.hash).join(SignedHead, SignedHead.seq == AuditEntry.seq)
    before = query.where(AuditEntry.at < datetime.combine(on, time(), clock.PHNOM_PENH))
    found = session.scalar(before.order_by(AuditEntry.seq.desc()).limit(1))
    return found or session.scalar(query.order_by(AuditEntry.seq.desc()).limit(1)) or on.isoformat()


def draw(session: Session, actor: Actor, count: int) -> SpotCheckDraw:
    """One draw of today: `count` awards of those in force, at least the edition's share. Of each that is looked at
    already the check that is open stands.

    Raises WrongStateError when there was one today, InvalidError for a number that cannot be.
    """
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    today = clock.today()
    if draw_on(session, today) is not None:
        raise WrongStateError("draw", "drawn")
    awards = {award.number: award for award in awards_in_force(session, today)}
    if not share(len(awards)) <= count <= len(awards):
        raise InvalidError(
            "count", "Enter a number from %(least)s to %(most)s.", least=share(len(awards)), most=len(awards)
        )
    made = SpotCheckDraw(
        drawn_on=today,
        seed=seed_of(session, today),
        numbers=sorted(awards),
        count=count,
        drawn_by=actor.user_id or 0,
        drawn_at=clock.now(),
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:  # another administrator was a moment quicker
        raise WrongStateError("draw", "drawn") from error
    chosen = [awards[number] for number in drawn(made.seed, awards, count)]
    for company_id in sorted({award.company_id for award in chosen}):
        hold_company(session, company_id)  # as whoever opens one by hand: of the two one check is made
    for number in drawn(made.seed, awards, count):
        if open_check(session, awards[number].id) is None:
            _open(session, actor, awards[number], Cause.DRAWN, draw_id=made.id)
    said = {"seed": made.seed, "of": len(awards), "count": count}
    if count:
        reviewers = people_with_role(session, Role.REVIEWER)
        notify(session, reviewers, "spot_checks_drawn", str(made.id), {"draw": made.id})
    record(session, clock.now(), actor, "administrator:spot_checks:drawn", "spot_check_draw", made.id, **said)
    return made


def open_spot_check(
    session: Session, actor: Actor, award_id: int, because: str, cause: Cause = Cause.CHOSEN
) -> SpotCheck:
    """Opens a spot check of an award that a company holds, or gives back the one that is open on it.

    `because` is for the Ministry alone. Raises ForbiddenError for a tie, WrongStateError for an award that has ended,
    InvalidError without a reason.
    """
    actor.require(Role.REVIEWER, Role.APPROVER)
    award = session.get(Award, award_id)
    if award is None:
        raise NotFoundError
    require_no_tie(session, actor, award.company_id)
    hold_company(session, award.company_id)
    session.refresh(award)
    if award.standing(clock.today()) not in HELD:
        raise WrongStateError("spot_check", award.standing(clock.today()))
    if not because.strip():
        raise InvalidError("because", "Give a reason; only the Ministry reads it.")
    if len(because) > LONGEST:
        raise InvalidError("because", "Use at most %(length)s characters.", length=LONGEST)
    return open_check(session, award.id) or _open(session, actor, award, cause, because=because.strip())


def _open(
    session: Session, actor: Actor, award: Award, cause: Cause, *, draw_id: int | None = None, because: str = ""
) -> SpotCheck:
    made = SpotCheck(
        company_id=award.company_id,
        award_id=award.id,
        draw_id=draw_id,
        cause=cause,
        because=because,
        opened_by=actor.user_id or 0,
        opened_at=clock.now(),
    )
    session.add(made)
    session.flush()
    about = {"award": award.id, "cause": cause}
    record(session, clock.now(), actor, "staff:spot_check:opened", "spot_check", made.id, **about)
    return made
