"""An assessment is begun; earlier answers are carried over, and each waits to be confirmed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.after_acts import begins_again_on
from compliance.actions.improving import carry as carry_plan
from compliance.domain.errors import NotFoundError, WrongStateError
from compliance.domain.fitness import Fitness, fitness
from compliance.domain.renewal import add_months
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.store.answers import AnswerRow, answer_rows, put
from compliance.store.appeals import assessed_appeal
from compliance.store.assessments import Assessment, How, assessments_of, open_assessment
from compliance.store.audit import record
from compliance.store.awards import Award, awards_of
from compliance.store.companies import Company
from compliance.store.edition_shelf import forget
from compliance.store.evidence_files import EvidenceFile, EvidenceLink, evidence_for
from compliance.store.people import Person
from questionnaires import AnswerError, Edition, Question, catalogue, current
from questionnaires.answers import Value, dump, load
from questionnaires.asking import is_figure


def start(session: Session, actor: Actor, company_id: int) -> Assessment:
    """The company's open assessment, begun now with the edition in force when there is none.

    Raises WrongStateError while an appeal runs that may reopen the last one, and for as long after a revocation as
    the edition says.
    """
    actor.require_company(company_id, MAY_EDIT)
    company = session.get(Company, company_id, with_for_update=True)
    if company is None:
        raise NotFoundError
    found = open_assessment(session, company.id)
    if found is not None:
        return found
    if assessed_appeal(session, company.id) is not None:
        raise WrongStateError("start", "appeal")
    if begins_again_on(awards_of(session, company.id), clock.today()) is not None:
        raise WrongStateError("start", "revoked")
    forget()  # what was called back a moment ago begins nothing
    earlier, moment = next(iter(assessments_of(session, company.id)), None), clock.now()
    assessment = Assessment(
        company_id=company.id,
        edition=current().id,
        opened_at=moment,
        review_facts={},
        earlier_id=earlier.id if earlier else None,
    )
    session.add(assessment)
    session.flush()
    carried = _carry_over(session, actor, earlier, assessment) if earlier else 0
    if earlier:
        carry_plan(session, actor, earlier, assessment)
    about = {"edition": assessment.edition, "carried_over": carried, "earlier": assessment.earlier_id}
    record(session, moment, actor, "officer:assessment:opened", "assessment", assessment.id, **about)
    return assessment


def _carry_over(session: Session, actor: Actor, earlier: Assessment, assessment: Assessment) -> int:
    """Copies the answers that the new edition still understands, with the files that support them."""
    edition = catalogue.edition(assessment.edition)
    rows = [row for row in answer_rows(session, earlier.id).values() if _fits(edition, row)]
    for row in rows:
        copied = row._replace(saved_by=actor.user_id or 0, saved_at=assessment.opened_at)
        put(session, assessment.id, copied, 0, how=How.CARRIED, carried_from=row.carried_from or earlier.edition)
    kept = {row.question for row in rows}
    for question, files in evidence_for(session, earlier.id).items():
        if question in kept:
            usable = in_date(edition, edition.question(question), files)
            session.add_all(_link(actor, assessment, question, file) for file in usable)
    session.flush()
    return len(rows)


def begin_with(session: Session, actor: Actor, company_id: int, said: Mapping[str, Value]) -> Assessment:
    """A new company's assessment with what its officer said in the preview, each answer waiting to be confirmed.

    The account forgets the preview. Values are of the edition in force.
    """
    assessment = start(session, actor, company_id)
    person, moment = actor.user_id or 0, clock.now()
    for question, value in said.items():
        answer = AnswerRow(question, dump(value), saved_by=person, saved_at=moment)
        put(session, assessment.id, answer, 0, how=How.PREVIEW, carried_from=assessment.edition)
    session.get_one(Person, person).preview = ""
    return assessment


def in_date(edition: Edition, question: Question, files: list[EvidenceFile]) -> list[EvidenceFile]:
    """The newest that may still be evidence, as many as an answer takes; what is older stays in the history."""
    today = clock.today()
    usable = [
        file
        for file in files
        if file.quarantined_at is None
        and file.kind in question.evidence.accepts
        and fit(edition, question, file, today) is Fitness.IN_DATE
    ]
    return sorted(usable, key=lambda file: (file.day, file.id))[-edition.evidence.max_files_per_question :]


def fit(edition: Edition, question: Question, piece: EvidenceFile, on: date) -> Fitness:
    """How a piece stands on a day, as evidence of an answer."""
    oldest = oldest_evidence(edition, on)
    return fitness(question.evidence.proves, piece.day, piece.valid_until, oldest=oldest, on=on)


def oldest_evidence(edition: Edition, today: date) -> date:
    """The first day of which evidence is not too old."""
    return add_months(today, -edition.evidence.max_age_months)


def _link(actor: Actor, assessment: Assessment, question: str, file: EvidenceFile) -> EvidenceLink:
    moment: datetime = assessment.opened_at
    return EvidenceLink(
        assessment_id=assessment.id,
        question=question,
        file_id=file.id,
        linked_by=actor.user_id or 0,
        linked_at=moment,
        carried_over=True,
    )


def _fits(edition: Edition, row: AnswerRow) -> bool:
    """Figures are of the last 12 months: they are asked anew."""
    try:
        question = edition.question(row.question)
        understood = row.value is None or load(question, row.value) is not None
    except (KeyError, AnswerError):
        return False
    return understood and not is_figure(edition, question)


def renewal_opens(award: Award) -> date:
    """The first day on which a renewal loses no time."""
    return award.ends - timedelta(
        days=catalogue.edition(award.edition).lifecycle.renewal.window_opens_days_before_expiry
    )
