"""The approvers' blueprint."""

from flask import Blueprint

from compliance.journeys.language import PREFIX

approver = Blueprint("approver", __name__, url_prefix=f"{PREFIX}/decide")
