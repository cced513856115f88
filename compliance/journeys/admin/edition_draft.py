"""One draft edition: looked at, taken home, replaced by other files, rehearsed, let go."""

import io
import zipfile

from flask import flash, make_response, redirect, url_for
from werkzeug.wrappers import Response

from compliance.actions import edition_drafts as acts
from compliance.actions import rehearsals
from compliance.actions.edition_drafts import LARGEST_ZIP, edition_of
from compliance.actions.rehearsing import Draft
from compliance.bounded.runner import BusyError
from compliance.domain.errors import InvalidError, StaleError
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.edition_page import forms_of, found_draft, page, seen_in
from compliance.journeys.admin.editions import looked_into
from compliance.journeys.forms import refusal_text
from compliance.journeys.gate import current_actor
from compliance.journeys.incoming import takes_files
from compliance.journeys.language import gettext as _
from compliance.journeys.responses import error_page
from compliance.store.base import db, transaction


@admin.get("/editions/drafts/<id:draft_id>")
def edition_draft(draft_id: int) -> str:
    draft = found_draft(draft_id)
    return page(db.session(), draft, forms_of(draft))


@admin.get("/editions/drafts/<id:draft_id>.zip")
def edition_draft_zip(draft_id: int) -> Response:
    """The files as they are, to go on with elsewhere."""
    draft, packed = found_draft(draft_id), io.BytesIO()
    folder = draft.name if draft.name.isalnum() else f"draft-{draft.id}"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for place, text in draft.texts().items():
            bundle.writestr(zipfile.ZipInfo(f"{folder}/{place}"), text)
    answer = make_response(packed.getvalue())
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="edition-draft-{draft.id}.zip"'
    return answer


@admin.post("/editions/drafts/<id:draft_id>/files")
@takes_files("draft", most_bytes=lambda: LARGEST_ZIP, signed_in=True)
def replace_edition_draft(draft_id: int) -> tuple[str, int] | Response:
    """Other files in its place, while nobody else changed it."""
    draft = found_draft(draft_id)
    forms = forms_of(draft)
    seen = seen_in(forms.replace)
    if seen != draft.version:
        raise StaleError
    try:
        looked = looked_into(forms.replace)
        with transaction() as session:
            acts.change(session, current_actor(), draft_id, looked, seen)
    except InvalidError as error:
        forms.replace.refuse(error)
        return page(db.session(), found_draft(draft_id), forms), 422
    except BusyError:
        return error_page(503)
    flash(_("The files are replaced."), "success")
    return redirect(url_for("admin.edition_draft", draft_id=draft_id))


@admin.post("/editions/drafts/<id:draft_id>/rehearse")
def rehearse_edition_draft(draft_id: int) -> Response:
    """The worker tries it on every award that is held; the draft's page keeps what it found."""
    draft = found_draft(draft_id)
    edition = edition_of(draft)
    if edition is None:
        flash(_("The draft has mistakes. Mend them first."), "error")
        return redirect(url_for("admin.edition_draft", draft_id=draft_id))
    try:
        with transaction() as session:
            tried = Draft(edition.id, edition.rubric)
            run = rehearsals.request(session, current_actor(), tried, "draft", stored=found_draft(draft_id))
            number = run.id
    except InvalidError as error:
        flash(refusal_text(error), "error")
        return redirect(url_for("admin.edition_draft", draft_id=draft_id))
    return redirect(url_for("admin.rehearsal", rehearsal_id=number, follow=1))


@admin.post("/editions/drafts/<id:draft_id>/let-go")
def let_go_edition_draft(draft_id: int) -> Response:
    """It is no draft any more; the trail keeps that it was."""
    with transaction() as session:
        acts.let_go(session, current_actor(), draft_id)
    flash(_("The draft is gone from the list."), "success")
    return redirect(url_for("admin.editions"))
