"""The days that matter to a company, read from what is stored: for its home page and for calendars."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from compliance.actions.checking_in import Due, due_under, rules
from compliance.actions.contested import Contested, contestable
from compliance.actions.hearing import to_answer
from compliance.actions.improving import reached
from compliance.actions.renewing import renewal_opens
from compliance.actions.ways_due import due_on, last_tried
from compliance.domain.lifecycle import FINAL, State
from compliance.domain.standing import HELD, IN_FORCE
from compliance.store.appeals import open_appeals
from compliance.store.assessments import Assessment, assessments_of
from compliance.store.awards import Award, awards_of, counting_award, following
from compliance.store.concerns import asked_concerns
from compliance.store.edition_succession import succession
from compliance.store.evidence_files import evidence_for
from compliance.store.plans import plan_of
from compliance.store.register import RegisterEntry
from compliance.store.reviews import open_clarification
from compliance.store.spot_checks import checks_of


class Kind(StrEnum):
    """What a day is about."""

    REPLY = "reply"
    LAPSE = "lapse"
    REVIEW = "review"
    EDITION = "edition"
    PLAN = "plan"
    EVIDENCE = "evidence"
    CHECK_IN = "check_in"
    WAYS = "ways"
    RENEWAL = "renewal"
    BEGIN = "begin"
    END = "end"
    GRACE = "grace"
    HEARING = "hearing"
    CONCERN = "concern"
    SPOT_CHECK = "spot_check"
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal_decision"


OWED = frozenset({Kind.REPLY, Kind.PLAN, Kind.CHECK_IN, Kind.WAYS})
"""What the company itself has to do: late once the day has passed, a check-in or its ways when its edition says so."""
STAYS = OWED | {Kind.LAPSE}
"""What is told also after its day: a reply can still be given until the worker lets it lapse."""


@dataclass(frozen=True)
class Entry:
    """One day. `subject` is the assessment's, award's or step's own name: with `kind` it names the entry for good.

    Of a step of the plan: `question` (none for the company's own), what the company wrote, and whom it named. Of a
    document that is valid until its day: its name, as a note. Of an appeal: the award acted on, or the appeal itself.
    `about_id`: of what the Ministry asks besides, the proposal, concern or spot check.
    `late_from` is the first day on which it counts as late, where that is not the day after.
    """

    kind: Kind
    day: date
    subject: str
    assessment_id: int | None = None
    level: str = ""
    edition: str = ""
    question: str = ""
    note: str = ""
    who: str = ""
    late_from: date | None = None
    award_id: int | None = None
    appeal_id: int | None = None
    about_id: int | None = None

    def late(self, today: date) -> bool:
        passed = today >= self.late_from if self.late_from else today > self.day
        return self.kind in OWED and passed


@dataclass(frozen=True)
class Records:
    """What is read of a company before its days are worked out. Assessments and awards: the newest first."""

    company_id: int
    today: date
    assessments: list[Assessment]
    awards: list[Award]
    check_in: Due | None
    contestable: list[Contested]

    @property
    def open(self) -> Assessment | None:
        return next((one for one in self.assessments if one.state not in FINAL), None)


def records_of(session: Session, company_id: int, today: date) -> Records:
    """A company on a day, each thing once."""
    awards = awards_of(session, company_id)
    due = due_under(session, counting_award(awards, today))
    return Records(
        company_id, today, assessments_of(session, company_id), awards, due, contestable(session, company_id)
    )


def agenda(session: Session, records: Records) -> list[Entry]:
    """Every day to come, and what is late, the earliest first."""
    newest = next(iter(records.assessments), None)
    days = [*_assessment(session, records.open), *_awards(records.awards, records.today), *_check_in(records.check_in)]
    if newest is not None and newest.state is not State.WITHDRAWN:
        days += [*_plan(session, newest), *_evidence(session, newest)]
    days += [*_ways(session, records), *_appeals(session, records), *_asked(session, records)]
    kept = (one for one in days if one.day >= records.today or one.kind in STAYS)
    return sorted(kept, key=lambda one: (one.day, list(Kind).index(one.kind), one.subject))


def _assessment(session: Session, found: Assessment | None) -> Iterator[Entry]:
    if found is None:
        return
    number = found.id
    after = succession(found.edition) if found.state is State.DRAFT else None
    if after is not None:
        yield Entry(Kind.EDITION, after.last_day, str(number), number)
    asked = open_clarification(session, number) if found.state is State.CLARIFYING else None
    if asked is not None:
        yield Entry(Kind.REPLY, asked.due_on, str(asked.id), number)
        yield Entry(Kind.LAPSE, asked.lapses_on, str(asked.id), number)
    if found.review_due_on is not None and found.state in {State.SUBMITTED, State.IN_REVIEW}:
        yield Entry(Kind.REVIEW, found.review_due_on, str(number), number)


def _plan(session: Session, newest: Assessment) -> Iterator[Entry]:
    """What is still open of the plan that the company works on: the newest assessment's, also after its decision."""
    steps = [step for step in plan_of(session, newest.id) if step.done_on is None]
    done = reached(session, newest, steps)
    for step in steps:
        if not step.question or step.question not in done:
            about = Entry(Kind.PLAN, step.due_on, str(step.id), newest.id, edition=newest.edition)
            yield replace(about, question=step.question, note=step.action, who=step.responsible)


def _evidence(session: Session, newest: Assessment) -> Iterator[Entry]:
    """The last days of documents, each once however many answers it supports."""
    used = {piece.id: piece for pieces in evidence_for(session, newest.id).values() for piece in pieces}
    for piece in used.values():
        if piece.valid_until is not None and piece.quarantined_at is None:
            yield Entry(Kind.EVIDENCE, piece.valid_until, str(piece.id), newest.id, note=piece.name)


def _check_in(due: Due | None) -> Iterator[Entry]:
    if due is not None:
        yield replace(_about(Kind.CHECK_IN, due.due_on, due.award), late_from=due.late_from)


def _ways(session: Session, records: Records) -> Iterator[Entry]:
    """When its ways to report should be tried again; none while a check-in can be sent in time, which asks the same."""
    held, due = counting_award(records.awards, records.today), records.check_in
    if held is None or held.standing(records.today) not in IN_FORCE or (due and due.open and not due.passed):
        return
    shown = session.get(RegisterEntry, held.id)
    tried = last_tried(shown) if shown else None
    if tried is not None:
        figures = rules(held.edition)
        late_from = figures.unchecked_from(tried)
        yield Entry(Kind.WAYS, due_on(tried, figures), str(records.company_id), late_from=late_from)


def _appeals(session: Session, records: Records) -> Iterator[Entry]:
    """Until when the company may appeal, and until when its appeals are to be decided."""
    for one in records.contestable:
        yield Entry(Kind.APPEAL, one.until, one.subject, one.assessment_id, award_id=one.award_id)
    for appeal in open_appeals(session, records.company_id):
        if appeal.decide_by is not None:
            yield Entry(
                Kind.APPEAL_DECISION, appeal.decide_by, str(appeal.id), appeal.assessment_id, appeal_id=appeal.id
            )


def _asked(session: Session, records: Records) -> Iterator[Entry]:
    """What the Ministry asks the company besides: before an act on its award, about a concern, in a spot check."""
    for heard in to_answer(session, records.company_id):
        number = heard.proposal.id
        yield Entry(Kind.HEARING, heard.hearing.until, str(number), about_id=number)
    for concern in asked_concerns(session, records.company_id):
        if concern.open and concern.replied_at is None and concern.reply_by is not None:
            yield Entry(Kind.CONCERN, concern.reply_by, str(concern.id), about_id=concern.id)
    for check in checks_of(session, records.company_id):
        if check.told_at is not None and check.answer_due_on is not None and (check.mend_by or not check.reply):
            yield Entry(Kind.SPOT_CHECK, check.answer_due_on, str(check.id), about_id=check.id)


def _awards(awards: list[Award], today: date) -> Iterator[Entry]:
    """The award that counts, a suspended one too: its end; when the next begins, else renewal and grace."""
    held = counting_award(awards, today)
    if held is None or held.standing(today) not in HELD:
        return
    follows = following(awards, held, today)
    if follows is not None:
        yield _about(Kind.BEGIN, follows.starts, follows)
    else:
        if held.standing(today) in IN_FORCE:
            yield _about(Kind.RENEWAL, renewal_opens(held), held)
        yield _about(Kind.GRACE, held.term.grace_ends, held)
    yield _about(Kind.END, held.ends, held)


def _about(kind: Kind, day: date, award: Award) -> Entry:
    return Entry(kind, day, award.code, level=award.level, edition=award.edition)
