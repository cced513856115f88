"""Sheets: what one subject said as a short row of codes, so that many are kept, read and scored together.

A sheet holds which options were chosen, days, claims, counts of files and rulings; of numbers and free texts only that
they were given. Its cells (two bytes, little-endian) stand in the order of the rubric it was written by.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any

from scoring.errors import ValueRefusedError
from scoring.many.lanes import table_of
from scoring.rubric import Answer, Fact, Rubric
from scoring.subject import EVIDENCE_STATES, EvidenceState, Files, RawValue, Ruling, Subject
from scoring.values import YES_NO, read
from scoring.work import ANY_NUMBER

BLOCK = 512
MOST_OPTIONS, MOST_CHOICES, MOST_FILES = 126, 15, 14
CONTENT = frozenset({"number", "text", "given"})
_BEFORE = date(1899, 12, 31)
_VERDICTS = (None, "confirm", "adjust", "not_supported")
_EVIDENCE = (None, "accepted", "refused")
_ESSENTIAL = (None, "pass", "fail")
_WORDS_FROM = 1 + (MOST_FILES + 1) ** 2


class NoSheetError(Exception):
    """This rubric or subject does not fit on a sheet; it has to be kept and scored whole."""


@dataclass(frozen=True, slots=True)
class Coder:
    """One fact's or answer's values as numbers; 0 is no value."""

    asked: Answer | Fact
    options: tuple[str, ...]
    exclusive: tuple[str, ...] = ()
    known: dict[int, RawValue] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_wide(self) -> bool:
        """Whether an answer's value has a cell of its own; others share one with claim and files."""
        return self.asked.type in {"choices", "date"}

    def code(self, raw: RawValue, rubric: Rubric) -> int:
        is_answer = isinstance(self.asked, Answer)
        if raw is None or (is_answer and isinstance(raw, list | tuple | set | frozenset) and not raw):
            return 0
        if isinstance(raw, str) and raw.strip() in rubric.words:
            raise NoSheetError(f"{self.asked.id} says a state in words")
        try:
            value = read(raw, self.asked.type, self.asked.options, self.exclusive, rubric.written)
        except ValueRefusedError as refused:
            raise NoSheetError(f"{self.asked.id}: {refused.reason}") from refused
        if self.asked.type in CONTENT:
            return 1
        if isinstance(value, date):
            days = (value - _BEFORE).days
            if not 0 < days < 1 << 16:
                raise NoSheetError(f"{self.asked.id}: the day {value} is too far away")
            return days
        if len(self.options) > (MOST_CHOICES if isinstance(value, tuple) else MOST_OPTIONS):
            raise NoSheetError(f"{self.asked.id} has too many options")
        if value == ():
            raise NoSheetError(f"{self.asked.id} chooses nothing")
        if isinstance(value, tuple):
            return sum(1 << self.options.index(option) for option in value)
        return 1 + self.options.index(str(value))

    def value(self, code: int) -> RawValue:
        if code not in self.known:
            self.known[code] = self._value(code)
        return self.known[code]

    def _value(self, code: int) -> RawValue:
        if not code:
            return None
        if self.asked.type in CONTENT:
            return 1 if self.asked.type == "number" else "given"
        if self.asked.type == "date":
            return day_of(code)
        if self.asked.type == "choices":
            return tuple(option for at, option in enumerate(self.options) if code >> at & 1)
        return self.options[code - 1]


@dataclass(frozen=True)
class Layout:
    """Where each cell of a rubric's sheets stands. `ruled`: with a reviewer's rulings."""

    rubric: Rubric
    ruled: bool = False
    cells: Mapping[tuple[str, str], int] = field(init=False)
    facts: Mapping[str, Coder] = field(init=False)
    answers: Mapping[str, Coder] = field(init=False)

    def __post_init__(self) -> None:
        rubric = self.rubric
        names = list(dict.fromkeys((*rubric.answers, *rubric.criteria)))
        facts = {one.id: Coder(one, _options(one)) for one in rubric.facts.values()}
        answers = {one.id: Coder(one, _options(one), one.exclusive) for one in rubric.answers.values()}
        found = [("fact", name) for name in facts] + [("said", name) for name in names]
        found += [("more", name) for name, one in answers.items() if one.is_wide]
        if self.ruled:
            found += [("ruling", name) for name in names] + [("adjusted", name) for name in answers]
        object.__setattr__(self, "cells", {cell: at for at, cell in enumerate(found)})
        object.__setattr__(self, "facts", facts)
        object.__setattr__(self, "answers", answers)

    def values(self, name: str) -> int:
        """How many codes a lower byte of what was said may have: two a value, the odd one claimed not to apply."""
        coder = self.answers.get(name)
        if coder is None or coder.is_wide or coder.asked.type in CONTENT:
            return 4
        return 2 * len(coder.options) + 2

    @property
    def size(self) -> int:
        """The bytes of one sheet."""
        return 2 * len(self.cells)

    def write(self, subject: Subject) -> bytes:
        """The subject's sheet. Raises NoSheetError where a sheet could not tell it from another subject."""
        codes = dict.fromkeys(self.cells, 0)
        try:
            for name, raw in subject.facts.items():
                codes["fact", name] = self.facts[name].code(raw, self.rubric)
            for name, raw in subject.answers.items():
                code = self.answers[name].code(raw, self.rubric)
                codes["said", name] = 2 * (int(code > 0) if self.answers[name].is_wide else code)
                if self.answers[name].is_wide:
                    codes["more", name] = code
            for name in subject.not_applicable:
                codes["said", name] |= 1
            for name, files in subject.evidence.items():
                codes["said", name] |= _files_code(files) << 8
            for name, ruling in subject.rulings.items() if self.ruled else ():
                codes["ruling", name] = _ruling_code(ruling)
                if ruling.verdict == "adjust" and name in self.answers:
                    codes["adjusted", name] = self.answers[name].code(ruling.value, self.rubric)
        except KeyError as unknown:
            raise NoSheetError(f"the rubric does not know {unknown}") from unknown
        return struct.pack(f"<{len(self.cells)}H", *codes.values())

    def read(self, sheet: bytes, name: str = "") -> Subject:
        """The subject again; a number is 1 and a text is "given" where the content was not kept."""
        facts: dict[str, RawValue] = {}
        answers: dict[str, RawValue] = {}
        evidence: dict[str, EvidenceState | Files] = {}
        rulings: dict[str, Ruling] = {}
        claimed: set[str] = set()
        codes = struct.unpack(f"<{len(self.cells)}H", sheet)
        for (kind, one), code in zip(self.cells, codes, strict=True):
            if not code:
                continue
            if kind == "said":
                if code >> 8:
                    evidence[one] = files_of(code >> 8)
                if code & 1:
                    claimed.add(one)
                more = self.cells.get(("more", one))
                said = (code & 255) >> 1 if more is None else codes[more]
                if said:
                    answers[one] = self.answers[one].value(said)
            elif kind == "fact":
                facts[one] = self.facts[one].value(code)
            elif kind == "ruling":
                at = self.cells.get(("adjusted", one))
                rulings[one] = _ruling(code, None if at is None else self.answers[one].value(codes[at]))
        return Subject(facts, answers, evidence, rulings, frozenset(claimed), name)


