"""The portal's own services, act by act: what a person saw when they opened the page, and what they did there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from compliance.actions import (
    answering,
    appeal_panel,
    appealing,
    asking,
    awarding,
    changing,
    colleagues,
    companies,
    deciding,
    proposing,
    renewing,
    reviewing,
    submitting,
)
from compliance.actions.appeal_panel import Ballot
from compliance.actions.appealing import Grounds
from compliance.actions.company_details import CompanyDetails
from compliance.actions.judging import Judgement
from compliance.actions.scorecards import read_scorecard, seen_digest
from compliance.actions.submitting import Attestation
from compliance.actions.under_review import under_review
from compliance.cli.demonstration import acts
from compliance.domain.appeals import Vote
from compliance.domain.roles import Actor, CompanyRole
from compliance.domain.standing import AwardAct
from compliance.store.answers import answer_rows
from compliance.store.appeals import Appeal
from compliance.store.assessments import Assessment, latest_submission
from compliance.store.awards import Award, AwardProposal, awards_of
from compliance.store.changes import open_change
from compliance.store.companies import Company
from compliance.store.people import Person
from compliance.store.reviews import Verdict
from questionnaires import Reply, current
from tests.helpers import why
from tests.lifecycle_machine.cast import PLAYERS
from tests.lifecycle_machine.rules import ABOUT
from tests.lifecycle_machine.store import Store

ASKED = {"csam_procedure": "When was it adopted?", "edu_staff_trained": "How many?"}
ANSWERED = "csam_procedure"
SIGNED = Attestation("Sok Dara", "Director")
_times = count(1)


@dataclass(frozen=True)
class Page:
    """What somebody had in front of them: an act about a subject, and what comes back with the form."""

    act: str
    actor: Actor
    subject: int
    version: int = 0
    seen: str = ""
    told: str = ""
    answer: int = 0

    @property
    def who(self) -> int:
        return self.actor.user_id or 0


def actor_of(session: Session, who: int) -> Actor:
    """The person as a request finds them when it begins."""
    return session.get_one(Person, who, populate_existing=True).actor()


def opened(session: Session, act: str, who: int, subject: int) -> Page:
    """The page of an act, as it is shown now."""
    actor = actor_of(session, who)
    about = ABOUT.get(act, "assessments")
    if about == "assessments":
        return _page_of_assessment(session, act, actor, session.get_one(Assessment, subject, populate_existing=True))
    if about == "proposals":
        proposal = session.get_one(AwardProposal, subject, populate_existing=True)
        award = session.get_one(Award, proposal.award_id, populate_existing=True)
        seen = proposing.numbers(proposing.covered(session, award, proposal.act))
        return Page(act, actor, subject, seen=seen)
    if act in {"uphold", "dismiss"}:
        return Page(act, actor, subject, seen=appeal_panel.seen_of(session, session.get_one(Appeal, subject)))
    if act == "rename":
        return Page(act, actor, subject, version=session.get_one(Company, subject, populate_existing=True).version)
    return Page(act, actor, subject)


def _page_of_assessment(session: Session, act: str, actor: Actor, case: Assessment) -> Page:
    if act in {"submit", "reply"}:
        seen = submitting.draft_digest(session, case.id)
    else:
        seen = seen_digest(session, case) if latest_submission(session, case.id) else ""
    told = awarding.told(awarding.objections(session, case.company_id))
    rows = answer_rows(session, case.id)
    version = rows[ANSWERED].version if ANSWERED in rows else 0
    return Page(act, actor, case.id, case.version, seen, told, version)


Deed = Callable[[Session, Page, Store], Any]


def start(session: Session, page: Page, _store: Store) -> int:
    return renewing.start(session, page.actor, page.subject).id


def fill(session: Session, page: Page, store: Store) -> None:
    case = session.get_one(Assessment, page.subject)
    acts.answer_all(session, PLAYERS[store.manners[case.company_id]], store.hands(page.actor), case)


def answer(session: Session, page: Page, _store: Store) -> None:
    reply = Reply("yes", comment=f"Said for the {next(_times)}th time.")
    answering.save(session, page.actor, page.subject, ANSWERED, reply, page.answer)


def submit(session: Session, page: Page, _store: Store) -> str:
    return submitting.submit(session, page.actor, page.subject, SIGNED, page.version, page.seen).digest


def reply(session: Session, page: Page, _store: Store) -> str:
    return submitting.reply(session, page.actor, page.subject, "In May.", SIGNED, page.version, page.seen).digest


def declare(session: Session, page: Page, _store: Store) -> None:
    reviewing.declare(session, page.actor, page.subject, has_tie=False)


def declare_tie(session: Session, page: Page, _store: Store) -> None:
    reviewing.declare(session, page.actor, page.subject, has_tie=True, tie="shares")


def claim(session: Session, page: Page, _store: Store) -> None:
    reviewing.claim(session, page.actor, page.subject, page.version)


def release(session: Session, page: Page, _store: Store) -> None:
    reviewing.release(session, page.actor, page.subject, page.version)


def withdraw(session: Session, page: Page, _store: Store) -> None:
    submitting.withdraw(session, page.actor, page.subject, page.version)


def rule(session: Session, page: Page, store: Store) -> None:
    """Every question that is left, until none is; one of them anew where none is left."""
    case = session.get_one(Assessment, page.subject)
    if latest_submission(session, case.id) is None:
        reviewing.rule(session, page.actor, case.id, ANSWERED, Judgement(Verdict.CONFIRM))
        return
    found = under_review(session, case)
    for question in found.unruled or [ANSWERED]:
        accepted = True if found.snapshot.files.get(question) else None
        reviewing.rule(session, page.actor, case.id, question, Judgement(Verdict.CONFIRM, evidence_accepted=accepted))
    if under_review(session, case).unruled:
        rule(session, page, store)


def rule_harshly(session: Session, page: Page, store: Store) -> None:
    """An essential is found to be missing."""
    rule(session, page, store)
    judgement = Judgement(Verdict.NOT_SUPPORTED, reason="not_found", note="no such policy")
    reviewing.rule(session, page.actor, page.subject, "gov_policy", judgement)


def ask(session: Session, page: Page, _store: Store) -> date:
    return asking.ask(session, page.actor, page.subject, ASKED).lapses_on


def recommend(session: Session, page: Page, _store: Store) -> tuple[str | None, str | None]:
    """The level recommended, and the one that was claimed."""
    scope = {"scope_km": "ហាងមួយកន្លែង", "scope_en": "One café"}
    level = reviewing.recommend(session, page.actor, page.subject, note="", seen=page.seen, **scope).level
    submitted = latest_submission(session, page.subject)
    assert submitted is not None
    card = read_scorecard(submitted.scorecard, session.get_one(Assessment, page.subject).edition)
    return level, card.levels["award"].reached


def approve(session: Session, page: Page, store: Store) -> tuple[int, str]:
    told = {"public_url": store.settings.public_url, "told": page.told, "note": "All is well again."}
    award = deciding.approve(session, page.actor, page.subject, seen=page.seen, **told)
    return award.id, award.number


def refuse(session: Session, page: Page, _store: Store) -> None:
    deciding.refuse(session, page.actor, page.subject, seen=page.seen, reason="Not yet.")


def send_back(session: Session, page: Page, _store: Store) -> None:
    deciding.send_back(session, page.actor, page.subject, seen=page.seen, reason="Look again.")


def propose(act: AwardAct) -> Deed:
    return lambda session, page, _store: (
        proposing.propose(session, page.actor, page.subject, act, why(act, "A reason.")).id
    )


def confirm(session: Session, page: Page, _store: Store) -> None:
    proposing.confirm(session, page.actor, page.subject, page.seen)


def take_back(session: Session, page: Page, _store: Store) -> None:
    proposing.withdraw(session, page.actor, page.subject)


def rename(session: Session, page: Page, _store: Store) -> tuple[int | None, str]:
    company = session.get_one(Company, page.subject)
    fields = {name: getattr(company, name) for name in CompanyDetails.__dataclass_fields__}
    name = f"{company.slug.title()} the {page.version}th"
    details = CompanyDetails(**{**fields, "kinds": tuple(company.kinds), "name_latin": name})
    known = {kind.id for kind in current().kinds}
    before = company.name_latin
    companies.edit_company(session, page.actor, page.subject, details, known, page.version)
    asked = open_change(session, page.subject) if before == company.name_latin else None
    return (asked.id if asked else None), name


def confirm_change(session: Session, page: Page, store: Store) -> dict[int, str]:
    changed = changing.confirm(session, page.actor, page.subject, public_url=store.settings.public_url)
    return {award.id: award.number for award in awards_of(session, changed.company_id)}


def decline_change(session: Session, page: Page, _store: Store) -> None:
    changing.decline(session, page.actor, page.subject, "No.")


def withdraw_change(session: Session, page: Page, _store: Store) -> None:
    changing.withdraw(session, page.actor, page.subject)


def leave(session: Session, page: Page, _store: Store) -> None:
    colleagues.leave(session, page.actor, page.subject)


def _company_of(session: Session, page: Page) -> int:
    return session.get_one(colleagues.Membership, page.subject).company_id


def remove(session: Session, page: Page, _store: Store) -> None:
    colleagues.remove(session, page.actor, _company_of(session, page), page.subject)


def hand_over(session: Session, page: Page, _store: Store) -> None:
    colleagues.hand_over(session, page.actor, _company_of(session, page), page.subject)


def give_role(role: CompanyRole) -> Deed:
    return lambda session, page, _store: colleagues.set_role(
        session, page.actor, _company_of(session, page), page.subject, role
    )


def lodge(session: Session, page: Page, _store: Store) -> int:
    return _lodge(session, page.actor, page.subject, None)


def lodge_against_act(session: Session, page: Page, _store: Store) -> int:
    return _lodge(session, page.actor, session.get_one(Award, page.subject).assessment_id, page.subject)


def _lodge(session: Session, actor: Actor, assessment_id: int, award_id: int | None) -> int:
    """Written and lodged at once."""
    said = Grounds({}, "It is there.")
    made = appealing.write(session, actor, assessment_id, award_id, said, 0)
    return appealing.lodge(session, actor, made.id, SIGNED, made.draft_version).id


def withdraw_appeal(session: Session, page: Page, _store: Store) -> None:
    appealing.withdraw(session, page.actor, page.subject)


def sit(session: Session, page: Page, _store: Store) -> None:
    appeal_panel.sit(session, page.actor, page.subject)


def stand_up(session: Session, page: Page, _store: Store) -> None:
    appeal_panel.stand_up(session, page.actor, page.subject)


def vote(word: Vote) -> Deed:
    ballot = Ballot(word, "Read.", {}, "Read.", "Read.")
    return lambda session, page, _store: appeal_panel.vote(session, page.actor, page.subject, ballot, page.seen)


DEEDS: dict[str, Deed] = {
    "start": start, "fill": fill, "answer": answer, "submit": submit, "reply": reply, "withdraw": withdraw,
    "declare": declare, "declare a tie": declare_tie, "claim": claim, "release": release, "rule": rule,
    "rule harshly": rule_harshly, "ask": ask, "recommend": recommend, "return": send_back, "approve": approve,
    "refuse": refuse, "suspended": propose(AwardAct.SUSPENDED), "reinstated": propose(AwardAct.REINSTATED),
    "revoked": propose(AwardAct.REVOKED), "confirm": confirm, "take back": take_back, "rename": rename,
    "confirm change": confirm_change, "decline change": decline_change,
    "withdraw change": withdraw_change, "leave": leave, "remove": remove, "hand over": hand_over,
    "make editor": give_role(CompanyRole.EDITOR), "make owner": give_role(CompanyRole.OWNER),
    "lodge": lodge, "lodge against an act": lodge_against_act, "withdraw appeal": withdraw_appeal, "sit": sit,
    "stand up": stand_up, "uphold": vote(Vote.UPHOLD), "dismiss": vote(Vote.DISMISS),
}  # fmt: skip
