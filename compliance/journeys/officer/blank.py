"""The blank questionnaire of a company, to print and talk over."""

from flask import render_template

from compliance.journeys.gate import current_actor
from compliance.journeys.officer.blueprint import officer
from compliance.store.base import db
from compliance.store.companies import company_of
from questionnaires import current


@officer.get("/<id:company_id>/questionnaire")
def blank(company_id: int) -> str:
    """All questions of the edition in force; those with a condition say it."""
    company = company_of(db.session(), current_actor(), company_id)
    return render_template("officer/blank.html", company=company, edition=current())
