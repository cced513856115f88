"""The officer's blueprint; each module beside this one adds its pages to it."""

from typing import Any

from flask import Blueprint

from compliance.journeys.language import PREFIX
from compliance.journeys.officer.appeal_list import appeals_of
from compliance.journeys.officer.concern_list import concerns_of
from compliance.journeys.officer.words import answer_words

officer = Blueprint("officer", __name__, url_prefix=f"{PREFIX}/company")

ASSESSMENT = "/assessment/<id:assessment_id>"
QUESTION = f"{ASSESSMENT}/question/<question_id>"


@officer.context_processor
def _words() -> dict[str, Any]:
    """What the templates of this journey say answers with, what a company appeals against and is asked about."""
    return {"words": answer_words, "appeals_of": appeals_of, "concerns_of": concerns_of}
