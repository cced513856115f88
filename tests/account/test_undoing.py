"""Leaving, removing, handing over: asked once more, told to both, undone for a day unless overtaken."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import colleagues, invitations, undoing
from compliance.actions.calendars import open_calendar
from compliance.domain.errors import DomainError, ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.store.base import db, transaction
from compliance.store.calendar_feeds import company_by_feed
from compliance.store.colleague_acts import ColleagueChange
from compliance.store.outbox import Notice
from compliance.store.people import Invitation, Membership, Person, role_row
from compliance.store.people import colleagues as colleagues_of
from compliance.store.ties import Tie, ties_of
from tests.account.test_invitations import colleague, last_link, link
from tests.helpers import company, person, post, reload, sign_in
from tests.jobs.world import told

DAY = timedelta(days=1)


class World:
    """A company with an owner, a second owner and an editor."""

    def __init__(self) -> None:
        self.one = person("one@company.example", name="Chan One")
        self.firm = company(self.one).id
        self.two, _row = colleague(self.one, self.firm, "two@company.example", CompanyRole.OWNER)
        self.editor, self.place = colleague(self.one, self.firm, "editor@company.example", CompanyRole.EDITOR)

    def actor(self, who: Person) -> Actor:
        return reload(who).actor()

    def role(self, who: Person) -> CompanyRole | None:
        return self.actor(who).companies.get(self.firm)

    def row(self, who: Person) -> int:
        return next(row.id for row in colleagues_of(db.session(), self.firm) if row.person_id == who.id)

    def remove(self, who: Person, by: Person) -> int:
        place = self.row(who)
        return self.do(lambda session: colleagues.remove(session, self.actor(by), self.firm, place))

    def leave(self, who: Person) -> int:
        return self.do(lambda session: colleagues.leave(session, self.actor(who), self.firm))

    def hand_over(self, to: Person, by: Person) -> int:
        place = self.row(to)
        return self.do(lambda session: colleagues.hand_over(session, self.actor(by), self.firm, place))

    def undo(self, change: int, by: Person) -> None:
        self.do(lambda session: undoing.undo(session, self.actor(by), change))

    def refused(self, error: type[DomainError], change: int, by: Person) -> None:
        before = {who.id: self.role(who) for who in (self.one, self.two, self.editor)}
        with pytest.raises(error):
            self.undo(change, by)
        assert before == {who.id: self.role(who) for who in (self.one, self.two, self.editor)}

    def do(self, act: Callable[[Session], object]) -> int:
        """The id of the newest change afterwards."""
        with transaction() as session:
            act(session)
        return db.session.scalar(sa.select(sa.func.max(ColleagueChange.id))) or 0


@pytest.fixture
def world(in_app: Flask, moment: datetime) -> World:
    return World()


@pytest.mark.both_databases
def test_each_act_is_undone_to_exactly_the_earlier_roles(world: World) -> None:
    roles = {who.id: world.role(who) for who in (world.one, world.two, world.editor)}
    for act, by in (
        (lambda: world.remove(world.editor, world.one), world.one),
        (lambda: world.remove(world.two, world.one), world.one),
        (lambda: world.remove(world.editor, world.one), world.two),
        (lambda: world.leave(world.editor), world.editor),
        (lambda: world.leave(world.two), world.one),
        (lambda: world.leave(world.two), world.two),
        (lambda: world.hand_over(world.editor, world.one), world.one),
        (lambda: world.hand_over(world.editor, world.one), world.two),
        (lambda: world.hand_over(world.two, world.one), world.two),
    ):
        change = act()
        assert roles != {who.id: world.role(who) for who in (world.one, world.two, world.editor)}
        world.undo(change, by)
        assert roles == {who.id: world.role(who) for who in (world.one, world.two, world.editor)}
    assert len(colleagues_of(db.session(), world.firm)) == 3


def test_only_whoever_may_undoes(world: World) -> None:
    stranger = person("stranger@company.example")
    change = world.remove(world.two, world.one)
    for who, error in ((world.editor, ForbiddenError), (world.two, NotFoundError), (stranger, NotFoundError)):
        world.refused(error, change, who)
    world.undo(change, world.one)
    left = world.leave(world.editor)
    world.refused(NotFoundError, left, stranger)
    role = world.do(lambda session: colleagues.set_role(session, world.actor(world.one), world.firm,
                                                        world.row(world.two), CompanyRole.VIEWER))  # fmt: skip
    world.refused(NotFoundError, role, world.one)


def test_whoever_handed_on_what_they_may_not_give_does_not_undo_a_removal(world: World) -> None:
    change = world.remove(world.editor, world.one)
    world.hand_over(world.two, world.one)
    world.refused(ForbiddenError, change, world.one)
    world.undo(change, world.two)
    assert world.role(world.editor) is CompanyRole.EDITOR


def test_after_a_day_it_stands(world: World, moment: datetime) -> None:
    change = world.leave(world.editor)
    with clock.held(moment + DAY):
        world.refused(WrongStateError, change, world.editor)
    with clock.held(moment + DAY - timedelta(seconds=1)):
        world.undo(change, world.editor)


def test_undone_twice(world: World) -> None:
    change = world.leave(world.editor)
    world.undo(change, world.editor)
    world.undo(change, world.editor)
    world.refused(WrongStateError, change, world.one)
    assert len(told_of("colleague_restored")) == 3, "the button pressed twice tells nobody twice"


def test_what_happened_since_is_not_undone_besides(world: World) -> None:
    def new_owner(session: Session) -> None:
        colleagues.make_owner(session, Actor(None, "system"), world.firm, session.get_one(Person, world.editor.id))

    removed = world.remove(world.two, world.one)
    world.do(new_owner)
    world.refused(InvalidError, removed, world.one)
    handed = world.hand_over(world.editor, world.one)
    world.refused(InvalidError, removed, world.editor)
    world.undo(handed, world.editor)


def test_whoever_handed_over_keeps_their_place_while_they_can_undo_it(world: World) -> None:
    """The new owner neither removes nor demotes them before, nor hands it on: nobody would be left to undo it."""

    def demote(session: Session) -> None:
        actor = world.actor(world.editor)
        colleagues.set_role(session, actor, world.firm, world.row(world.one), CompanyRole.VIEWER)

    handed = world.hand_over(world.editor, world.one)
    hand_on = partial(world.hand_over, world.two, world.editor)
    for act in (lambda: world.remove(world.one, world.editor), lambda: world.do(demote), hand_on):
        with pytest.raises(InvalidError):
            act()
    world.undo(handed, world.one)
    assert (world.role(world.one), world.role(world.editor)) == (CompanyRole.OWNER, CompanyRole.EDITOR)
    world.hand_over(world.editor, world.one)
    with clock.held(clock.now() + DAY):
        world.do(demote)
        world.remove(world.one, world.editor)
    assert world.role(world.one) is None


def test_whoever_comes_back_makes_a_new_address_for_their_calendar(world: World) -> None:
    """Left, removed, or undone: the old one stays closed."""
    for end, back in (
        (lambda: world.leave(world.editor), world.editor),
        (lambda: world.remove(world.editor, world.one), world.one),
    ):
        with transaction() as session:
            token = open_calendar(session, world.actor(world.editor), world.firm)
        assert company_by_feed(db.session(), token) == world.firm
        world.undo(end(), back)
        assert world.role(world.editor) is CompanyRole.EDITOR
        assert company_by_feed(db.session(), token) is None


def test_a_new_invitation_and_the_old_place(world: World) -> None:
    gone = world.remove(world.editor, world.one)
    with transaction() as session:
        invitations.invite_colleague(
            session, world.actor(world.one), world.firm, world.editor.email, CompanyRole.VIEWER, "en", link
        )
    token = last_link().partition(":")[2]
    world.undo(gone, world.one)
    assert world.role(world.editor) is CompanyRole.EDITOR
    made = db.session.scalars(sa.select(Invitation).order_by(Invitation.id.desc())).first()
    assert made is not None
    assert made.cancelled_at is not None, "who is back needs no invitation"
    gone = world.remove(world.editor, world.one)
    with transaction() as session:
        invitations.invite_colleague(
            session, world.actor(world.one), world.firm, world.editor.email, CompanyRole.VIEWER, "en", link
        )
    token = last_link().partition(":")[2]
    with transaction() as session:
        invitations.accept(session, world.actor(world.editor), token)
    world.refused(InvalidError, gone, world.one)
    assert world.role(world.editor) is CompanyRole.VIEWER
    world.remove(world.editor, world.two)
    world.refused(InvalidError, gone, world.one)
    assert world.role(world.editor) is None, "who was removed from the new place has no old one to come back to"


@pytest.mark.both_databases
def test_whoever_left_is_tied_and_who_joined_the_ministry_does_not_come_back(world: World) -> None:
    change = world.leave(world.editor)
    assert ties_of(db.session(), world.editor.id, [world.firm], clock.now()) == {world.firm: Tie.FORMER}
    with transaction() as session:
        person_row = session.get_one(Person, world.editor.id)
        person_row.roles = [role_row(session, Role.REVIEWER)]
    world.refused(InvalidError, change, world.one)
    with transaction() as session:
        session.get_one(Person, world.editor.id).roles = []
    world.undo(change, world.one)
    assert ties_of(db.session(), world.editor.id, [world.firm], clock.now()) == {world.firm: Tie.COLLEAGUE}


@pytest.mark.both_databases
def test_two_at_once(in_app: Flask, world: World) -> None:
    """Two owners remove each other: one is left. Two undo: it is undone once."""
    one, two = world.actor(world.one), world.actor(world.two)
    rows = world.row(world.one), world.row(world.two)
    outcomes = at_once(
        in_app,
        lambda session: colleagues.remove(session, one, world.firm, rows[1]),
        lambda session: colleagues.remove(session, two, world.firm, rows[0]),
    )
    assert sorted(outcomes) == ["NotFoundError", "done"]
    left = world.one if world.role(world.one) else world.two
    [change] = db.session.scalars(sa.select(ColleagueChange.id).order_by(ColleagueChange.id.desc()).limit(1))
    actor = world.actor(left)
    assert at_once(in_app, *[lambda session: undoing.undo(session, actor, change)] * 2) == ["done", "done"]
    assert len(colleagues_of(db.session(), world.firm)) == 3
    live = sa.select(sa.func.count()).where(Membership.company_id == world.firm, Membership.ended_at.is_(None))
    assert db.session.scalar(live) == 3


def at_once(app: Flask, *acts: Callable[[Session], object]) -> list[str]:
    db.session.rollback()
    ready, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int) -> None:
        with app.app_context():
            ready.wait()
            try:
                with transaction() as session:
                    acts[place](session)
                outcomes[place] = "done"
            except DomainError as error:
                outcomes[place] = type(error).__name__

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def told_of(kind: str) -> dict[str, object]:
    """What the mails of a kind say now, by address."""
    notices = db.session.scalars(sa.select(Notice).where(Notice.kind == kind))
    return {notice.email: told(notice) for notice in notices}


def test_both_are_told_the_truth(world: World, moment: datetime) -> None:
    world.remove(world.editor, world.one)
    mails = told_of("colleague_removed")
    assert mails.keys() == {"one@company.example", "two@company.example", "editor@company.example"}
    mine = mails["editor@company.example"]
    assert isinstance(mine, dict)
    assert (mine["about_reader"], mine["by"], mine["until"]) == (True, "Chan One", moment + DAY)
    with clock.held(moment + DAY):
        late = told_of("colleague_removed")["one@company.example"]
        assert isinstance(late, dict)
        assert late["until"] is None, "a mail sent late promises no undoing"
    world.undo(db.session.scalars(sa.select(ColleagueChange.id)).all()[-1], world.two)
    assert set(told_of("colleague_removed").values()) == {None}, "what does not stand is not told"
    back = told_of("colleague_restored")["editor@company.example"]
    assert isinstance(back, dict)
    assert (back["by"], back["role"]) == ("Two", CompanyRole.EDITOR)


def test_every_act_asks_once_more_and_can_be_undone_from_its_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world = World()
        firm, editor, one, two = world.firm, world.place.id, world.row(world.one), world.row(world.two)
    sign_in(client, "one@company.example")
    people = f"/en/account/company/{firm}/people"
    listed = client.get(people).text
    assert "govuk-button--warning" not in listed, "red is for danger, and nothing here is final"
    assert "one@company.example" in listed
    asked = client.get(f"{people}/{editor}/remove")
    assert "For a day an owner can undo it" in asked.text
    assert client.get(people).text.count("editor@company.example") == 1, "asking removes nobody"
    assert post(client, f"{people}/{editor}/remove").status_code == 302
    page = client.get(people).text
    assert "Can still be undone" in page
    leaver = app.test_client()
    sign_in(leaver, "editor@company.example")
    assert leaver.get("/en/account/changes/1/undo").status_code == 404
    assert leaver.get(people).status_code == 404
    assert post(client, "/en/account/changes/1/undo").status_code == 302
    assert leaver.get(people).status_code == 200
    assert post(leaver, f"/en/account/company/{firm}/leave").headers["Location"] == "/en/account/"
    assert leaver.get(people).status_code == 404
    assert 'href="/en/account/changes/2/undo"' in leaver.get("/en/account/").text
    assert post(leaver, "/en/account/changes/2/undo").headers["Location"] == f"/en/company/{firm}"
    assert leaver.get(people).status_code == 200
    assert "It was undone on" in leaver.get("/en/account/changes/2/undo").text
    assert post(client, f"{people}/{two}/hand-over").status_code == 302
    assert client.get(f"{people}/{one}/remove").status_code == 403, "an editor by now"
    assert post(client, "/en/account/changes/3/undo").status_code == 302
    assert client.get(f"{people}/{editor}").status_code == 200, "an owner again"
    only = app.test_client()
    with app.app_context():
        lonely = person("lonely@company.example")
        alone = company(lonely).id
    sign_in(only, "lonely@company.example")
    assert "You are the only owner" in only.get(f"/en/account/company/{alone}/leave").text
