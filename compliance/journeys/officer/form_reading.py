"""A form that came back: its rows become what the pages of their questions would send, with a place for each error."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from compliance.actions.importing import Filled
from compliance.actions.inspecting import sort
from compliance.bounded.form_layout import LAYOUT, OPTION
from compliance.bounded.runner import CrashedError, Sender, TooHeavyError, ask_about_foreign
from compliance.domain.errors import InvalidError
from compliance.journeys.forms import whole_number
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.answer_form import AnswerForm, typed_form_of
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.form_cells import is_yes, sent
from compliance.journeys.officer.form_misplaced import beside, misplaced
from compliance.journeys.officer.form_sheet import offered
from compliance.journeys.officer.words import reader
from questionnaires import Question
from questionnaires.forms import COMMENT, JUSTIFICATION, NOT_APPLICABLE
from questionnaires.messages import message

FIELD = "file"
MOST_BYTES = 3_000_000
TEXTS = {"reason": JUSTIFICATION, "comment": COMMENT}
"""Columns of the form, and what their fields are named with on a question's page."""
NO_CELL = ["", "text", ""]
Cells = Mapping[str, list[str]]
"""By part of a row: address, kind, text."""


@dataclass(frozen=True)
class Wrong:
    """Why a row is refused: the cell, and the reason in the reader's language."""

    place: str
    reason: str
    title: str = ""


