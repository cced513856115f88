"""Leaving a company, removing a colleague, handing the ownership over: each asks once more, and is undone for a day."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SubmitField

from compliance import clock
from compliance.actions import colleagues as acts
from compliance.actions import undoing
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError
from compliance.domain.roles import MAY_MANAGE, Actor, CompanyRole
from compliance.journeys.account.blueprint import account
from compliance.journeys.forms import PortalForm, refusal_text
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext
from compliance.journeys.role_names import COMPANY_ROLES
from compliance.store.base import db, transaction
from compliance.store.colleague_acts import ColleagueAct
from compliance.store.companies import Company, company_of
from compliance.store.people import Membership, Person, colleagues

Act = Callable[[Session, Actor], object]


class ConfirmForm(PortalForm):
    """Once more, knowing what follows."""

    submit = SubmitField(lazy_gettext("Yes"))


def colleague_of(company_id: int, membership_id: int) -> Membership:
    """Raises NotFoundError."""
    found = next((row for row in colleagues(db.session(), company_id) if row.id == membership_id), None)
    if found is None:
        raise NotFoundError
    return found


def _other(company_id: int, membership_id: int) -> tuple[Company, Membership]:
    """For an owner, of somebody else."""
    actor = current_actor()
    company = company_of(db.session(), actor, company_id, MAY_MANAGE)
    row = colleague_of(company_id, membership_id)
    if row.person_id == actor.user_id:
        raise ForbiddenError("own_role")
    return company, row


@account.route("/company/<id:company_id>/people/<id:membership_id>/remove", methods=["GET", "POST"])
def remove_colleague(company_id: int, membership_id: int) -> str | Response:
    said = _("The colleague no longer works for the company here.")
    return _asked_once_more(company_id, membership_id, acts.remove, said, "account/remove_colleague.html")


@account.route("/company/<id:company_id>/people/<id:membership_id>/hand-over", methods=["GET", "POST"])
def hand_over(company_id: int, membership_id: int) -> str | Response:
    said = _("The ownership is handed over; you are an editor now.")
    return _asked_once_more(company_id, membership_id, acts.hand_over, said, "account/hand_over.html")


def _asked_once_more(
    company_id: int, membership_id: int, act: Callable[[Session, Actor, int, int], object], said: str, page: str
) -> str | Response:
    """The page that says what follows for a colleague; done when it is confirmed."""
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            _do(lambda session, actor: act(session, actor, company_id, membership_id))
        except InvalidError as error:
            flash(refusal_text(error), "error")
        else:
            flash(said, "success")
        return redirect(url_for("account.people", company_id=company_id))
    company, row = _other(company_id, membership_id)
    return render_template(page, form=form, company=company, row=row)


@account.route("/company/<id:company_id>/leave", methods=["GET", "POST"])
def leave_company(company_id: int) -> str | Response:
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            _do(lambda session, actor: acts.leave(session, actor, company_id))
        except InvalidError as error:
            flash(refusal_text(error), "error")
            return redirect(url_for("account.people", company_id=company_id))
        flash(_("You no longer work for the company here."), "success")
        return redirect(url_for("account.home"))
    actor = current_actor()
    company = company_of(db.session(), actor, company_id)
    others = [row for row in colleagues(db.session(), company_id) if row.person_id != actor.user_id]
    owner = actor.companies[company_id] is CompanyRole.OWNER
    stays = not owner or any(row.role is CompanyRole.OWNER for row in others)
    return render_template("account/leave_company.html", form=form, company=company, stays=stays)


@account.route("/changes/<id:change_id>/undo", methods=["GET", "POST"])
def undo_change(change_id: int) -> str | Response:
    """For whoever left or handed over, and for owners: the mail of the change leads here."""
    form, session, actor = ConfirmForm(), db.session(), current_actor()
    found = undoing.change_to_undo(session, actor, change_id)
    if form.validate_on_submit():
        try:
            _do(lambda session, actor: undoing.undo(session, actor, change_id))
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("It is undone: the roles are as they were."), "success")
            return redirect(url_for("officer.company", company_id=found.company_id))
    return render_template(
        "account/undo_change.html",
        form=form,
        found=found,
        company=session.get_one(Company, found.company_id),
        by=session.get_one(Person, found.acted_by),
        role=COMPANY_ROLES[found.role_before],
        open=found.undone_at is None and clock.now() < found.undo_until,
        overtaken=undoing.contradiction(session, found),
        handed=found.act is ColleagueAct.HANDED_OVER,
        own=actor.user_id == found.membership.person_id,
    )


def _do(act: Act) -> None:
    with transaction() as session:
        act(session, current_actor())
