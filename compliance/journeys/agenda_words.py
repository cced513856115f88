"""What the days of a company are called, on its pages and in calendars, and where each leads."""

from typing import Any, NamedTuple

from flask import url_for

from compliance.actions.agenda import Entry, Kind
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from questionnaires import edition

TITLES = {
    Kind.REPLY: _l("Reply to the Ministry's questions"),
    Kind.LAPSE: _l("Last day for the reply: after it the review goes on with your answers as they are"),
    Kind.REVIEW: _l("By this day the Ministry should have finished its review"),
    Kind.EDITION: _l("Last day to submit this assessment as it is: a new edition of the Code takes its place"),
    Kind.CHECK_IN: _l("Check-in: figures, contacts and what changed"),
    Kind.WAYS: _l("Do your ways to report work?"),
    Kind.RENEWAL: _l("Renewal opens: your earlier answers are filled in"),
    Kind.BEGIN: _l("Your next award begins"),
    Kind.END: _l("Last day of the award"),
    Kind.HEARING: _l("Last day for your company's statement before the Ministry acts on its award"),
    Kind.CONCERN: _l("Last day for your company's answer to a concern"),
    Kind.SPOT_CHECK: _l("Spot check: last day to answer, or to mend what was found"),
    Kind.APPEAL: _l("Last day to appeal against the decision"),
    Kind.APPEAL_DECISION: _l("By this day the panel decides on your appeal"),
    Kind.GRACE: _l("Last day of grace: then the award has expired"),
}
PAGES = {
    Kind.APPEAL: "officer.contest",
    Kind.REPLY: "officer.clarification",
    Kind.LAPSE: "officer.clarification",
    Kind.REVIEW: "officer.assessment",
    Kind.EDITION: "officer.assessment",
    Kind.PLAN: "officer.plan",
}
ASKED = {
    Kind.HEARING: ("officer.hearing", "proposal_id"),
    Kind.CONCERN: ("officer.concern", "concern_id"),
    Kind.SPOT_CHECK: ("officer.spot_check", "check_id"),
}
HOMES = {Kind.CHECK_IN: "officer.check_in", Kind.WAYS: "officer.services", Kind.EVIDENCE: "officer.evidence"}


class Words(NamedTuple):
    """A title, a line below it (may be empty), and the address of the page."""

    title: str
    detail: str
    href: str


def words_of(entry: Entry, company_id: int) -> Words:
    """An entry in the language of the request; what the company wrote of its plan stays in its own words."""
    if entry.kind is Kind.EVIDENCE:
        title = _("Last day of a document: %(name)s", name=entry.note)
    else:
        title = _step(entry) if entry.kind is Kind.PLAN else str(TITLES[entry.kind])
    detail = _("Your plan · %(who)s", who=entry.who) if entry.kind is Kind.PLAN else ""
    if entry.appeal_id is not None:
        return Words(title, detail, url_for("officer.appeal", appeal_id=entry.appeal_id))
    if entry.kind is Kind.APPEAL and entry.award_id is not None:
        where = url_for("officer.contest_act", assessment_id=entry.assessment_id, award_id=entry.award_id)
        return Words(title, detail, where)
    if entry.kind in ASKED:
        endpoint, name = ASKED[entry.kind]
        asked: dict[str, Any] = {name: entry.about_id}
        return Words(title, detail, url_for(endpoint, **asked))
    page = PAGES.get(entry.kind)
    if page:
        return Words(title, detail, url_for(page, assessment_id=entry.assessment_id))
    return Words(title, detail, url_for(HOMES.get(entry.kind, "officer.company"), company_id=company_id))


def _step(entry: Entry) -> str:
    return edition(entry.edition).question(entry.question).title[current_language()] if entry.question else entry.note
