"""The blueprint of those who handle concerns."""

from flask import Blueprint

from compliance.journeys.language import PREFIX

concerns = Blueprint("concerns", __name__, url_prefix=f"{PREFIX}/handled-concerns")
