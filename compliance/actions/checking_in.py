"""Check-ins: figures, contacts, ways to report, what changed; drafted by colleagues, sent by an owner or signatory."""

import hashlib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.answering import content_of
from compliance.actions.awarding import hold_company
from compliance.actions.scorecards import snapshot_of
from compliance.actions.service_details import Hotlines
from compliance.actions.trying_channels import Tried, problems, take, ways_to_try
from compliance.domain.check_in import CheckInRules
from compliance.domain.errors import (
    InvalidError,
    NotFoundError,
    SentBeforeError,
    StaleError,
    WrongStateError,
    raise_together,
)
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Actor
from compliance.domain.standing import HELD
from compliance.store.assessments import Assessment
from compliance.store.audit import canonical, record
from compliance.store.awards import Award, awards_of, counting_award
from compliance.store.check_ins import CheckIn, check_in_of
from compliance.store.register import refresh_entry
from questionnaires import Question, Reply, catalogue
from questionnaires.answers import load
from questionnaires.asked_state import view
from questionnaires.consistency import inconsistent

MAY_CHECK_IN = MAY_EDIT | MAY_SIGN
LONGEST = 2000
NO_HOTLINES = Hotlines()


@dataclass(frozen=True)
class Due:
    """The check-in that an award owes next, or may be sent now. `found` is its draft."""

    award: Award
    due_on: date
    opens_on: date
    late_from: date
    found: CheckIn | None

    @property
    def open(self) -> bool:
        return clock.today() >= self.opens_on

    @property
    def passed(self) -> bool:
        return clock.today() > self.due_on

    @property
    def late(self) -> bool:
        return clock.today() >= self.late_from


@dataclass(frozen=True)
class Entered:
    """What a form says: answers to the figures by question, and the rest."""

    figures: Mapping[str, Reply] = field(default_factory=dict)
    contacts_right: bool = False
    all_declared: bool = False
    changed: str = ""
    channels: tuple[Tried, ...] = ()


def rules(edition_id: str) -> CheckInRules:
    """The figures of an edition."""
    check_in = catalogue.edition(edition_id).lifecycle.check_in
    return CheckInRules(
        every_months=check_in.every_months,
        remind_before=check_in.reminders_days_before,
        remind_after=check_in.reminders_days_after,
        late_after=check_in.late_after_days,
    )


def due_check_in(session: Session, company_id: int) -> Due | None:
    """The first check-in of the company's award that was not sent; None without one."""
    return due_under(session, counting_award(awards_of(session, company_id), clock.today()))


def due_under(session: Session, award: Award | None) -> Due | None:
    """The first check-in of the award that counts which was not sent; None without one."""
    if award is None or award.standing(clock.today()) not in HELD:
        return None
    return next((due for due in check_ins_due(session, award) if due.found is None or due.found.sent_at is None), None)


def check_ins_due(session: Session, award: Award) -> list[Due]:
    """All check-ins of an award's term."""
    figures = rules(award.edition)
    if award.level in catalogue.edition(award.edition).lifecycle.check_in.not_for_levels:
        return []
    days = figures.due_days(award.starts, award.ends)
    return [
        Due(award, day, figures.opens_on(day), figures.late_from(day), check_in_of(session, award.id, day))
        for day in days
    ]


def overdue_check_in(session: Session, award: Award) -> Due | None:
    """The first check-in of an award that counts, which was not sent and is late: the public reads that."""
    if award.standing(clock.today()) not in HELD:
        return None
    owed = (due for due in check_ins_due(session, award) if due.found is None or due.found.sent_at is None)
    return next((due for due in owed if due.late), None)


def figures_asked(session: Session, award: Award) -> tuple[Question, ...]:
    """The figures that this company is asked for at a check-in, as it was when its award was decided."""
    edition = catalogue.edition(award.edition)
    snapshot = snapshot_of(session, session.get_one(Assessment, award.assessment_id))
    asked = view(edition, snapshot.facts, snapshot.replies).questions
    wanted = {part.id for part in edition.sections if part.statistics and part.statistics.required_at_check_in}
    return tuple(question for question in asked if question.section in wanted)


def stored_figures(found: CheckIn | None, questions: Sequence[Question]) -> dict[str, Reply]:
    """The answers of a draft, typed."""
    return {question.id: _reply(question, found.figures[question.id]) for question in questions if found
            and question.id in found.figures}  # fmt: skip


def _reply(question: Question, content: Mapping[str, Any]) -> Reply:
    value = None if content["value"] is None else load(question, content["value"])
    return Reply(value, bool(content["not_applicable"]), str(content["na_reason"]), str(content["comment"]))


def save(session: Session, actor: Actor, company_id: int, entered: Entered, seen: tuple[str, int]) -> CheckIn:
    """Keeps the draft. `seen` are the due day and the draft's version that the page showed.

    Raises StaleError when a colleague saved another one meanwhile, SentBeforeError when it is sent, WrongStateError
    when there is none to be sent.
    """
    actor.require_company(company_id, MAY_CHECK_IN)
    due = _held(session, company_id, seen[0])
    changed = entered.changed.strip()
    if len(changed) > LONGEST:
        raise InvalidError("changed", "Use at most %(length)s characters.", length=LONGEST)
    found = due.found
    if (found.draft_version if found else 0) != seen[1]:
        raise StaleError
    if found is None:
        found = CheckIn(award_id=due.award.id, due_on=due.due_on, content="", draft_version=0)
        session.add(found)
    found.figures = {name: content_of(reply) for name, reply in entered.figures.items()}
    found.contacts_right, found.all_declared, found.changed = entered.contacts_right, entered.all_declared, changed
    found.channels = [one.content for one in entered.channels]
    found.draft_version += 1
    found.drafted_by, found.drafted_at = actor.user_id or 0, clock.now()
    session.flush()
    return found


