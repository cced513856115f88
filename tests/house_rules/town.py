"""A small town for the sweeps: a company in every state, hostile names among them, and somebody of every role."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pysqlite3.dbapi2 as sqlite
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from certificates.demonstration import make_keyring
from compliance import clock
from compliance.actions import (
    access,
    changing,
    checking_in,
    declaring,
    edition_drafts,
    planning,
    proposing,
    rehearsals,
    uploading,
)
from compliance.actions.accounts import create_person
from compliance.actions.calendars import open_calendar
from compliance.actions.checking_in import Entered, due_check_in, figures_asked
from compliance.actions.declaring import Told
from compliance.actions.drafts import published
from compliance.actions.inspecting import Inspected
from compliance.actions.invitations import invite_colleague
from compliance.app import create_app
from compliance.cli.demonstration import acts, seed
from compliance.cli.demonstration.answers import answers
from compliance.cli.demonstration.cast import CAFE, COLLEAGUES, PASSWORD, PLACE, Fate, Player
from compliance.cli.demonstration.documents import document
from compliance.cli.demonstration.offers import all_work
from compliance.domain.grounds import Ground
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.domain.standing import AwardAct
from compliance.jobs.issue import issue
from compliance.journeys import gate
from compliance.settings import Settings
from compliance.store.appeals import Appeal
from compliance.store.assessments import Assessment, assessments_of
from compliance.store.awards import Award, AwardProposal
from compliance.store.base import db, transaction
from compliance.store.change_declarations import ChangeDeclaration, ChangeKind, ReportedTo
from compliance.store.changes import ChangeRequest
from compliance.store.check_ins import check_ins_of
from compliance.store.colleague_acts import ColleagueAct, ColleagueChange, colleague_changes
from compliance.store.companies import Company
from compliance.store.concerns import Concern
from compliance.store.evidence_files import EvidenceFile
from compliance.store.files import file_store
from compliance.store.letters import KeptLetter, keep
from compliance.store.outbox import Notice
from compliance.store.people import Invitation, Membership, Person, person_by_email
from compliance.store.plans import PlanStep
from compliance.store.register import refresh_entry
from compliance.store.reporting_channels import ReportingChannel
from compliance.store.spot_checks import SpotCheck
from compliance.store.transparency import newest_checkpoint
from questionnaires import Edition, Question, Reply, current
from questionnaires.catalogue import DIRECTORY
from questionnaires.folders import digest_of, texts_in
from tests.helpers import sign_in, token, why
from tests.house_rules import appeals_in_town, checks_in_town, concerns_in_town, editions_in_town

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(7)</script> {{7*7}} ' OR 1=1 -- gnp"
HOSTILE_KM = "<script>alert(8)</script> {{8*8}} ខ្មែរ"
HOSTILE_FILE = "<img src=x onerror=alert(9)> {{9*9}} =1+1.pdf"
SECRETS = ("quokka", "ក្វក្កា", "numbat", "ណាំបាត")  # nobody outside these companies may ever read these words
INVITATION = "an-invitation-token-that-is-known-to-the-sweeps"


def _player(km: str, latin: str, fate: Fate, days: int) -> Player:
    return Player(km, latin, PLACE, "takeo", 3, "best", fate, days, *CAFE)


OWN, SECRET, SECRET_ASKED = "Homely Sparrow", "Quokka Cellar", "Numbat Attic"
TOWN = (
    _player("ចាបផ្ទះ", OWN, "renewing", 650),
    _player("ក្វក្កា", SECRET, "nearly", 20),
    _player("ណាំបាត", SECRET_ASKED, "clarifying", 25),
    _player("តាពៀរ", "Tapir Yard", "submitted", 6),
    _player("ឌូហ្គុង", "Dugong Bay", "recommended", 30),
    _player("គីវី", "Kiwi Hill", "refused", 35),
    _player("ម៉ាម៉ុត", "Marmot Hole", "suspended", 60),
    _player(HOSTILE_KM, HOSTILE, "renewing", 640),
    _player(HOSTILE_KM, HOSTILE + "2", "in_review", 28),
    _player("ថ្មី", "Newt Pond", "new", 2),
)
STAFF = (
    "reviewer",
    "reviewer2",
    "approver",
    "approver2",
    "panel_member",
    "administrator",
    "administrator2",
    "observer",
)
OWN_PEOPLE = ("owner", *(role.value for _email, _name, role in COLLEAGUES))


def build(settings: Settings) -> None:
    """Plays the town's stories into an empty migrated store."""
    make_keyring(settings.keys_dir, today=date(2026, 1, 1))
    app = create_app(settings)
    with app.app_context(), patch.object(acts, "answers", _with_comments):
        seed.play(app, settings, TOWN)
        with transaction() as session:
            _files(session, settings)
            _waiting(session)
            concerns_in_town.open_dossier(session, _company(HOSTILE))
            concerns_in_town.seal_contacts(session, settings, [_company(name) for name in (OWN, SECRET, HOSTILE)])
        while issue(settings):
            pass
        db.session.remove()
        db.engine.dispose()


