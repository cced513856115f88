"""All evidence of a company, and each file to download."""

from flask import render_template
from werkzeug.wrappers import Response

from compliance.actions.uploading import own_file
from compliance.domain.errors import NotFoundError
from compliance.journeys.evidence import as_download
from compliance.journeys.evidence_pages import page_picture, page_shown, readable
from compliance.journeys.gate import current_actor
from compliance.journeys.officer.blueprint import officer
from compliance.store.assessments import open_assessment
from compliance.store.base import db
from compliance.store.companies import company_of
from compliance.store.errors import FileStoreError
from compliance.store.evidence_files import evidence_for, files_of
from questionnaires import catalogue

PAGE = "/file/<id:file_id>/page/<id:page>"


@officer.get("/<id:company_id>/evidence")
def evidence(company_id: int) -> str:
    """Every piece with its days and what it supports in the open assessment."""
    session = db.session()
    company = company_of(session, current_actor(), company_id)
    assessment = open_assessment(session, company_id)
    supports: dict[int, list[str]] = {}
    for question, files in (evidence_for(session, assessment.id) if assessment else {}).items():
        for file in files:
            supports.setdefault(file.id, []).append(question)
    given = files_of(session, company_id)
    return render_template(
        "officer/evidence.html",
        company=company,
        files=given,
        replaced={file.replaces_id for file in given},
        supports=supports,
        assessment=assessment,
        edition=catalogue.edition(assessment.edition) if assessment else None,
    )


@officer.get("/file/<id:file_id>")
def download(file_id: int) -> Response:
    """A file of one's own company, as a download that no browser opens in our name."""
    file = readable(own_file(db.session(), current_actor(), file_id))
    try:
        return as_download(file)
    except FileStoreError as error:
        raise NotFoundError from error


@officer.get(PAGE)
def page(file_id: int, page: int) -> str:
    """One page of a file of one's own company, to read without downloading it."""
    file = readable(own_file(db.session(), current_actor(), file_id))
    return render_template("officer/page.html", company_id=file.company_id, **page_shown(file, page))


@officer.get(f"{PAGE}.webp")
def page_image(file_id: int, page: int) -> Response:
    """The picture of one page."""
    return page_picture(own_file(db.session(), current_actor(), file_id), page)
