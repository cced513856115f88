"""What stands in cells of a form from which nothing is read: it is told, so that no word is lost in silence."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compliance.bounded.form_layout import OPTION
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.words import reader
from questionnaires import Question
from questionnaires.messages import message

Row = Mapping[str, Any]
"""`id`, and `cells`: by part address, kind and text."""
WRITTEN = ("answer", "not_applicable", "reason", "comment")


def open_parts(question: Question) -> tuple[str, ...]:
    """The cells of a question's own row that are read."""
    answer = () if question.kind in {"multiple_choice", "file"} else ("answer",)
    return ("comment", *answer, *(("not_applicable", "reason") if question.not_applicable else ()))


def misplaced(question: Question, rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Addresses of what is written in closed cells of a question's rows, each with where it belongs.

    "Does not apply" of the question's own row is judged with its mark.
    """
    for row in rows:
        option = OPTION in row["id"]
        opened = ("answer",) if option else (*open_parts(question), "not_applicable")
        for part in WRITTEN:
            address, kind, text = row["cells"][part]
            if part not in opened and kind == "text" and text.strip():
                yield address, _option_home() if option else _home(question, part)


def beside(row: Row) -> Iterator[tuple[str, str]]:
    """Addresses of what is written in a row that belongs to no question."""
    for part in WRITTEN:
        address, kind, text = row["cells"][part]
        if kind in {"formula", "error"} or text.strip():
            yield address, _("This row belongs to no question. Move what is written here to the row of its question.")


def _option_home() -> str:
    return _("Only a mark is read in this row. Write the rest in the row of the question, above.")


def _home(question: Question, part: str) -> str:
    if part != "answer":
        return message("not_applicable_refused")[reader()]
    if question.kind == "file":
        return _("Give the file in the portal, on the page of this question.")
    return _("Nothing is read in this cell. Mark the answers in the rows below it.")
