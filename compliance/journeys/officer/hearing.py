"""What the Ministry is about to do with an award, and the company's statement about it."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SubmitField, TextAreaField

from compliance.actions import hearing as hearings
from compliance.actions.hearing import LONGEST_STATEMENT
from compliance.domain.errors import WrongStateError
from compliance.domain.roles import MAY_SIGN
from compliance.domain.standing import AwardAct
from compliance.journeys.forms import PortalForm, readable, required
from compliance.journeys.gate import current_actor
from compliance.journeys.ground_words import ground_name
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import officer
from compliance.store.base import db, transaction
from compliance.store.people import names_of


class StatementForm(PortalForm):
    """What the company says, once."""

    statement = TextAreaField(
        _l("Your company's statement"),
        required(_l("Write your company's statement."), LONGEST_STATEMENT),
        [readable],
        description=_l("What is right, what is not, and what you have done. Whoever decides reads it before deciding."),
        render_kw={"rows": 8, "limit": LONGEST_STATEMENT},
    )
    submit = SubmitField(_l("Send the statement"))


@officer.route("/hearings/<id:proposal_id>", methods=["GET", "POST"])
def hearing(proposal_id: int) -> str | tuple[str, int] | Response:
    """What is proposed and why, until when the company can state, or what it stated."""
    session, actor, form = db.session(), current_actor(), StatementForm()
    found = hearings.own_hearing(session, actor, proposal_id)
    may_sign = actor.companies.get(found.proposal.award.company_id) in MAY_SIGN
    if form.is_submitted():
        actor.require_company(found.proposal.award.company_id, MAY_SIGN)
    late = False
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                hearings.state(writing, current_actor(), proposal_id, form.statement.data or "")
        except WrongStateError:
            late, found = True, hearings.own_hearing(db.session(), actor, proposal_id)
        else:
            flash(_("Your statement is sent. Whoever decides reads it first."), "success")
            return redirect(url_for("officer.hearing", proposal_id=proposal_id))
    by = found.hearing.stated_by
    page = render_template(
        "officer/hearing.html",
        found=found,
        form=form,
        may_sign=may_sign,
        unsent=form.statement.data if late else "",
        title=titles()[found.proposal.act],
        ground=ground_name(found.proposal.ground),
        by=names_of(session, {by}).get(by, "") if by else "",
    )
    return page, 409 if late else 422 if form.is_submitted() else 200


def titles() -> dict[AwardAct, str]:
    """What is proposed, as the company reads it."""
    return {
        AwardAct.SUSPENDED: _("Before your award is suspended"),
        AwardAct.REVOKED: _("Before your award is revoked"),
    }
