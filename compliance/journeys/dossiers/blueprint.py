"""The blueprint of those who open dossiers."""

from flask import Blueprint

from compliance.journeys.language import PREFIX

dossiers = Blueprint("dossiers", __name__, url_prefix=f"{PREFIX}/dossiers")
