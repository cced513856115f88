"""An edition is published, or called back before its day: one administrator proposes, another confirms."""

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from compliance.actions import edition_publishing as publishing
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.edition_page import forms_of, found_draft, page, seen_in
from compliance.journeys.forms import refusal_text
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.store.base import db, transaction
from compliance.store.published_editions import EditionProposal, published_from


@admin.post("/editions/drafts/<id:draft_id>/propose")
def propose_edition(draft_id: int) -> tuple[str, int] | Response:
    """A second administrator is asked to publish it."""
    forms = forms_of(found_draft(draft_id))
    form = forms.publish
    if form.validate():
        try:
            with transaction() as session:
                wish = publishing.Wish(form.begins.data, form.grace_days.data, form.reason.data or "")
                publishing.propose(session, current_actor(), draft_id, wish, seen_in(form))
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Proposed. The edition is published when another administrator confirms it."), "success")
            return redirect(url_for("admin.edition_draft", draft_id=draft_id))
    return page(db.session(), found_draft(draft_id), forms), 422


@admin.post("/editions/drafts/<id:draft_id>/call-back")
def call_back_edition(draft_id: int) -> tuple[str, int] | Response:
    """A second administrator is asked to call it back before its day."""
    forms, row = forms_of(found_draft(draft_id)), published_from(db.session(), draft_id)
    form = forms.call_back
    if row is None:
        raise NotFoundError
    number = row.id
    if form.validate():
        try:
            with transaction() as session:
                publishing.propose_call_back(session, current_actor(), number, form.reason.data or "")
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Proposed. The edition is called back when another administrator confirms it."), "success")
            return redirect(url_for("admin.edition_draft", draft_id=draft_id))
    return page(db.session(), found_draft(draft_id), forms), 422


DONE: dict[str, Any] = {
    "publish": _l("Confirmed. The edition is published; new assessments take it from its day on."),
    "call_back": _l("Confirmed. The edition is called back and is a draft again."),
}


@admin.post("/editions/proposals/<id:edition_proposal_id>/confirm")
def confirm_edition(edition_proposal_id: int) -> Response:
    """The second administrator makes it so."""
    draft_id = _draft_of(edition_proposal_id)
    try:
        with transaction() as session:
            made = publishing.confirm(session, current_actor(), edition_proposal_id)
            act = made.act.value
    except InvalidError as error:
        flash(refusal_text(error), "error")
    else:
        flash(DONE[act], "success")
    return redirect(url_for("admin.edition_draft", draft_id=draft_id))


@admin.post("/editions/proposals/<id:edition_proposal_id>/withdraw")
def withdraw_edition(edition_proposal_id: int) -> Response:
    """Whoever proposed takes it back."""
    draft_id = _draft_of(edition_proposal_id)
    with transaction() as session:
        publishing.withdraw(session, current_actor(), edition_proposal_id)
    flash(_("The proposal is withdrawn."), "success")
    return redirect(url_for("admin.edition_draft", draft_id=draft_id))


def _draft_of(proposal_id: int) -> int:
    found = db.session.get(EditionProposal, proposal_id)
    if found is None:
        raise NotFoundError
    return found.draft_id
