"""Awards in force: suspended, reinstated and revoked by two people."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions import awarding
from compliance.domain.errors import NotFoundError, WrongStateError
from compliance.domain.standing import AwardAct
from compliance.journeys.approver.blueprint import approver
from compliance.journeys.approver.forms import ActForm, ConfirmForm
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.store.awards import Award, all_awards, open_proposals
from compliance.store.base import db, transaction


@approver.get("/awards")
def awards() -> str:
    session = db.session()
    proposals = open_proposals(session)
    rows = [{"award": award, "standing": award.standing(clock.today())} for award in all_awards(session)]
    return render_template("approver/awards.html", awards=rows, proposals=proposals, form=ConfirmForm())


@approver.route("/awards/<id:award_id>", methods=["GET", "POST"])
def award(award_id: int) -> str | Response:
    session = db.session()
    award = session.get(Award, award_id)
    if award is None:
        raise NotFoundError
    form = ActForm()
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                awarding.propose(writing, current_actor(), award_id, AwardAct(form.act.data), form.reason.data or "")
        except WrongStateError:
            form.act.errors = [*form.act.errors, _("This is not possible for the award as it stands.")]
        else:
            flash(_("Proposed. A second person has to confirm it."), "success")
            return redirect(url_for("approver.awards"))
    return render_template("approver/award.html", form=form, award=award, standing=award.standing(clock.today()))


@approver.post("/awards/proposals/<id:proposal_id>/confirm")
def confirm(proposal_id: int) -> Response:
    """Makes it real; a second click finds it done."""
    with transaction() as session:
        awarding.confirm(session, current_actor(), proposal_id)
    flash(_("Done. The register shows it from now on."), "success")
    return redirect(url_for("approver.awards"))