def _with_comments(player: Player, code: Edition, facts: Any) -> Iterator[tuple[Question, Reply]]:
    """The story's answers, each with a comment that tells whose it is or means harm."""
    comment = HOSTILE if "script" in player.name_latin else f"{player.name_latin} says so"
    for question, reply in answers(player, code, facts):
        yield question, replace(reply, comment=comment)


def _files(session: Session, settings: Settings) -> None:
    """A file with a telling name in every draft; hostile companies' files have hostile names."""
    files = file_store(settings)
    for company in session.scalars(sa.select(Company)).all():
        hostile = "script" in company.name_latin
        owner = session.get_one(Person, company.registered_by).actor()
        drafts = sa.select(Assessment).where(Assessment.company_id == company.id, Assessment.state == State.DRAFT)
        for draft in session.scalars(drafts).all():
            made = Inspected(f"{company.name_latin[:20]}.pdf", "application/pdf", document("Company", "Policy"))
            uploading.upload(session, owner, draft.id, "gov_policy", uploading.keep(files, made))
        if hostile:
            for file in session.scalars(sa.select(EvidenceFile).where(EvidenceFile.company_id == company.id)):
                file.name = HOSTILE_FILE


def _waiting(session: Session) -> None:
    """Invitations not taken yet, a proposal that nobody confirmed yet, a rehearsal that no worker began yet."""
    for latin in (SECRET, SECRET_ASKED, OWN):
        company = _company(latin)
        owner = session.get_one(Person, company.registered_by).actor()
        asked = f"asked-{company.slug}@companies.example"
        _own_step(session, owner, company)
        made = invite_colleague(session, owner, company.id, asked, CompanyRole.VIEWER, "en", lambda token, _lang: token)
    made.token_sha256 = hashlib.sha256(INVITATION.encode()).hexdigest()
    own = _company(OWN)
    reviewer = person_by_email(session, "reviewer@demonstration.example")
    award = session.scalars(sa.select(Award).where(Award.company_id == own.id)).one()
    assert reviewer is not None
    late = replace(why(AwardAct.SUSPENDED, "The check-in is late."), ground=Ground.CHECK_IN_OVERDUE)
    proposing.propose(session, reviewer.actor(), award.id, AwardAct.SUSPENDED, late)
    owner = session.get_one(Person, own.registered_by).actor()
    changing.ask(session, owner, own, {"website": "https://sparrow.example/"})
    open_calendar(session, owner, own.id)
    for latin in (SECRET, SECRET_ASKED, OWN, HOSTILE):
        _offers(session, _company(latin))
        _gone(session, _company(latin))
    for latin in (OWN, HOSTILE):
        _declared(session, _company(latin))
    _checked_in(session, _company(HOSTILE))
    concerns_in_town.play(session, [_company(name) for name in (MARMOT, SECRET, SECRET_ASKED, OWN, HOSTILE)], HOSTILE)
    appeals_in_town.play(session, _company(KIWI), _company(MARMOT), _company(OWN), HOSTILE)
    checks_in_town.play(session, HOSTILE)
    administrator = person_by_email(session, "administrator@demonstration.example")
    assert administrator is not None
    rehearsals.request(session, administrator.actor(), published(current().id), "published")
    _drafted(session, administrator.actor())
    editions_in_town.play(session, administrator.actor(), HOSTILE)
    _letters(session)
    access.propose_invitation(session, administrator.actor(), "new@ministry.example", Role.OBSERVER, "en", "She joins.")