@dataclass(frozen=True)
class Sheets:
    """Many sheets of one layout, one behind the other."""

    layout: Layout
    data: bytes

    @property
    def count(self) -> int:
        return len(self.data) // self.layout.size

    def subject(self, index: int) -> Subject:
        size = self.layout.size
        return self.layout.read(self.data[index * size : (index + 1) * size])

    @cached_property
    def columns(self) -> list[bytes]:
        """Every byte of a sheet as a column of all subjects; in blocks, which is kinder to the processor's caches."""
        size, data = self.layout.size, self.data
        step = size * BLOCK
        blocks = [data[at : at + step] for at in range(0, len(data), step)]
        return [
            b"".join(one) for one in zip(*([block[at::size] for at in range(size)] for block in blocks), strict=True)
        ]

    def byte(self, kind: str, name: str, high: int = 0) -> bytes | None:
        """One byte of a cell of every subject; None when the layout has no such cell."""
        at = self.layout.cells.get((kind, name))
        return None if at is None else self.columns[2 * at + high]


def day_of(code: int) -> date:
    """The day a cell stands for."""
    return _BEFORE + timedelta(days=code)


def _options(asked: Answer | Fact) -> tuple[str, ...]:
    return tuple(sorted(asked.options or YES_NO))


def _files_code(files: EvidenceState | Files) -> int:
    if not isinstance(files, Files):
        if files not in EVIDENCE_STATES:
            raise NoSheetError(f"evidence is not {files!r}")
        return _WORDS_FROM + EVIDENCE_STATES.index(files)
    given, accepted = files
    if not (0 <= given <= MOST_FILES and 0 <= accepted <= MOST_FILES):
        raise NoSheetError(f"more than {MOST_FILES} files")
    return 1 + given * (MOST_FILES + 1) + accepted


@cache
def files_of(code: int) -> EvidenceState | Files:
    """The files a cell's upper byte stands for; not for 0."""
    if code >= _WORDS_FROM:
        return EVIDENCE_STATES[code - _WORDS_FROM]
    return Files(*divmod(code - 1, MOST_FILES + 1))


@cache
def kinds_of_files(wanted: int, *, verified: bool, alone: bool) -> bytes:
    """For each upper byte of a cell what it means for a gate: 0 no entry, 1 too few, 2 some accepted, 3 enough.

    Where files count as given and stand under one name alone, only enough (3) is told from not (0).
    """
    known = range(1, _WORDS_FROM + len(EVIDENCE_STATES))
    kinds = bytes([0, *(_kind_of_files(code, wanted, verified=verified) for code in known)]).ljust(256, b"\0")
    return kinds if verified or not alone else kinds.translate(table_of({3: 3}))


def _kind_of_files(code: int, wanted: int, *, verified: bool) -> int:
    found = files_of(code)
    if not isinstance(found, Files):
        found = Files(ANY_NUMBER * (found == "given"), ANY_NUMBER * (found == "accepted"))
    enough = found.accepted if verified else max(found)
    return 3 if enough >= wanted else 2 if found.accepted else 1


def _ruling_code(ruling: Ruling) -> int:
    found = bool(ruling.reason.strip()) if ruling.essential else False
    code = int(found) * len(_ESSENTIAL) + _ESSENTIAL.index(ruling.essential)
    code = code * len(_EVIDENCE) + _EVIDENCE.index(ruling.not_applicable)
    code = code * len(_EVIDENCE) + _EVIDENCE.index(ruling.evidence)
    return 1 + code * len(_VERDICTS) + _VERDICTS.index(ruling.verdict)


def _ruling(code: int, adjusted: RawValue) -> Ruling:
    rest, verdict = divmod(code - 1, len(_VERDICTS))
    rest, evidence = divmod(rest, len(_EVIDENCE))
    rest, skipped = divmod(rest, len(_EVIDENCE))
    reasoned, essential = divmod(rest, len(_ESSENTIAL))
    words: dict[str, Any] = {"verdict": _VERDICTS[verdict], "essential": _ESSENTIAL[essential]}
    words |= {"evidence": _EVIDENCE[evidence], "not_applicable": _EVIDENCE[skipped]}
    return Ruling(value=adjusted, reason="given" if reasoned else "", **words)
