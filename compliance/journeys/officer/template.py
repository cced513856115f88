"""Documents to adapt, with the company's name filled in."""

from typing import Any

from flask import make_response
from werkzeug.wrappers import Response

from compliance import clock
from compliance.bounded.runner import ask
from compliance.domain.errors import NotFoundError
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import speaking
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.store.assessments import assessment_of
from compliance.store.base import abandon, db
from compliance.store.companies import Company
from questionnaires import LANGS, Lang, Template, catalogue

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@officer.get(f"{ASSESSMENT}/template/<template_id>.<language>.docx")
def template(assessment_id: int, template_id: str, language: str) -> Response:
    assessment = assessment_of(db.session(), current_actor(), assessment_id)
    offered = {found.id: found for found in catalogue.edition(assessment.edition).templates}
    lang = next((one for one in LANGS if one == language), None)
    if template_id not in offered or lang is None:
        raise NotFoundError
    told = document_request(offered[template_id], lang, assessment.company)
    abandon()  # drawing takes its time: nothing is held meanwhile
    response = make_response(written(told))
    response.headers["Content-Type"] = DOCX
    response.headers["Content-Disposition"] = f'attachment; filename="{template_id}.{lang}.docx"'
    return response


def document_request(template: Template, lang: Lang, company: Company) -> dict[str, Any]:
    """All that the Word file shows, in one language."""
    name = company.name_km if lang == "km" else company.name_latin
    with speaking(lang):
        note = _("To be adapted: change what does not fit, and write what stands in [brackets]. Then delete this line.")
    told = {"title": template.title[lang], "note": note, "lang": lang, "company": name}
    return {**told, "made_at": clock.now().isoformat(timespec="seconds"), "parts": template.worded(lang, name)}


def written(request: dict[str, Any]) -> bytes:
    """The Word file."""
    _said, body = ask("compliance.bounded.template_document", request)
    return body
