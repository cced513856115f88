"""A questionnaire on paper: a table to fill in offline, and reading it back with everything that is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from questionnaires.answers import NO_CASE, Reply, Value, check_reply, parse, typed_form
from questionnaires.errors import AnswerError
from questionnaires.messages import LABELS, message
from questionnaires.model import Edition, Question
from questionnaires.text import Lang, Text
from questionnaires.typed import tidy
from scoring.cells import harmless, unmarked

COLUMNS = ("id", "section", "question", "choices", "answer", "not_applicable", "justification", "comment")
MAX_ROWS = 500
_YES = {"x", "yes", "y", "1", "បាទ", "ចាស", "✓"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken, and why; rows are counted as in a spreadsheet, the head being row 1."""

    row: int
    question: str
    code: str
    message: Text


def blank(
    edition: Edition, questions: Iterable[Question], lang: Lang, replies: Mapping[str, Reply] | None = None
) -> str:
    """The table as CSV, with what was already answered. Choices are listed as ``value = words``, one a line."""
    out = io.StringIO()
    # A byte order mark tells spreadsheets that the Khmer is UTF-8.
    out.write("\ufeff")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for question in questions:
        reply = (replies or {}).get(question.id, Reply())
        choices = "\n".join(f"{value} = {words[lang]}" for value, words in _choices(question))
        shown = _shown(question, reply)
        claimed = "x" if reply.not_applicable else ""
        texts = (question.text[lang], choices, shown, claimed, reply.justification, reply.comment)
        section = edition.section(question.section).title[lang]
        table.writerow([question.id, *map(harmless, (section, *texts))])
    return out.getvalue()


def read_back(edition: Edition, text: str) -> tuple[dict[str, Reply], tuple[Refused, ...]]:
    """The replies of a filled-in table, and every row that is refused. Rows without any answer are passed over."""
    replies: dict[str, Reply] = {}
    refused = []
    known = {question.id: question for question in edition.questions}
    for number, row in enumerate(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))), start=2):
        name = (row.get("id") or "").strip()
        if number > MAX_ROWS or name not in known:
            refused.append(Refused(number, name, "unknown_question", message("unknown_question")))
            continue
        try:
            reply = _reply(edition, known[name], row)
        except AnswerError as error:
            refused.append(Refused(number, name, error.code, error.message))
            continue
        if reply != Reply():
            replies[name] = reply
    return replies, tuple(refused)


def _choices(question: Question) -> list[tuple[str, Text]]:
    """An empty cell is a question not yet looked at, so "no case" needs a word of its own here."""
    if question.number and question.number.empty_means:
        return [(NO_CASE, LABELS["no_case"])]
    return [(option.value, option.label) for option in question.options]


def _reply(edition: Edition, question: Question, row: Mapping[str, str | None]) -> Reply:
    cells = {column: tidy(unmarked(row.get(column) or "")) for column in COLUMNS}
    claimed = cells["not_applicable"].casefold() in _YES
    given = cells["answer"].split(";") if question.kind == "multiple_choice" else [cells["answer"]]
    value: Value | None = None
    if cells["answer"] == NO_CASE and question.number and question.number.empty_means:
        value = NO_CASE
    elif cells["answer"] and not claimed and question.kind != "file":  # a file cannot be handed in on paper
        value = parse(question, [part.strip() for part in given])
    reply = Reply(value, claimed, cells["justification"], cells["comment"])
    check_reply(question, reply, least=edition.rules.not_applicable.justification_min_length)
    return reply


def _shown(question: Question, reply: Reply) -> str:
    if reply.value == NO_CASE:
        return NO_CASE
    joiner = "; " if question.kind == "multiple_choice" else "/"
    return joiner.join(typed_form(reply.value))
