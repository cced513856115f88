"""The decision: in short, why, what to do next and by when; then claimed beside verified, point by point."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions.checking_in import due_check_in
from compliance.actions.renewing import renewal_opens
from compliance.domain.errors import NotFoundError
from compliance.domain.standing import IN_FORCE, Standing
from compliance.journeys import scorecard_view
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import gettext as _
from compliance.journeys.language import show_date
from compliance.journeys.officer import decision_view
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import open_desk
from compliance.journeys.officer.words import reader
from compliance.journeys.scorecard_view import AWARD
from compliance.store.assessments import assessment_of
from compliance.store.awards import Award, awards_of, holding_certificate
from compliance.store.base import db
from compliance.store.decision_letters import letter_about
from compliance.store.files import file_store
from compliance.store.plans import plan_of
from compliance.store.reviews import Deciding, decisions


@dataclass(frozen=True)
class Ahead:
    """A day that follows from the decision."""

    day: date
    title: str
    text: str
    href: str


@officer.get(f"{ASSESSMENT}/decision")
def decision(assessment_id: int) -> str:
    """The last decision on an assessment, while it is the last word."""
    session = db.session()
    desk = open_desk(session, current_actor(), assessment_id)
    final = [made for made in decisions(session, assessment_id) if made.act is not Deciding.RETURN]
    if not final or not desk.ended:
        raise NotFoundError
    found, lang, today = decision_view.decided(session, desk.assessment, final[-1]), reader(), clock.today()
    awards = awards_of(session, desk.company.id)
    award = next((award for award in awards if award.assessment_id == assessment_id), None)
    certificate = holding_certificate(session, award.id) if award else None
    return render_template(
        "officer/decision.html",
        desk=desk,
        all_open="all" in request.args,
        decision=found.decision,
        came=found.came,
        award=award,
        letter=letter_about(session, found.decision.id),
        standing=award.standing(today) if award else None,
        certificate_ready=bool(certificate and certificate.pdf_sha256),
        claimed_level=found.claimed.levels[AWARD].reached,
        verified_level=found.level,
        claimed_total=scorecard_view.total(found.claimed, lang),
        verified_total=scorecard_view.total(found.verified, lang),
        held_back=decision_view.held_back(found),
        most_reasons=decision_view.MOST_REASONS,
        essentials=sum(one.outcome == "pass" for one in found.verified.essentials.values()),
        excused=decision_view.excused(found),
        parts=decision_view.parts(found),
        bars=scorecard_view.pair_bars(found.edition, found.claimed, found.verified, lang),
        bars_level=scorecard_view.paired_level(found.claimed),
        ahead=sorted(_ahead(session, award, today), key=lambda one: one.day) if award else [],
        planned=[step for step in plan_of(session, assessment_id) if step.done_on is None],
        report_days=found.edition.lifecycle.must_report_changes_days,
    )


@officer.get(f"{ASSESSMENT}/letter.pdf")
def letter_pdf(assessment_id: int) -> Response:
    """The letter of the last decision, the very bytes that were kept when it was made."""
    session = db.session()
    assessment = assessment_of(session, current_actor(), assessment_id)
    final = [made for made in decisions(session, assessment.id) if made.act is not Deciding.RETURN]
    letter = letter_about(session, final[-1].id) if final else None
    if letter is None or letter.pdf_sha256 is None:
        raise NotFoundError
    response = make_response(file_store(settings()).get(letter.pdf_sha256))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="letter-{assessment_id}-{letter.id}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _ahead(session: Session, award: Award, today: date) -> Iterator[Ahead]:
    """What the award brings, while it holds or is to begin: a day that is past is told no more."""
    standing = award.standing(today)
    if standing not in IN_FORCE | {Standing.WAITING}:
        return
    home = url_for("officer.company", company_id=award.company_id)
    if standing is Standing.WAITING:
        yield Ahead(award.starts, _("The award begins"), "", home)
    due = due_check_in(session, award.company_id)
    if due is not None and due.award.id == award.id:
        opens = _("It opens on %(day)s.", day=show_date(due.opens_on))
        href = url_for("officer.check_in", company_id=award.company_id)
        yield Ahead(due.due_on, _("Check-in"), "" if due.open else opens, href)
    renewal = renewal_opens(award)
    if renewal >= today:
        yield Ahead(renewal, _("Renewal opens"), _("Your answers are filled in, and you confirm each."), home)
    yield Ahead(award.ends, _("Last day of the award"), "", home)
