"""Pages that need no account."""

from flask import Blueprint, render_template

from compliance.journeys.language import PREFIX

public = Blueprint("public", __name__, url_prefix=PREFIX)


@public.get("/")
def home() -> str:
    return render_template("public/home.html", champions=[], counts={}, levels=[])
