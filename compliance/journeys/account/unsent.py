"""After signing in again: what could not be sent before, and a token for what is sent now."""

from flask import flash, redirect, session, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from compliance import clock
from compliance.journeys import unsent as journey
from compliance.journeys.account.blueprint import account
from compliance.journeys.language import gettext as _
from compliance.store import unsent as store
from compliance.store.base import db


@account.get("/form-token")
def form_token() -> dict[str, object]:
    """For the program in our pages: a token of now, and whose it is."""
    return {"token": generate_csrf(), "person": current_user.id}


@account.get("/unsent", endpoint="unsent")
def unsent_page() -> str | Response:
    """Shows it to the person who wrote it, in the browser where it was written, for an hour."""
    session.pop(journey.DUE, None)
    row = store.find(db.session(), session.get(journey.KEPT, ""), current_user.id, clock.now())
    if row is None:
        flash(_("Nothing is kept to be sent."), "info")
        return redirect(url_for("account.signed_in"))
    fields = [(str(name), str(value)) for name, value in row.fields]
    return journey.page(row.path, fields, files=False, mine=True)
