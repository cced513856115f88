"""The blueprint of those who may open a sealed contact."""

from flask import Blueprint

from compliance.journeys.language import PREFIX

authorities = Blueprint("authorities", __name__, url_prefix=f"{PREFIX}/authority-contacts")
