"""Evidence for the ministry's eyes: served as a file to save, never opened in the page; quarantine in one click."""

from flask import Blueprint, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from compliance.actions import uploading
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import PREFIX
from compliance.journeys.language import gettext as _
from compliance.store.base import db, transaction
from compliance.store.evidence_files import EvidenceFile
from compliance.store.files import file_store

evidence = Blueprint("evidence", __name__, url_prefix=f"{PREFIX}/evidence")

SANDBOX = "sandbox; default-src 'none'"


def as_download(file: EvidenceFile) -> Response:
    """The file's bytes, to be saved and not shown; the browser may guess nothing about them."""
    response = send_file(
        file_store(settings()).open(file.sha256),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


@evidence.get("/<id:assessment_id>/<id:file_id>")
def download(assessment_id: int, file_id: int) -> Response:
    """Only for people who declared that they have no tie to the company."""
    return as_download(uploading.file_for_review(db.session(), current_actor(), assessment_id, file_id))


@evidence.post("/<id:assessment_id>/<id:file_id>/quarantine")
def quarantine(assessment_id: int, file_id: int) -> Response:
    """Locks the file away without opening it; pressing twice is the same as once."""
    with transaction() as session:
        uploading.require_seen(session, current_actor(), assessment_id, file_id)
        uploading.quarantine(
            session, current_actor(), file_store(settings()), file_id, settings().law_enforcement_alert
        )
    flash(_("The file is locked away. Nobody can open it; the named officer has been told."), "success")
    back = request.form.get("question", "")
    if back:
        return redirect(url_for("reviewer.answer", assessment_id=assessment_id, question_id=back))
    return redirect(url_for("reviewer.assessment", assessment_id=assessment_id))
