"""The panel members' blueprint."""

from flask import Blueprint

from compliance.journeys.language import PREFIX

panel = Blueprint("panel", __name__, url_prefix=f"{PREFIX}/appeals")
