"""Asks again for replies that are due or late, and lets those lapse that never came."""

from compliance import clock
from compliance.actions.clarifying import lapse
from compliance.actions.notifying import notify, repliers
from compliance.domain.working_days import working_days_until
from compliance.store.assessments import Assessment
from compliance.store.base import abandon, db, transaction
from compliance.store.holidays import public_holidays
from compliance.store.reviews import Clarification, open_clarifications
from compliance.store.rule_changes import rule_history

LATE = "late"


def chase_replies() -> int:
    """One round: every reminder once, the newest alone after days without a worker; returns how many lapsed."""
    today, waiting = clock.today(), open_clarifications(db.session())
    over = [number for number, asked in waiting.items() if today > asked.lapses_on]
    anything_else = len(waiting) > len(over)
    abandon()
    lapsed = 0
    for assessment_id in over:
        with transaction() as session:
            lapsed += lapse(session, assessment_id)
    if anything_else:
        _remind()
    return lapsed


def _remind() -> None:
    with transaction() as session:
        off, rules = public_holidays(session), rule_history(session)
        for number, asked in open_clarifications(session).items():
            assessment = session.get_one(Assessment, number)
            review = rules.at(assessment.edition, asked.asked_at).review
            figures = review.more_information_reminders_working_days_before
            stage = stage_of(working_days_until(clock.today(), asked.due_on, off), asked, figures)
            if stage is not None:
                kind = "clarification_late" if stage == LATE else "clarification_due"
                about = {"assessment": number, "clarification": asked.id}
                notify(session, repliers(session, assessment.company_id), kind, f"{asked.id}:{stage}", about)


def stage_of(left: int, asked: Clarification, figures: tuple[int, ...]) -> str | None:
    """The reminder that fits a reply with `left` working days to go: a figure of the edition, late, or none yet."""
    if clock.today() > asked.due_on:
        return LATE
    reached = [figure for figure in figures if left <= figure]
    return str(min(reached)) if reached else None
