"""What awarded companies declare between two assessments: listed with their award, read, marked as seen."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SubmitField

from compliance.actions import declaring
from compliance.actions.ties import ties_to
from compliance.clock import today
from compliance.journeys.declaration_words import kind_names, report_names
from compliance.journeys.forms import PortalForm
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.reviewer.blueprint import reviewer
from compliance.store.base import db, transaction
from compliance.store.change_declarations import seen_declarations, unseen_declarations
from compliance.store.people import names_of
from questionnaires import current

SHOWN_DAYS = 365


class SeenForm(PortalForm):
    """One button."""

    submit = SubmitField(_l("I have read it"))


@reviewer.get("/declarations")
def change_declarations() -> str:
    """What nobody has seen yet, then what was seen in the last year, by whom."""
    session = db.session()
    unseen, seen = unseen_declarations(session), seen_declarations(session, SHOWN_DAYS)
    return render_template(
        "reviewer/change_declarations.html",
        unseen=unseen,
        seen=seen,
        ties=ties_to(session, current_actor(), [one.company_id for one in (*unseen, *seen)]),
        kinds={kind: name for kind, (name, _hint) in kind_names().items()},
        names=names_of(session, {one.seen_by for one in seen if one.seen_by is not None}),
        on=today(),
    )


@reviewer.route("/declarations/<id:declaration_id>", methods=["GET", "POST"])
def change_declaration(declaration_id: int) -> str | Response:
    """One declaration with the award it was made under; one press says that it was read."""
    session, form = db.session(), SeenForm()
    found = declaring.declaration_for_review(session, current_actor(), declaration_id)
    if form.validate_on_submit():
        with transaction() as writing:
            declaring.see(writing, current_actor(), declaration_id)
        flash(_("Marked as seen."), "success")
        return redirect(url_for("reviewer.change_declarations"))
    people = names_of(session, {one for one in (found.declared_by, found.seen_by) if one is not None})
    return render_template(
        "reviewer/change_declaration.html",
        declaration=found,
        form=form,
        kind=kind_names()[found.kind][0],
        reported=[name for one, name in report_names().items() if one in found.reported_to],
        people=people,
        late=found.days_after() > current().lifecycle.must_report_changes_days,
        on=today(),
    )
