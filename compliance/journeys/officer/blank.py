"""The blank questionnaire of a company, to print and talk over."""

from flask import render_template
from werkzeug.wrappers import Response

from compliance.bounded.runner import Sender
from compliance.clock import today
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.officer.blueprint import officer
from compliance.journeys.printing import blank_questions, questionnaire_pdf
from compliance.store.base import abandon, db
from compliance.store.companies import Company, company_of
from questionnaires import Facts, current


@officer.get("/<id:company_id>/questionnaire")
def blank(company_id: int) -> str:
    """The questions of the edition in force for such a company; those with a condition say it."""
    company = company_of(db.session(), current_actor(), company_id)
    questions, conditional = blank_questions(current(), _facts(company))
    return render_template(
        "officer/blank.html", company=company, edition=current(), questions=questions, conditional=conditional
    )


@officer.get("/<id:company_id>/questionnaire.pdf")
def blank_pdf(company_id: int) -> Response:
    """The same on paper, with the company's name."""
    company = company_of(db.session(), current_actor(), company_id)
    name = company.name_km if current_language() == "km" else company.name_latin
    facts, slug, sender = _facts(company), company.slug, Sender(f"person {current_actor().user_id}", known=True)
    abandon()  # drawing takes its time: nothing is held meanwhile
    return questionnaire_pdf(facts, sender, name, slug)


def _facts(company: Company) -> Facts:
    return Facts(
        frozenset(company.kinds), today(), workers=company.workers, places=company.places, website=bool(company.website)
    )