@dataclass
class Reading:
    """What a form says. `fields`: by question, as its page would send it; `places`: the cell of each answer."""

    filled: list[Filled] = field(default_factory=list)
    fields: dict[str, MultiDict[str, str]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    missing: int = 0


def read_form(desk: Desk, data: bytes, sender: Sender) -> Reading:
    """The answers of a form of this assessment. Raises InvalidError on `file`, BusyError when too many are read."""
    return reading_of(desk, _told(data, sender))


def reading_of(desk: Desk, told: Mapping[str, Any]) -> Reading:
    """The answers in what was read of a workbook. Raises InvalidError on `file` for another assessment's form."""
    _refuse_others(desk, told["stamps"])
    reading, rows = Reading(), dict[str, dict[str, Any]]()
    for row in told["rows"]:
        if row["id"]:
            _gather(desk, reading, rows, row)
        else:
            reading.wrong += [Wrong(cell, reason) for cell, reason in beside(row)]
    there = {name.partition(OPTION)[0] for name in rows}
    for question in desk.edition.questions:
        if question.id in there:
            _take(desk, reading, question, rows)
    reading.missing = sum(question.id not in there for question in offered(desk))
    return reading


def _told(data: bytes, sender: Sender) -> dict[str, Any]:
    if not data:
        raise InvalidError(FIELD, "file_empty")
    if len(data) > MOST_BYTES:
        raise InvalidError(FIELD, "file_too_large", most=MOST_BYTES // 1_000_000)
    try:
        if sort(data) != "office":
            raise InvalidError(FIELD, "file_type")
        told, _body = ask_about_foreign("compliance.inspection.filled_form", {}, data, sender)
    except TooHeavyError as error:
        raise InvalidError(FIELD, "file_too_heavy") from error
    except CrashedError as error:
        raise InvalidError(FIELD, "file_unreadable") from error
    if "refused" in told:
        raise InvalidError(FIELD, str(told["refused"]), **told["values"])
    return told


def _refuse_others(desk: Desk, stamps: list[list[str]]) -> None:
    """The form of another assessment, edition or layout would put answers where they do not belong."""
    for stamp in stamps:
        layout, assessment, edition = (*stamp, "", "", "")[:3]
        if layout != LAYOUT:
            raise InvalidError(FIELD, "form_layout")
        if edition != desk.edition.id:
            raise InvalidError(FIELD, "form_edition")
        if assessment != str(desk.assessment.id):
            raise InvalidError(FIELD, "form_other")


def _gather(desk: Desk, reading: Reading, rows: dict[str, dict[str, Any]], row: dict[str, Any]) -> None:
    """Rows by id: a row that is there twice must say the same twice."""
    name = row["id"]
    question = next((one for one in desk.edition.questions if one.id == name.partition(OPTION)[0]), None)
    option = name.partition(OPTION)[2]
    if question is None or (option and all(one.value != option for one in question.options)):
        reading.wrong.append(Wrong(row["place"], message("unknown_question")[reader()]))
        return
    first = rows.setdefault(name, row)
    if first is not row and _texts(first) != _texts(row):
        first["twice"] = row["place"]


def _texts(row: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(part, kind, text) for part, (_address, kind, text) in row["cells"].items() if part != "version"]


def _take(desk: Desk, reading: Reading, question: Question, rows: Mapping[str, dict[str, Any]]) -> None:
    names = [question.id]
    if question.kind == "multiple_choice":
        names += [f"{question.id}{OPTION}{option.value}" for option in question.options]
    whole = [rows[name] for name in names if name in rows]
    title, place = question.title[reader()], _place(question, whole)
    if len(whole) < len(names):
        reading.wrong.append(Wrong(place, _("Rows of this question are missing. Download the form again."), title))
        return
    found = [*_problems(whole), *misplaced(question, whole)]
    if not found:
        fields, found = _fields(question, rows)
        form = typed_form_of(desk.edition.id, question, fields)
        if form.validate() and not found:
            version = whole_number(rows[question.id]["cells"].get("version", NO_CELL)[2])
            _accept(desk, reading, question, version, form, fields)
            reading.places[question.id] = place
            return
        cells = {**rows[question.id]["cells"], "answer": [place]}
        reading.wrong += form_errors(form, question, place, cells)
    reading.wrong += [Wrong(cell, reason, title) for cell, reason in found]


def _accept(
    desk: Desk, reading: Reading, question: Question, version: int | None, form: AnswerForm,
    fields: MultiDict[str, str],
) -> None:  # fmt: skip
    reply = form.reply(desk.counts.get(question.id, 0) if question.kind == "file" else 0)
    reading.filled.append(Filled(question.id, reply, version))
    reading.fields[question.id] = fields


def _place(question: Question, rows: Sequence[Mapping[str, Any]]) -> str:
    """The cell of an answer; from the first to the last where each option has its own."""
    if question.kind != "multiple_choice" or len(rows) == 1:
        return str(rows[0]["place"])
    places = [str(row["place"]) for row in rows[1:]]
    return f"{places[0]}:{places[-1].rpartition('!')[2]}"


def _problems(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Cells that hold no text at all, and rows that contradict each other."""
    for row in rows:
        if "twice" in row:
            yield row["twice"], _("This question is there twice, with different answers. Delete one of the rows.")
        for part, (address, kind, _text) in row["cells"].items():
            if part != "version" and kind != "text":
                yield address, _kinds()[kind]


def _kinds() -> dict[str, str]:
    return {
        "formula": _("This cell holds a formula. Write the answer itself."),
        "error": _("This cell holds an error of the spreadsheet. Write the answer itself."),
        "merged": _("This cell is merged with others. Separate them, and write the answer in its own cell."),
    }


def _fields(
    question: Question, rows: Mapping[str, dict[str, Any]]
) -> tuple[MultiDict[str, str], list[tuple[str, str]]]:
    """What the page of the question would send, and the cells whose marks cannot be taken, each with the reason."""
    cells: Cells = rows[question.id]["cells"]
    fields: MultiDict[str, str] = MultiDict()
    unclear: list[tuple[str, str]] = []
    if question.kind == "multiple_choice":
        for option in question.options:
            ticked = rows[f"{question.id}{OPTION}{option.value}"]["cells"]["answer"]
            if _marked(ticked, unclear):
                fields.add(question.id, option.value)
    elif question.kind != "file":
        fields.setlist(question.id, sent(question, cells["answer"][2]))
    claimed = cells.get("not_applicable", NO_CELL)
    if _marked(claimed, unclear):
        if question.not_applicable is None:
            unclear.append((claimed[0], message("not_applicable_refused")[reader()]))
        elif any(fields.getlist(question.id)):
            unclear.append((claimed[0], _("Here stand an answer and a mark that it does not apply. Delete one.")))
        fields.add(question.id + NOT_APPLICABLE, "y")
    for part, suffix in TEXTS.items():
        fields.setlist(question.id + suffix, [text for text in cells.get(part, NO_CELL)[2:] if text])
    return fields, unclear


def _marked(cell: list[str], unclear: list[tuple[str, str]]) -> bool:
    marked = is_yes(cell[2])
    if marked is None:
        unclear.append((cell[0], _("Mark the cell with ✓ or leave it empty.")))
    return bool(marked)


def form_errors(form: AnswerForm, question: Question, place: str, cells: Cells | None = None) -> list[Wrong]:
    """What the question's own form refuses, each at its cell; at `place` where the cells are not known."""
    known = cells or {}
    parts = {question.id + suffix: part for part, suffix in {**TEXTS, "not_applicable": NOT_APPLICABLE}.items()}
    return [
        Wrong(known.get(parts.get(name, "answer"), [place])[0], str(text), question.title[reader()])
        for name, texts in form.errors.items()
        for text in texts
    ]
