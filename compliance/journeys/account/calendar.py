"""A person's own calendar feed of a company: opened, its address made anew, closed."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from compliance.actions.calendars import close_calendar, open_calendar
from compliance.journeys.account.blueprint import account
from compliance.journeys.account.links import public_link
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.store.base import db, transaction
from compliance.store.calendar_feeds import feed_of
from compliance.store.companies import company_of


@account.route("/company/<id:company_id>/calendar", methods=["GET", "POST"])
def calendar_feed(company_id: int) -> str:
    """Whether the person's feed is open. Posting makes a new address, shown this once: the store keeps its digest."""
    if request.method == "GET":
        return _page(company_id)
    with transaction() as session:
        token = open_calendar(session, current_actor(), company_id)
    return _page(company_id, public_link("api.calendar", current_language(), token=token))


@account.post("/company/<id:company_id>/calendar/close")
def close_calendar_feed(company_id: int) -> Response:
    with transaction() as session:
        close_calendar(session, current_actor(), company_id)
    flash(_("The calendar address answers no more."), "success")
    return redirect(url_for("account.calendar_feed", company_id=company_id))


def _page(company_id: int, address: str = "") -> str:
    session = db.session()
    company = company_of(session, current_actor(), company_id)
    feed = feed_of(session, current_user.id, company_id)
    return render_template("account/calendar_feed.html", company=company, feed=feed, address=address)
