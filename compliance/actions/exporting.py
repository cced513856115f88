"""Everything a company ever entered and was told, as a ZIP that is written while it is sent: records, then files."""

import csv
import io
import json
import zipfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.entry_names import entry_name
from compliance.domain.roles import MAY_MANAGE, Actor
from compliance.store.answers import answer_rows
from compliance.store.assessments import Assessment, assessments_of
from compliance.store.awards import awards_of, certificates_of
from compliance.store.belongings import TAKEN, records
from compliance.store.companies import Company, company_of
from compliance.store.decision_letters import letters_on
from compliance.store.edition_files import edition_files
from compliance.store.errors import FileStoreError
from compliance.store.evidence_files import files_of
from compliance.store.files import FileStore
from compliance.store.people import names_of
from questionnaires import Question, edition
from scoring.cells import harmless

COLUMNS = (
    "assessment", "state", "question", "question_km", "question_en", "value", "answer_km", "answer_en",
    "not_applicable", "justification", "comment", "saved_by", "saved_at",
)  # fmt: skip
CHUNK = 256_000
"""Bytes of a file that are in memory at one time."""
DATA, FILES, CERTIFICATES, LETTERS, EDITIONS = "data", "files", "certificates", "letters", "editions"


@dataclass(frozen=True)
class Stored:
    """A file of the archive: its name there, and what finds its bytes."""

    name: str
    sha256: str
    shown: str


def may_take(session: Session, actor: Actor, company_id: int) -> Company:
    """The company, for its owners: the archive holds what colleagues wrote. Raises NotFoundError, ForbiddenError."""
    return company_of(session, actor, company_id, MAY_MANAGE)


def write_records(session: Session, company: Company, bundle: zipfile.ZipFile) -> dict[str, int]:
    """One JSON file a table, all answers as a table, the editions; how many records of each there are."""
    counts = {name: _write_table(session, company.id, name, bundle) for name in TAKEN}
    with bundle.open(entry("answers.csv"), "w") as table:
        for line in _answer_lines(session, assessments_of(session, company.id)):
            table.write(line.encode())
    _write_editions(session, {one.edition for one in assessments_of(session, company.id)}, bundle)
    about = {"company": company.slug, "exported_at": clock.now().isoformat(timespec="seconds"), "records": counts}
    bundle.writestr(entry(f"{DATA}/about.json"), _json(about))
    return counts


def _write_editions(session: Session, names: Collection[str], bundle: zipfile.ZipFile) -> None:
    """The questions and rules that the company was asked and scored by: the archive explains itself without us."""
    for name in sorted(names):
        for place, text in edition_files(session, name).items():
            bundle.writestr(entry(f"{EDITIONS}/{name}/{place}"), text)


def stored_files(session: Session, company: Company) -> list[Stored]:
    """The evidence that is not locked away, and every certificate and letter that was made."""
    found = [
        Stored(f"{FILES}/{entry_name(f'{file.id}-{file.name}')}", file.sha256, file.name)
        for file in files_of(session, company.id)
        if file.quarantined_at is None and not file.address
    ]
    made = certificates_of(session, [award.id for award in awards_of(session, company.id)])
    sealed = [(f"{CERTIFICATES}/{one.number}.pdf", one.pdf_sha256) for one in made]
    written = letters_on(session, [one.id for one in assessments_of(session, company.id)])
    sealed += [(f"{LETTERS}/letter-{one.id}.pdf", one.pdf_sha256) for one in written]
    return found + [Stored(name, sha256, name.partition("/")[2]) for name, sha256 in sealed if sha256]


def write_file(bundle: zipfile.ZipFile, store: FileStore, file: Stored) -> Iterator[None]:
    """Copies one file, a piece at each step; one that is lost or was locked away leaves its name and digest."""
    try:
        source = store.open(file.sha256)
    except FileStoreError:
        bundle.writestr(entry(f"{file.name}.missing.txt"), f"{file.shown} sha256 {file.sha256}\n")
        return
    with source, bundle.open(entry(file.name), "w") as target:
        while piece := source.read(CHUNK):
            target.write(piece)
            yield


def entry(name: str) -> zipfile.ZipInfo:
    """The head of a packed file: of this moment in Phnom Penh, readable by whoever unpacks it."""
    made = zipfile.ZipInfo(name, clock.now().astimezone(clock.PHNOM_PENH).timetuple()[:6])
    made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return made


class Outlet(io.RawIOBase):
    """Where an archive is written that is sent at once: what was written since the last look is given away."""

    def __init__(self, first: IO[bytes]) -> None:
        self.into: IO[bytes] = first

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self.into.write(data)


def _write_table(session: Session, company_id: int, name: str, bundle: zipfile.ZipFile) -> int:
    number = 0
    with bundle.open(entry(f"{DATA}/{name}.json"), "w") as file:
        file.write(b"[")
        for number, row in enumerate(records(session, company_id, name), start=1):
            file.write(b"," if number > 1 else b"")
            file.write(b"\n" + _json(_read(row)).encode())
        file.write(b"\n]\n")
    return number


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """Frozen texts that are JSON themselves are told as such, so that nobody has to unpack them twice."""
    told = dict(row)
    for name, value in row.items():
        if isinstance(value, str) and value.startswith("{") and name in {"content", "scorecard", "facts", "credential"}:
            with suppress(ValueError):
                told[f"{name}_read"] = json.loads(value)
    return told


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, default=str)


def _answer_lines(session: Session, assessments: Iterable[Assessment]) -> Iterator[str]:
    """One line an answer; the mark in front lets spreadsheets read Khmer."""
    yield "\ufeff" + _line(COLUMNS)
    for assessment in assessments:
        for cells in _answers(session, assessment):
            yield _line(harmless(str(value)) for value in cells)


def _line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(list(cells))
    return written.getvalue()


def _answers(session: Session, assessment: Assessment) -> Iterator[tuple[object, ...]]:
    code, rows = edition(assessment.edition), answer_rows(session, assessment.id)
    names = names_of(session, {row.saved_by for row in rows.values()})
    for question in code.questions:
        row = rows.get(question.id)
        if row is not None:
            yield (
                assessment.id, assessment.state.value, question.id, question.text.km, question.text.en,
                _plain(row.value), _label(question, row.value, "km"), _label(question, row.value, "en"),
                "yes" if row.not_applicable else "", row.na_reason, row.comment, names.get(row.saved_by, ""),
                row.saved_at.isoformat(timespec="seconds") if row.saved_at else "",
            )  # fmt: skip


def _plain(value: Any) -> str:
    return "" if value is None else " ".join(value) if isinstance(value, list) else str(value)


def _label(question: Question, value: Any, lang: str) -> str:
    """The chosen options in words; other answers say themselves."""
    chosen = value if isinstance(value, list) else [value]
    labels = {option.value: option.label[lang] for option in question.options}
    return "; ".join(labels[one] for one in chosen if one in labels) or _plain(value)
