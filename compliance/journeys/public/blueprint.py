"""The blueprint of pages that need no account."""

from flask import Blueprint

from compliance.journeys.language import PREFIX

public = Blueprint("public", __name__, url_prefix=PREFIX)
