"""Sign-in through a real OpenID Connect provider: whose account opens, and whose does not."""

import json
from threading import Barrier, Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance.actions import accounts, identities, invitations
from compliance.domain.identity import Identity
from compliance.domain.roles import CompanyRole, Role
from compliance.settings import Settings
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.identities import BoundIdentity
from compliance.store.outbox import Notice
from compliance.store.people import LiveSession, Person, person_by_email
from tests.account.through import DARA, away, come, local, refused, with_provider
from tests.helpers import PASSWORD, code_now, company, person, post, reload, set_up_authenticator, sign_in
from tests.jobs.world import told
from tests.provider import Provider


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    return with_provider(settings, provider.issuer)


def bound() -> dict[str, str]:
    """Subjects and the addresses of their accounts."""
    rows = db.session.execute(sa.select(BoundIdentity.subject, Person.email).join(Person))
    return {row.subject: row.email for row in rows}


def tags() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.tag).order_by(AuditEntry.seq)))


@pytest.mark.both_databases
def test_the_first_sign_in_binds_and_afterwards_the_subject_decides(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    with app.app_context():
        person(DARA)
    page = client.get("/en/account/sign-in?next=/en/account/")
    assert "Sign in with Kingdom ID" in page.text
    subject = provider.knows("s1", "Dara@Company.EXAMPLE")
    answer = come(client, provider, subject, next="/en/account/?from=mail")
    assert answer.headers["Location"] == "/en/account/?from=mail"
    assert "Opens this account since" in client.get("/en/account/").text
    with app.app_context():
        assert bound() == {"s1": DARA}
        assert tags()[-2:] == ["account:identity:bound", "account:session:started"]
        last = db.session.scalars(sa.select(AuditEntry.content).order_by(AuditEntry.seq.desc())).first()
        assert json.loads(last or "")["by"] == "provider"
        (notice,) = db.session.scalars(sa.select(Notice)).all()
        assert (notice.kind, notice.email) == ("account_identity_bound", DARA)
        assert (told(notice) or {})["account_link"] == "http://localhost/en/account/"

    provider.knows("s1", "dara.new@elsewhere.example")
    other = app.test_client()
    assert come(other, provider, subject, "/km/account/provider").headers["Location"] == "/km/account/start"
    assert DARA in other.get("/en/account/").text, "the subject decides, whatever its address is by now"
    with app.app_context():
        assert len(list(db.session.scalars(sa.select(Notice)))) == 1, "bound once, told once"


@pytest.mark.both_databases
def test_staff_pass_their_second_factor_here(app: Flask, client: FlaskClient, provider: Provider) -> None:
    with app.app_context():
        person("reviewer@ministry.example", Role.REVIEWER)
    subject = provider.knows("s1", "reviewer@ministry.example")
    where = come(client, provider, subject, next="/en/review/queue").headers["Location"]
    assert "/en/account/second-factor/set-up" in where
    assert client.get("/en/account/").status_code == 302
    with app.app_context():
        assert bound() == {}, "who has not passed everything binds nothing"
    set_up_authenticator(client, where)
    with app.app_context():
        assert bound() == {"s1": "reviewer@ministry.example"}
        assert db.session.scalars(sa.select(LiveSession)).one().data["second_factor"]
    other = app.test_client()
    where = come(other, provider, subject, next="/en/review/queue").headers["Location"]
    assert "/en/account/second-factor/code" in where
    assert "password" not in other.get(where).text.partition("<main")[2].partition("</main>")[0], "none was given"
    assert (
        post(other, where, {"code": code_now(app, "reviewer@ministry.example")})
        .headers["Location"]
        .endswith("/en/review/queue")
    )
    assert other.get("/en/review/queue").status_code == 200


def test_a_second_factor_there_counts_where_the_settings_say_so(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    with app.app_context():
        person("reviewer@ministry.example", Role.REVIEWER)
    subject = provider.knows("s1", "reviewer@ministry.example")
    with provider.erring(claims={"amr": ["pwd", "sms"], "acr": "mfa"}):
        assert "second-factor" in come(client, provider, subject).headers["Location"]
    with provider.erring(claims={"amr": ["pwd", "mfa"]}):
        assert come(client, provider, subject).headers["Location"] == "/en/account/start"
    assert client.get("/en/account/start").headers["Location"] == "/en/review/queue"
    assert client.get("/en/review/queue").status_code == 200


def test_what_the_provider_proved_is_not_bound_by_another_sign_in(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    """Somebody left the browser between provider and second factor; then another person signs in, or the same one."""
    with app.app_context():
        person("reviewer@ministry.example", Role.REVIEWER)
        person(DARA)
    sign_in(app.test_client(), "reviewer@ministry.example")
    come(client, provider, provider.knows("stranger", "reviewer@ministry.example"))
    sign_in(client, "reviewer@ministry.example")
    with app.app_context():
        assert bound() == {}
        assert tags()[-1] == "account:session:started"


WRONG_PEOPLE: list[tuple[str, object, str]] = [
    (DARA, False, "no verified email"),
    (DARA, "true", "no verified email"),
    (DARA, None, "no verified email"),
    ("", True, "no verified email"),
    ("nobody@company.example", True, "No account here"),
    ("off@company.example", True, "switched off"),
    ("unconfirmed@company.example", True, "Confirm your address first"),
]


def test_whoever_may_not_enter_is_told_why(app: Flask, client: FlaskClient, provider: Provider) -> None:
    with app.app_context():
        person(DARA)
        off = person("off@company.example").id
        person("unconfirmed@company.example", confirmed=False)
        boss = person("boss@ministry.example", Role.ADMINISTRATOR).actor()
        with transaction() as session:
            accounts.set_active(session, boss, off, active=False)
    for number, (email, verified, words) in enumerate(WRONG_PEOPLE):
        subject = provider.knows(f"wrong{number}", email, verified=verified)
        refused(client, come(client, provider, subject), words)
    khmer = client.get(come(client, provider, "wrong0", "/km/account/provider").headers["Location"]).text
    assert "ឆ្លងដែន" in khmer
    assert "verified" not in khmer
    with app.app_context():
        assert bound() == {}


def test_an_address_that_went_to_somebody_else_opens_nothing(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    with app.app_context():
        person(DARA)
        person("bopha@company.example")
    come(client, provider, provider.knows("dara", DARA))
    come(app.test_client(), provider, provider.knows("bopha", "bopha@company.example"))
    stranger = app.test_client()
    refused(stranger, come(stranger, provider, provider.knows("successor", DARA)), "bound to another person")
    refused(stranger, come(stranger, provider, provider.knows("dara", "bopha@company.example")), "another account")
    provider.knows("dara", DARA, verified=False)
    refused(stranger, come(stranger, provider, "dara"), "no verified email")
    with app.app_context():
        assert bound() == {"dara": DARA, "bopha": "bopha@company.example"}


def test_an_account_switched_off_does_not_open_again_here(app: Flask, client: FlaskClient, provider: Provider) -> None:
    with app.app_context():
        dara = person(DARA).id
        boss = person("boss@ministry.example", Role.ADMINISTRATOR).actor()
    come(client, provider, provider.knows("s1", DARA))
    with app.app_context(), transaction() as session:
        accounts.set_active(session, boss, dara, active=False)
    refused(client, come(client, provider, "s1"), "switched off")
    with app.app_context(), transaction() as session:
        accounts.set_active(session, boss, dara, active=True)
        accounts.reset_second_factor(session, boss, dara)
    with app.app_context():
        assert bound() == {}, "an administrator's reset covers every way that is no password"
        assert tags()[-2:] == ["account:identity:removed", "account:second_factor:removed"]


def _race(app: Flask, tries: list[tuple[str, Identity]]) -> list[str]:
    """Each binds an identity to the account of an address, all at once; what came of it."""
    together, came = Barrier(len(tries)), [""] * len(tries)

    def one(number: int, email: str, identity: Identity) -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction() as session:
                    who = person_by_email(session, email)
                    assert who is not None
                    identities.bind(session, who, identity, "link")
                came[number] = "bound"
            except identities.IdentityRefusedError as error:
                came[number] = error.reason
            finally:
                db.session.remove()

    threads = [Thread(target=one, args=(number, *given)) for number, given in enumerate(tries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


@pytest.mark.both_databases
def test_of_two_who_bind_at_once_one_is_refused(app: Flask, provider: Provider) -> None:
    with app.app_context():
        person(DARA)
        person("bopha@company.example")

    def known(subject: str) -> Identity:
        return Identity("https://id.example", subject, DARA, True, "", False, None)

    for number in range(5):
        same_account = [(DARA, known(f"a{number}")), (DARA, known(f"b{number}"))]
        assert _race(app, same_account) == ["bound", "identity_other_subject"]
        with app.app_context(), transaction() as session:
            dara = person_by_email(session, DARA)
            assert dara is not None
            assert identities.unbind(session, dara.actor(), dara.id) == 1
    same_subject = [(DARA, known("s")), ("bopha@company.example", known("s"))]
    assert _race(app, same_subject) == ["bound", "identity_other_subject"]


def _invitation(app: Flask, email: str, role: Role | None = None) -> str:
    """The path of an invitation's page, to a company or to the ministry's side."""
    with app.app_context():
        owner = person("owner@company.example")
        firm = company(owner).id
        with transaction() as session:
            if role is None:
                made = invitations.invite_colleague(
                    session, reload(owner).actor(), firm, email, CompanyRole.EDITOR, "en", lambda token, _lang: token
                )
            else:
                made = invitations.invite_staff(
                    session, invitations.SYSTEM, email, role, "en", lambda token, _lang: token
                )
            notice = session.scalars(sa.select(Notice).order_by(Notice.id.desc())).first()
            assert made.email == email
            assert notice is not None
            return str(notice.values["link"])


@pytest.mark.both_databases
def test_an_invitation_is_accepted_without_a_password(app: Flask, client: FlaskClient, provider: Provider) -> None:
    token = _invitation(app, "new@company.example")
    page = client.get(f"/en/account/invitation/{token}")
    assert "Accept with Kingdom ID" in page.text
    wrong = provider.knows("other", "other@company.example")
    answer = come(client, provider, wrong, invitation=token)
    assert answer.headers["Location"] == f"/en/account/invitation/{token}"
    assert "another account" in client.get(answer.headers["Location"]).text
    invited = provider.knows("new", "new@company.example")
    refused(client, come(client, provider, invited, invitation="spent"), "invitation")
    answer = come(client, provider, "new", "/km/account/provider", invitation=token)
    assert answer.headers["Location"] == "/km/account/start"
    with app.app_context():
        made = person_by_email(db.session(), "new@company.example")
        assert made is not None
        assert (made.password, made.full_name, made.language) == (None, "សុខ ដារ៉ា", "km")
        assert [row.role for row in made.memberships] == [CompanyRole.EDITOR]
        assert bound() == {"new": "new@company.example"}
    assert client.get(f"/en/account/invitation/{token}").status_code == 410
    assert "password" in post(client, "/en/account/address", {"email": "x@y.example", "password": "any"}).text
    _sets_a_password(app, client)


def _sets_a_password(app: Flask, client: FlaskClient) -> None:
    """Through the page of one's account, and through the mail for who forgot theirs."""
    stranger = app.test_client()
    for typed in ("", "None", PASSWORD):
        data = {"email": "new@company.example", "password": typed}
        assert post(stranger, "/en/account/sign-in", data).status_code == 200, "no password opens it"
    post(stranger, "/en/account/reset", {"email": "new@company.example"})
    with app.app_context():
        link = db.session.scalars(sa.select(Notice).where(Notice.kind == "account_reset")).one().values["link"]
    post(client, "/en/account/provider/remove")
    assert "set one by email" in client.get("/en/account/again").text, "nobody is left without a way"
    data = {"password": PASSWORD, "password_confirm": PASSWORD}
    assert post(stranger, local(link), data).status_code == 302
    assert stranger.get("/en/account/").status_code == 200, "a password set by mail signs in"


def test_staff_accept_this_way_and_set_up_their_second_factor(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    token = _invitation(app, "new@ministry.example", Role.OBSERVER)
    where = come(client, provider, provider.knows("new", "new@ministry.example"), invitation=token).headers["Location"]
    assert "second-factor/set-up" in where
    assert client.get("/en/account/").status_code == 302
    set_up_authenticator(client, where)
    assert client.get("/en/account/").status_code == 200
    with app.app_context():
        person("boss@ministry.example", Role.ADMINISTRATOR)
        made = person_by_email(db.session(), "new@ministry.example")
        assert made is not None
    administrator = app.test_client()
    sign_in(administrator, "boss@ministry.example")
    assert "Signs in with Kingdom ID since" in administrator.get(f"/en/admin/people/{made.id}").text


def test_a_first_password_is_set_on_the_page_of_the_account(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    token = _invitation(app, "new@company.example")
    come(client, provider, provider.knows("new", "new@company.example"), invitation=token)
    page = client.get("/en/account/password")
    assert 'name="password"' not in page.text
    new = {"new_password": PASSWORD, "new_password_confirm": PASSWORD}
    assert post(client, "/en/account/password", new).status_code == 302
    assert sign_in(app.test_client(), "new@company.example").status_code == 302


def _grow_old(client: FlaskClient) -> None:
    """Signed in an hour ago."""
    with client.session_transaction() as cookie:
        cookie["fs_paa"] -= 3600
        cookie.pop("fs_gexp", None)


def test_the_binding_is_removed_by_whoever_shows_again_who_they_are(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    with app.app_context():
        person(DARA)
    come(client, provider, provider.knows("s1", DARA))
    page = "/en/account/provider/remove"
    _grow_old(client)
    where = client.get(page).headers["Location"]
    assert where.startswith("/en/account/again")
    assert "Use Kingdom ID" in client.get(where).text
    out = away(client, **{"for": "again", "next": page})
    assert {"prompt": ["login"], "max_age": ["0"]}.items() <= parse_qs(urlsplit(out).query).items()
    wrong = client.get(local(provider.visit(out, provider.knows("other", "other@company.example"))))
    assert wrong.headers["Location"].startswith("/en/account/again")
    assert client.get(page).status_code == 302
    with provider.erring(claims={"auth_time": 1_000_000_000}):
        assert come(client, provider, "s1", **{"for": "again", "next": page}).headers["Location"] != page
    assert client.get(page).status_code == 302
    assert come(client, provider, "s1", **{"for": "again", "next": page}).headers["Location"] == page
    assert post(client, page).headers["Location"] == "/en/account/"
    with app.app_context():
        assert bound() == {}
        assert tags()[-1] == "account:identity:removed"
    assert client.get(page).headers["Location"] == "/en/account/", "nothing is left to remove"


def test_signing_out_here_ends_the_session_here(app: Flask, client: FlaskClient, provider: Provider) -> None:
    with app.app_context():
        person(DARA)
    come(client, provider, provider.knows("s1", DARA))
    assert post(client, "/en/account/sign-out", form="/en/account/").headers["Location"] == "/en/"
    assert client.get("/en/account/").status_code == 302
    assert come(client, provider, "s1").headers["Location"] == "/en/account/start"
