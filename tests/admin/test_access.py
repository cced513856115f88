"""Staff roles are two administrators' word: whoever tries alone, by whichever way round, gets none."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import access, accounts, addresses, invitations, proposing
from compliance.domain.errors import (
    DomainError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    StaleError,
    WrongStateError,
)
from compliance.domain.roles import SYSTEM, Actor, CompanyRole, Role
from compliance.domain.standing import AwardAct
from compliance.store.access import AccessAct, AccessProposal
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from compliance.store.people import Person, person_by_email
from compliance.store.sessions import digest
from compliance.store.ties import FormerDomain
from tests.helpers import PASSWORD, company, person, post, reload, sign_in, token, why
from tests.public.world import Made, give_award, make_company

NEW = "new@ministry.example"
NAMES = ("one", "two", "three")


def link(token: str, lang: str) -> str:
    return f"{lang}:{token}"


def last_token(kind: str = "account_staff_invited") -> str:
    notice = db.session.scalars(sa.select(Notice).where(Notice.kind == kind).order_by(Notice.id.desc())).first()
    assert notice is not None
    return str(notice.values["link"]).rpartition("/")[2].rpartition(":")[2]


def refused(error: type[DomainError], act: object, *arguments: object, **named: object) -> str:
    """The refusal's reason, field or state; nothing is stored."""
    with pytest.raises(error) as caught, transaction() as session:
        act(session, *arguments, **named)  # type: ignore[operator]
    found = vars(caught.value)
    return str(found.get("reason") or found.get("field") or found.get("state") or "")


@pytest.fixture
def three(in_app: Flask) -> tuple[Person, Person, Person]:
    """Two administrators and a reviewer."""
    return (
        person("one@ministry.example", Role.ADMINISTRATOR),
        person("two@ministry.example", Role.ADMINISTRATOR),
        person("reviewer@ministry.example", Role.REVIEWER),
    )


def roles(who: Person) -> set[str]:
    return {row.name for row in reload(who).roles}


def propose(by: Person, who: Person, *wanted: Role) -> int:
    with transaction() as session:
        return access.propose_roles(session, by.actor(), who.id, wanted, "She changes office.").id


def confirm(by: Person, proposal: int) -> None:
    with transaction() as session:
        access.confirm(session, reload(by).actor(), proposal, link)


@pytest.mark.both_databases
def test_a_role_is_given_changed_and_taken_by_two(three: tuple[Person, Person, Person]) -> None:
    one, two, reviewer = three
    for wanted in ((Role.REVIEWER, Role.APPROVER), (Role.OBSERVER,), ()):
        before, proposal = roles(reviewer), propose(one, reviewer, *wanted)
        assert roles(reviewer) == before, "nothing changes by a proposal"
        assert refused(ForbiddenError, access.confirm, one.actor(), proposal, link) == "four_eyes"
        confirm(two, proposal)
        assert roles(reviewer) == {role.value for role in wanted}
        confirm(two, proposal)
        assert roles(reviewer) == {role.value for role in wanted}, "the button pressed twice"


@pytest.mark.both_databases
@pytest.mark.parametrize("role", list(Role))
def test_nobody_alone_gets_any_role_into_the_world(in_app: Flask, role: Role) -> None:
    """Each role, proposed by each kind of account, confirmed by each: only two other administrators do it."""
    cast = {name.value: person(f"{name}@ministry.example", name) for name in Role}
    cast |= {"nobody": person("nobody@home.example"), "owner": person("owner@company.example")}
    company(cast["owner"])
    cast["second"] = person("second@ministry.example", Role.ADMINISTRATOR)
    target = person("target@ministry.example")
    for name, who in cast.items():
        actor = reload(who).actor()
        if Role.ADMINISTRATOR not in actor.roles:
            refused(ForbiddenError, access.propose_roles, actor, target.id, [role])
            refused(ForbiddenError, access.propose_invitation, actor, NEW, role, "en")
        refused(ForbiddenError, access.propose_roles, actor, who.id, [role])
        refused(ForbiddenError, invitations.invite_staff, actor, NEW, role, "en", link)
        proposal = propose(cast["administrator"], target, role)
        if name == "second":
            confirm(who, proposal)
            assert roles(target) == {role.value}
            continue
        refused(ForbiddenError, access.confirm, actor, proposal, link)
        with transaction() as session:
            access.withdraw(session, cast["administrator"].actor(), proposal)
        assert roles(target) == set()


