"""From questions to a WTForms class: fields, words and messages come from the edition, widgets from the caller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from wtforms import BooleanField, FileField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import Field
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from questionnaires.answers import GIVEN, Reply, check_reply, parse, typed_form
from questionnaires.errors import AnswerError
from questionnaires.messages import LABELS, message
from questionnaires.model import Question, Section
from questionnaires.text import Lang
from questionnaires.typed import date_parts, tidy, weight

NOT_APPLICABLE, JUSTIFICATION, COMMENT = "__not_applicable", "__justification", "__comment"
"""What is put behind a question's id to name the fields beside its answer."""

MAX_COMMENT: Final = 4000


class DateAnswerField(Field):  # type: ignore[misc]  # WTForms ships no types
    """A date typed into three boxes of one name: day, month, year. ``raw_data`` always holds the three texts."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        whole = date_parts(valuelist) if len(valuelist) == 1 else None
        self.raw_data = [*reversed(whole)] if whole else [*valuelist, "", "", ""][:3]

    def _value(self) -> str:
        return " ".join(self.raw_data or typed_form(self.data))


@dataclass(frozen=True)
class TakesAnswer:
    """Refuses what ``parse`` refuses, in the reader's language; nothing typed is no error in a draft."""

    question: Question
    lang: Lang
    today: date | None

    def __call__(self, form: Any, field: Any) -> None:
        if self.question.not_applicable and form[self.question.id + NOT_APPLICABLE].data:
            return
        try:
            value = parse(self.question, field.raw_data or [])
        except AnswerError as refused:
            raise StopValidation(refused.message[self.lang]) from refused
        dated = self.question.date
        if dated and not dated.future and self.today and isinstance(value, date) and value > self.today:
            raise StopValidation(message("date_in_future")[self.lang])


@dataclass(frozen=True)
class TakesJustification:
    """Wants a reason as soon as the question is said not to apply."""

    question: Question
    lang: Lang
    least: int

    def __call__(self, form: Any, field: Any) -> None:
        claimed = bool(form[self.question.id + NOT_APPLICABLE].data)
        try:
            check_reply(self.question, Reply(None, claimed, field.data or ""), least=self.least)
        except AnswerError as refused:
            raise StopValidation(refused.message[self.lang]) from refused


@dataclass(frozen=True)
class AtMost:
    """Refuses a text that is too long."""

    most: int
    lang: Lang

    def __call__(self, _form: Any, field: Any) -> None:
        if (count := weight(field.data or "")) > self.most:
            raise StopValidation(message("text_too_long", count=count, most=self.most)[self.lang])


def form_class(
    target: Section | Question | Sequence[Question],
    base: type[Any],
    lang: Lang,
    *,
    widgets: Mapping[str, Any] | None = None,
    today: date | None = None,
    justification_min_length: int = 40,
) -> type[Any]:
    """A subclass of ``base`` with the fields of these questions.

    A question gives a field named as its id, ``<id>__comment``, and where it may be not applicable
    ``<id>__not_applicable`` and ``<id>__justification``. ``widgets`` maps a question kind, "not_applicable",
    "justification" or "comment" to the widget that renders it. With ``today``, later dates are refused where the
    question refuses them. Nothing is required: what is unanswered is told before submission (``asking.outstanding``).
    """
    look = widgets or {}
    fields: dict[str, Any] = {}
    for question in questions_of(target):
        fields[question.id] = _answer_field(question, lang, look, today)
        if question.not_applicable is not None:
            fields[question.id + NOT_APPLICABLE] = BooleanField(
                LABELS["not_applicable"][lang],
                description=question.not_applicable.when[lang],
                **_widget(look, "not_applicable"),
            )
            fields[question.id + JUSTIFICATION] = TextAreaField(
                LABELS["justification"][lang],
                [TakesJustification(question, lang, justification_min_length), AtMost(MAX_COMMENT, lang)],
                description=LABELS["justification_hint"].format(least=justification_min_length)[lang],
                **_widget(look, "justification"),
            )
        fields[question.id + COMMENT] = TextAreaField(
            LABELS["comment"][lang],
            [AtMost(MAX_COMMENT, lang)],
            description=LABELS["comment_hint"][lang],
            **_widget(look, "comment"),
        )
    return type(f"{base.__name__}Of{len(fields)}", (base,), fields)


def questions_of(target: Section | Question | Sequence[Question]) -> tuple[Question, ...]:
    """The questions a form is made for."""
    if isinstance(target, Section):
        return target.questions
    return (target,) if isinstance(target, Question) else tuple(target)


def read(form: Any, questions: Iterable[Question], *, files: Mapping[str, int] | None = None) -> dict[str, Reply]:
    """What a submitted, valid form says, by question id. A file question is answered when ``files`` counts one."""
    return {question.id: _reply(form, question, files or {}) for question in questions}


def filled(questions: Iterable[Question], replies: Mapping[str, Reply]) -> dict[str, Any]:
    """The data a form starts with (``form_class(…)(data=filled(…))``)."""
    data: dict[str, Any] = {}
    for question in questions:
        reply = replies.get(question.id, Reply())
        shown = typed_form(reply.value)
        whole = question.kind == "multiple_choice"
        data[question.id] = shown if whole else reply.value if question.kind == "date" else next(iter(shown), None)
        data[question.id + NOT_APPLICABLE] = reply.not_applicable
        data[question.id + JUSTIFICATION] = reply.justification
        data[question.id + COMMENT] = reply.comment
    return data


def _reply(form: Any, question: Question, files: Mapping[str, int]) -> Reply:
    claimed = question.not_applicable is not None and bool(form[question.id + NOT_APPLICABLE].data)
    reason = form[question.id + JUSTIFICATION].data if question.not_applicable is not None else ""
    comment = tidy(form[question.id + COMMENT].data or "")
    if question.kind == "file":
        return Reply(GIVEN if files.get(question.id) else None, claimed, tidy(reason or ""), comment)
    value = None if claimed else parse(question, form[question.id].raw_data or [])
    return Reply(value, claimed, tidy(reason or ""), comment)


def _widget(widgets: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {"widget": widgets[kind]} if kind in widgets else {}


def _answer_field(question: Question, lang: Lang, widgets: Mapping[str, Any], today: date | None) -> Any:
    words = {"label": question.text[lang], "description": question.help[lang], **_widget(widgets, question.kind)}
    check = [TakesAnswer(question, lang, today)]
    choices = [SelectChoice(option.value, option.label[lang]) for option in question.options]
    if question.kind in ("single_choice", "yes_partial_no"):
        return RadioField(choices=choices, validate_choice=False, validators=check, **words)
    if question.kind == "multiple_choice":
        plain = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
        return SelectMultipleField(choices=choices, validate_choice=False, validators=check, **{**plain, **words})
    if question.kind == "file":
        return FileField(**words)
    if question.kind == "date":
        return DateAnswerField(validators=check, **words)
    if question.kind == "text":
        return TextAreaField(validators=check, **words)
    return StringField(validators=check, render_kw=_KEYBOARDS.get(_keyboard(question)), **words)


def _keyboard(question: Question) -> str:
    if question.number is not None:
        return "whole" if question.number.integer else "decimal"
    return question.kind


_KEYBOARDS: Mapping[str, dict[str, str]] = {
    "whole": {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"},
    "decimal": {"inputmode": "decimal", "autocomplete": "off", "spellcheck": "false"},
    "url": {"inputmode": "url", "autocomplete": "url", "spellcheck": "false"},
}