def _drafted(session: Session, administrator: Actor) -> None:
    """A draft edition, the same as the one in force."""
    texts = texts_in(DIRECTORY / current().id)
    title = {"km": current().title.km, "en": current().title.en}
    looked = edition_drafts.Looked(texts, digest_of(texts), current().id, title, (), wrong=0, doubtful=0)
    edition_drafts.upload(session, administrator, looked)


def _offers(session: Session, company: Company) -> None:
    """A service, in words that mean harm where the company's do; a channel that tells whose it is."""
    names = {"km": company.name_km[:60], "latin": company.name_latin[:60]}
    company.services = [{"id": 1, **names, "kind": company.kinds[0], "public": True}]
    ways = {"page": "https://a.example/report", "telephone": "023 123 456", "menu": company.name_latin[:100]}
    told = {"company_id": company.id, "set_by": company.registered_by, "set_at": clock.now(), **ways}
    session.add(ReportingChannel(service=1, **told))
    session.flush()
    refresh_entry(session, company.id)


def _gone(session: Session, company: Company) -> None:
    """A colleague who was removed a moment ago; the newest membership stays that of somebody who works there."""
    person = create_person(
        session, f"gone-{company.slug}@companies.example", f"{company.name_latin[:60]} Gone", "en", None
    )
    ended = {"since": company.registered_at, "ended_at": clock.now(), "role": CompanyRole.VIEWER}
    row = Membership(company_id=company.id, person=person, **ended)
    session.add(row)
    session.flush()
    session.add(
        ColleagueChange(
            company_id=company.id, act=ColleagueAct.REMOVED, membership_id=row.id, role_before=CompanyRole.VIEWER,
            acted_by=company.registered_by, acted_at=clock.now(),
        )
    )  # fmt: skip


def _own_step(session: Session, owner: Actor, company: Company) -> None:
    """A step of the company's own in its newest plan, in telling words."""
    newest = assessments_of(session, company.id)[0].id
    planning.plan_own(session, owner, newest, None, f"{company.name_latin} plans this", "Owner", date(2031, 12, 31))


def _letters(session: Session) -> None:
    """A mail that each company's owner was sent, with a telling subject."""
    for company in session.scalars(sa.select(Company)).all():
        mine = sa.select(Notice).where(Notice.person_id == company.registered_by)
        notice = session.scalars(mine.order_by(Notice.id)).first()
        if notice is not None:
            keep(session, notice, "en", f"{company.name_latin} has a letter", "Dear reader", clock.now())


def _declared(session: Session, company: Company) -> None:
    """The company told of an incident, in words that mean harm where it does."""
    words = HOSTILE if "script" in company.name_latin else f"{company.name_latin} lost a filter for two days."
    told = Told(ChangeKind.INCIDENT, clock.today(), words, words, (ReportedTo.HOTLINE,))
    declaring.declare(session, session.get_one(Person, company.registered_by).actor(), company.id, told, "0" * 32)


def _checked_in(session: Session, company: Company) -> None:
    """A check-in that was sent, in words that mean harm."""
    due = due_check_in(session, company.id)
    assert due is not None
    said = Reply(0, comment=HOSTILE)
    figures = {question.id: said for question in figures_asked(session, due.award)}
    work = all_work(session, company.id)
    entered = Entered(figures, contacts_right=True, all_declared=True, changed=HOSTILE, channels=work)
    owner = session.get_one(Person, company.registered_by).actor()
    checking_in.send(session, owner, company.id, entered, (str(due.due_on), 0))


def _company(latin: str) -> Company:
    return db.session.scalars(sa.select(Company).where(Company.name_latin == latin)).one()


