"""Decisions that wait, in the same dress as the reviewers' queue; what reviewers hold stands beside them."""

from dataclasses import replace
from datetime import timedelta

from flask import render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions.handing_over import require_may_give
from compliance.domain.errors import NotFoundError
from compliance.domain.lifecycle import State
from compliance.journeys.approver.blueprint import approver
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.reviewer.queue import give, tools
from compliance.journeys.reviewer.queue_asked import SOON, read_address
from compliance.journeys.reviewer.queue_items import INCIDENT_DAYS, Days, Item, Place, case_items
from compliance.journeys.reviewer.queue_page import counts_of, groups_of, known_of, loads_of, next_holiday
from compliance.journeys.reviewer.queue_words import choices
from compliance.journeys.reviewer.spot_checks import open_page
from compliance.journeys.reviewer.spot_handing import give_check
from compliance.store.assessments import Assessment
from compliance.store.awards import open_proposals
from compliance.store.base import db
from compliance.store.decision_letters import overdue_letters
from compliance.store.review_queue import CaseRow, case_rows, recommended_levels, replies_due, signs_seen

UNDER_EACH_OTHER: tuple[Place, ...] = ("free", "waiting")

LETTER_LATE = timedelta(hours=1)
"""The worker makes the PDF of a letter within a minute; after so long something is wrong."""


@approver.get("/")
def show_queue() -> str:
    """What waits for a decision; a case this person reviewed or is tied to is somebody else's."""
    session, actor, lang = db.session(), current_actor(), current_language()
    asked, items = read_address(request.args), _items(session, actor.user_id or 0)
    found = [item for item in items if asked.takes(item)]
    groups, pages = groups_of(found, asked, lang, UNDER_EACH_OTHER)
    return render_template(
        "approver/queue.html",
        asked=asked,
        groups=groups,
        pages=pages,
        page=min(asked.page, pages),
        counts=counts_of(found),
        known=known_of(session, actor, [item for group in groups for item in group.items]),
        loads=loads_of(session, items, None),
        proposals=len(open_proposals(session)),
        unprinted=overdue_letters(session, clock.now() - LETTER_LATE),
        soon=SOON,
        on=clock.today(),
        holiday=next_holiday(session),
        choices=choices(asked, lang),
        **tools(asked),
    )


approver.add_url_rule("/queue", "queue", show_queue)


def _items(session: Session, person_id: int) -> list[Item]:
    """The level is the recommended one where there is one."""
    days, signs = Days(), signs_seen(session, clock.now() - timedelta(days=INCIDENT_DAYS))
    due = replies_due(session)
    rows = case_rows(session, State.RECOMMENDED, State.IN_REVIEW, State.CLARIFYING)
    levels = recommended_levels(session, [row.id for row in rows if row.state is State.RECOMMENDED])
    items = case_items(session, rows, person_id, days, signs, due, _place)
    return [replace(item, level=levels[item.id]) if item.id in levels else item for item in items]


def _place(row: CaseRow, person_id: int) -> Place:
    if row.state is not State.RECOMMENDED:
        return "others"
    return "waiting" if row.reviewer_id == person_id else "free"


@approver.route("/<id:assessment_id>/hand-over", methods=["GET", "POST"])
def hand_over(assessment_id: int) -> str | tuple[str, int] | Response:
    """An approver gives what one reviewer holds to another, such as for leave."""
    found = db.session().get(Assessment, assessment_id)
    if found is None or found.state is State.DRAFT:
        raise NotFoundError
    require_may_give(db.session(), current_actor(), found)
    return give(found, "approver.queue")


@approver.route("/awards/<id:award_id>/spot-check", methods=["GET", "POST"])
def open_check(award_id: int) -> str | tuple[str, int] | Response:
    return open_page(award_id, "approver.awards")


@approver.route("/spot-checks/<id:check_id>/hand-over", methods=["GET", "POST"])
def hand_over_check(check_id: int) -> str | tuple[str, int] | Response:
    """An approver gives the check that one reviewer holds to another."""
    return give_check(check_id, url_for("approver.awards"))
