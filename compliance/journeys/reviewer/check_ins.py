"""Check-ins of awarded companies, for reviewers: what is due or late, and what was sent."""

from flask import render_template

from compliance.actions.check_ins_due import open_check_ins
from compliance.actions.ties import ties_to
from compliance.clock import today
from compliance.journeys.gate import current_actor
from compliance.journeys.officer.check_in import figure_words
from compliance.journeys.reviewer.blueprint import reviewer
from compliance.store.base import db
from compliance.store.check_ins import sent_since

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
        sent=[(one, figure_words(session, one) if one.award.company_id not in ties else []) for one in sent],
        ties=ties,
        on=today(),
    )