TAPIR, DUGONG, KIWI, MARMOT, HOSTILE_2 = "Tapir Yard", "Dugong Bay", "Kiwi Hill", "Marmot Hole", HOSTILE + "2"
IN_REVIEW = (
    (TAPIR, ""),
    (HOSTILE_2, ""),
    (SECRET_ASKED, ""),
    (DUGONG, ""),
    (KIWI, ""),
    (HOSTILE, "approved"),
)
# What each visitor has to do with: a company, and the state of its assessment when it is not the newest.
AT_HOME: dict[str, tuple[tuple[str, str], ...]] = {
    "anonymous": ((OWN, ""), (MARMOT, ""), (HOSTILE, "")),
    **dict.fromkeys(OWN_PEOPLE, ((OWN, ""), (OWN, "approved"))),
    **{latin: ((latin, ""),) for latin in (SECRET, SECRET_ASKED, TAPIR, KIWI, HOSTILE, HOSTILE_2)},
    "reviewer": IN_REVIEW,
    "reviewer2": IN_REVIEW,
    "approver": ((DUGONG, ""), (HOSTILE, "approved"), (KIWI, "")),
    "approver2": ((DUGONG, ""), (OWN, "approved")),
    "panel_member": ((MARMOT, ""),),
    "administrator": ((OWN, ""),),
    "administrator2": ((OWN, ""),),
    "observer": ((HOSTILE, "approved"),),
}