@pytest.mark.night
@pytest.mark.both_databases
def test_what_cannot_be_is_refused_when_it_is_proposed(three: tuple[Person, Person, Person]) -> None:
    one, _two, reviewer = three
    owner = person("owner@company.example")
    company(owner)
    ask, invite = access.propose_roles, access.propose_invitation
    assert refused(InvalidError, ask, one.actor(), reviewer.id, [Role.REVIEWER, Role.ADMINISTRATOR]) == "roles"
    assert refused(InvalidError, ask, one.actor(), reviewer.id, [Role.REVIEWER]) == "roles"
    assert refused(InvalidError, ask, one.actor(), owner.id, [Role.REVIEWER]) == "roles"
    assert refused(ForbiddenError, ask, one.actor(), one.id, []) == "own_role"
    assert refused(InvalidError, invite, one.actor(), " One@Ministry.example", Role.OBSERVER, "en") == "email"
    assert refused(InvalidError, invite, one.actor(), owner.email, Role.REVIEWER, "en") == "email"
    assert refused(InvalidError, invite, one.actor(), reviewer.email, Role.ADMINISTRATOR, "en") == "roles"
    propose(one, reviewer, Role.OBSERVER)
    assert refused(InvalidError, ask, one.actor(), reviewer.id, []) == "roles"
    with pytest.raises(InvalidError), transaction() as session:
        invitations.invite_staff(session, SYSTEM, "one@ministry.example", Role.APPROVER, "en", link)


@pytest.mark.night
@pytest.mark.both_databases
def test_it_lapses_is_withdrawn_by_its_proposer_and_dies_with_them(three: tuple[Person, Person, Person]) -> None:
    one, two, reviewer = three
    first = propose(one, reviewer, Role.OBSERVER)
    assert refused(ForbiddenError, access.withdraw, two.actor(), first) == "not_yours"
    with clock.held(clock.now() + timedelta(days=14)):
        assert refused(WrongStateError, access.confirm, two.actor(), first, link) == "lapsed"
        assert refused(WrongStateError, access.withdraw, one.actor(), first) == "lapsed"
        second = propose(one, reviewer, Role.APPROVER)
    with transaction() as session:
        access.withdraw(session, one.actor(), second)
    refused(WrongStateError, access.confirm, two.actor(), second, link)
    third = propose(one, reviewer, Role.APPROVER)
    with transaction() as session:
        session.get_one(Person, one.id).roles = []  # by a way round the acts
    assert refused(ForbiddenError, access.confirm, two.actor(), third, link) == "proposer_left"
    assert roles(reviewer) == {"reviewer"}


@pytest.mark.night
@pytest.mark.both_databases
def test_what_changed_since_is_not_confirmed(three: tuple[Person, Person, Person]) -> None:
    """The second administrator confirms what the page said, of the account that it said it of."""
    one, two, reviewer = three
    proposal = propose(one, reviewer, Role.OBSERVER)
    with transaction() as session:
        session.get_one(Person, reviewer.id).email = "elsewhere@home.example"
    refused(StaleError, access.confirm, two.actor(), proposal, link)
    with transaction() as session:
        session.get_one(Person, reviewer.id).email = "reviewer@ministry.example"
        session.get_one(Person, reviewer.id).roles = []
    refused(StaleError, access.confirm, two.actor(), proposal, link)
    assert roles(reviewer) == set()


def invited(one: Person, two: Person, email: str = NEW, role: Role = Role.APPROVER) -> str:
    """The token of an invitation that two administrators agreed on."""
    with transaction() as session:
        proposal = access.propose_invitation(session, one.actor(), email, role, "en").id
    confirm(two, proposal)
    return last_token()


