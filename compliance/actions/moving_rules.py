"""Deadlines, reminders and grace moved as the edition allows: one administrator proposes, another confirms.

What was promised to a company by an earlier figure is stored with what it was promised about, and stays.
"""

from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import second_administrator
from compliance.actions.second_administrator import tell_others
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import Actor, Role
from compliance.store.audit import hold_tail, record
from compliance.store.people import rights_now
from compliance.store.register import bump
from compliance.store.rule_changes import RuleChange, open_rule_changes, rule_history
from questionnaires import catalogue
from questionnaires.lifecycle import Movable
from questionnaires.moving import Figures, figures_of, is_list, movable, within

LONGEST_REASON = 500
FURTHEST_DAYS = 366
"""A change begins within so many days."""


def bounds_of(edition_id: str, rule: str) -> Movable:
    """How far the rule may be moved. Raises NotFoundError where the edition fixes it, and for one that is to come: it
    may be called back, and be another one when its day comes.
    """
    if edition_id not in catalogue.editions():
        raise NotFoundError
    found = movable(catalogue.edition(edition_id).lifecycle, rule)
    if found is None:
        raise NotFoundError
    return found


def checked(edition_id: str, rule: str, figures: Figures) -> Figures:
    """In their order, the longest first where they are counted back from a day. Raises InvalidError."""
    lifecycle, bounds = catalogue.edition(edition_id).lifecycle, bounds_of(edition_id, rule)
    if within(lifecycle, bounds, figures):
        return tuple(sorted(figures, reverse=not rule.endswith("_after_expiry")))
    if is_list(lifecycle, rule):
        raise InvalidError(
            "figures",
            "Enter at least one and at most %(count)s different days, each from %(least)s to %(most)s.",
            count=bounds.count,
            least=bounds.least,
            most=bounds.most,
        )
    raise InvalidError("figures", "Enter one number from %(least)s to %(most)s.", least=bounds.least, most=bounds.most)


def propose(
    session: Session, actor: Actor, edition_id: str, rule: str, figures: Figures, starts: date, reason: str
) -> RuleChange:
    """Raises InvalidError beyond the edition's bounds, for a day that has passed, and while another proposal waits."""
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    wanted, today, why = checked(edition_id, rule, figures), clock.today(), reason.strip()
    if not 0 <= (starts - today).days <= FURTHEST_DAYS:
        raise InvalidError("starts", "Enter today or a later day, at most a year ahead.")
    if not 0 < len(why) <= LONGEST_REASON:
        raise InvalidError("reason", "Give a reason of at most %(most)s characters.", most=LONGEST_REASON)
    hold_tail(session)
    if any((one.edition, one.rule) == (edition_id, rule) for one in open_rule_changes(session)):
        raise InvalidError("", "A proposal waits already. It is confirmed or taken back first.")
    if wanted == figures_of(rule_history(session).on(edition_id, starts), rule):
        raise InvalidError("figures", "That is what holds on this day already.")
    made = RuleChange(edition=edition_id, rule=rule, figures=list(wanted), starts=starts, reason=why)
    made.proposed_by, made.proposed_at = actor.user_id or 0, clock.now()
    session.add(made)
    session.flush()
    _record(session, actor, "proposed", made)
    tell_others(session, actor, "rule", made.id)
    return made


def confirm(session: Session, actor: Actor, change_id: int) -> None:
    """Another administrator puts it in force."""
    if found := second_administrator.confirm(session, actor, RuleChange, change_id):
        _record(session, actor, "confirmed", found)
        bump(session)  # public pages tell the figures in force


def withdraw(session: Session, actor: Actor, change_id: int) -> None:
    """The proposer takes it back, or another one declines it."""
    if found := second_administrator.withdraw(session, actor, RuleChange, change_id):
        _record(session, actor, "withdrawn", found)


def _record(session: Session, actor: Actor, what: str, found: RuleChange) -> None:
    said = {"edition": found.edition, "rule": found.rule, "figures": list(found.figures)}
    day = found.holds_from.isoformat()
    record(session, clock.now(), actor, f"admin:rule:{what}", "rule", found.id, starts=day, **said)
