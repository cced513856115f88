"""Proposals about staff roles and owners: shown to everybody in charge, confirmed by another administrator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions import access as acts
from compliance.actions.ties import ties_to
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.account.invitation import link_for
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import refusal_text
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.role_names import STAFF_ROLES as ROLE_NAMES
from compliance.store.access import AccessProposal, open_access
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.people import Person, names_of
from compliance.store.ties import Tie


@dataclass(frozen=True)
class Shown:
    """A proposal as the pages show it, and what the reader may do with it."""

    proposal: AccessProposal
    name: str
    company: Company | None
    proposer: str
    until: date
    own: bool
    about_reader: bool
    tie: Tie | None


def shown(session: Session, proposals: Iterable[AccessProposal]) -> list[Shown]:
    actor, rows = current_actor(), list(proposals)
    people = {one.proposed_by for one in rows} | {one.person_id for one in rows if one.person_id is not None}
    names = names_of(session, people)
    ties = ties_to(session, actor, [one.company_id for one in rows if one.company_id is not None])
    return [
        Shown(
            proposal=one,
            name=names.get(one.person_id or 0, one.email),
            company=session.get(Company, one.company_id) if one.company_id is not None else None,
            proposer=names[one.proposed_by],
            until=clock.day_of(one.lapses_at),
            own=one.proposed_by == actor.user_id,
            about_reader=one.person_id == actor.user_id,
            tie=ties.get(one.company_id or 0),
        )
        for one in rows
    ]


def waiting(session: Session, company_id: int | None = None) -> list[Shown]:
    """What another administrator can confirm today."""
    return shown(session, open_access(session, company_id))


@admin.get("/access/<id:access_id>")
def access(access_id: int) -> str:
    """One proposal, open or closed."""
    session = db.session()
    found = session.get(AccessProposal, access_id)
    if found is None:
        raise NotFoundError
    return render_template(
        "admin/access.html",
        one=shown(session, [found])[0],
        role_names=ROLE_NAMES,
        subject=session.get(Person, found.person_id) if found.person_id is not None else None,
    )


@admin.post("/access/<id:access_id>/confirm")
def confirm_access(access_id: int) -> Response:
    """Makes it so."""
    try:
        with transaction() as session:
            acts.confirm(session, current_actor(), access_id, link_for)
    except InvalidError as error:
        flash(refusal_text(error), "error")
    else:
        flash(_("Confirmed. It holds from now on."), "success")
    return redirect(url_for("admin.access", access_id=access_id))


@admin.post("/access/<id:access_id>/withdraw")
def withdraw_access(access_id: int) -> Response:
    """Whoever proposed takes it back."""
    with transaction() as session:
        acts.withdraw(session, current_actor(), access_id)
    flash(_("The proposal is withdrawn."), "success")
    return redirect(url_for("admin.access", access_id=access_id))