def owner_invited(one: Person, two: Person, email: str) -> str:
    """The token of an invitation to own a company that lost its owner."""
    firm = company(person("owner@first.example")).id
    with transaction() as session:
        proposal = access.propose_owner(session, one.actor(), firm, email, "A letter.", "en").id
    confirm(two, proposal)
    return last_token("account_invited")


def move(who: Person, email: str) -> Actor:
    """Somebody changes the address of their account, as the pages do."""
    found = reload(who)
    with transaction() as session:
        addresses.change(session, found.actor(), addresses.wish_for(found, email))
    return reload(who).actor()


@pytest.mark.night
@pytest.mark.both_databases
@pytest.mark.parametrize("mover", ["proposer", "confirmer", "reviewer", "nobody"])
def test_an_account_that_moves_to_the_address_takes_nothing_up(
    three: tuple[Person, Person, Person], mover: str
) -> None:
    one, two, reviewer = three
    with clock.held(clock.now() - timedelta(days=1)):
        nobody = person("nobody@home.example")
    with transaction() as session:
        session.execute(sa.update(Person).values(registered_at=clock.now() - timedelta(days=2)))
    token = invited(one, two, role=Role.OBSERVER)
    who = {"proposer": one, "confirmer": two, "reviewer": reviewer, "nobody": nobody}[mover]
    before = roles(who)
    refused(NotFoundError, invitations.accept, move(who, NEW), token)
    assert roles(who) == before


@pytest.mark.night
@pytest.mark.both_databases
@pytest.mark.parametrize("role", [Role.APPROVER, None])
def test_an_address_that_an_account_once_had_makes_no_second_account(
    three: tuple[Person, Person, Person], role: Role | None
) -> None:
    """The portal knows whose the address was: invited before or after, as new or by another account, it is refused."""
    one, two, reviewer = three
    home = "one-at-home@home.example"
    token = invited(one, two, home) if role else owner_invited(one, two, home)
    before = one.email
    move(one, home)
    move(one, before)
    refused(NotFoundError, invitations.accept_as_new, token, "Somebody new", "en", PASSWORD)
    if role:
        assert refused(InvalidError, access.propose_invitation, two.actor(), home, role, "en") == "email"
    else:
        firm = company(person("owner@second.example"), registration_number="KH-second-2").id
        assert refused(InvalidError, access.propose_owner, two.actor(), firm, home, "A letter.", "en") == "email"
    assert person_by_email(db.session(), home) is None
    move(reviewer, home)
    with transaction() as session:
        proposal = access.propose_invitation(session, one.actor(), "plain@home.example", Role.OBSERVER, "en").id
    was = FormerDomain(person_id=one.id, domain="", address_sha256=digest("plain@home.example"), left_at=clock.now())
    with transaction() as session:
        session.add(was)
    assert refused(InvalidError, access.confirm, two.actor(), proposal, link) == "email"


@pytest.mark.night
@pytest.mark.both_databases
def test_a_company_s_mailbox_goes_to_whoever_follows_in_office(three: tuple[Person, Person, Person]) -> None:
    one, two, _reviewer = three
    gone = person("director@firm.example")
    firm = company(gone).id
    move(gone, "gone@home.example")
    with transaction() as session:
        proposal = access.propose_owner(session, one.actor(), firm, "director@firm.example", "A letter.", "en").id
    confirm(two, proposal)
    with transaction() as session:
        heir = invitations.accept_as_new(session, last_token("account_invited"), "Heir", "en", PASSWORD)
    assert reload(heir).actor().companies == {firm: CompanyRole.OWNER}


