"""The administrator's first page: what waits for a second administrator, and the rooms there are."""

from flask import current_app, render_template

from compliance.journeys.admin.access import waiting
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.language import lazy_gettext
from compliance.journeys.role_names import STAFF_ROLES as ROLE_NAMES
from compliance.store.base import db

ROOMS = (
    (
        "admin.people",
        lazy_gettext("People on the Ministry's side"),
        lazy_gettext("Invite, give roles, switch off, reset a second factor."),
    ),
    (
        "admin.companies",
        lazy_gettext("Owners of companies"),
        lazy_gettext("Give a company that lost its owner another one, with proof."),
    ),
    (
        "admin.rehearsals",
        lazy_gettext("Rehearse a draft"),
        lazy_gettext("What a draft edition would change for the awards held today, before it is published."),
    ),
    (
        "admin.holidays",
        lazy_gettext("Public holidays"),
        lazy_gettext("The days of each year that working days pass over; add what the government declares."),
    ),
    (
        "quarantine.lock_away",
        lazy_gettext("Lock a file away"),
        lazy_gettext("For everybody on the Ministry's side: by its fingerprint, unopened, at once."),
    ),
    ("admin.outbox", lazy_gettext("Outbox"), lazy_gettext("What was sent, what waits, what failed.")),
    (
        "admin.sessions",
        lazy_gettext("Who is signed in"),
        lazy_gettext("See the browsers of the Ministry's side or of anybody, and sign them out."),
    ),
    ("admin.audit", lazy_gettext("Audit trail"), lazy_gettext("Who did what, when; proof that nothing was altered.")),
)


@admin.get("/")
def home() -> str:
    rooms = [room for room in ROOMS if room[0] in current_app.view_functions]
    return render_template("admin/home.html", rooms=rooms, role_names=ROLE_NAMES, proposals=waiting(db.session()))
