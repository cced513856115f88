"""Stored answers and moments in the reader's words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from compliance.actions.aims import Aim, Stored
from compliance.clock import PHNOM_PENH, today
from compliance.journeys.answer_text import answer_text
from compliance.journeys.language import current_language, km_digits, show_datetime
from compliance.journeys.language import gettext as _
from questionnaires import Lang, Question, Reply
from questionnaires.answers import load
from questionnaires.errors import AnswerError


def reader() -> Lang:
    """The language of the page."""
    return "km" if current_language() == "km" else "en"


def answer_words(question: Question, reply: Reply | None) -> str:
    """The answer in the reader's language."""
    return answer_text(question, reply, reader())


def stored_words(question: Question, content: Mapping[str, Any]) -> str:
    """A stored content (of the history, of a snapshot) in words."""
    try:
        value = None if content["value"] is None else load(question, content["value"])
    except AnswerError:
        return str(content["value"])
    return answer_words(question, Reply(value, bool(content["not_applicable"])))


def whole_answer(question: Question, content: Mapping[str, Any]) -> str:
    """All of an answer, as text."""
    parts = (stored_words(question, content), content["na_reason"], content["comment"])
    return "\n".join(part for part in parts if part) or "–"


def aim_words(question: Question, aim: Aim, lang: Lang) -> str:
    """What the answer has to become, and the evidence wanted with it."""
    if aim.figure:
        return str(_("Fill in the figure."))
    parts = [_reach(question, stored, lang) for answer, stored in aim.answers.items() if answer == question.id]
    if aim.evidence and question.evidence.what is not None:
        parts.append(str(_("Evidence: %(what)s", what=question.evidence.what[lang])))
    return " ".join(parts)


def _reach(question: Question, stored: Stored, lang: Lang) -> str:
    if question.kind == "file":
        return str(_("Give the document."))
    try:
        answer = answer_text(question, Reply(load(question, stored)), lang)
    except AnswerError:
        return str(_("Fill it in."))
    return str(_("Reach: %(answer)s.", answer=answer))


def saved_words(moment: datetime | None, *, partly: bool = False) -> str:
    """What the line beside an answer says once it is stored; nothing before. `partly`: it is not answered yet."""
    if moment is None:
        return ""
    local = moment.astimezone(PHNOM_PENH)
    if local.date() != today():
        when = show_datetime(moment)
        return str(_("Saved on %(time)s, not answered yet", time=when) if partly else _("Saved on %(time)s", time=when))
    time = km_digits(f"{local:%H:%M}")
    return str(_("Saved at %(time)s, not answered yet", time=time) if partly else _("Saved at %(time)s", time=time))


def differing_words(what: tuple[str, ...]) -> list[str]:
    """What differs between two wordings of a question, in words."""
    names: dict[str, Any] = {
        "title": _("its title"), "text": _("the question itself"), "help": _("why it is asked"),
        "options": _("the answers to choose from"), "evidence": _("the evidence asked for"),
        "not_applicable": _("when it does not apply"), "asked": _("who is asked"), "points": _("its points"),
    }  # fmt: skip
    return [str(name) for key, name in names.items() if key in what] + (
        [str(_("how it is answered"))] if set(what) - names.keys() else []
    )
