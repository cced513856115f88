"""Everything on one page before it is signed: what is open comes first, by section; what is complete is folded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import render_template, request

from compliance import clock
from compliance.actions.pieces import unfit_issues
from compliance.actions.submitting import open_issues
from compliance.domain.roles import MAY_SIGN
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language, km_digits
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.assessment import section_status
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import OPEN, Desk, open_desk
from compliance.journeys.officer.submission import signing
from compliance.journeys.officer.way import CHECK, question_address, section_address
from compliance.store.base import db
from compliance.store.companies import Company
from compliance.store.people import colleagues
from questionnaires import Question, Section
from questionnaires.asking import warnings
from questionnaires.consistency import Issue


@dataclass(frozen=True)
class Checked:
    """One section. `left` blocks the submission, `confirming` of it by earlier answers; `again` does not.

    `folded`: nothing of it is open, so its answers are shown to whoever asks for them.
    """

    section: Section
    status: str
    left: Sequence[Issue]
    confirming: int
    again: Sequence[Issue]
    answers: Sequence[Question]
    folded: bool


@officer.get(f"{ASSESSMENT}/check")
def check(assessment_id: int) -> str:
    """Every answer, with what is missing on top; `?from=` leads back to where one was."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    opened = desk.assessment.state in OPEN
    left = open_issues(desk.view, desk.rows) if opened else ()
    again = looked_at_again(desk) if opened else ()
    return render_template(
        "officer/check.html",
        desk=desk,
        left=left,
        sections=_checked(desk, left, again, opened=opened),
        signers=_signers(desk.company),
        signing=signing(desk) if desk.draft and desk.may_sign and not left else None,
        way_back=_way_back(desk),
        address=lambda question: question_address(assessment_id, question, back=CHECK),
    )


def _checked(desk: Desk, left: Iterable[Issue], again: Iterable[Issue], *, opened: bool) -> list[Checked]:
    """The sections in their order, those with something open before the others."""
    blocking, remarks = list(left), list(again)
    found = [
        _section(
            desk,
            section,
            [issue for issue in blocking if issue.section == section.id],
            [issue for issue in remarks if issue.section == section.id],
            opened=opened,
        )
        for section in desk.edition.sections
    ]
    return sorted((one for one in found if one.answers or one.left or one.again), key=lambda one: not one.left)


def _section(
    desk: Desk, section: Section, left: Sequence[Issue], again: Sequence[Issue], *, opened: bool
) -> Checked:  # fmt: skip
    waiting = sum(issue.code == "to_confirm" for issue in left)
    done = desk.progress.get(section.id)
    standing = section_status(done) if done else ""
    status = str(_("%(count)s to do", count=km_digits(len(left)))) if left else standing
    return Checked(section, status, left, waiting, again, desk.asked_in(section.id), opened and not left)


def looked_at_again(desk: Desk) -> list[Issue]:
    """What does not hold back a submission, in the order of the questions."""
    order = {question.id: place for place, question in enumerate(desk.edition.questions)}
    found = [
        *warnings(desk.view, files=desk.counts),
        *unfit_issues(desk.edition, desk.asked, desk.files, clock.today()),
    ]
    return sorted(found, key=lambda issue: order.get(issue.question or "", -1))


def _signers(company: Company) -> list[str]:
    people = [one.person for one in colleagues(db.session(), company.id) if one.role in MAY_SIGN]
    return [person.full_name or person.email for person in people]


def _way_back(desk: Desk) -> tuple[str, str] | None:
    """The question or section one was at, and its title; None when the address names none that is asked."""
    name, lang, number = request.args.get("from", ""), current_language(), desk.assessment.id
    question = next((one for one in desk.asked if one.id == name), None)
    if question is not None:
        return question_address(number, question), question.title[lang]
    section = next((one for one in desk.edition.sections if one.id == name and desk.asked_in(one.id)), None)
    return (section_address(number, section.id), section.title[lang]) if section else None
