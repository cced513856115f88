"""Check-ins of awarded companies, for reviewers: what is due or late, and what was sent."""

from flask import render_template
from sqlalchemy.orm import Session

from compliance.actions.check_ins_due import open_check_ins
from compliance.actions.ties import ties_to
from compliance.clock import today
from compliance.journeys.gate import current_actor
from compliance.journeys.officer.check_in import figure_words
from compliance.journeys.officer.ways_form import said_text
from compliance.journeys.reviewer.blueprint import reviewer
from compliance.store.base import db
from compliance.store.check_ins import CheckIn, sent_since

SHOWN_DAYS = 365


@reviewer.get("/check-ins")
def check_ins() -> str:
    """The latest first among those that are due; then what was sent in the last year, with its figures."""
    session = db.session()
    due, sent = open_check_ins(session), sent_since(session, SHOWN_DAYS)
    companies = [*(one.award.company_id for one in due), *(one.award.company_id for one in sent)]
    ties = ties_to(session, current_actor(), companies)
    return render_template(
        "reviewer/check_ins.html",
        due=due,
        sent=[(one, _said(session, one) if one.award.company_id not in ties else []) for one in sent],
        ties=ties,
        on=today(),
    )


def _said(session: Session, found: CheckIn) -> list[tuple[str, str]]:
    """The figures, then what was said of each way to report."""
    return [*figure_words(session, found), *(said_text(one) for one in found.channels)]
