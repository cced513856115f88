"""Evidence for the ministry's eyes: a file to save that no page opens, and pictures of its pages."""

from flask import Blueprint, render_template, send_file
from werkzeug.wrappers import Response

from compliance.actions import uploading
from compliance.domain.errors import NotFoundError
from compliance.journeys.evidence_pages import SANDBOX, page_picture, page_shown, readable
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import PREFIX
from compliance.store.base import db
from compliance.store.errors import FileStoreError
from compliance.store.evidence_files import EvidenceFile
from compliance.store.files import file_store

evidence = Blueprint("evidence", __name__, url_prefix=f"{PREFIX}/evidence")

PAGE = "/<id:assessment_id>/<id:file_id>/page/<id:page>"


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
    file = readable(uploading.file_for_review(db.session(), current_actor(), assessment_id, file_id))
    try:
        return as_download(file)
    except FileStoreError as error:
        raise NotFoundError from error


@evidence.get(PAGE)
def page(assessment_id: int, file_id: int, page: int) -> str:
    """One page of a file, to read without downloading it."""
    file = readable(uploading.file_for_review(db.session(), current_actor(), assessment_id, file_id))
    return render_template("evidence/page.html", assessment_id=assessment_id, **page_shown(file, page))


@evidence.get(f"{PAGE}.webp")
def page_image(assessment_id: int, file_id: int, page: int) -> Response:
    """The picture of one page."""
    return page_picture(uploading.file_for_review(db.session(), current_actor(), assessment_id, file_id), page)
