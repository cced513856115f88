"""Every mail is true on the day it is written: three years, every state of a company, a worker that was down."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.actions.checking_in import rules
from compliance.domain.lifecycle import State
from compliance.domain.roles import CompanyRole
from compliance.domain.standing import AwardAct
from compliance.jobs.appeals import chase_votes, remind_of_appeals
from compliance.jobs.deliver import deliver
from compliance.jobs.letters import Letters
from compliance.jobs.links import links_of
from compliance.jobs.remind import remind
from compliance.settings import Settings
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, awards_of, settle
from compliance.store.base import db, transaction
from compliance.store.outbox import counts
from compliance.store.people import Membership, Person
from compliance.store.reviews import Clarification
from questionnaires import current
from tests.jobs import appeals_walked
from tests.jobs.letters_read import Read, read
from tests.jobs.world import MailServer
from tests.public.world import Made, give_award, make_company
from tests.public.world import person as somebody

pytestmark = pytest.mark.usefixtures("in_app")

STARTS = date(2026, 4, 1)
ENDS = date(2028, 3, 31)
GRACE = timedelta(days=30)
CHECK_IN = date(2027, 4, 1)
"""Nobody sends one here: its mails come before and after that day, and say which of both it is."""
CHECK_IN_DAYS = rules(current().id).offsets()
BOUNDARIES = (-730, -180, -90, -60, -30, -14, -7, -1, 0, 1, 15, 30, 31)
REMINDED = (-180, -90, -60, -30, -14, -7, -1, 1, 15)
DUE = ENDS - timedelta(days=10)
"""The reply to a clarification is due then: reminders fall before and after it."""


@dataclass(frozen=True)
class Firm:
    """A company in one state all along; `claim` is what its reminders must say of the renewal, None for no reminder."""

    state: str
    claim: str | None
    act: AwardAct = AwardAct.GRANTED
    assessment: State | None = None


FIRMS = (
    Firm("nothing begun", "start"),
    Firm("a draft", "begun", assessment=State.DRAFT),
    Firm("submitted", None, assessment=State.SUBMITTED),
    Firm("in review", None, assessment=State.IN_REVIEW),
    Firm("asked for more", "reply", assessment=State.CLARIFYING),
    Firm("recommended", None, assessment=State.RECOMMENDED),
    Firm("refused", "start", assessment=State.REFUSED),
    Firm("withdrawn", "start", assessment=State.WITHDRAWN),
    Firm("renewed", None),
    Firm("renewal revoked", "start"),
    Firm("suspended", None, act=AwardAct.SUSPENDED),
    Firm("reinstated", "start", act=AwardAct.REINSTATED),
    Firm("revoked", None, act=AwardAct.REVOKED),
    Firm("superseded", None, act=AwardAct.SUPERSEDED),
    Firm("without an owner", None),
)
NO_OWNER = ("owner", "without an owner")
FIRM = {firm.state: firm for firm in FIRMS}


def address(firm: Firm, lang: str, role: str = "owner") -> str:
    return f"{role}.{lang}@{firm.state.replace(' ', '-')}.example"


def found(firm: Firm, number: int) -> None:
    """The company, its award, an owner in each language, an editor, and the renewal in its state."""
    with transaction() as session:
        made = Made(
            firm.state.replace(" ", "-"), f"ក្រុមហ៊ុន {number}", f"Firm {number}", "isp", "kandal", "silver", STARTS
        )
        company = make_company(session, made)
        award = give_award(session, company, made, number)
        award.starts, award.ends, award.last_act = STARTS, ENDS, firm.act
        for lang in ("km", "en"):
            for role in (CompanyRole.OWNER, CompanyRole.EDITOR):
                ended = clock.now() if firm.state == "without an owner" and role is CompanyRole.OWNER else None
                email = address(firm, lang, role)
                who = Person(email=email, active=True, fs_uniquifier=email, full_name="", language=lang)
                tie = Membership(company_id=company.id, role=role, since=clock.now(), ended_at=ended, person=who)
                session.add_all([who, tie])
        session.flush()
        if firm.state == "suspended":
            appeals_walked.contest(session, award)
        if firm.state.startswith("renew"):
            later = replace(made, starts=ENDS + timedelta(days=1))
            following = give_award(session, company, later, number + 100)
            following.last_act = AwardAct.REVOKED if "revoked" in firm.state else AwardAct.GRANTED
            following.acted_at = clock.now()
            settle(awards_of(session, company.id))
        elif firm.assessment is not None:
            renewal(company.id, firm.assessment)


def renewal(company_id: int, state: State) -> None:
    """The company's newest assessment, now in this state."""
    session = db.session()
    assessment = Assessment(
        company_id=company_id, edition=current().id, state=state, opened_at=clock.now(), review_facts={}
    )
    session.add(assessment)
    session.flush()
    if state is State.CLARIFYING:
        reviewer = somebody(session, "reviewer@ministry.example")
        session.add(
            Clarification(
                assessment_id=assessment.id, round=1, questions={"gov_policy": "?"}, asked_by=reviewer.id,
                asked_at=clock.now(), due_on=DUE, lapses_on=DUE,
            )
        )  # fmt: skip
        session.flush()


