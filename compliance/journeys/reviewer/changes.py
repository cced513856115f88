"""Change requests of awarded companies: listed, compared, confirmed or declined."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from compliance.actions import changing
from compliance.actions.signing_for import signatory_now
from compliance.actions.ties import require_no_tie, ties_to
from compliance.clock import today
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.change_view import lines
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.blueprint import reviewer
from compliance.journeys.reviewer.forms import ChangeForm, no_room
from compliance.store.awards import awards_of, counting_award
from compliance.store.base import db, transaction
from compliance.store.changes import ChangeRequest, open_changes
from compliance.store.companies import coverable, public_details
from compliance.store.people import names_of

PRINTED = {"name_km", "name_latin", "kinds"}
"""What every certificate prints of a company."""


@reviewer.get("/changes")
def changes() -> str:
    session = db.session()
    waiting = open_changes(session)
    ties = ties_to(session, current_actor(), [one.company_id for one in waiting])
    return render_template("reviewer/changes.html", changes=waiting, ties=ties)


@reviewer.route("/changes/<id:request_id>", methods=["GET", "POST"])
def change(request_id: int) -> str | tuple[str, int] | Response:
    """What the register says beside what it shall say, and whose name that resembles."""
    session = db.session()
    found = session.get(ChangeRequest, request_id)
    if found is None:
        raise NotFoundError
    require_no_tie(session, current_actor(), found.company_id)
    form = _form(found)
    if form.validate_on_submit() and (done := _answer(form, request_id)) is not None:
        return done
    page = render_template(
        "reviewer/change.html",
        form=form,
        change=found,
        lines=lines(found),
        printed=bool(PRINTED & found.after.keys()),
        resembling=changing.resembling(session, found),
        asker=names_of(session, {found.asked_by})[found.asked_by],
    )
    return page, 422 if form.is_submitted() else 200


def _form(found: ChangeRequest) -> ChangeForm:
    """Where brands or services change, what was covered and stays is covered, unless the reviewer says otherwise."""
    after = public_details(found.company) | found.after
    names = coverable(after["brands"], after["services"]) if {"brands", "services"} & found.after.keys() else []
    award = counting_award(awards_of(db.session(), found.company_id), today())
    form = ChangeForm(covered=[name for name in names if award and name in award.brands])
    form.covered.choices = [(name, name) for name in names]
    return form


def _answer(form: ChangeForm, request_id: int) -> Response | None:
    """None when the form has to be shown again."""
    try:
        with transaction() as session:
            if form.answer.data == "confirm":
                kept = settings()
                changing.confirm(
                    session,
                    current_actor(),
                    request_id,
                    public_url=kept.public_url,
                    signatory=signatory_now(session, kept),
                    covered=form.covered.data or (),
                )
            else:
                changing.decline(session, current_actor(), request_id, form.reason.data or "")
    except InvalidError as error:
        refusals = {
            "reason": _("Give a reason; the company will read it."),
            "covered": _("Choose among the brands and services that are shown."),
            "kinds": _("An assessment for the earlier services is with the Ministry: confirm this after its decision."),
            "registration_number": _("Another company has this registration number by now: decline the request."),
        }
        if error.message == "too_long":
            refusals["covered"] = no_room(error)
        field = {"reason": form.reason, "covered": form.covered}.get(error.field, form.answer)
        field.errors = [*field.errors, refusals[error.field]]
        return None
    flash(_("Answered. The company has been told."), "success")
    return redirect(url_for("reviewer.changes"))
