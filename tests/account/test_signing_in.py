"""Register, confirm, sign in and out, in both languages."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance.domain.roles import Role
from compliance.store.audit import AuditEntry
from compliance.store.base import db
from compliance.store.outbox import Notice
from compliance.store.people import LiveSession
from tests.helpers import PASSWORD, person, post, sign_in

pytestmark = pytest.mark.both_databases


def register(client: FlaskClient, email: str = "dara@company.example", **changes: str) -> int:
    data = {
        "full_name": "សុខ ដារ៉ា",
        "email": email,
        "password": PASSWORD,
        "password_confirm": PASSWORD,
        "language": "km",
    }
    return post(client, "/km/account/register", {**data, **changes}).status_code


def notices(app: Flask) -> list[Notice]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Notice).order_by(Notice.id)))


def test_from_registering_to_signing_out(app: Flask, client: FlaskClient) -> None:
    assert register(client) == 302
    (notice,) = notices(app)
    assert (notice.kind, notice.language, notice.email) == ("account_confirm", "km", "dara@company.example")
    link = notice.values["link"]
    assert link.startswith("http://localhost/km/account/confirm/")

    refused = post(client, "/km/account/sign-in", {"email": notice.email, "password": PASSWORD})
    assert refused.status_code == 200, "an address that is not confirmed cannot sign in"

    assert client.get(link).status_code == 200
    refused = post(client, "/km/account/sign-in", {"email": notice.email, "password": PASSWORD})
    assert refused.status_code == 200, "opening the link alone confirms nothing"
    assert post(client, link).headers["Location"] == "/km/account/sign-in"

    answer = sign_in(client, notice.email, lang="km")
    assert answer.headers["Location"] == "/km/account/start"
    assert client.get("/km/account/").status_code == 200
    assert post(client, "/km/account/sign-out", form="/km/account/").headers["Location"] == "/km/"
    assert client.get("/km/account/").status_code == 302

    with app.app_context():
        tags = list(db.session.scalars(sa.select(AuditEntry.tag).order_by(AuditEntry.seq)))
        everything = "".join(db.session.scalars(sa.select(AuditEntry.content)))
    assert tags == [
        "account:person:registered",
        "account:person:confirmed",
        "account:session:started",
        "account:session:ended",
    ]
    assert "dara@" not in everything


def test_staff_cannot_enter_without_a_second_factor(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("reviewer@ministry.example", Role.REVIEWER)
    answer = post(client, "/en/account/sign-in", {"email": "reviewer@ministry.example", "password": PASSWORD})
    assert answer.headers["Location"] == "/en/account/second-factor/set-up"
    assert client.get("/en/account/").status_code == 302
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(LiveSession)) == 0
    assert sign_in(client, "reviewer@ministry.example").status_code == 302
    assert client.get("/en/account/").status_code == 200
    with app.app_context():
        row = db.session.scalars(sa.select(LiveSession)).one()
        assert row.staff
        assert row.data["second_factor"]


def test_a_second_sign_in_asks_for_the_code(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("reviewer@ministry.example", Role.REVIEWER)
    sign_in(client, "reviewer@ministry.example")
    other = app.test_client()
    answer = post(other, "/en/account/sign-in", {"email": "reviewer@ministry.example", "password": PASSWORD})
    assert "/en/account/second-factor/code" in answer.headers["Location"]
    assert sign_in(other, "reviewer@ministry.example").headers["Location"].endswith("/account/start")


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "/\t/evil.example", "javascript:alert(1)"]
)
def test_a_tampered_link_signs_in_and_stays_here(app: Flask, client: FlaskClient, wanted: str) -> None:
    with app.app_context():
        person("dara@company.example")
    data = {"email": "dara@company.example", "password": PASSWORD, "next": wanted}
    answer = post(client, "/en/account/sign-in", data)
    assert answer.headers["Location"] == "/en/account/start"


@pytest.mark.parametrize("path", ["/en", "/en//register?q=a"])
def test_an_address_is_set_right_without_the_host_that_a_request_claims(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"/{path.strip('/').replace('//', '/')}{'' if '?' in path else '/'}"
    assert "evil" not in answer.text