@pytest.mark.night
@pytest.mark.both_databases
def test_a_second_account_of_a_proposer_is_seen_by_the_second(three: tuple[Person, Person, Person]) -> None:
    """An account of the proposer's own is an account like others: it takes the second administrator's word too."""
    one, two, _reviewer = three
    second = person("one-at-home@home.example")
    with transaction() as session:
        proposal = access.propose_invitation(session, one.actor(), second.email, Role.APPROVER, "en").id
    refused(ForbiddenError, access.confirm, one.actor(), proposal, link)
    refused(ForbiddenError, access.confirm, second.actor(), proposal, link)
    confirm(two, proposal)
    refused(NotFoundError, invitations.accept, one.actor(), last_token())
    told = db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "access_waiting")).all()
    assert told == [two.id], "the other administrators are told, the proposer knows"


@pytest.mark.night
@pytest.mark.both_databases
def test_who_is_new_takes_it_up(three: tuple[Person, Person, Person]) -> None:
    one, two, _reviewer = three
    token = invited(one, two)
    with transaction() as session:
        made = invitations.accept_as_new(session, token, "New", "en", PASSWORD)
    assert roles(made) == {"approver"}
    known = person("known@home.example")
    token = invited(one, two, known.email, Role.OBSERVER)
    with transaction() as session:
        invitations.accept(session, known.actor(), token)
    assert roles(known) == {"observer"}


@pytest.mark.night
@pytest.mark.both_databases
def test_off_at_once_and_on_by_two(three: tuple[Person, Person, Person]) -> None:
    one, two, reviewer = three
    with transaction() as session:
        accounts.set_active(session, one.actor(), reviewer.id, active=False)
    assert refused(ForbiddenError, accounts.set_active, one.actor(), reviewer.id, active=True) == "four_eyes"
    with transaction() as session:
        proposal = access.propose_enabling(session, one.actor(), reviewer.id).id
    assert not reload(reviewer).active
    confirm(two, proposal)
    assert reload(reviewer).active
    [told] = db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "access_off"))
    assert told == two.id
    outsider = person("nobody@home.example")
    for active in (False, True):
        with transaction() as session:
            accounts.set_active(session, one.actor(), outsider.id, active=active)
    said = sa.select(AuditEntry.tag).where(AuditEntry.subject == "person", AuditEntry.subject_id == outsider.id)
    switched = [tag for tag in db.session.scalars(said.order_by(AuditEntry.seq)) if tag.startswith("admin:person:")]
    assert switched == ["admin:person:disabled", "admin:person:enabled"], "without staff roles one act each way"


