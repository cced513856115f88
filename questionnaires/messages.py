"""What an officer reads when an answer cannot be taken; the Khmer stands in the catalogue `answers`."""

from __future__ import annotations

import gettext
from decimal import Decimal
from pathlib import Path

from questionnaires.text import Text

_KHMER = gettext.translation("answers", Path(__file__).parents[1] / "translations", ["km"])


def worded(english: str) -> Text:
    """The sentence in both languages; `make translations` collects what is given here."""
    return Text(km=_KHMER.gettext(english), en=english)


MESSAGES: dict[str, Text] = {
    "unknown_option": worded("Choose one of the answers in the list."),
    "one_only": worded("Choose only one answer."),
    "too_few_options": worded("Choose at least {least}."),
    "exclusive_option": worded('"{option}" cannot be chosen together with other answers.'),
    "not_a_number": worded("Enter a number, for example 12."),
    "not_whole": worded("Enter a whole number, without decimals."),
    "number_too_small": worded("The number must be {least} or more."),
    "number_too_large": worded("The number must be {most} or less."),
    "not_a_date": worded("Enter a real date, such as 27 3 2026 (day, month, year)."),
    "date_incomplete": worded("Enter the day, the month and the year."),
    "year_out_of_range": worded("Write the year of the common era with four digits, such as 2026."),
    "date_in_future": worded("The date cannot be later than today."),
    "not_a_web_address": worded("Enter a full web address, such as https://www.example.com.kh/policy."),
    "text_too_short": worded("Write at least {least} characters."),
    "text_too_long": worded("The text is too long: it has {count} characters. Write at most {most}."),
    "wrong_form": worded("This answer could not be read. Answer again."),
    "not_applicable_refused": worded('This question always applies, so "not applicable" cannot be chosen.'),
    "justification_too_short": worded(
        "Explain in at least {least} characters why this question does not apply to the company."
    ),
    "unknown_question": worded("This row is no question of this questionnaire."),
    "unanswered": worded("This question is not answered yet."),
    "figure_missing": worded("This figure is missing. The levels {levels} need all figures."),
    "evidence_missing": worded(
        "There is no evidence for this answer yet. Without accepted evidence it earns fewer points."
    ),
    "many_not_applicable": worded(
        'Many questions of "{section}" are answered as not applicable. A reviewer will look at this again.'
    ),
}


def message(code: str, **values: Text | str | int | Decimal) -> Text:
    """The words for a code, filled."""
    return MESSAGES[code].format(**values) if values else MESSAGES[code]


LABELS: dict[str, Text] = {
    "not_applicable": worded("This question does not apply to our company"),
    "justification": worded("Why it does not apply"),
    "justification_hint": worded("At least {least} characters. A reviewer decides whether to accept it."),
    "no_case": worded("There was no case"),
    "comment": worded("Comment (optional)"),
    "comment_hint": worded("A comment earns no points. Never write personal data of children or details of a case."),
}


REASONS: dict[str, Text] = {
    "everybody": worded("Every company is asked this."),
    "kind": worded('Asked because the company is registered as "{kinds}".'),
    "answer": worded('Asked because of the answer "{answers}" to "{title}".'),
    "unconfirmed": worded('Asked until a reviewer has confirmed the answer "{answers}" to "{title}".'),
    "rule": worded("Asked because: {rule}."),
}
