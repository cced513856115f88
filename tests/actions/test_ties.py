"""Whoever is tied to a company takes no act on it: every act of the ministry, every tie, in service and database."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet, MultiFernet
from flask import Flask
from sqlalchemy.orm import Session

from compliance import actions, clock
from compliance.actions import (
    access,
    advance,
    appeal_panel,
    asking,
    authority_contacts,
    changing,
    concerns,
    deciding,
    declaring,
    dossiers,
    excusing,
    handing_over,
    moderating,
    noting,
    proposing,
    reviewing,
    second_scoring,
    spot_checking,
    spot_drawing,
    spot_handing,
    ties,
    uploading,
)
from compliance.actions.authority_contacts import AuthorityContact
from compliance.actions.comparing import both_readings
from compliance.actions.excusing import Excuse
from compliance.actions.judging import Judgement
from compliance.actions.moderating import Choice
from compliance.actions.raising import Said, raise_concern
from compliance.actions.scorecards import seen_digest
from compliance.actions.under_review import under_review
from compliance.cli.demonstration import acts
from compliance.domain.appeals import Vote
from compliance.domain.concerns import About, ConcernOutcome
from compliance.domain.errors import DomainError, ForbiddenError, NotFoundError
from compliance.domain.lifecycle import STEPS, By, State, Step
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import AwardAct
from compliance.domain.working_days import add_working_days
from compliance.settings import Settings
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, AwardProposal
from compliance.store.base import db, transaction
from compliance.store.change_declarations import ChangeKind
from compliance.store.changes import ChangeRequest
from compliance.store.companies import Company
from compliance.store.evidence_files import evidence_for
from compliance.store.reviews import Declaration, Verdict
from compliance.store.spot_checks import Finding
from tests.actions.appeals import appeal, ballot, lodged
from tests.actions.cases import CAFE, Case, case, person
from tests.actions.test_walk import refused
from tests.actions.tying import KINDS, address, in_vain, member
from tests.helpers import why
from tests.twice import BY_SECOND, finish, rule_first, rule_second, scored_twice, take
from tests.twice import refused as refuse_answer

Call = Callable[[Session, Actor], object]


@dataclass
class Tried:
    """The acts that were tried on one company, each with every tie."""

    one: Case
    names: set[str] = field(default_factory=set)

    def act(self, name: str, actor: Actor, call: Call) -> None:
        """Refused by the service for every tie, and by the database when the service looks away; else possible."""
        self.read(name, actor, call, ForbiddenError)
        with pytest.MonkeyPatch.context() as blind:
            blind.setattr(ties, "ties_of", lambda *_arguments: {})
            for kind in KINDS:
                refusal = self.refusal(kind, actor, call)
                assert isinstance(refusal, sa.exc.IntegrityError), f"the database takes {name} of {kind}"
                assert "tie:" in str(refusal)

    def read(self, name: str, actor: Actor, call: Call, error: type[Exception] = NotFoundError) -> None:
        """Reading is refused by the service alone."""
        for kind in KINDS:
            assert isinstance(self.refusal(kind, actor, call), error), f"the service takes {name} of {kind}"
        in_vain(lambda session: call(session, actor))
        self.names.add(name)

    def refusal(self, kind: str, actor: Actor, call: Call) -> Exception | None:
        """Why the act failed with the tie."""
        try:
            in_vain(
                lambda session: KINDS[kind](session, actor, self.one.company_id), lambda session: call(session, actor)
            )
        except (DomainError, sa.exc.IntegrityError) as error:
            return error
        return None


@pytest.fixture
def tried(in_app: Flask, moment: object, settings: Settings) -> Tried:
    return Tried(case(settings))


@pytest.mark.night
def test_every_act_is_refused_for_every_tie(tried: Tried) -> None:
    """One case led through its life; each act is tried where it is possible, and is possible without the tie."""
    one, hands, number = tried.one, tried.one.hands, tried.one.assessment_id
    acts.submit(hands, number, 0)
    tried.act("reviewing.declare", hands.reviewer, lambda s, who: reviewing.declare(s, who, number, has_tie=False))
    with transaction() as session:
        reviewing.declare(session, hands.reviewer, number, has_tie=False)
    version = one.assessment.version
    tried.act("reviewing.claim", hands.reviewer, lambda s, who: reviewing.claim(s, who, number, version))
    acts.claim(hands, number, 0)
    handing(tried)
    review(tried)
    acts.rule(hands, number, 0)
    recommending(tried)
    acts.recommend(CAFE, hands, number, 0)
    decisions(tried)
    acts.decide(hands, number, 0)
    proposals(tried)
    panels(tried)
    changes(tried)
    of_the_public(tried)
    owners(tried)
    spot_checks(tried)
    assert tried.names == {name for name, kind in ACTS.items() if kind == "tried"}


def test_every_act_on_two_scorings_is_refused_for_every_tie(in_app: Flask, moment: object, settings: Settings) -> None:
    twice = scored_twice(settings)
    tried, number = Tried(twice.one), twice.number
    acts.claim(twice.one.hands, number, 0)
    with transaction() as session:
        for who in (twice.second, twice.third):
            reviewing.declare(session, who, number, has_tie=False)
    tried.act("second_scoring.take", twice.second, lambda s, who: second_scoring.take(s, who, number))
    take(twice)
    tried.act("second_scoring.set_free", twice.third, lambda s, who: second_scoring.set_free(s, who, number, "ill"))
    partly = Judgement(Verdict.ADJUST, "partial", True, None, "not_complete", "Not yet approved.")
    rule: Call = lambda s, who: second_scoring.rule(s, who, number, "gov_policy", partly)  # noqa: E731
    tried.act("second_scoring.rule", twice.second, rule)
    with transaction() as session:
        rule(session, twice.second)
    said = Excuse(True, ("very_small",), "The board meets soon.")
    excuse: Call = lambda s, who: second_scoring.excuse(s, who, number, "gov_policy", said)  # noqa: E731
    tried.act("second_scoring.excuse", twice.second, excuse)
    rule_first(twice)
    rule_second(twice, {one: refuse_answer("No date.") for one in BY_SECOND})
    tried.act("second_scoring.finish", twice.second, lambda s, who: second_scoring.finish(s, who, number))
    tried.act("second_scoring.finish_first", twice.first, lambda s, who: second_scoring.finish_first(s, who, number))
    finish(twice)
    case_now = twice.one.assessment
    read: Call = lambda s, who: moderating.to_moderate(s, who, case_now)  # noqa: E731
    tried.read("moderating.to_moderate", twice.third, read, ForbiddenError)
    both = both_readings(db.session(), twice.one.assessment)
    seen, choices = moderating.seen_of(both), {name: Choice("first", "Seen.") for name in both.differing}
    settle: Call = lambda s, who: moderating.moderate(s, who, number, choices, seen)  # noqa: E731
    tried.act("moderating.moderate", twice.third, settle)
    back: Call = lambda s, who: moderating.send_back(s, who, number, "Look again.", seen)  # noqa: E731
    tried.act("moderating.send_back", twice.third, back)
    assert tried.names == {name for name, kind in ACTS.items() if kind == "twice"}


def handing(tried: Tried) -> None:
    one, number = tried.one, tried.one.assessment_id
    other, version = person("next@ministry.example", Role.REVIEWER).user_id or 0, one.assessment.version
    give: Call = lambda s, who: handing_over.hand_over(s, who, number, other, "ill", version)  # noqa: E731
    tried.act("handing_over.hand_over", one.hands.reviewer, give)
    tried.act("handing_over.hand_over", one.hands.approver, give)


def review(tried: Tried) -> None:
    one, reviewer, number = tried.one, tried.one.hands.reviewer, tried.one.assessment_id
    question = under_review(db.session(), one.assessment).to_rule[0]
    verdict = Judgement(Verdict.CONFIRM, evidence_accepted=True)
    tried.act("reviewing.rule", reviewer, lambda s, who: reviewing.rule(s, who, number, question, verdict))
    for name, write in (("note", noting.note), ("put_aside", noting.put_aside)):
        tried.act(f"noting.{name}", reviewer, lambda s, who, write=write: write(s, who, number, question, "Look again"))
    with transaction() as session:
        partly = Judgement(Verdict.ADJUST, "partial", True, None, "not_complete", "Not yet approved.")
        reviewing.rule(session, reviewer, number, "gov_policy", partly)
    said = Excuse(True, ("very_small",), "The board meets soon.")
    tried.act("excusing.excuse", reviewer, lambda s, who: excusing.excuse(s, who, number, "gov_policy", said))
    facts = {"verification_visit_or_call_passed": True}
    tried.act("reviewing.note_facts", reviewer, lambda s, who: reviewing.note_facts(s, who, number, facts))
    tried.act("asking.ask", reviewer, lambda s, who: asking.ask(s, who, number, {question: "Since when?"}))
    file = next(iter(evidence_for(db.session(), number).values()))[0].id
    look = partial(uploading.file_for_review, assessment_id=number, file_id=file)
    tried.read("uploading.file_for_review", reviewer, look)


def recommending(tried: Tried) -> None:
    number = tried.one.assessment_id
    words = {"scope_km": "ក", "scope_en": "a", "note": "", "seen": seen_digest(db.session(), tried.one.assessment)}
    recommend: Call = lambda s, who: reviewing.recommend(s, who, number, **words)  # noqa: E731
    tried.act("reviewing.recommend", tried.one.hands.reviewer, recommend)


def decisions(tried: Tried) -> None:
    number, approver = tried.one.assessment_id, tried.one.hands.approver
    with transaction() as session:
        reviewing.declare(session, approver, number, has_tie=False)
    seen = seen_digest(db.session(), tried.one.assessment)
    approve: Call = lambda s, who: deciding.approve(s, who, number, seen=seen, public_url="http://localhost")  # noqa: E731
    tried.act("deciding.approve", approver, approve)
    tried.act("deciding.refuse", approver, lambda s, who: deciding.refuse(s, who, number, seen=seen, reason="r"))
    tried.act("deciding.send_back", approver, lambda s, who: deciding.send_back(s, who, number, seen=seen, reason="r"))


def proposals(tried: Tried) -> None:
    hands, award = tried.one.hands, db.session.scalars(sa.select(Award)).one().id
    told = declaring.Told(ChangeKind.OWNERSHIP, clock.today(), "New owners.")
    with transaction() as session:
        number = declaring.declare(session, hands.owner, tried.one.company_id, told, "0" * 32).id
    read: Call = lambda s, who: declaring.declaration_for_review(s, who, number)  # noqa: E731
    tried.read("declaring.declaration_for_review", hands.reviewer, read, ForbiddenError)
    tried.act("declaring.see", hands.reviewer, lambda s, who: declaring.see(s, who, number))
    propose: Call = lambda s, who: proposing.propose(s, who, award, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, "late"))  # noqa: E731
    tried.act("proposing.propose", hands.reviewer, propose)
    with transaction() as session:
        proposing.propose(session, hands.reviewer, award, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, "late"))
    proposal = db.session.scalars(sa.select(AwardProposal)).one().id
    tried.act("proposing.decline", hands.second, lambda s, who: proposing.decline(s, who, proposal, "Too early."))
    tried.act("proposing.confirm", hands.second, lambda s, who: proposing.confirm(s, who, proposal))


def panels(tried: Tried) -> None:
    """Of an appeal against the suspension that was proposed."""
    one, member = tried.one, person("panel@ministry.example", Role.PANEL_MEMBER)
    with transaction() as session:
        proposal = session.scalars(sa.select(AwardProposal)).one().id
        proposing.confirm(session, one.hands.second, proposal)
    number = lodged(one, act=True)
    with transaction() as session:
        reviewing.declare(session, member, one.assessment_id, has_tie=False)
    read: Call = lambda s, who: appeal_panel.readable(s, who, number)  # noqa: E731
    tried.read("appeal_panel.readable", member, read, ForbiddenError)
    tried.act("appeal_panel.sit", member, lambda s, who: appeal_panel.sit(s, who, number))
    with transaction() as session:
        appeal_panel.sit(session, member, number)
    note: Call = lambda s, who: appeal_panel.note(s, who, number, clock.today(), "They came.")  # noqa: E731
    tried.act("appeal_panel.note", member, note)
    said, seen = ballot(number, Vote.UPHOLD), appeal_panel.seen_of(db.session(), appeal(number))
    tried.act("appeal_panel.vote", member, lambda s, who: appeal_panel.vote(s, who, number, said, seen))
    file = next(iter(evidence_for(db.session(), one.assessment_id).values()))[0].id
    look = partial(appeal_panel.file_for_panel, appeal_id=number, file_id=file)
    tried.read("appeal_panel.file_for_panel", member, look)


def of_the_public(tried: Tried) -> None:
    """A concern, handled by somebody who had no part in the award."""
    handler = person("handler@ministry.example", Role.REVIEWER)
    award = db.session.scalars(sa.select(Award)).one().id
    with transaction() as session:
        said = Said(About.CHANNEL, "Nobody answers.", "", "en", "0" * 32)
        number = raise_concern(session, award, said).id
    read: Call = lambda s, who: concerns.concern_for_staff(s, who, number)  # noqa: E731
    tried.read("concerns.concern_for_staff", handler, read, ForbiddenError)
    tried.act("concerns.acknowledge", handler, lambda s, who: concerns.acknowledge(s, who, number))
    tried.act("concerns.ask_company", handler, lambda s, who: concerns.ask_company(s, who, number))
    close: Call = lambda s, who: concerns.close_concern(s, who, number, ConcernOutcome.UNFOUNDED, "No.")  # noqa: E731
    tried.act("concerns.close_concern", handler, close)
    observer, day = person("observer@ngo.example", Role.OBSERVER).user_id or 0, clock.today()
    flag: Call = lambda s, who: dossiers.flag(s, who, award, observer, "The council asks.", day)  # noqa: E731
    tried.act("dossiers.flag", handler, flag)
    keys, contact = MultiFernet([Fernet(Fernet.generate_key())]), AuthorityContact("Sok", "012", "always")
    with transaction() as session:
        authority_contacts.give(session, tried.one.hands.owner, tried.one.company_id, contact, keys)
    open_it: Call = lambda s, who: authority_contacts.read_contact(s, who, tried.one.company_id, "A request.", keys)  # noqa: E731
    tried.read("authority_contacts.read_contact", handler, open_it, ForbiddenError)


def changes(tried: Tried) -> None:
    hands = tried.one.hands
    with transaction() as session:
        company = session.get_one(Company, tried.one.company_id)
        changing.ask(session, hands.owner, company, {"name_latin": "Other Café"})
    asked = db.session.scalars(sa.select(ChangeRequest)).one().id
    tried.act(
        "changing.confirm", hands.reviewer, partial(changing.confirm, request_id=asked, public_url="http://localhost")
    )
    tried.act("changing.decline", hands.reviewer, lambda s, who: changing.decline(s, who, asked, "no"))


def owners(tried: Tried) -> None:
    first, second = (person(f"{name}@ministry.example", Role.ADMINISTRATOR) for name in ("one", "two"))
    company = tried.one.company_id
    name: Call = lambda s, who: access.propose_owner(s, who, company, "new@other.example", "A letter.", "en")  # noqa: E731
    tried.act("access.propose_owner", first, name)
    with transaction() as session:
        proposal = access.propose_owner(session, first, company, "new@other.example", "A letter.", "en").id
    confirm = partial(access.confirm, proposal_id=proposal, link_for="{}:{}".format)
    tried.act("access.confirm", second, confirm)


def spot_checks(tried: Tried) -> None:
    """Of the award that was suspended; at the end it is revoked."""
    hands, award = tried.one.hands, db.session.scalars(sa.select(Award)).one().id
    checker, ready = person("checker@ministry.example", Role.REVIEWER), spot_checking
    other = person("colleague@ministry.example", Role.REVIEWER)
    opened: Call = lambda s, who: spot_drawing.open_spot_check(s, who, award, "said")  # noqa: E731
    tried.act("spot_drawing.open_spot_check", hands.reviewer, opened)
    with transaction() as session:
        number = spot_drawing.open_spot_check(session, hands.reviewer, award, "said").id
    tried.read(
        "spot_checking.check_for_review", checker, lambda s, who: ready.check_for_review(s, who, number), ForbiddenError
    )
    tried.act("spot_checking.take", checker, lambda s, who: ready.take(s, who, number))
    give: Call = lambda s, who: spot_handing.hand_over_check(  # noqa: E731
        s, who, number, other.user_id or 0, "Leave.", checker.user_id or 0
    )
    with transaction() as session:
        reviewing.declare(session, checker, ready.take(session, checker, number).award.assessment_id, has_tie=False)
    tried.read("spot_handing.hand_over_check", checker, give, ForbiddenError)
    with transaction() as session:
        name = ready.answers_to_choose(session, ready.take(session, checker, number))[0]
    due = add_working_days(clock.today(), 5)
    tell: Call = lambda s, who: ready.tell(s, who, number, (name,), "The policy.", due)  # noqa: E731
    tried.act("spot_checking.tell", checker, tell)
    with transaction() as session:
        tell(session, checker)
    found = ready.Found(Finding.IN_ORDER, {name: (ready.IN_ORDER, "")}, "")
    tried.act("spot_checking.find", checker, lambda s, who: ready.find(s, who, number, found))
    with transaction() as session:
        session.get_one(Award, award).last_act = AwardAct.REVOKED
    tried.act("spot_checking.drop", checker, lambda s, who: ready.drop(s, who, number))


# Every act that an actor takes. "tried" above with every tie; "aside" takes one's hands off, so a tie is no bar to it;
# "company" is the company's own act, by its colleagues; "portal" is about no company; "inner" is a part of the others.
WHAT = {
    "portal": """
        accounts.edit_profile accounts.set_active accounts.sign_out_everywhere
        accounts.switch_second_factor_off accounts.reset_second_factor accounts.forget_second_factor
        identities.unbind addresses.ask addresses.change access.propose_invitation access.propose_roles
        access.propose_enabling access.withdraw invitations.invite_staff invitations.accept rehearsals.request
        holidays.declare holidays.remove identities.unbind
        rehearsals.remove spot_drawing.draw outbox.try_again outbox.cancel trail.note_export
        draft_texts.save draft_texts.set_checks
        hotlines.put hotlines.move_up hotlines.remove signing_for.propose signing_for.confirm signing_for.withdraw
        marking.propose marking.confirm marking.withdraw moving_rules.propose moving_rules.confirm moving_rules.withdraw
        second_administrator.require_two second_administrator.tell_others second_administrator.confirm
        second_administrator.withdraw
        edition_drafts.upload edition_drafts.change edition_drafts.let_go edition_publishing.propose
        edition_publishing.propose_call_back edition_publishing.confirm edition_publishing.withdraw
    """,
    "company": """
        answering.save answering.save_each answering.keep_rejected preferences.choose_page
        changing.ask changing.withdraw colleagues.set_role colleagues.hand_over colleagues.remove
        colleagues.leave undoing.undo undoing.change_to_undo
        companies.register_company companies.edit_company exporting.may_take importing.take
        answering.save answering.save_each answering.keep_rejected changing.ask changing.withdraw
        colleagues.set_role colleagues.hand_over colleagues.remove
        colleagues.leave companies.register_company companies.edit_company exporting.may_take importing.take
        invitations.invite_colleague invitations.cancel planning.plan planning.plan_own planning.mark planning.drop
        improving.make_plan edition_grace.take_over renewing.start renewing.begin_with confirming.confirm changing.wish
        calendars.open_calendar calendars.close_calendar
        services.save_service services.give_up changing.wish_for trying_channels.confirm
        checking_in.save checking_in.send checking_in.own_check_in
        concerns.own_concern concerns.reply authority_contacts.give
        declaring.declare declaring.own_declaration
        clarifying.draft submitting.submit submitting.withdraw submitting.reply uploading.upload
        uploading.link uploading.unlink uploading.open_answer uploading.make_room uploading.new_file
        uploading.put_on uploading.take_off uploading.own_file
        evidence_pages.give_page evidence_pages.new_page
        replacing.replace replacing.set_dates replacing.support replacing.share
        appealing.target appealing.write appealing.attach appealing.detach appealing.own_appeal appealing.lodge
        appealing.withdraw
        spot_checking.reply spot_checking.own_check hearing.state hearing.own_hearing
    """,
    "inner": """
        dossiers.open_dossier services.set_channel trying_channels.take
        planning.held planning.stamp planning.tell improving.carry
        accounts.require_administrator advance.advance advance.require advance.require_untied
        advance.require_reviewer advance.require_approver awarding.grant
        reissuing.issue_anew
        advance.require_no_part appeal_outcomes.decide reopening.reopen appeal_panel.require_member appeal_panel.seat_of
        appeal_panel.count appeal_seats.free
        invitations.invite_owner colleagues.make_owner ties.ties_to ties.require_no_tie
        blind.require_sees_first blind.require_not_second handing_over.require_may_give second_scoring.may_take
        spot_handing.require_may_give
        moderating.require_third
    """,
    "aside": """
        reviewing.release reviewing.stand_aside spot_checking.release proposing.withdraw uploading.quarantine
        appeal_panel.stand_up
        concerns.lock_away concerns.lock_away_reply dossiers.end_flag second_scoring.release
    """,
    "tried": """
        reviewing.declare reviewing.claim reviewing.rule noting.note noting.put_aside reviewing.note_facts asking.ask
        uploading.file_for_review reviewing.recommend deciding.approve deciding.refuse deciding.send_back
        authority_contacts.read_contact dossiers.flag
        excusing.excuse
        concerns.concern_for_staff concerns.acknowledge concerns.ask_company concerns.close_concern
        proposing.propose proposing.confirm proposing.decline
        changing.confirm changing.decline access.propose_owner access.confirm
        declaring.declaration_for_review declaring.see
        appeal_panel.sit appeal_panel.readable appeal_panel.note appeal_panel.vote appeal_panel.file_for_panel
        spot_drawing.open_spot_check spot_checking.check_for_review spot_checking.take spot_checking.tell
        spot_checking.find spot_checking.drop handing_over.hand_over spot_handing.hand_over_check
    """,
    "twice": """
        second_scoring.take second_scoring.set_free second_scoring.rule second_scoring.excuse second_scoring.finish
        second_scoring.finish_first moderating.to_moderate moderating.moderate moderating.send_back
    """,
}
ACTS = {name: kind for kind, names in WHAT.items() for name in names.split()}


def acts_in_the_code() -> Iterator[str]:
    """Every public function that takes a session and an actor."""
    for found in pkgutil.iter_modules(actions.__path__):
        module = importlib.import_module(f"compliance.actions.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            wanted = list(inspect.signature(function).parameters)[:2] == ["session", "actor"]
            if wanted and function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{found.name}.{name}"


def test_no_act_is_forgotten() -> None:
    assert set(acts_in_the_code()) == ACTS.keys(), "say in ACTS what a tie means for the act, and try it above"


ROLE = {By.REVIEWER: Role.REVIEWER, By.APPROVER: Role.APPROVER, By.PANEL: Role.PANEL_MEMBER}
MINISTRY = [step for step in STEPS.values() if step.by in {By.REVIEWER, By.APPROVER, By.PANEL}]


@pytest.mark.parametrize("step", MINISTRY, ids=lambda step: step.name)
def test_every_step_of_the_ministry_asks_for_ties(
    in_app: Flask, moment: object, settings: Settings, step: Step
) -> None:
    """Also the steps that no page takes yet; handing back takes one's hands off."""
    one = case(settings)
    reviews = step.by is By.REVIEWER
    who = Actor(one.hands.reviewer.user_id, "Somebody", frozenset({ROLE[step.by]}))

    def declare(session: Session) -> None:
        told = Declaration(
            assessment_id=one.assessment_id, person_id=who.user_id, has_tie=False, declared_at=clock.now()
        )
        session.add(told)
        session.flush()
        session.get_one(Assessment, one.assessment_id).reviewer_id = who.user_id if reviews else None

    def ask(session: Session) -> None:
        advance.require(session, who, session.get_one(Assessment, one.assessment_id), step)

    in_vain(declare, ask)
    for tied in KINDS.values():
        steps = (declare, lambda session, tied=tied: tied(session, who, one.company_id), ask)
        if step.name == "release":
            in_vain(*steps)
        else:
            with pytest.raises(ForbiddenError):
                in_vain(*steps)


