"""What a company may appeal against and what it has lodged, for its home page and the page of a decision."""

from typing import Any

from flask import url_for

from compliance.actions.contested import Contested, contestable
from compliance.journeys.appeal_words import kind_name, outcome_name
from compliance.store import appeals
from compliance.store.appeals import appeal_against
from compliance.store.base import db


def appeals_of(company_id: int, assessment_id: int | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What is open to be contested, and what was lodged; of one assessment, or of all that the company has."""
    session = db.session()
    found = [one for one in contestable(session, company_id) if assessment_id in {None, one.assessment_id}]
    made = [one for one in appeals.appeals_of(session, company_id) if assessment_id in {None, one.assessment_id}]
    lodged = [{"appeal": one, "kind": kind_name(one.kind), "outcome": outcome_name(one)} for one in made]
    return [_open(one) for one in found], lodged


def _open(found: Contested) -> dict[str, Any]:
    begun = appeal_against(db.session(), found.decision_id, found.award_decision_id) is not None
    return {"until": found.until, "kind": kind_name(found.kind), "href": _address(found), "begun": begun}


def _address(found: Contested) -> str:
    if found.award_id is None:
        return url_for("officer.contest", assessment_id=found.assessment_id)
    return url_for("officer.contest_act", assessment_id=found.assessment_id, award_id=found.award_id)
