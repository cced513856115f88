"""Concerns that wait, the first due on top; one concern with the company's reply; its outcome."""

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from compliance import clock
from compliance.actions import concerns as handling
from compliance.actions.concerns import LONGEST
from compliance.actions.grounds import LONGEST_PUBLIC
from compliance.actions.ties import ties_to
from compliance.domain.concerns import ConcernOutcome
from compliance.domain.errors import InvalidError, WrongStateError
from compliance.journeys.concern_words import about_name, grouped, outcome_name
from compliance.journeys.concerns.blueprint import concerns
from compliance.journeys.forms import PortalForm, readable, required
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.working_days import days_left
from compliance.store.appeal_parts import parts_in_assessment
from compliance.store.base import db, transaction
from compliance.store.concerns import Concern, closed_concerns, open_concerns
from compliance.store.files import file_store
from compliance.store.people import names_of

SHOWN_DAYS = timedelta(days=365)


class OutcomeForm(PortalForm):
    """What became of it, and why."""

    outcome = RadioField(
        _l("Outcome"),
        choices=[
            SelectChoice(ConcernOutcome.UNFOUNDED, _l("The concern does not hold")),
            SelectChoice(
                ConcernOutcome.RESOLVED, _l("It has been put right"), {"hint": _l("The company answers first.")}
            ),
            SelectChoice(
                ConcernOutcome.SPOT_CHECK,
                _l("The Ministry checks the company itself"),
                {"hint": _l("Opens a spot check of the award; your reasons stand on it.")},
            ),
            SelectChoice(
                ConcernOutcome.PROPOSAL,
                _l("Propose to suspend the award"),
                {"hint": _l("The company answers first. A second person has to confirm the proposal.")},
            ),
        ],
        validators=[InputRequired(_l("Choose the outcome."))],
    )
    reasons = TextAreaField(
        _l("Reasons"),
        required(_l("Write it in a few words."), LONGEST),
        [readable],
        description=_l("The company and whoever raised the concern read them."),
        render_kw={"limit": LONGEST},
    )
    public_reason = TextAreaField(
        _l("Reason of the proposal"),
        [Length(max=LONGEST_PUBLIC)],
        [readable],
        description=_l("Only for a proposal. The company and the public read it if it is confirmed."),
        render_kw={"limit": LONGEST_PUBLIC, "rows": 2},
    )
    submit = SubmitField(_l("Close the concern"))


@concerns.get("/")
def queue() -> str:
    """Those without an outcome, then those closed within a year."""
    session = db.session()
    waiting, closed = open_concerns(session), closed_concerns(session, clock.now() - SHOWN_DAYS)
    ties = ties_to(session, current_actor(), [one.company_id for one in (*waiting, *closed)])
    rows = sorted((_row(one, ties) for one in waiting), key=lambda row: (row["due"], row["concern"].id))
    return render_template("concerns/queue.html", rows=rows, closed=[_row(one, ties) for one in closed])


def _row(concern: Concern, ties: dict[int, Any]) -> dict[str, Any]:
    """One line: what is to be done next, and by when."""
    due, step = _next(concern)
    return {
        "concern": concern, "about": about_name(concern.about), "tie": ties.get(concern.company_id), "due": due,
        "step": step, "left": days_left(due), "outcome": outcome_name(concern),
    }  # fmt: skip


def _next(concern: Concern) -> tuple[date, str]:
    if concern.acknowledged_at is None:
        return concern.acknowledge_by, _("To be read")
    if concern.reply_by is not None and not concern.heard(clock.today()):
        return concern.reply_by, _("The company answers")
    return concern.answer_by, _("To be decided")


@concerns.route("/<id:concern_id>", methods=["GET", "POST"])
def concern(concern_id: int) -> str | tuple[str, int] | Response:
    """Its words, the company's reply, and the form for the outcome."""
    session, form = db.session(), OutcomeForm()
    found = handling.concern_for_staff(session, current_actor(), concern_id)
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                handling.close_concern(
                    writing, current_actor(), concern_id, ConcernOutcome(form.outcome.data), form.reasons.data or "",
                    form.public_reason.data or "",
                )  # fmt: skip
        except InvalidError as error:
            form.refuse(error)
        except WrongStateError as error:
            form.outcome.errors = [*form.outcome.errors, _not_now(error)]
        else:
            quiet = found.untold
            flash(
                _("The concern is closed. Its outcome is told once the company is told of the spot check.")
                if quiet
                else _("The concern is closed. Whoever raised it can read the outcome."),
                "success",
            )
            return redirect(url_for("concerns.concern", concern_id=concern_id))
    return _page(session, found, form), 422 if form.is_submitted() else 200


def _not_now(error: WrongStateError) -> str:
    if error.step == "close":
        return str(_("Somebody else closed it meanwhile."))
    return str(_("A suspension cannot be proposed now: something else is proposed, or the award does not stand."))


def _page(session: Session, found: Concern, form: OutcomeForm) -> str:
    people = {found.acknowledged_by, found.asked_by, found.closed_by, found.replied_by, found.quarantined_by} - {None}
    part = current_actor().user_id in parts_in_assessment(session, found.award.assessment_id)
    return render_template(
        "concerns/concern.html",
        concern=found,
        form=form,
        about=about_name(found.about),
        outcome=outcome_name(found),
        reference=grouped(found.reference),
        people=names_of(session, {one for one in people if one is not None}),
        took_part=part,
        standing=found.award.standing(clock.today()),
        heard=found.heard(clock.today()),
    )


@concerns.post("/<id:concern_id>/acknowledge")
def acknowledge(concern_id: int) -> Response:
    """Whoever raised it hears that a person has read it."""
    with transaction() as session:
        handling.acknowledge(session, current_actor(), concern_id)
    flash(_("Acknowledged. Whoever raised it can see so."), "success")
    return redirect(url_for("concerns.concern", concern_id=concern_id))


@concerns.post("/<id:concern_id>/ask")
def ask(concern_id: int) -> Response:
    """The company reads the concern and may answer."""
    with transaction() as session:
        handling.ask_company(session, current_actor(), concern_id)
    flash(_("The company was asked. It does not learn who raised the concern."), "success")
    return redirect(url_for("concerns.concern", concern_id=concern_id))


@concerns.post("/<id:concern_id>/lock-away")
def lock_away(concern_id: int) -> Response:
    """One click: the text is locked away as files are, and the concern is closed."""
    with transaction() as session:
        alert = settings().law_enforcement_alert
        handling.lock_away(session, current_actor(), file_store(settings()), concern_id, alert)
    flash(_("The text is locked away. Nobody can read it here; administrators are told."), "success")
    return redirect(url_for("concerns.queue"))


@concerns.post("/<id:concern_id>/lock-away-reply")
def lock_away_reply(concern_id: int) -> Response:
    """One click: the company's answer is locked away; the concern stays as it is."""
    with transaction() as session:
        alert = settings().law_enforcement_alert
        handling.lock_away_reply(session, current_actor(), file_store(settings()), concern_id, alert)
    flash(_("The answer is locked away. Nobody can read it here; administrators are told."), "success")
    return redirect(url_for("concerns.queue"))