def moment(day: date) -> datetime:
    return datetime.combine(day, time(3), UTC)


def sampled() -> list[date]:
    """Every day around a boundary, every thirteenth of three years beside."""
    near = {boundary + beside for boundary in BOUNDARIES for beside in range(-2, 3)}
    check_in = {(CHECK_IN - ENDS).days + day for day in CHECK_IN_DAYS}
    days = {ENDS + timedelta(days=day) for day in near | check_in | set(range(-760, 336, 13))}
    return sorted(days | appeals_walked.days())


@pytest.fixture
def letters(app: Flask, sending: Settings) -> Letters:
    return letters_to(FIRMS, app, sending)


@pytest.fixture
def letters_to_one(app: Flask, sending: Settings) -> Letters:
    """To the firm that began nothing, the only one there is."""
    return letters_to(FIRMS[:1], app, sending)


def letters_to(firms: tuple[Firm, ...], app: Flask, sending: Settings) -> Letters:
    with clock.held(moment(STARTS)):
        for number, firm in enumerate(firms, 1):
            found(firm, number)
    return Letters(sending, links_of(app, "http://localhost"))


def drain(letters: Letters, server: MailServer) -> list[Read]:
    """All that is due goes out; what arrived since the last time, read."""
    before = len(server.messages)
    while (round_ := deliver(letters, "w")).sent + round_.overtaken:
        assert not round_.later
        assert not round_.never
    return [read(message) for message in server.messages[before:]]


def firm_of(mail: Read) -> Firm:
    return next(firm for firm in FIRMS if mail.to == address(firm, mail.lang))


