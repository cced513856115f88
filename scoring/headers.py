"""Headers of tables: which fact, answer or criterion a column stands for, and what it says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from scoring.errors import ReadingError
from scoring.rubric import Rubric

About = Literal["fact", "answer", "evidence", "not_applicable", "ruling", "essential", "reason"]
_SUFFIXES: tuple[About, ...] = ("evidence", "not_applicable", "ruling", "essential", "reason")


@dataclass(frozen=True, slots=True)
class Known:
    """The names that columns may have: those of one rubric, or of two that are compared."""

    facts: frozenset[str]
    answers: frozenset[str]
    criteria: frozenset[str]
    headers: Mapping[str, str] = field(default_factory=dict)


def tidy(header: str) -> str:
    """A header on one line, without spaces around it."""
    return " ".join(header.split())


def known(*rubrics: Rubric) -> Known:
    return Known(
        frozenset().union(*(rubric.facts for rubric in rubrics)),
        frozenset().union(*(rubric.answers for rubric in rubrics)),
        frozenset().union(*(rubric.criteria for rubric in rubrics)),
        {header: name for rubric in rubrics for header, name in rubric.columns.items()},
    )


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is a fact, an answer or a criterion; `about` is what the cell says of it."""

    about: About
    name: str


def column_of(title: str, names: Known) -> Column | None:
    """`X`, `fact:X`, `answer:X`, `X.evidence`, `X.ruling` and so on; whole names win over suffixes."""
    if title in names.facts and title in names.answers:
        raise ReadingError(f"{title!r} is a fact and an answer: name the column fact:{title} or answer:{title}")
    if title in names.facts:
        return Column("fact", title)
    if title in names.answers:
        return Column("answer", title)
    prefix, _, rest = title.partition(":")
    if prefix == "fact" and rest in names.facts:
        return Column("fact", rest)
    if prefix == "answer" and rest in names.answers:
        return Column("answer", rest)
    name, _, suffix = title.rpartition(".")
    for about in _SUFFIXES:
        if suffix == about and (name in names.answers or name in names.criteria):
            return Column(about, name)
    return None
