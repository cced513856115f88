"""Spot checks by lot: the draw of today, and every draw before it."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import IntegerField, SubmitField
from wtforms.validators import InputRequired

from compliance.actions import spot_drawing
from compliance.clock import today
from compliance.domain.errors import InvalidError
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import PortalForm
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.store.base import db, transaction
from compliance.store.people import names_of
from compliance.store.spot_checks import draw_on, draws


class DrawForm(PortalForm):
    """How many."""

    count = IntegerField(_l("How many awards?"), [InputRequired(_l("Enter a number."))])
    submit = SubmitField(_l("Draw now"))


@admin.route("/spot-checks", methods=["GET", "POST"])
def spot_checks() -> str | tuple[str, int] | Response:
    """One draw a day; the seed is nobody's choice."""
    session, form = db.session(), DrawForm()
    total = len(spot_drawing.awards_in_force(session, today()))
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                spot_drawing.draw(writing, current_actor(), form.count.data)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Drawn. The reviewers have been told; the draw is published."), "success")
            return redirect(url_for("admin.spot_checks"))
    if not form.is_submitted():
        form.count.data = spot_drawing.share(total)
    made = draws(session)
    page = render_template(
        "admin/spot_checks.html",
        form=form,
        total=total,
        least=spot_drawing.share(total),
        drawn_today=draw_on(session, today()) is not None,
        draws=made,
        names=names_of(session, {one.drawn_by for one in made}),
    )
    return page, 422 if form.is_submitted() else 200