def check(mail: Read, firm: Firm, today: date, claim: str | None) -> None:
    """Compares what a mail says with the facts, without a look at how it was made."""
    left, said = (ENDS - today).days, mail.claims
    assert claim is not None, f"{firm.state}: nobody needs this mail on {today}: {mail.text}"
    assert {"start", "begun", "reply"} & said == {claim}
    if left >= 0:
        assert "valid" in said
        assert not {"ended", "grace"} & said
        assert mail.left == ((left,) if left else ())
        assert ("last day" in said) == (left == 0)
        assert mail.numbers == ({left} if left else set())
        assert mail.dates - {DUE} == {ENDS, ENDS + GRACE, today} - ({today} if left == 0 and today != ENDS else set())
        assert str(ENDS.year) in mail.subject.translate(str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789"))
    else:
        assert {"ended", "grace"} <= said
        assert "valid" not in said
        assert today <= ENDS + GRACE
        assert mail.numbers == {30}
        assert mail.dates - {DUE} == {ENDS, ENDS + GRACE}
    assert (DUE in mail.dates) == (claim == "reply")
    assert ("late" in said) == (claim == "reply" and today > DUE)
    page = {"start": "/company/", "begun": "/assessment/", "reply": "/assessment/"}[claim]
    assert page in mail.text.split("http://localhost", 2)[1].split()[0]


def check_of_check_in(mail: Read, today: date) -> date:
    """Its day. Before that it is due, after it it was; from when it counts as late is said in any case."""
    due, late_from = sorted(mail.dates)
    assert due in {CHECK_IN, CHECK_IN.replace(year=2029)}, "the second is that of the award that followed"
    assert late_from == rules(current().id).late_from(due)
    was = ("was due on", "មិនទាន់បានផ្ញើទេ")[["en", "km"].index(mail.lang)]
    since = ("counts as late since", "ចាត់ទុកថាយឺតតាំងពី")[["en", "km"].index(mail.lang)]
    assert (was in mail.text) == (today > due)
    assert (since in mail.text) == (today >= late_from)
    assert "/check-in" in mail.text.split("http://localhost", 2)[1].split()[0]
    return due


@pytest.mark.night
def test_every_mail_of_three_years_in_every_state(letters: Letters, server: MailServer) -> None:
    arrived: dict[str, list[int]] = defaultdict(list)
    checked_in: dict[tuple[str, date], list[int]] = defaultdict(list)
    appealed: appeals_walked.Mails = defaultdict(dict)
    owners = [address(FIRM["suspended"], lang) for lang in ("km", "en")]
    appeals_walked.judges()
    for today in sampled():
        with clock.held(moment(today)):
            appeals_walked.go_on(today, owners[0])
            remind()
            remind_of_appeals()
            chase_votes()
            for mail in drain(letters, server):
                if appeals_walked.is_about(mail):
                    assert mail.to not in appealed[today]
                    appealed[today][mail.to] = mail.dates
                    continue
                if "check-in" in mail.text or "ការពិនិត្យតាមដាន" in mail.text:
                    due = check_of_check_in(mail, today)
                    checked_in[mail.to, due].append((today - due).days)
                    continue
                firm = firm_of(mail)
                check(mail, firm, today, firm.claim)
                arrived[mail.to].append((today - ENDS).days)
    assert dict(appealed) == appeals_walked.expected(owners)
    for firm in FIRMS:
        for lang in ("km", "en"):
            assert arrived[address(firm, lang)] == (list(REMINDED) if firm.claim else []), firm.state
            for role in ("owner", "editor"):
                told = firm.act in {AwardAct.GRANTED, AwardAct.REINSTATED} and (role, firm.state) != NO_OWNER
                assert checked_in[address(firm, lang, role), CHECK_IN] == (list(CHECK_IN_DAYS) if told else []), (
                    firm.state
                )


@pytest.mark.night
@pytest.mark.parametrize("down", [3, 20])
def test_a_worker_that_was_down_for_days_says_what_is_left_today(
    letters: Letters, server: MailServer, down: int
) -> None:
    arrived: dict[str, list[int]] = defaultdict(list)
    for day in range(-195, 45, down):
        today = ENDS + timedelta(days=day)
        with clock.held(moment(today)):
            remind()
            mails = drain(letters, server)
        for mail in mails:
            check(mail, firm_of(mail), today, firm_of(mail).claim)
            arrived[mail.to].append(day)
        assert len({mail.to for mail in mails}) == len(mails), "one reminder a person, the newest"
    for firm in FIRMS:
        assert bool(arrived[address(firm, "km")]) == (firm.claim is not None)


@pytest.mark.parametrize(
    ("afterwards", "claim"),
    [
        (State.DRAFT, "begun"),
        (State.SUBMITTED, None),
        (State.CLARIFYING, "reply"),
        (State.REFUSED, "start"),
        (AwardAct.SUSPENDED, None),
        (AwardAct.REVOKED, None),
        ("owners leave", None),
        ("accounts are closed", None),
    ],
)
def test_a_mail_server_that_was_down_sends_what_has_become_true(
    letters_to_one: Letters, server: MailServer, afterwards: State | AwardAct | str, claim: str | None
) -> None:
    """Queued while nothing was begun; then days pass, and the company is elsewhere when mails go again."""
    firm = FIRM["nothing begun"]
    for day in (-15, -14, -8, -7):
        with clock.held(moment(ENDS + timedelta(days=day))):
            remind()
    today = ENDS - timedelta(days=5)
    with clock.held(moment(today)):
        with transaction() as session:
            change(session.scalars(sa.select(Award).where(Award.number.like("%00001-%"))).one(), afterwards)
        mails = drain(letters_to_one, server)
        for mail in mails:
            check(mail, firm, today, claim)
        assert len(mails) == (2 if claim else 0), "of two that wait only the newer goes, to each owner"
        assert counts(db.session())["overtaken"] >= 2
        assert counts(db.session())["waiting"] == 0
    with clock.held(moment(today + timedelta(days=1))):
        assert not drain(letters_to_one, server), "what was overtaken stays so"


def change(award: Award, afterwards: State | AwardAct | str) -> None:
    session = db.session()
    owners = sa.select(Membership.person_id).where(
        Membership.company_id == award.company_id, Membership.role == CompanyRole.OWNER
    )
    if isinstance(afterwards, State):
        renewal(award.company_id, afterwards)
    elif isinstance(afterwards, AwardAct):
        award.last_act, award.acted_at = afterwards, clock.now()
    elif afterwards == "owners leave":
        session.execute(sa.update(Membership).where(Membership.person_id.in_(owners)).values(ended_at=clock.now()))
    else:
        session.execute(sa.update(Person).where(Person.id.in_(owners)).values(active=False))


def test_a_reminder_that_waited_past_the_end_gives_way_to_the_one_after(letters: Letters, server: MailServer) -> None:
    with clock.held(moment(ENDS - timedelta(days=1))):
        assert remind() > 0
    for day, mails in ((1, True), (31, False)):
        today = ENDS + timedelta(days=day)
        with clock.held(moment(today)):
            remind()
            arrived = drain(letters, server)
            assert bool(arrived) == mails
            for mail in arrived:
                check(mail, firm_of(mail), today, firm_of(mail).claim)


def test_a_mail_goes_to_the_address_and_in_the_language_of_today(letters_to_one: Letters, server: MailServer) -> None:
    firm = FIRM["nothing begun"]
    with clock.held(moment(ENDS - timedelta(days=7))):
        remind()
        with transaction() as session:
            who = sa.update(Person).where(Person.email == address(firm, "km"))
            session.execute(who.values(email="moved@elsewhere.example", language="en", full_name="Dara"))
        drain(letters_to_one, server)
    assert address(firm, "km") not in server.recipients
    [mail] = [read(message) for message in server.messages if message["To"] == "moved@elsewhere.example"]
    assert mail.lang == "en"
    assert "Dear Dara" in mail.text
