"""The company takes home everything it entered."""

from flask import make_response
from werkzeug.wrappers import Response

from compliance.actions.exporting import archive
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.officer.blueprint import officer
from compliance.store.base import db
from compliance.store.files import file_store


@officer.get("/<id:company_id>/everything.zip")
def export(company_id: int) -> Response:
    slug, packed = archive(db.session(), current_actor(), company_id, file_store(settings()))
    response = make_response(packed)
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.zip"'
    return response
