"""Editions of the Code: questions, forms, and the rubric beside them."""

from questionnaires.answers import Reply
from questionnaires.catalogue import current, edition, editions
from questionnaires.errors import AnswerError, EditionError, EditionRefusedError, UnknownEditionError
from questionnaires.facts import Facts
from questionnaires.loader import load
from questionnaires.model import Edition, Question, Section
from questionnaires.templates import Template
from questionnaires.text import LANGS, Lang, Text
from questionnaires.wording import Evidence, EvidenceKind, Option

__all__ = [
    "LANGS",
    "AnswerError",
    "Edition",
    "EditionError",
    "EditionRefusedError",
    "Evidence",
    "EvidenceKind",
    "Facts",
    "Lang",
    "Option",
    "Question",
    "Reply",
    "Section",
    "Template",
    "Text",
    "UnknownEditionError",
    "current",
    "edition",
    "editions",
    "load",
]
