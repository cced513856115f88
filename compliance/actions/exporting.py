"""Everything a company ever entered, as one ZIP: JSON for programs, CSV for spreadsheets, the files themselves."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.entry_names import entry_name
from compliance.domain.roles import Actor
from compliance.store.answers import answer_rows, every_revision, submissions_of
from compliance.store.assessments import Assessment, assessments_of
from compliance.store.companies import Company, company_of
from compliance.store.errors import FileStoreError
from compliance.store.evidence_files import EvidenceFile, evidence_for, files_of
from compliance.store.files import FileStore
from compliance.store.people import names_of
from compliance.store.plans import plan_of
from compliance.store.reviews import clarifications
from questionnaires import Question, edition
from scoring.cells import harmless

COLUMNS = (
    "assessment", "state", "question", "question_km", "question_en", "value", "answer_km", "answer_en",
    "not_applicable", "justification", "comment", "saved_by", "saved_at",
)  # fmt: skip
SAID = ("slug", "name_km", "name_latin", "registration_number", "licence_number", "kinds", "brands", "workers",
        "places", "province", "website")  # fmt: skip


def archive(session: Session, actor: Actor, company_id: int, store: FileStore) -> tuple[str, bytes]:
    """The company's slug and its ZIP. Raises NotFoundError for strangers."""
    company = company_of(session, actor, company_id)
    assessments = assessments_of(session, company.id)
    files = [file for file in files_of(session, company.id) if file.quarantined_at is None]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("company.json", _json(_company(session, company, assessments, files)))
        bundle.writestr("answers.csv", _table(session, assessments))
        for assessment in assessments:
            for submission in submissions_of(session, assessment.id):
                bundle.writestr(f"submissions/{assessment.id}-{submission.round}.json", submission.content)
        for file in files:
            _add_file(bundle, store, file)
    return company.slug, packed.getvalue()


def _add_file(bundle: zipfile.ZipFile, store: FileStore, file: EvidenceFile) -> None:
    try:
        bundle.writestr("files/" + entry_name(f"{file.id}-{file.name}"), store.get(file.sha256))
    except FileStoreError:
        bundle.writestr(f"files/{file.id}-missing.txt", f"{file.name} sha256 {file.sha256}\n")


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, default=str)


def _company(
    session: Session, company: Company, assessments: list[Assessment], files: list[EvidenceFile]
) -> dict[str, Any]:
    return {
        "exported_at": clock.now().isoformat(timespec="seconds"),
        "company": {name: getattr(company, name) for name in SAID},
        "files": [
            {"id": file.id, "name": file.name, "sha256": file.sha256, "size": file.size, "given": file.uploaded_at}
            for file in files
        ],
        "assessments": [_assessment(session, assessment) for assessment in assessments],
    }


def _assessment(session: Session, assessment: Assessment) -> dict[str, Any]:
    plan, evidence = plan_of(session, assessment.id), evidence_for(session, assessment.id)
    return {
        "id": assessment.id,
        "edition": assessment.edition,
        "state": assessment.state,
        "opened_at": assessment.opened_at,
        "submitted_at": assessment.submitted_at,
        "answers": {row.question: row.content() for row in answer_rows(session, assessment.id).values()},
        "history": [
            {"question": found.question, "version": found.version, "saved_at": found.saved_at, **found.content}
            for found in every_revision(session, assessment.id)
        ],
        "evidence": {question: [file.id for file in found] for question, found in evidence.items()},
        "plan": [
            {
                "question": step.question,
                "action": step.action,
                "aim": step.aim,
                "responsible": step.responsible,
                "due_on": step.due_on,
                "done_on": step.done_on,
            }
            for step in plan
        ],
        "clarifications": [
            {
                "round": asked.round,
                "questions": asked.questions,
                "draft": asked.draft,
                "reply": asked.reply,
                "due_on": asked.due_on,
                "lapsed_at": asked.lapsed_at,
            }
            for asked in clarifications(session, assessment.id)
        ],
    }


def _table(session: Session, assessments: list[Assessment]) -> bytes:
    """One line an answer; the mark in front lets spreadsheets read Khmer."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for assessment in assessments:
        for line in _lines(session, assessment):
            writer.writerow([harmless(str(value)) for value in line])
    return lines.getvalue().encode("utf-8-sig")


def _lines(session: Session, assessment: Assessment) -> Iterator[tuple[object, ...]]:
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
