"""The page on which a spot check is handed over to a colleague, for whoever holds it and for approvers."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from compliance.actions import spot_checking, spot_handing
from compliance.domain.errors import ForbiddenError, InvalidError, WrongStateError
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.blueprint import reviewer
from compliance.journeys.reviewer.queue import HandOverForm
from compliance.store.base import db, transaction
from compliance.store.people import names_of


@reviewer.route("/spot-checks/<id:check_id>/hand-over", methods=["GET", "POST"])
def hand_over_check(check_id: int) -> str | tuple[str, int] | Response:
    """A reviewer gives the check that they hold to a colleague."""
    check = spot_checking.check_for_review(db.session(), current_actor(), check_id)
    if check.checker_id != current_actor().user_id:
        raise ForbiddenError("not_claimed")
    return give_check(check_id, url_for("reviewer.queue"))


def give_check(check_id: int, back: str) -> str | tuple[str, int] | Response:
    """The form and its answer; the form remembers who held the check when it was opened."""
    session = db.session()
    check = spot_checking.check_for_review(session, current_actor(), check_id)
    spot_handing.require_may_give(session, current_actor(), check)
    if check.closed_at is not None or check.checker_id is None:
        raise WrongStateError("hand_over", "closed" if check.closed_at else "free")
    people, form = spot_handing.may_take(session, check), HandOverForm(version=str(check.checker_id))
    form.to.choices = [(person.id, person.full_name) for person in people]
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                spot_handing.hand_over_check(
                    writing, current_actor(), check_id, form.to.data, form.reason.data or "", form.version.seen
                )
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Handed over. The colleague has been told."), "success")
            return redirect(back)
    holder = names_of(session, {check.checker_id}).get(check.checker_id, "")
    page = render_template(
        "reviewer/hand_over.html", form=form, found=check, people=people, holder=holder, check=True, back=back
    )
    return page, 422 if form.is_submitted() else 200
