"""A concern from the form to its outcome: what is kept of it, who hears, by when, who may close it and how."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet, MultiFernet

from compliance import clock
from compliance.actions import authority_contacts, concerns, hearing, reviewing, spot_checking
from compliance.actions.agenda import Kind, agenda, records_of
from compliance.actions.authority_contacts import AuthorityContact
from compliance.actions.concerns import ADDRESSES_KEPT
from compliance.actions.grounds import LONGEST_PUBLIC
from compliance.actions.proposing import propose
from compliance.actions.raising import LONGEST, CaseDetailsError, Said, raise_concern
from compliance.domain.concerns import About, ConcernOutcome
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.domain.standing import AwardAct
from compliance.jobs.concerns import chase_concerns
from compliance.jobs.facts import told_now
from compliance.jobs.holidays import fill_holidays
from compliance.jobs.letters import Letters
from compliance.journeys.concern_words import outcome_told
from compliance.journeys.officer.trail_words import SENTENCES
from compliance.settings import Settings
from compliance.store.audit import AuditEntry
from compliance.store.awards import AwardProposal
from compliance.store.base import db, transaction
from compliance.store.belongings import records
from compliance.store.company_trail import happenings
from compliance.store.concerns import Concern
from compliance.store.errors import QuarantinedFileError
from compliance.store.files import file_store
from compliance.store.outbox import Notice
from compliance.store.people import Membership, Person
from compliance.store.spot_checks import Cause, SpotCheck
from tests.actions.appeals import award_of, to_ended
from tests.actions.cases import Case, case, person, reload, to_award
from tests.actions.tying import in_vain
from tests.helpers import why
from tests.jobs.world import day_kept, notices

pytestmark = pytest.mark.usefixtures("in_app", "moment")
TEXT, EMAIL, KEY = "The zebra report button leads nowhere.", "somebody@people.example", "0" * 32


@pytest.fixture
def one(in_app: object, moment: object, settings: Settings) -> Case:
    return case(settings, to_award)


@pytest.fixture
def other() -> Actor:
    return person("other@ministry.example", Role.REVIEWER)


def raised(one: Case, text: str = TEXT, email: str = EMAIL, key: str = KEY) -> Concern:
    with transaction() as session:
        number = raise_concern(session, award_of(one).id, Said(About.CHANNEL, text, email, "en", key)).id
    return concern(number)


def concern(number: int) -> Concern:
    return db.session.get_one(Concern, number, populate_existing=True)


def told(kind: str) -> set[str]:
    return set(db.session.scalars(sa.select(Notice.email).where(Notice.kind == kind)))


def in_days(days: int) -> object:
    return clock.held(clock.now() + timedelta(days=days))


def test_what_is_kept_and_who_hears(one: Case, other: Actor) -> None:
    """The edition's clock; every reviewer; whoever raised it; the company nothing."""
    fill_holidays()
    found = raised(one)
    assert (found.text, found.email, found.award_id) == (TEXT, EMAIL, award_of(one).id)
    today = clock.today()
    assert found.acknowledge_by == today + timedelta(days=9), "five working days, with the Water Festival between"
    assert found.answer_by == today + timedelta(days=60)
    assert told("concern_waiting") == {"reviewer@ministry.example", "other@ministry.example"}
    assert told("concern_receipt") == {EMAIL}
    assert raised(one).id == found.id, "the same form pressed twice is one concern"
    assert raised(one, key="1" * 32).reference != found.reference
    assert len(found.reference) == 16
    owner = one.hands.owner
    with pytest.raises(NotFoundError):
        concerns.own_concern(db.session(), owner, found.id)
    assert list(records(db.session(), one.company_id, "concerns")) == []


@pytest.mark.parametrize(
    ("text", "error"),
    [("", InvalidError), ("x" * (LONGEST + 1), InvalidError), ("She is 12 years old.", CaseDetailsError)],
)
def test_what_is_refused_leaves_nothing(one: Case, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        raised(one, text)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Concern)) == 0
    assert told("concern_waiting") == set()


def test_about_an_award_that_ended_none_is_raised(settings: Settings) -> None:
    one = case(settings, lambda made: to_ended(made, AwardAct.REVOKED))
    with pytest.raises(WrongStateError):
        raised(one)