@dataclass
class Town:
    """The running application, its people's browsers, and where things are."""

    app: Flask
    folder: Path
    visitors: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)

    def visitor(self, name: str) -> FlaskClient:
        """The browser of `anonymous`, of a role, or of the owner of the company with this Latin name."""
        if name not in self.visitors:
            client = self.app.test_client()
            if name != "anonymous":
                sign_in(client, self.address_of(name), PASSWORD)
                self._digests = {}
            self.visitors[name] = client
        return self.visitors[name]

    def address_of(self, name: str) -> str:
        """The e-mail address of a visitor."""
        if name in STAFF or name in OWN_PEOPLE:
            return f"{name}@demonstration.example"
        with self.app.app_context():
            return db.session.get_one(Person, _company(name).registered_by).email

    def things(self, latin: str, state: str = "") -> dict[str, str]:
        """A value for every part that an address can have, all of one company; its assessment in `state`, else the
        newest."""
        with self.app.app_context():
            session, company = db.session, _company(latin)
            rows = session.scalars(sa.select(Assessment).where(Assessment.company_id == company.id)).all()
            fitting = [row for row in rows if not state or row.state == state]
            award = session.scalar(sa.select(Award).where(Award.company_id == company.id))
            file = session.scalars(
                sa.select(EvidenceFile).where(EvidenceFile.company_id == company.id).order_by(EvidenceFile.id.desc())
            ).first()
            own_steps = sa.select(PlanStep.id).where(PlanStep.question == "")
            step = session.scalar(own_steps.where(PlanStep.assessment_id == fitting[-1].id)) if fitting else None

            letter = session.scalar(sa.select(KeptLetter).where(KeptLetter.person_id == company.registered_by))
            sent = next((one for one in check_ins_of(session, company.id) if one.sent_at), None)
            declared = session.scalar(sa.select(ChangeDeclaration).where(ChangeDeclaration.company_id == company.id))
            changes = colleague_changes(session(), company.id)
            working = sa.select(Membership).where(Membership.company_id == company.id, Membership.ended_at.is_(None))
            membership = session.scalars(working).all()[-1]
            appeal = session.scalar(sa.select(Appeal).where(Appeal.company_id == company.id))
            concern = session.scalar(sa.select(Concern).where(Concern.company_id == company.id))
            checks = sa.select(SpotCheck).where(SpotCheck.company_id == company.id, SpotCheck.told_at.is_not(None))
            check = session.scalar(checks)
            return {
                "company_id": str(company.id),
                "check_id": str(check.id if check else 10**6),
                "slug": company.slug,
                "assessment_id": str(fitting[-1].id if fitting else 10**6),
                "file_id": str(file.id if file else 10**6),
                "membership_id": str(membership.id),
                "step_id": str(step or 10**6),
                "letter_id": str(letter.id if letter else 10**6),
                "award_id": str(award.id if award else 10**6),
                "service_id": str(company.services[0]["id"] if company.services else 10**6),
                "change_id": str(changes[-1].id if changes else 10**6),
                "check_in_id": str(sent.id if sent else 10**6),
                "appeal_id": str(appeal.id if appeal else 10**6),
                "flag_id": "1",
                "concern_id": str(concern.id if concern else 10**6),
                "declaration_id": str(declared.id if declared else 10**6),
                "number": award.number if award else "COP-KH-2026-99999-99",
                **self._shared(company),
            }

    def _shared(self, company: Company) -> dict[str, str]:
        session = db.session
        # Sweeps press every button of an administrator: this account stays off once it is switched off.
        switched = person_by_email(session(), "administrator2@demonstration.example")
        of_company = sa.select(AwardProposal).join(Award, Award.id == AwardProposal.award_id)
        proposal = session.scalar(of_company.where(Award.company_id == company.id, AwardProposal.closed_at.is_(None)))
        log = newest_checkpoint(session())
        change = session.scalar(sa.select(ChangeRequest))
        invitation = session.scalar(sa.select(Invitation).where(Invitation.company_id == company.id))
        assert switched is not None
        assert change is not None
        return {
            "lang": "en",
            "question_id": "gov_policy",
            "page": "1",
            "template_id": "pledge",
            "language": "km",
            "section_id": "education",  # there the renewal has answers to confirm
            "person_id": str(switched.id),
            "invitation_id": str(invitation.id if invitation else 10**6),
            "proposal_id": str(proposal.id if proposal else 10**6),
            "request_id": str(change.id),
            "token": INVITATION,
            "position": "0",
            "size": str(log.size if log else 10**6),
            "level": "0",
            "tile": "000.p/1",
            "earlier": "1",
            "later": "2",
            "rehearsal_id": "1",
            "draft_id": "1",
            "part": "question-csam_terms",
            "edition_proposal_id": "1",
            "place": "2",
            "signatory_id": "1",
            "mark_id": "1",
            "edition_id": current().id,
            "rule": "grace.days",
            "rule_change_id": "1",
            "kind": "seal",
            "notice_id": str(session.scalar(sa.select(sa.func.max(Notice.id)).where(Notice.kind == "review_waiting"))),
            "day": clock.today().isoformat(),
            "access_id": "1",
            "purpose": "revocation",
            "reference": concerns_in_town.FOLLOWED,
            "filename": "app.css",
        }

    def address(self, endpoint: str, things: Mapping[str, str]) -> str:
        """The address of an endpoint with these things in it."""
        return self.app.url_map.bind("localhost").build(endpoint, dict(things), append_unknown=False)

    def get(self, visitor: str, address: str, **more: Any) -> TestResponse:
        """What a visitor gets, read to the end."""
        return self.visitor(visitor).get(address, buffered=True, **more)

    def rules(self, method: str) -> list[str]:
        """The endpoints that answer a method."""
        return sorted({rule.endpoint for rule in self.app.url_map.iter_rules() if method in (rule.methods or ())})

    def token(self, visitor: str) -> str:
        """The visitor's CSRF token."""
        if visitor not in self.tokens:
            form = "/en/account/sign-in" if visitor == "anonymous" else "/en/account/"
            self.tokens[visitor] = token(self.get(visitor, form))
        return self.tokens[visitor]

    @contextmanager
    def untouched(self, visitor: str, what: str) -> Iterator[None]:
        """Fails when a visitor's deed changes any row, browsers and counted tries aside."""
        self.visitor(visitor)
        database = self.folder / "portal.sqlite"
        with closing(sqlite.connect(database)) as watching:
            before = self._digests = self._digests or digests(database)
            version = watching.execute("PRAGMA data_version").fetchone()
            yield
            if watching.execute("PRAGMA data_version").fetchone() != version:
                self._digests = digests(database)
                changed = [table for table, digest in self._digests.items() if digest != before[table]]
                assert not changed, f"{visitor} changed {changed} by {what}"


@contextmanager
def opened(settings: Settings) -> Iterator[Town]:
    """A built town that can be visited."""
    app = create_app(settings)
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield Town(app, settings.data_dir)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def digests(database: Path) -> dict[str, str]:
    """By table."""
    with closing(sqlite.connect(database)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: hashlib.sha256(repr(connection.execute(f'SELECT * FROM "{name}"').fetchall()).encode()).hexdigest()
            for name in names
            if name not in {"sessions", "attempts"} and not name.startswith("register_words")
        }


def is_theirs(endpoint: str, visitor: str) -> bool:
    """Whether the visitor has business there; public pages are read by three people, the others by theirs."""
    blueprint = endpoint.partition(".")[0]
    if blueprint in gate.STAFF:
        return visitor.rstrip("2") in {role.value for role in gate.STAFF[blueprint]}
    if blueprint in gate.COMPANY:
        return visitor not in STAFF and visitor != "anonymous"
    return visitor in {"anonymous", "owner", "reviewer"}
