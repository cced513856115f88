"""The calendar feed: all days of one company for a calendar program that knows the secret address."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import abort
from flask.wrappers import Response
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vText

from compliance import clock
from compliance.actions.agenda import Entry, agenda, records_of
from compliance.journeys.agenda_words import words_of
from compliance.journeys.api.blueprint import api
from compliance.journeys.api.described import described
from compliance.journeys.api.fields import TEXT
from compliance.journeys.gate import settings
from compliance.journeys.language import PREFIX, current_language
from compliance.journeys.language import gettext as _
from compliance.store.base import db
from compliance.store.calendar_feeds import company_by_feed
from compliance.store.companies import Company
from questionnaires.typed import tidy

ASK_AGAIN = timedelta(hours=6)


@api.get(f"{PREFIX}/calendar/<token>.ics")
@described("The days of one company, for whoever was given the address", {"text/calendar": TEXT}, takes=None)
def calendar(token: str) -> Response:
    """Whoever has the address reads it, without a session; it names the company, its days and the pages to go to."""
    session = db.session()
    company_id = company_by_feed(session, token)
    if company_id is None:
        abort(404)
    company = session.get_one(Company, company_id)
    name = company.name_km if current_language() == "km" else company.name_latin
    feed = Calendar()
    feed.add("prodid", "-//Champion Companies//Portal//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", vText(_("Champion Companies: %(company)s", company=name)))
    feed.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", "PT6H")
    feed.add_component(_zone())
    for entry in agenda(session, records_of(session, company_id, clock.today())):
        feed.add_component(_event(entry, company_id, name))
    response = Response(feed.to_ical(), mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _zone() -> Timezone:
    """The country's zone: its days are meant, and a calendar without any component is none (RFC 5545, 3.6)."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", clock.PHNOM_PENH.key)
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  # local time, as the standard wants it here
    standard.add("tzoffsetfrom", timedelta(hours=7))
    standard.add("tzoffsetto", timedelta(hours=7))
    zone.add_component(standard)
    return zone


def _event(entry: Entry, company_id: int, company: str) -> Event:
    """A whole day: what begins on a date and names no end lasts one (RFC 5545, 3.6.1)."""
    words, event = words_of(entry, company_id), Event()
    public = settings().public_url
    late = entry.late(clock.today())
    event.add("uid", f"{entry.kind}-{entry.subject}@{urlsplit(public).hostname}")
    event.add("dtstamp", clock.now())
    event.add("dtstart", entry.day)
    event.add("summary", tidy(_("Late: %(what)s", what=words.title) if late else words.title))
    event.add("description", tidy(" · ".join(part for part in (company, words.detail) if part)))
    event.add("url", public + words.href)
    event.add("transp", "TRANSPARENT")
    return event