def test_the_company_answers_before_anything_is_held_against_it(one: Case, other: Actor) -> None:
    number = raised(one).id
    with transaction() as session:
        concerns.ask_company(session, other, number)
    asked = concern(number)
    assert (asked.acknowledged_by, asked.asked_by) == (other.user_id, other.user_id), "asking says that it was read"
    assert told("concern_asked") == {"owner@cafe.example"}
    for outcome in (ConcernOutcome.RESOLVED, ConcernOutcome.PROPOSAL):
        with pytest.raises(InvalidError, match="outcome"), transaction() as session:
            concerns.close_concern(session, other, number, outcome, "So it is.", "So it is.")
    viewer = colleague(one, CompanyRole.VIEWER)
    assert concerns.own_concern(db.session(), viewer, number).text == TEXT
    with pytest.raises(ForbiddenError), transaction() as session:
        concerns.reply(session, viewer, number, "It works.")
    for _twice in range(2):
        with transaction() as session:
            concerns.reply(session, one.hands.owner, number, " It works again. ")
    with pytest.raises(WrongStateError), transaction() as session:
        concerns.reply(session, one.hands.owner, number, "Something else.")
    trail = happenings(db.session(), one.company_id, SENTENCES)
    assert [one.actor_id for one in trail if one.tag == "officer:concern:replied"] == [one.hands.owner.user_id]
    assert told("concern_replied") == {"reviewer@ministry.example", "other@ministry.example"}
    with transaction() as session:
        concerns.close_concern(session, other, number, ConcernOutcome.RESOLVED, "It works again.")
    assert told("concern_closed") == {EMAIL}
    assert told("concern_decided") == {"owner@cafe.example"}
    taken = list(records(db.session(), one.company_id, "concerns"))
    assert [row["text"] for row in taken] == [TEXT]
    assert EMAIL not in str(taken)
    assert "reference" not in taken[0]


def colleague(one: Case, role: CompanyRole) -> Actor:
    who = person(f"{role.value}@cafe.example")
    with transaction() as session:
        them = session.get_one(Person, who.user_id)
        session.add(Membership(company_id=one.company_id, person=them, role=role, since=clock.now()))
    return reload(who)


def test_whoever_left_a_moment_ago_speaks_for_the_company_no_more(one: Case, other: Actor) -> None:
    """The actor is of when the request began."""
    number, stale, keys = raised(one).id, one.hands.owner, MultiFernet([Fernet(Fernet.generate_key())])
    contact = AuthorityContact("Chan", "012 345 678", "Day and night")
    with transaction() as session:
        concerns.ask_company(session, other, number)
        proposal = propose(session, other, award_of(one).id, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED)).id
    with transaction() as session:
        session.execute(sa.update(Membership).values(ended_at=clock.now()))
    for act in (
        lambda session: concerns.reply(session, stale, number, "It works."),
        lambda session: hearing.state(session, stale, proposal, "It is not so."),
        lambda session: authority_contacts.give(session, stale, one.company_id, contact, keys),
    ):
        with pytest.raises(NotFoundError):
            in_vain(act)


def test_a_company_that_lets_its_day_pass_was_heard(one: Case, other: Actor) -> None:
    """A proposal to suspend is then made, which another person confirms; it names what the public will read."""
    number = raised(one).id
    with transaction() as session:
        concerns.ask_company(session, other, number)
    with in_days(40):  # type: ignore[attr-defined]
        with pytest.raises(InvalidError, match="public_reason"), transaction() as session:
            concerns.close_concern(session, other, number, ConcernOutcome.PROPOSAL, "No answer.", " ")
        with transaction() as session:
            concerns.close_concern(session, other, number, ConcernOutcome.PROPOSAL, "No answer.", "It answers nobody.")
    proposal = db.session.scalars(sa.select(AwardProposal)).one()
    assert (proposal.id, proposal.reason) == (concern(number).proposal_id, "It answers nobody.")
    assert proposal.closed_at is None


def test_two_proposals_about_one_company_do_not_stand(one: Case, other: Actor) -> None:
    number = raised(one).id
    with transaction() as session:
        concerns.ask_company(session, other, number)
        concerns.reply(session, one.hands.owner, number, "No.")
        propose(session, one.hands.second, award_of(one).id, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED))
    with pytest.raises(WrongStateError), transaction() as session:
        concerns.close_concern(session, other, number, ConcernOutcome.PROPOSAL, "No answer.", "It answers nobody.")
    assert concern(number).open