def _held(session: Session, company_id: int, due_on: str) -> Due:
    hold_company(session, company_id)
    if (sent := sent_for(session, company_id, due_on)) is not None:
        raise SentBeforeError(sent.id)
    due = due_check_in(session, company_id)
    if due is None or not due.open or str(due.due_on) != due_on:
        raise WrongStateError("check_in", "none_due")
    return due


def send(
    session: Session,
    actor: Actor,
    company_id: int,
    entered: Entered,
    seen: tuple[str, int],
    hotlines: Hotlines = NO_HOTLINES,
) -> CheckIn:
    """An owner or signatory sends it, which mends the ways to report that work no longer; the same words sent again
    find it sent. Raises as `save` does, and InvalidError for what is missing.
    """
    actor.require_company(company_id, MAY_SIGN)
    hold_company(session, company_id)
    sent = sent_for(session, company_id, seen[0])
    if sent is not None and says(sent, entered):
        return sent
    found = save(session, actor, company_id, entered, seen)
    _require_whole(session, found.award, entered, hotlines)
    take(session, actor, found.award.company, entered.channels)
    found.content = canonical(_content(found, actor))
    found.digest = hashlib.sha256(found.content.encode()).hexdigest()
    found.sent_by, found.sent_at = actor.user_id, clock.now()
    session.flush()
    refresh_entry(session, company_id)  # the company's public page tells of one that is late, the log of one that came
    about = {"check_in": found.id, "due_on": str(found.due_on), "digest": found.digest}
    record(session, clock.now(), actor, "officer:award:checked_in", "award", found.award_id, **about)
    return found


def says(found: CheckIn, entered: Entered) -> bool:
    """Whether it holds just these words."""
    figures = {name: content_of(reply) for name, reply in entered.figures.items()}
    ticked = (found.contacts_right, found.all_declared) == (entered.contacts_right, entered.all_declared)
    ticked = ticked and found.channels == [one.content for one in entered.channels]
    return ticked and found.figures == figures and found.changed == entered.changed.strip()


def sent_for(session: Session, company_id: int, due_on: str) -> CheckIn | None:
    """What the company sent for the check-in of this day."""
    for award in awards_of(session, company_id):
        for due in check_ins_due(session, award):
            if due.found is not None and due.found.sent_at is not None and str(due.due_on) == due_on:
                return due.found
    return None


def _require_whole(session: Session, award: Award, entered: Entered, hotlines: Hotlines) -> None:
    questions = figures_asked(session, award)
    given = {question.id for question in questions if entered.figures.get(question.id, Reply()).value is not None}
    refusals = [*_too_large(session, award, entered, {question.id for question in questions})]
    refusals += lacking(questions, given, contacts_right=entered.contacts_right, all_declared=entered.all_declared)
    refusals += problems(ways_to_try(session, award.company), entered.channels, hotlines)
    raise_together(refusals)


def lacking(
    questions: Sequence[Question], given: Container[str], *, contacts_right: bool, all_declared: bool
) -> Iterator[InvalidError]:
    """All that is missing before it can be sent, each beside its field. `given` are the figures that hold something."""
    for question in questions:
        if question.id not in given:
            yield InvalidError(question.id, "Enter the figure; 0 is an answer too.")
    if not contacts_right:
        yield InvalidError("contacts_right", "Confirm that these people still act for the company, or change them.")
    if not all_declared:
        yield InvalidError("all_declared", "Confirm that all important changes are declared, or declare them first.")


def _too_large(session: Session, award: Award, entered: Entered, asked: set[str]) -> Iterator[InvalidError]:
    edition = catalogue.edition(award.edition)
    snapshot = snapshot_of(session, session.get_one(Assessment, award.assessment_id))
    seen = view(edition, snapshot.facts, {**snapshot.replies, **entered.figures})
    for issue in inconsistent(edition, seen):
        if issue.severity == "error" and issue.question in asked:
            yield InvalidError(str(issue.question), "This figure cannot be larger than the one it is part of.")


def _content(found: CheckIn, actor: Actor) -> dict[str, Any]:
    return {
        "award": found.award.number,
        "edition": found.award.edition,
        "due_on": str(found.due_on),
        "figures": found.figures,
        "contacts_right": found.contacts_right,
        "all_declared": found.all_declared,
        "changed": found.changed,
        "channels": found.channels,
        "sent_by": actor.user_id,
        "sent_at": clock.now().isoformat(timespec="seconds"),
    }


def own_check_in(session: Session, actor: Actor, check_in_id: int) -> CheckIn:
    """A check-in that the actor's own company sent. Raises NotFoundError for strangers."""
    found = session.get(CheckIn, check_in_id)
    if found is None or found.sent_at is None:
        raise NotFoundError
    actor.require_company(found.award.company_id)
    return found
