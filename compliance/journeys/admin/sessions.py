"""Who is signed in: on the Ministry's side, or anybody who is looked for; one browser or all of a person are ended."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField
from wtforms.validators import Length

from compliance import clock
from compliance.actions import accounts
from compliance.domain.errors import NotFoundError
from compliance.domain.session_limits import COMPANY, limits_for
from compliance.journeys.account.sessions import current_browser
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import PortalForm
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits
from compliance.store.base import db, transaction
from compliance.store.people import Person
from compliance.store.sessions import live_browsers

MOST = 100


class EndForm(PortalForm):
    """Which browser; empty ends them all."""

    browser = HiddenField(validators=[Length(max=64)])
    q = HiddenField(validators=[Length(max=100)])


@admin.get("/sessions")
def sessions() -> str:
    session, text = db.session(), request.args.get("q", "")[:100].strip()
    now, here = clock.now(), current_browser()
    rows = [
        (row, session.get_one(Person, row.person_id), limits_for(staff=row.staff).ends_at(row.started_at, row.seen_at))
        for row in live_browsers(session, text, now - COMPANY.idle, MOST)
    ]
    return render_template(
        "admin/sessions.html",
        form=EndForm(),
        rows=[one for one in rows if one[2] > now],
        own_id=current_actor().user_id,
        here=here.token_sha256 if here else "",
        text=text,
        most=MOST,
    )


@admin.post("/sessions/<id:person_id>/end")
def end_session(person_id: int) -> Response:
    """Takes hold at the person's next page."""
    form = EndForm()
    if not form.validate_on_submit() or db.session.get(Person, person_id) is None:
        raise NotFoundError
    own = current_browser()
    with transaction() as session:
        keep = own.token_sha256 if own else None
        ended = accounts.sign_out_everywhere(
            session, current_actor(), person_id, keep=keep, only=form.browser.data or None
        )
    flash(_("Signed out in %(count)s browsers.", count=km_digits(ended)), "success")
    return redirect(url_for("admin.sessions", q=form.q.data or None))
