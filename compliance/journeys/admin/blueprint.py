"""The blueprint of the administrator's pages; the gate opens it to administrators only."""

from flask import Blueprint

from compliance.journeys.language import PREFIX

admin = Blueprint("admin", __name__, url_prefix=f"{PREFIX}/admin")