def test_what_everybody_would_read_is_refused_beside_its_field_when_it_is_too_long(one: Case, other: Actor) -> None:
    number = raised(one).id
    with transaction() as session:
        concerns.ask_company(session, other, number)
        concerns.reply(session, one.hands.owner, number, "No.")
    said = (ConcernOutcome.PROPOSAL, "No answer.", "x" * (LONGEST_PUBLIC + 1))
    with pytest.raises(InvalidError, match="public_reason"), transaction() as session:
        concerns.close_concern(session, other, number, *said)


def test_a_spot_check_is_opened_with_the_outcome(one: Case, other: Actor) -> None:
    number = raised(one).id
    with transaction() as session:
        concerns.close_concern(session, other, number, ConcernOutcome.SPOT_CHECK, "To be looked at.")
    check = db.session.scalars(sa.select(SpotCheck)).one()
    assert (check.id, check.cause, check.because) == (concern(number).spot_check_id, Cause.CONCERN, "To be looked at.")


def test_what_came_of_it_announces_no_spot_check(one: Case, other: Actor) -> None:
    """Neither mail nor page nor archive tells it before the company is told of the check; then all do."""
    number = raised(one).id
    with transaction() as session:
        concerns.ask_company(session, other, number)
        concerns.reply(session, reload(one.hands.owner), number, "We will mend it.")
        concerns.close_concern(session, other, number, ConcernOutcome.SPOT_CHECK, "To be looked at.")
        check = spot_checking.take(session, other, concern(number).spot_check_id or 0)
        reviewing.declare(session, other, check.award.assessment_id, has_tie=False)
        asked = tuple(spot_checking.answers_to_choose(session, check)[:1])
    assert (told("concern_closed"), told("concern_decided")) == (set(), set())
    assert outcome_told(concern(number)) == ""
    (kept,) = records(db.session(), one.company_id, "concerns")
    assert (kept["outcome"], kept["reasons"], kept["closed_at"]) == (None, "", None)
    with in_days(60), transaction() as session:  # type: ignore[attr-defined]
        concerns.forget_who_raised(session)
        assert concern(number).email == EMAIL, "whoever raised it is still to hear"
    with transaction() as session:
        due = spot_checking.proposed_due(session, check)
        spot_checking.tell(session, other, check.id, asked, "Have it ready.", due)
    assert told("concern_closed") == {EMAIL}
    assert told("concern_decided")
    (kept,) = records(db.session(), one.company_id, "concerns")
    assert kept["outcome"] == ConcernOutcome.SPOT_CHECK


@pytest.mark.both_databases
def test_a_companys_answer_is_locked_away_in_one_click_and_never_rewritten(
    one: Case, other: Actor, settings: Settings
) -> None:
    number, files = raised(one).id, file_store(settings)
    with transaction() as session:
        concerns.ask_company(session, other, number)
        concerns.reply(session, reload(one.hands.owner), number, "A wombat was seen.")
    for change in ({"reply": "Other words."}, {"reply": ""}):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), transaction() as session:
            session.execute(sa.update(Concern).values(**change))
    for _twice in range(2):
        with transaction() as session:
            concerns.lock_away_reply(session, other, files, number, "officer@police.example")
    found = concern(number)
    assert (found.reply, found.open, found.text) == ("", True, TEXT)
    with pytest.raises(QuarantinedFileError):
        files.get(str(found.reply_sha256))
    assert told("concern_quarantined") == {"officer@police.example"}
    [notice] = notices("concern_quarantined")
    said = told_now(db.session(), notice)
    assert said is not None
    letters = Letters(settings, lambda *_page: "")
    subjects = [letters.letter(notice, replace(said, language=lang)).subject for lang in ("en", "km")]
    assert subjects == ["An answer to a concern was locked away", "ចម្លើយចំពោះកង្វល់មួយត្រូវបានចាក់សោទុក"]
    with pytest.raises(NotFoundError), transaction() as session:
        concerns.lock_away_reply(session, other, files, raised(one, key="1" * 32).id, "")