@pytest.mark.both_databases
def test_two_confirm_at_once_and_it_is_done_once(app: Flask) -> None:
    with app.app_context():
        one, two, three = (person(f"{name}@ministry.example", Role.ADMINISTRATOR) for name in ("one", "two", "three"))
        target = person("target@ministry.example")
        proposal = propose(one, target, Role.APPROVER)
        actors = [two.actor(), three.actor()]
    outcomes, ready = [""] * 2, threading.Barrier(2)

    def run(place: int) -> None:
        with app.app_context():
            ready.wait()
            try:
                with transaction() as session:
                    access.confirm(session, actors[place], proposal, link)
                outcomes[place] = "done"
            except DomainError as error:
                outcomes[place] = type(error).__name__

    threads = [threading.Thread(target=run, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["WrongStateError", "done"]
    with app.app_context():
        entries = db.session.scalars(sa.select(AuditEntry.tag).where(AuditEntry.tag == "admin:access:roles_confirmed"))
        assert len(entries.all()) == 1


@pytest.mark.both_databases
def test_two_administrators_who_unseat_each_other_by_proposal(three: tuple[Person, Person, Person]) -> None:
    """Nobody confirms what is about themselves: with two administrators neither goes without a third."""
    one, two, _reviewer = three
    proposal = propose(one, two)
    assert refused(ForbiddenError, access.confirm, two.actor(), proposal, link) == "own_role"


@pytest.mark.both_databases
def test_the_database_wants_two_and_neither_the_subject(three: tuple[Person, Person, Person]) -> None:
    one, two, reviewer = three
    proposal = propose(one, reviewer, Role.OBSERVER)
    close = sa.update(AccessProposal).where(AccessProposal.id == proposal).values(
        outcome="confirmed", closed_at=clock.now()
    )  # fmt: skip
    for who in (one.id, reviewer.id, None):
        with pytest.raises(sa.exc.IntegrityError), transaction() as session:
            session.execute(close.values(closed_by=who))
    row = {
        "email": "x@y.example",
        "before": [],
        "roles": [],
        "language": "en",
        "reason": "",
        "proposed_at": clock.now(),
    }
    wrong = (
        {"act": "roles", "person_id": one.id, "proposed_by": one.id},
        {"act": "roles", "person_id": reviewer.id, "proposed_by": two.id, "email": reviewer.email},
        {"act": "owner", "proposed_by": one.id},
    )
    for values in wrong:
        with pytest.raises(sa.exc.IntegrityError), transaction() as session:
            session.execute(sa.insert(AccessProposal).values(**{**row, **values}))


@pytest.mark.night
@pytest.mark.both_databases
@pytest.mark.parametrize("left", ["off", "other office"])
def test_what_somebody_proposed_who_left_stands_in_nobody_s_way(
    three: tuple[Person, Person, Person], left: str
) -> None:
    one, two, reviewer = three
    with transaction() as session:
        made = Made("pond", "ស្រះ", "Pond", "isp", "kep", "bronze", clock.today())
        award = give_award(session, make_company(session, made), made, 1).id
        suspension = proposing.propose(
            session, reviewer.actor(), award, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, "late")
        ).id
    if left == "off":
        third = person("third@ministry.example", Role.ADMINISTRATOR)
        stuck = propose(third, reviewer, Role.APPROVER)
        for who in (third, reviewer):
            with transaction() as session:
                accounts.set_active(session, one.actor(), who.id, active=False)
        assert refused(WrongStateError, access.confirm, two.actor(), stuck, link) == "overtaken"
        propose(one, reviewer, Role.OBSERVER)
    else:
        confirm(two, propose(one, reviewer, Role.OBSERVER))
    decider = person("decider@ministry.example", Role.APPROVER).actor()
    assert refused(WrongStateError, proposing.confirm, decider, suspension) == "overtaken"
    with transaction() as session:
        proposing.propose(session, decider, award, AwardAct.REVOKED, why(AwardAct.REVOKED, "Two answers were false."))


def test_a_second_factor_is_not_reset_in_silence(three: tuple[Person, Person, Person]) -> None:
    one, two, reviewer = three
    with transaction() as session:
        accounts.reset_second_factor(session, one.actor(), reviewer.id)
    told = db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "access_factor"))
    assert set(told) == {two.id, reviewer.id}


def test_a_switch_pressed_twice_switches_once(app: Flask, client: FlaskClient) -> None:
    """A double click, or the old page of another administrator, never turns "off" into "on again"."""
    with app.app_context():
        person("one@ministry.example", Role.ADMINISTRATOR)
        reviewer = person("reviewer@ministry.example", Role.REVIEWER).id
    sign_in(client, "one@ministry.example")
    page = f"/en/admin/people/{reviewer}"
    for _pressed_twice in range(2):
        assert post(client, f"{page}/active", {"to": "off"}, form=page).status_code == 302
    text = client.get(page).text
    assert "Propose to switch it on again" in text
    assert "/admin/access/" not in text, "nothing is proposed"
    for _pressed_twice in range(2):
        assert post(client, f"{page}/active", {"to": "on"}, form=page).status_code == 302
    text = client.get(page).text
    assert "Propose to switch it on again" not in text
    assert text.count("/admin/access/1/withdraw") == 1
    assert post(client, f"{page}/active", {"to": "?"}, form=page).status_code == 400


