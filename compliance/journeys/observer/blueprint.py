"""The observers' blueprint."""

from flask import Blueprint

from compliance.journeys.language import PREFIX

observer = Blueprint("observer", __name__, url_prefix=f"{PREFIX}/observer")
