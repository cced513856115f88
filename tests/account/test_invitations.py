"""Invitations to companies and to the ministry's side; colleagues; what nobody may do to themselves."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import access, accounts, colleagues, invitations
from compliance.actions.invitation_links import SpentInvitationError, find
from compliance.cli.people import invite
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError
from compliance.domain.roles import SYSTEM, CompanyRole, Role
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from compliance.store.people import Invitation, Membership, Person
from compliance.store.people import colleagues as colleagues_of
from tests.helpers import PASSWORD, company, person, post, reload, set_up_authenticator, sign_in
from tests.jobs.world import told


def link(token: str, lang: str) -> str:
    return f"{lang}:{token}"


def last_link() -> str:
    notice = db.session.scalars(sa.select(Notice).order_by(Notice.id.desc())).first()
    assert notice is not None
    return str(notice.values["link"])


def colleague(owner: Person, of: int, email: str, role: CompanyRole) -> tuple[Person, Membership]:
    joined = person(email)
    with transaction() as session:
        invitations.invite_colleague(session, reload(owner).actor(), of, email, role, "en", link)
    token = last_link().partition(":")[2]
    with transaction() as session:
        invitations.accept(session, joined.actor(), token)
    joined = reload(joined)
    return joined, joined.memberships[0]


@pytest.mark.both_databases
def test_a_colleague_makes_an_account_from_the_invitation(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        owner = person("owner@company.example", name="Chan Owner")
        firm = company(owner).id
    sign_in(client, "owner@company.example")
    page = f"/en/account/company/{firm}/people"
    assert post(client, page, {"email": "New@Company.example ", "role": "editor"}).status_code == 302
    with app.app_context():
        notice = db.session.scalars(sa.select(Notice).where(Notice.kind == "account_invited")).one()
        assert notice.email == "new@company.example"
        assert (told(notice) or {})["inviter"] == "Chan Owner"
        address = notice.values["link"].removeprefix("http://localhost")
    invited = app.test_client()
    asked = invited.get(address).text
    assert "Chan Owner invites you" in asked
    assert "Editor" in asked
    assert (
        post(invited, address, {"full_name": "New", "password": "short", "password_confirm": "short"}).status_code
        == 200
    )
    answer = post(
        invited,
        address,
        {"full_name": "សុខ ថ្មី", "password": PASSWORD, "password_confirm": PASSWORD, "language": "km"},
    )
    assert answer.headers["Location"] == f"/en/company/{firm}", "signed in, and in the company"
    assert "You accepted the invitation." in invited.get(answer.headers["Location"]).text
    again = invited.get(address)
    assert again.status_code == 410, "a link works once"
    assert "Your account has what the invitation was for." in again.text
    assert "New@" not in invited.get(page).text
    with app.app_context():
        assert [row.role for row in colleagues_of(db.session(), firm)] == [CompanyRole.OWNER, CompanyRole.EDITOR]


def test_an_existing_account_signs_in_to_accept(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        owner = person("owner@company.example")
        firm = company(owner).id
        person("known@company.example")
        with transaction() as session:
            invitations.invite_colleague(
                session, reload(owner).actor(), firm, "known@company.example", CompanyRole.VIEWER, "en", link
            )
        address = "/en/account/invitation/" + last_link().partition(":")[2]
    stranger = app.test_client()
    assert "sign-in" in stranger.get(address).text
    with app.app_context():
        person("other@company.example")
    sign_in(stranger, "other@company.example")
    other = stranger.get(address).text
    assert "You are signed in as other@company.example" in other
    assert 'name="full_name"' not in other
    left = post(stranger, "/en/account/sign-out", {"next": address}, form=address)
    assert left.headers["Location"].endswith(address), "back to the invitation"
    sign_in(client, "known@company.example")
    assert post(client, address).status_code == 302
    with app.app_context():
        assert len(colleagues_of(db.session(), firm)) == 2


@pytest.mark.both_databases
def test_a_spent_link_says_why_and_an_unknown_one_nothing(in_app: Flask, client: FlaskClient) -> None:
    owner = person("owner@company.example")
    firm = company(owner).id
    with transaction() as session:
        made = invitations.invite_colleague(
            session, reload(owner).actor(), firm, "a@company.example", CompanyRole.VIEWER, "en", link
        )
    token, moment = last_link().partition(":")[2], clock.now()
    with clock.held(moment + timedelta(days=14, seconds=1)), pytest.raises(SpentInvitationError):
        find(db.session(), token)
    with transaction() as session:
        invitations.cancel(session, reload(owner).actor(), made.id)
    page = f"/en/account/invitation/{token}"
    assert client.get(page).status_code == client.get("/en/account/invitation/never-was").status_code == 410
    assert "was taken back" in client.get(page).text
    assert (
        "invitation"
        not in client.get("/en/account/invitation/never-was")
        .text.replace("never-was", "")
        .partition("data-failed")[2]
        .partition("</main>")[0]
    )
    with transaction() as session:
        session.get_one(Invitation, made.id).cancelled_at = None
    with clock.held(moment + timedelta(days=14, seconds=1)):
        assert "has run out" in client.get(page).text


def test_who_is_signed_in_with_another_address_makes_no_account(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        owner = person("owner@company.example")
        firm = company(owner).id
        person("other@company.example")
        with transaction() as session:
            who = reload(owner).actor()
            invitations.invite_colleague(session, who, firm, "new@company.example", CompanyRole.EDITOR, "en", link)
        address = "/en/account/invitation/" + last_link().partition(":")[2]
    sign_in(client, "other@company.example")
    data = {"full_name": "New", "password": PASSWORD, "password_confirm": PASSWORD, "language": "en"}
    answer = post(client, address, data)
    assert answer.status_code == 200
    assert "This invitation is for new@company.example" in answer.text
    with app.app_context():
        assert len(colleagues_of(db.session(), firm)) == 1


def test_only_owners_invite_and_strangers_see_nothing(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        owner = person("owner@company.example")
        firm = company(owner).id
        editor, row = colleague(owner, firm, "editor@company.example", CompanyRole.EDITOR)
        person("stranger@company.example")
        with pytest.raises(ForbiddenError), transaction() as session:
            invitations.invite_colleague(session, editor.actor(), firm, "x@y.example", CompanyRole.OWNER, "en", link)
        row_id = row.id
    sign_in(client, "stranger@company.example")
    page = f"/en/account/company/{firm}/people"
    for address in (page, f"{page}/{row_id}"):
        assert client.get(address).status_code == 404
    for act in ("remove", "hand-over"):
        assert post(client, f"{page}/{row_id}/{act}", form="/en/account/").status_code == 404
    assert post(client, f"/en/account/company/{firm}/leave", form="/en/account/").status_code == 404


@pytest.mark.both_databases
def test_a_company_keeps_an_owner(in_app: Flask) -> None:
    owner = person("owner@company.example")
    firm = company(owner).id
    with pytest.raises(InvalidError), transaction() as session:
        colleagues.leave(session, reload(owner).actor(), firm)
    heir, row = colleague(owner, firm, "heir@company.example", CompanyRole.VIEWER)
    own = colleagues_of(db.session(), firm)[0].id
    with pytest.raises(ForbiddenError), transaction() as session:
        colleagues.set_role(session, reload(owner).actor(), firm, own, CompanyRole.VIEWER)
    with transaction() as session:
        colleagues.hand_over(session, reload(owner).actor(), firm, row.id)
    assert reload(heir).actor().companies[firm] is CompanyRole.OWNER
    assert reload(owner).actor().companies[firm] is CompanyRole.EDITOR
    with transaction() as session:
        colleagues.leave(session, reload(owner).actor(), firm)
    assert firm not in reload(owner).actor().companies
    with pytest.raises(NotFoundError), transaction() as session:
        colleagues.leave(session, reload(owner).actor(), firm)


def test_a_removed_colleague_is_a_stranger_at_once(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        owner = person("owner@company.example")
        firm = company(owner).id
        _, row = colleague(owner, firm, "editor@company.example", CompanyRole.EDITOR)
        row_id = row.id
    sign_in(client, "editor@company.example")
    page = f"/en/account/company/{firm}/people"
    assert client.get(page).status_code == 200
    with app.app_context(), transaction() as session:
        colleagues.remove(session, session.merge(owner).actor(), firm, row_id)
    assert client.get(page).status_code == 404


def test_the_first_staff_person_is_invited_from_the_command_line(
    app: Flask, settings: Settings, capsys: pytest.CaptureFixture[str], client: FlaskClient
) -> None:
    class Chosen:
        email, role, name, language = "boss@ministry.example", "administrator", "Boss", "en"

    assert invite(settings, Chosen()) == 0  # type: ignore[arg-type]
    address = capsys.readouterr().out.split("http://localhost")[1].strip()
    data = {"full_name": "Boss", "password": PASSWORD, "password_confirm": PASSWORD, "language": "en"}
    where = post(client, address, data).headers["Location"]
    assert "second-factor/set-up" in where, "the second factor comes first"
    assert client.get("/en/admin/people").status_code == 302
    set_up_authenticator(client, where)
    assert client.get("/en/admin/people").status_code == 200


def test_switching_off_ends_every_browser(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("boss@ministry.example", Role.ADMINISTRATOR)
        second = person("second@ministry.example", Role.ADMINISTRATOR).actor()
        observer_id = person("observer@ministry.example", Role.OBSERVER).id
    reader = app.test_client()
    sign_in(reader, "observer@ministry.example")
    sign_in(client, "boss@ministry.example")
    page = f"/en/admin/people/{observer_id}"
    assert post(client, f"{page}/active", {"to": "off"}, form=page).status_code == 302
    assert reader.get("/en/account/").status_code == 302
    refused = post(reader, "/en/account/sign-in", {"email": "observer@ministry.example", "password": PASSWORD})
    assert refused.status_code == 200
    assert post(client, f"{page}/active", {"to": "on"}, form=page).status_code == 302
    with app.app_context(), transaction() as session:
        access.confirm(session, second, 1, link)
    assert post(client, f"{page}/second-factor", form=page).status_code == 302
    answer = post(reader, "/en/account/sign-in", {"email": "observer@ministry.example", "password": PASSWORD})
    assert answer.headers["Location"].endswith("/second-factor/set-up")


@pytest.mark.both_databases
def test_the_last_administrator_stays(in_app: Flask) -> None:
    first, second = person("a@ministry.example", Role.ADMINISTRATOR), person("b@ministry.example", Role.ADMINISTRATOR)
    with transaction() as session:
        accounts.set_active(session, first.actor(), second.id, active=False)
    with pytest.raises(ForbiddenError), transaction() as session:
        access.propose_roles(session, second.actor(), first.id, [])
    assert db.session.scalars(sa.select(Invitation)).all() == []


def test_who_joins_the_ministry_s_side_is_told_so_and_signs_in_anew(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("known@home.example")
        with transaction() as session:
            invitations.invite_staff(session, SYSTEM, "known@home.example", Role.OBSERVER, "en", link)
        address = "/en/account/invitation/" + last_link().partition(":")[2]
    sign_in(client, "known@home.example")
    assert post(client, address).status_code == 302
    page = client.get("/en/account/start", follow_redirects=True).text
    assert "You accepted the invitation." in page
    assert 'name="password"' in page
