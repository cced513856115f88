"""The offline form of one assessment: which questions, in which words, with today's answers."""

from collections.abc import Iterator
from typing import Any

from compliance import clock
from compliance.bounded.form_layout import LAYOUT, OPTION, TICK
from compliance.bounded.runner import ask
from compliance.journeys.language import gettext as _
from compliance.journeys.language import show_date, speaking
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.form_cells import choices, shown, ticked
from compliance.journeys.officer.form_misplaced import open_parts
from compliance.store.answers import AnswerRow
from questionnaires import Lang, Question
from questionnaires.facts import may_use_lighter_evidence
from questionnaires.foreseeing import could_be_asked, depends
from questionnaires.messages import LABELS

MARKS = "tick"


def offered(desk: Desk) -> tuple[Question, ...]:
    """What may still be asked of this company, and what it has answered; in a clarification only what is reopened."""
    if desk.reopened:
        return tuple(question for question in desk.edition.questions if question.id in desk.reopened)
    known = {*could_be_asked(desk.edition, desk.facts), *(desk.edition.question(name) for name in desk.rows)}
    return tuple(question for question in desk.edition.questions if question in known)


def form_request(desk: Desk, lang: Lang) -> dict[str, Any]:
    """All that the workbook shows, in one language."""
    with speaking(lang):
        return _request(desk, lang)


def workbook(request: dict[str, Any]) -> bytes:
    """The Excel file; drawing it takes a second."""
    _said, made = ask("compliance.bounded.form_workbook", request)
    return made


def _request(desk: Desk, lang: Lang) -> dict[str, Any]:
    name = desk.company.name_km if lang == "km" else desk.company.name_latin
    questions = offered(desk)
    lists = {question.id: choices(question, lang) for question in questions}
    return {
        "lang": lang,
        "stamp": [LAYOUT, str(desk.assessment.id), desk.edition.id],
        "company": name,
        "title": _("Answers of %(company)s", company=name),
        "warning": f"{_('Never write data about a child here.')} {_('No names, no pictures, no details of a case.')}",
        "sheets": [_("Answers"), _("How to fill in")],
        "heads": _heads(lang),
        "notes": _notes(desk, lang),
        "lists": {MARKS: [TICK], **{name: words for name, words in lists.items() if words}},
        "rows": list(_rows(desk, questions, lang)),
    }


def _heads(lang: Lang) -> dict[str, str]:
    return {
        "number": _("No."),
        "question": _("Question"),
        "answer": _("Your answer"),
        "not_applicable": _("Does not apply"),
        "reason": LABELS["justification"][lang],
        "comment": LABELS["comment"][lang],
        "guidance": _("Why it is asked, and how to answer"),
    }


def _notes(desk: Desk, lang: Lang) -> list[str]:
    today = show_date(clock.today())
    return [
        desk.edition.marker[lang],
        _("This form holds the answers as they were on %(day)s.", day=today),
        _("Write in the white cells only. Choose from the list where a cell offers one; mark what fits with %(tick)s.",
          tick=TICK),
        _("Where several answers fit, mark each in the row of its own below the question."),
        _("Dates: day/month/year, for example 27/3/2026. Khmer and Latin digits both count."),
        _("Write words and numbers, no formulas: a cell with a formula is refused."),
        _("Leave a row as it is when nothing in it changes. Files are given in the portal, not here."),
        _("Then upload the form in the portal. You see what would change before anything is saved, also where a "
          "colleague changed the same answer meanwhile: you choose, nothing is overwritten in silence."),
        _("The portal reads the answers and does not keep the file."),
    ]  # fmt: skip


def _rows(desk: Desk, questions: tuple[Question, ...], lang: Lang) -> Iterator[dict[str, Any]]:
    lighter = may_use_lighter_evidence(desk.edition, desk.facts)
    number = 0
    for section in desk.edition.sections:
        here = [question for question in questions if question.section == section.id]
        if here:
            yield {"section": section.title[lang]}
        for question in here:
            number += 1
            row = desk.rows.get(question.id, AnswerRow(question.id))
            yield {**_question(desk, question, row, lang, lighter=lighter), "number": str(number)}
            if question.kind == "multiple_choice":
                yield from _options(question, row, lang)


def _question(desk: Desk, question: Question, row: AnswerRow, lang: Lang, *, lighter: bool) -> dict[str, Any]:
    lists = {"answer": question.id} if choices(question, lang) else {}
    return {
        "id": question.id,
        "version": str(row.version),
        "question": question.text[lang],
        "answer": shown(question, row.value, lang),
        "not_applicable": TICK if row.not_applicable else "",
        "reason": row.na_reason,
        "comment": row.comment,
        "guidance": "\n".join(_guidance(desk, question, lang, lighter=lighter)),
        "open": open_parts(question),
        "lists": {**lists, **({"not_applicable": MARKS} if question.not_applicable else {})},
        "figure": question.kind == "number",
        "bold": True,
    }


def _options(question: Question, row: AnswerRow, lang: Lang) -> Iterator[dict[str, Any]]:
    for option in question.options:
        yield {
            "id": f"{question.id}{OPTION}{option.value}",
            "question": f"    {option.label[lang]}",
            "answer": ticked(option.value, row.value),
            "open": ["answer"],
            "lists": {"answer": MARKS},
        }


def _guidance(desk: Desk, question: Question, lang: Lang, *, lighter: bool) -> Iterator[str]:
    if question.id in desk.reopened:
        yield _("The reviewer asks: %(words)s", words=desk.reopened[question.id])
    if question.essential:
        yield _("Essential: without it there is no award")
    if question.asked_if is not None and depends(question, desk.facts):
        yield f"{_('Asked if:')} {question.asked_if[lang]}"
    yield from _how(desk, question, lang)
    yield question.help[lang]
    if question.example:
        yield f"{_('What good looks like:')} {question.example[lang]}"
    if question.not_applicable:
        yield f"{_('Does not apply:')} {question.not_applicable.when[lang]}"
    if question.evidence.what:
        yield f"{_('Evidence:')} {question.evidence.what[lang]}"
    if lighter and question.evidence.small_business_alternative:
        yield f"{_('For a small business this is enough:')} {question.evidence.small_business_alternative[lang]}"


def _how(desk: Desk, question: Question, lang: Lang) -> Iterator[str]:
    """How the answer's cell is filled in."""
    if question.kind == "multiple_choice":
        yield _("Mark each that fits with %(tick)s in the rows below.", tick=TICK)
    elif question.kind == "file":
        yield _("Give the file in the portal, on the page of this question.")
    elif question.kind == "date":
        yield _("Day/month/year, for example 27/3/2026.")
    elif question.number is not None:
        yield _("A number: %(unit)s.", unit=desk.edition.texts.units[question.number.unit][lang])
