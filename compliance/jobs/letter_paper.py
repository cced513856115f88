"""Makes the PDF of each letter about a decision, once; it is kept as it is, and so is what the company was told."""

import json
import logging

from flask import current_app
from sqlalchemy.orm import Session

from compliance import clock
from compliance.bounded.runner import CrashedError, TooHeavyError, ask
from compliance.settings import Settings
from compliance.store.assessments import Submission
from compliance.store.base import db, transaction
from compliance.store.decision_letters import DecisionLetter, claim_unprinted, complete, unprinted
from compliance.store.files import file_store
from compliance.store.reviews import Decision, Recommendation
from questionnaires import catalogue

log = logging.getLogger(__name__)


def print_letters(settings: Settings) -> int:
    """Makes what is owed, one after the other; what fails is tried again when its lease has ended."""
    made = 0
    while unprinted(db.session()):
        with transaction() as session:
            letter = claim_unprinted(session, clock.now())
            if letter is None:
                break
            letter_id, page = letter.id, _page(session, letter)
        try:
            _told, pdf = ask("compliance.bounded.printed_page", {"html": page, "style": "decision_letter"})
        except (TooHeavyError, CrashedError, OSError):
            log.exception("letter %d was not made", letter_id)
            continue
        sha256 = file_store(settings).put(pdf)
        with transaction() as session:
            made += complete(session, letter_id, sha256, clock.now())
    return made


def _page(session: Session, letter: DecisionLetter) -> str:
    """Khmer first, English on the next page; all of it is frozen."""
    decision = session.get_one(Decision, letter.decision_id)
    recommendation = session.get_one(Recommendation, decision.recommendation_id)
    content = json.loads(session.get_one(Submission, recommendation.submission_id).content)
    template = current_app.jinja_env.get_template("print/decision_letter.html")
    return template.render(
        letter=letter,
        company=content["company"],
        assessment=content["assessment"],
        day=decision.decided_at,
        marker=catalogue.edition(content["edition"]).marker,
    )