def test_the_tied_take_their_hands_off(in_app: Flask, moment: object, settings: Settings) -> None:
    """A tie that came up later bars no handing back, no withdrawing, and no telling of it."""
    one = case(settings)
    acts.submit(one.hands, one.assessment_id, 0)
    acts.claim(one.hands, one.assessment_id, 0)
    with transaction() as session:
        member(session, one.hands.reviewer, one.company_id, months=1)
    with transaction() as session:
        reviewing.declare(session, one.hands.second, one.assessment_id, has_tie=True, tie="a sister")
        reviewing.release(session, one.hands.reviewer, one.assessment_id, one.assessment.version)
    assert one.assessment.state is State.SUBMITTED


def test_what_the_first_did_before_the_tie_is_made_real_by_nobody(
    in_app: Flask, moment: object, settings: Settings
) -> None:
    """Neither an award nor its end rests on the word of somebody who is tied by now; it can be sent back."""
    one = case(settings)
    hands, number = one.hands, one.assessment_id
    acts.submit(hands, number, 0)
    acts.claim(hands, number, 0)
    acts.rule(hands, number, 0)
    acts.recommend(CAFE, hands, number, 0)
    with transaction() as session:
        reviewing.declare(session, hands.approver, number, has_tie=False)
        address(session, hands.reviewer, "cafe.example")
    seen = seen_digest(db.session(), one.assessment)
    approve = partial(deciding.approve, seen=seen, public_url="http://localhost")
    assert refused(ForbiddenError, approve, hands.approver, number) == "tie_of_first"
    refuse = partial(deciding.refuse, seen=seen, reason="r")
    assert refused(ForbiddenError, refuse, hands.approver, number) == "tie_of_first"
    in_vain(lambda session: deciding.send_back(session, hands.approver, number, seen=seen, reason="r"))
    with transaction() as session:
        address(session, hands.reviewer, "ministry.example")
    acts.decide(hands, number, 0)
    award = db.session.scalars(sa.select(Award)).one().id
    with transaction() as session:
        proposal = proposing.propose(
            session, hands.reviewer, award, AwardAct.REVOKED, why(AwardAct.REVOKED, "false")
        ).id
        address(session, hands.reviewer, "cafe.example")
    assert refused(ForbiddenError, proposing.confirm, hands.second, proposal) == "tie_of_first"
    with transaction() as session:
        proposing.withdraw(session, hands.reviewer, proposal)