@pytest.mark.parametrize("became", ["lapsed", "withdrawn", "confirmed"])
def test_who_comes_too_late_is_told_why(app: Flask, client: FlaskClient, became: str) -> None:
    with app.app_context():
        one, two, _three = (person(f"{name}@ministry.example", Role.ADMINISTRATOR) for name in NAMES)
        proposal = propose(one, person("reviewer@ministry.example", Role.REVIEWER), Role.APPROVER)
        if became == "withdrawn":
            with transaction() as session:
                access.withdraw(session, one.actor(), proposal)
        elif became == "confirmed":
            confirm(two, proposal)
    page = f"http://localhost/en/admin/access/{proposal}"
    later = timedelta(days=15 if became == "lapsed" else 0)
    with clock.held(clock.now() + later):
        sign_in(client, "three@ministry.example")
        data = {"csrf_token": token(client.get("/en/admin/people"))}
        late = client.post(f"{page}/confirm", data=data, headers={"Referer": page})
    assert late.status_code == 409
    said = {"lapsed": "had run out", "withdrawn": "It was taken back", "confirmed": "Somebody else confirmed it"}
    assert said[became] in late.text
    assert ("Somebody was faster" in late.text) is (became == "confirmed")
    assert f'href="/en/admin/access/{proposal}"' in late.text


def test_the_pages_of_two_administrators(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("one@ministry.example", Role.ADMINISTRATOR, name="Chan One")
        person("two@ministry.example", Role.ADMINISTRATOR)
        reviewer = person("reviewer@ministry.example", Role.REVIEWER).id
    other, reader = app.test_client(), app.test_client()
    for browser, name in ((client, "one"), (other, "two"), (reader, "reviewer")):
        sign_in(browser, f"{name}@ministry.example")
    page = f"/en/admin/people/{reviewer}"
    assert post(client, page, {"roles": "approver", "reason": "She <moves>."}).status_code == 302
    assert reader.get("/en/account/").status_code == 200, "nothing changed yet"
    assert "/en/admin/access/1" in other.get("/en/admin/").text, "the first page says what waits"
    own = client.get("/en/admin/access/1").text
    assert "You proposed this" in own
    assert "/confirm" not in own
    theirs = other.get("/en/admin/access/1").text
    assert "Chan One" in theirs
    assert "She &lt;moves&gt;." in theirs
    assert post(client, "/en/admin/access/1/confirm", form="/en/admin/people").status_code == 403
    assert post(other, "/en/admin/access/1/confirm", form="/en/admin/access/1").status_code == 302
    assert reader.get("/en/account/").status_code == 302, "a change of role signs out at once"
    assert post(other, "/en/admin/access/1/confirm", form="/en/admin/people").status_code == 302, (
        "pressed twice is once"
    )
    assert post(client, "/en/admin/access/1/withdraw", form="/en/admin/people").status_code == 409
    assert "Confirmed." in client.get("/en/admin/access/1").text
    assert post(client, "/en/admin/people", {"email": NEW, "role": "observer"}).status_code == 302
    assert NEW in other.get("/en/admin/people").text
    for _pressed_twice in range(2):
        assert post(client, "/en/admin/access/2/withdraw", form="/en/admin/people").status_code == 302
    assert "Withdrawn." in other.get("/en/admin/access/2").text
    assert client.get("/en/admin/access/99").status_code == 404


def test_one_administrator_alone_is_told(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("one@ministry.example", Role.ADMINISTRATOR)
    sign_in(client, "one@ministry.example")
    assert "only administrator" in client.get("/en/admin/people").text


def test_who_is_invited_from_the_command_line_is_told_to_administrators(three: tuple[Person, Person, Person]) -> None:
    with transaction() as session:
        invitations.invite_staff(session, SYSTEM, NEW, Role.ADMINISTRATOR, "en", link)
    told = db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "access_command").order_by(Notice.id))
    assert told.all() == [three[0].id, three[1].id]
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == "account:invitation:invited")).one()
    assert entry.actor_id is None


def test_every_act_leaves_its_entry(three: tuple[Person, Person, Person]) -> None:
    one, two, reviewer = three
    confirm(two, propose(one, reviewer, Role.OBSERVER))
    tags = db.session.scalars(
        sa.select(AuditEntry.tag).where(AuditEntry.subject == "access").order_by(AuditEntry.seq)
    ).all()
    assert tags == ["admin:access:roles_proposed", "admin:access:roles_confirmed"]
    assert {act.value for act in AccessAct} == {"invite", "roles", "enable", "owner"}
