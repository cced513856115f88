"""The archive's own page: all that is in it, for people to read without the portal and without a connection."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.exporting import CERTIFICATES, LETTERS, Stored
from compliance.domain.provinces import province_name
from compliance.journeys.change_view import service_words
from compliance.journeys.declaration_words import kind_names, report_names
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.language import speaking
from compliance.journeys.officer.check_in import figure_words
from compliance.journeys.officer.words import reader, stored_words
from compliance.store.answers import answer_rows, every_revision, writers
from compliance.store.assessments import Assessment, assessments_of, submissions
from compliance.store.awards import awards_of
from compliance.store.belongings import records
from compliance.store.change_declarations import ChangeDeclaration, declarations_of
from compliance.store.check_ins import check_ins_of
from compliance.store.companies import Company
from compliance.store.evidence_files import evidence_for
from compliance.store.people import names_of
from compliance.store.plans import plan_of
from compliance.store.reviews import clarifications
from questionnaires import Edition, Lang, Question, catalogue

TITLES: Mapping[str, Any] = {
    "companies": _l("Company details"),
    "people": _l("Colleagues"),
    "memberships": _l("Roles of colleagues"),
    "invitations": _l("Invitations"),
    "colleague_acts": _l("Who left, was removed or handed over"),
    "assessments": _l("Assessments"),
    "answers": _l("Answers"),
    "answer_revisions": _l("History of the answers"),
    "rejected_answers": _l("Answers that met a colleague's and were not chosen"),
    "evidence_files": _l("Files given as evidence"),
    "evidence_links": _l("Which file supports which answer"),
    "plan_steps": _l("Improvement plan"),
    "submissions": _l("Submissions, as they were frozen"),
    "clarifications": _l("Questions of the reviewer and replies"),
    "rulings": _l("What the reviewer found, once decided"),
    "recommendations": _l("Verified scorecards, once decided"),
    "decisions": _l("Decisions"),
    "decision_letters": _l("Letters about decisions"),
    "awards": _l("Awards"),
    "award_decisions": _l("Decisions on awards"),
    "award_hearings": _l("Statements about acts on awards"),
    "certificates": _l("Certificates"),
    "change_declarations": _l("What was declared to the Ministry"),
    "check_ins": _l("Check-ins"),
    "reporting_channels": _l("Where services take reports of harm, now and before"),
    "channel_checks": _l("Ways to report that were tried"),
    "appeals": _l("Appeals"),
    "appeal_files": _l("Files of appeals"),
    "spot_checks": _l("Spot checks"),
    "change_requests": _l("Requested changes"),
    "concerns": _l("Concerns of the public"),
}
"""What the records are called; every table that a company takes has its name here."""
STYLE = """
:root { font-family: "Khmer OS Battambang", "Noto Sans Khmer", "Khmer Sangam MN", sans-serif; line-height: 1.7 }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1.5rem }
th, td { border: 1px solid #b8c2cc; padding: 0.4rem 0.6rem; text-align: left; vertical-align: top }
.text { white-space: pre-line }
.small { font-size: 0.85em; color: #44515e }
"""


@dataclass(frozen=True)
class Past:
    """One saved state of an answer."""

    question: Question | None
    name: str
    words: str
    reason: str
    comment: str
    who: str
    when: datetime | None


@dataclass(frozen=True)
class Room:
    """One assessment as the page tells it. `history` is read while it is written."""

    assessment: Assessment
    edition: Edition
    answers: list[Past]
    history: Iterator[Past]
    evidence: dict[str, list[Any]]
    plan: list[Any]
    clarifications: list[Any]
    submissions: list[Any]


def page_context(
    session: Session, company: Company, counts: Mapping[str, int], files: list[Stored]
) -> dict[str, Any]:  # fmt: skip
    """What the page shows."""
    return {
        "company": company,
        "province": province_name(company.province, reader()),
        "services": [service_words(one, reader()) for one in company.services],
        "made_at": clock.now(),
        "on": clock.today(),
        "edition": catalogue.current(),
        "colleagues": list(_colleagues(session, company)),
        "rooms": (_room(session, one, reader()) for one in assessments_of(session, company.id)),
        "awards": awards_of(session, company.id),
        "declared": [_declared(one) for one in declarations_of(session, company.id)],
        "checked": [(one, figure_words(session, one)) for one in check_ins_of(session, company.id)],
        "given": records(session, company.id, "evidence_files"),
        "stored": {file.name.partition("/")[2].partition("-")[0]: file.name for file in files},
        "sealed": [file.name for file in files if file.name.startswith((CERTIFICATES, LETTERS))],
        "records": [(TITLES[name], f"data/{name}.json", number) for name, number in counts.items()],
    }


def _declared(told: ChangeDeclaration) -> tuple[ChangeDeclaration, str, list[str]]:
    """What was declared, the name of its kind, and to whom an incident was reported."""
    kind, _hint = kind_names()[told.kind]
    return told, kind, [name for one, name in report_names().items() if one in told.reported_to]


def _colleagues(session: Session, company: Company) -> Iterator[dict[str, Any]]:
    people = {row["id"]: row for row in records(session, company.id, "people")}
    for row in records(session, company.id, "memberships"):
        yield {**row, **{name: people[row["person_id"]][name] for name in ("full_name", "email")}}


def _room(session: Session, assessment: Assessment, lang: Lang) -> Room:
    code, rows = catalogue.edition(assessment.edition), answer_rows(session, assessment.id)
    names = names_of(session, {row.saved_by for row in rows.values()} | writers(session, assessment.id))
    questions = {question.id: question for question in code.questions}

    def past(name: str, content: Mapping[str, Any], who: int, when: datetime | None) -> Past:
        question = questions.get(name)
        with speaking(lang):
            words = stored_words(question, content) if question else str(content["value"])
        return Past(question, name, words, content["na_reason"], content["comment"], names.get(who, ""), when)

    return Room(
        assessment=assessment,
        edition=code,
        answers=[
            past(name, rows[name].content(), rows[name].saved_by, rows[name].saved_at)
            for name in questions
            if name in rows
        ],
        history=(
            past(one.question, one.content, one.saved_by, one.saved_at)
            for one in every_revision(session, assessment.id)
        ),
        evidence=dict(evidence_for(session, assessment.id)),
        plan=plan_of(session, assessment.id),
        clarifications=clarifications(session, assessment.id),
        submissions=submissions(session, assessment.id),
    )
