"""What the pages of both sides show of an appeal that was lodged."""

from typing import Any

from compliance import clock
from compliance.journeys.appeal_words import course, kind_name, outcome_name
from compliance.journeys.working_days import days_left
from compliance.store.appeals import Appeal, act_contested, files_of_appeal, upheld_before
from compliance.store.assessments import Assessment
from compliance.store.base import db
from compliance.store.people import names_of
from compliance.store.reviews import Decision
from questionnaires import catalogue


def about(found: Appeal) -> dict[str, Any]:
    """What the pages of both sides show of an appeal."""
    session = db.session()
    made = act_contested(session, found)
    decided_at = made.decided_at if made else session.get_one(Decision, found.decision_id).decided_at
    return {
        "appeal": found,
        "company": found.company,
        "edition": catalogue.edition(found.assessment.edition),
        "kind": kind_name(found.kind),
        "outcome": outcome_name(found),
        "course": course(found, clock.day_of(decided_at)),
        "files": files_of_appeal(session, found.id),
        "days_left": days_left(found.decide_by) if found.open and found.decide_by else None,
        "lodger": names_of(session, {found.lodged_by or 0}).get(found.lodged_by or 0, ""),
    }


def upheld(assessment: Assessment) -> list[dict[str, Any]]:
    """The appeals that brought an assessment to other people, with their files: those people read them."""
    session = db.session()
    return [
        {
            "appeal": one,
            "files": files_of_appeal(session, one.id),
            "edition": catalogue.edition(one.assessment.edition),
        }
        for one in upheld_before(session, assessment)
    ]
