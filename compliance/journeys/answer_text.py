"""An answer in words, as every page shows it."""

from datetime import date
from decimal import Decimal

from compliance.journeys.language import gettext as _
from compliance.journeys.language import show_date, show_number
from questionnaires import Lang, Question, Reply
from questionnaires.answers import GIVEN, NO_CASE


def answer_text(question: Question, reply: Reply | None, lang: Lang) -> str:
    """The chosen options, the number with its unit, the date: what a reader expects to see."""
    if reply is None or (reply.value is None and not reply.not_applicable):
        return str(_("Not answered"))
    if reply.not_applicable:
        return str(_("Not applicable"))
    value = reply.value
    if question.options:
        chosen = value if isinstance(value, tuple) else (str(value),)
        return "; ".join(question.option(one).label[lang] for one in chosen)
    if isinstance(value, date):
        return show_date(value, lang)
    if isinstance(value, int | Decimal):
        return show_number(value, lang, digits=2)
    return {NO_CASE: str(_("There was no case")), GIVEN: str(_("See the file"))}.get(str(value), str(value))
