"""Attesting and submitting, and withdrawing."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, StringField, SubmitField
from wtforms.validators import DataRequired

from compliance.actions import submitting
from compliance.actions.submitting import Attestation, draft_digest, left_to_do
from compliance.domain.errors import InvalidError, OutstandingError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, MAY_SIGN
from compliance.journeys import scorecard_view
from compliance.journeys.forms import PortalForm, VersionField, required, squeeze
from compliance.journeys.gate import current_actor
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.words import reader
from compliance.journeys.role_names import COMPANY_ROLES
from compliance.store.assessments import assessment_of
from compliance.store.base import db, transaction

NAME = _l("Enter the name of the person who signs.")
POSITION = _l("Enter the position of this person.")


class AttestForm(PortalForm):
    """Name, position and the declaration; what was read is sent along."""

    version = VersionField()
    seen = HiddenField()
    name = StringField(_l("Full name"), required(NAME, 120), [squeeze], render_kw={"autocomplete": "name"})
    position = StringField(
        _l("Position in the company"),
        required(POSITION, 120),
        [squeeze],
        render_kw={"autocomplete": "organization-title"},
    )
    agreed = BooleanField(
        _l("I have read the declaration and I make it in the name of the company."),
        [DataRequired(_l("Tick the box to make the declaration."))],
    )
    submit = SubmitField(_l("Submit to the Ministry"))


class WithdrawForm(PortalForm):
    """One button; the version makes a second click harmless."""

    version = VersionField()
    submit = SubmitField(_l("Withdraw the assessment"), render_kw={"class": "govuk-button--warning"})


@dataclass(frozen=True)
class Signing:
    """What is signed in short, by whom; `given` answers, the claimed result as it would be frozen."""

    form: AttestForm
    given: int
    level: str | None
    points: str
    role: object


@officer.route(f"{ASSESSMENT}/submit", methods=["GET", "POST"])
def attest(assessment_id: int) -> str | tuple[str, int] | Response:
    """The declaration and the button. Clicking it again shows the receipt."""
    session, actor = db.session(), current_actor()
    assessment = assessment_of(session, actor, assessment_id, MAY_SIGN)
    if assessment.state is not State.DRAFT:
        return redirect(url_for("officer.receipt", assessment_id=assessment_id))
    desk = open_desk(session, actor, assessment_id)
    if not request.form and left_to_do(session, desk.assessment):
        return redirect(url_for("officer.check", assessment_id=assessment_id))
    ready = signing(desk)
    if ready.form.validate_on_submit() and (done := _submitted(ready.form, assessment_id)) is not None:
        return done
    page = render_template("officer/attest.html", desk=desk, signing=ready, form=ready.form)
    return page, 422 if ready.form.is_submitted() else 200


def signing(desk: Desk) -> Signing:
    """Of a draft with nothing left to do, for who may sign it."""
    number = desk.assessment.id
    data = {
        "version": desk.assessment.version,
        "seen": draft_digest(db.session(), number),
        "name": current_user.full_name,
    }
    return Signing(
        form=AttestForm(data=data),
        given=sum(desk.answered(question.id) for question in desk.asked),
        level=desk.score.levels[scorecard_view.AWARD].reached,
        points=scorecard_view.total(desk.score, reader()),
        role=COMPANY_ROLES[desk.role],
    )


def _submitted(form: AttestForm, assessment_id: int) -> Response | None:
    """The way on after the click; None when the form has something to say first."""
    attestation = Attestation(form.name.data, form.position.data)
    try:
        with transaction() as session:
            submitting.submit(
                session, current_actor(), assessment_id, attestation, form.version.seen, form.seen.data or ""
            )
    except InvalidError as error:
        form.refuse(error)
        return None
    except OutstandingError:
        return redirect(url_for("officer.check", assessment_id=assessment_id))
    except WrongStateError as error:
        if error.state != State.SUBMITTED:
            raise
    return redirect(url_for("officer.receipt", assessment_id=assessment_id))


@officer.route(f"{ASSESSMENT}/withdraw", methods=["GET", "POST"])
def withdraw(assessment_id: int) -> str | Response:
    """Asks once, then takes the assessment back."""
    assessment = assessment_of(db.session(), current_actor(), assessment_id, MAY_EDIT)
    form = WithdrawForm(data={"version": assessment.version})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                submitting.withdraw(session, current_actor(), assessment_id, form.version.seen)
        except WrongStateError as error:
            if error.state != State.WITHDRAWN:
                raise
        return redirect(url_for("officer.assessment", assessment_id=assessment_id))
    return render_template("officer/withdraw.html", assessment=assessment, form=form)