def test_the_company_is_reminded_before_its_day(one: Case, other: Actor) -> None:
    number = raised(one).id
    with transaction() as session:
        due = concerns.ask_company(session, other, number).reply_by
    chase_concerns()
    assert told("concern_reply_due") == set()
    assert due is not None
    with clock.held(clock.now() + timedelta(days=(due - clock.today()).days)):
        for _twice in range(2):
            chase_concerns()
        assert told("concern_reply_due") == {"owner@cafe.example"}
        days = agenda(db.session(), records_of(db.session(), one.company_id, clock.today()))
        [kept] = [day for day in days if day.kind is Kind.CONCERN]
        mails = [*notices("concern_asked"), *notices("concern_reply_due")]
        assert {day_kept(mail) for mail in mails} == {f"{kept.kind}-{kept.subject}"}, "a calendar shows one day once"


def test_whoever_had_a_part_in_the_award_does_not_close(one: Case) -> None:
    """Nor does anybody close twice; the database keeps the outcome."""
    number = raised(one).id
    for who in (one.hands.reviewer, one.hands.approver):
        with pytest.raises(ForbiddenError, match="took_part"), transaction() as session:
            concerns.close_concern(session, who, number, ConcernOutcome.UNFOUNDED, "No.")
    second = one.hands.second
    with transaction() as session:
        concerns.close_concern(session, second, number, ConcernOutcome.UNFOUNDED, "No.")
    with pytest.raises(WrongStateError), transaction() as session:
        concerns.close_concern(session, second, number, ConcernOutcome.SPOT_CHECK, "Yes.")
    for change in ({"reasons": "Yes."}, {"text": "Other words."}, {"about": About.MISUSE}):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            in_vain(lambda session, change=change: session.execute(sa.update(Concern).values(**change)))


def test_a_case_is_locked_away_in_one_click(one: Case, other: Actor, settings: Settings) -> None:
    """Nobody reads it again: its bytes are locked as a file's are; the entry, its digest and the outcome stay."""
    number, files = raised(one).id, file_store(settings)
    person("admin@ministry.example", Role.ADMINISTRATOR)
    with transaction() as session:
        concerns.ask_company(session, other, number)
    for _twice in range(2):
        with transaction() as session:
            concerns.lock_away(session, other, files, number, "named@ministry.example")
    found, digest = concern(number), hashlib.sha256(TEXT.encode()).hexdigest()
    assert (found.text, found.text_sha256, found.outcome) == ("", digest, ConcernOutcome.CASE)
    assert digest in files.locked()
    with pytest.raises(QuarantinedFileError):
        files.get(digest)
    assert told("concern_quarantined") == {"admin@ministry.example", "named@ministry.example"}
    assert [row["text"] for row in records(db.session(), one.company_id, "concerns")] == [""]
    again = raised(one, key="1" * 32)
    with transaction() as session:
        concerns.lock_away(session, other, files, again.id, "")
    assert concern(again.id).text == "", "the same words a second time"


def test_nobody_keeps_what_was_said_elsewhere(one: Case, other: Actor, settings: Settings) -> None:
    """The text stands in its row alone: in no trail, no outbox; the address in its own row and its mails."""
    number = raised(one).id
    with transaction() as session:
        concerns.ask_company(session, other, number)
        concerns.reply(session, one.hands.owner, number, "It works.")
        concerns.close_concern(session, other, number, ConcernOutcome.UNFOUNDED, "No.")
    trail = "".join(db.session.scalars(sa.select(AuditEntry.content)))
    assert "zebra" not in trail
    assert EMAIL not in trail
    assert concern(number).reference not in trail
    assert "zebra" not in str(list(db.session.execute(sa.select(Notice.__table__))))


def test_reviewers_are_reminded_and_addresses_forgotten(one: Case, other: Actor) -> None:
    number = raised(one).id
    assert (chase_concerns(), told("concern_due")) == (1, set())
    with in_days(7):  # type: ignore[attr-defined]
        chase_concerns()
    with in_days(12):  # type: ignore[attr-defined]
        chase_concerns()
        chase_concerns()
    keys = db.session.scalars(sa.select(Notice.key).where(Notice.kind == "concern_due", Notice.email.like("other%")))
    assert sorted(keys) == [f"concern_due:{number}:{stage}:{other.user_id}" for stage in ("due", "late")]
    with transaction() as session:
        concerns.close_concern(session, other, number, ConcernOutcome.UNFOUNDED, "No.")
    chase_concerns()
    assert concern(number).email == EMAIL
    with clock.held(clock.now() + ADDRESSES_KEPT + timedelta(minutes=1)):
        chase_concerns()
    assert concern(number).email == ""
    assert EMAIL not in str(list(db.session.execute(sa.select(Notice.__table__))))
