"""The inbox mirrors each mail as it was sent, for its reader alone; a link that works once is not kept."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.jobs.deliver import deliver
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.letters import KeptLetter, letters_of
from compliance.store.outbox import Notice
from tests.helpers import person, sign_in
from tests.jobs.letters_read import words
from tests.jobs.world import MailServer, plain_letters, queue

RESET = "http://localhost/en/account/reset/a-secret"


def addressed(count: int, email: str) -> int:
    """Queues mails to somebody with an account."""
    queue(count)
    number = person(email).id
    with transaction() as session:
        session.execute(sa.update(Notice).where(Notice.person_id.is_(None)).values(person_id=number, email=email))
    return number


@pytest.mark.both_databases
def test_what_was_mailed_is_in_the_inbox_word_for_word(app: Flask, sending: Settings, server: MailServer) -> None:
    with app.app_context():
        dara = addressed(2, "dara@company.example")
        assert deliver(plain_letters(sending), "w").sent == 2
        kept = letters_of(db.session(), dara, 10)
        assert {(one.subject, *one.body.split("\n")) for one in kept} == {
            (mail["Subject"], *words(mail).replace("\r", "").split("\n")) for mail in server.messages
        }
        assert deliver(plain_letters(sending), "w").sent == 0
    client = app.test_client()
    sign_in(client, "dara@company.example")
    page = client.get("/en/account/letters").text
    assert all(one.subject in page for one in kept)
    letter = client.get(f"/en/account/letters/{kept[-1].id}").text
    assert f'lang="{kept[-1].language}"' in letter
    assert kept[-1].body.splitlines()[0] in letter


def test_a_mail_that_did_not_go_out_is_in_no_inbox(app: Flask, settings: Settings) -> None:
    with app.app_context():
        dara = addressed(1, "dara@company.example")
        assert deliver(plain_letters(settings), "w").sent == 0
        assert letters_of(db.session(), dara, 10) == []


def test_a_link_that_lets_somebody_in_is_not_kept(app: Flask, sending: Settings, server: MailServer) -> None:
    with app.app_context():
        addressed(1, "dara@company.example")
        until = (clock.now() + timedelta(hours=2)).isoformat()
        with transaction() as session:
            values = {"name": "Dara", "link": RESET, "until": until}
            session.execute(sa.update(Notice).values(kind="account_reset", values=values))
        assert deliver(plain_letters(sending), "w").sent == 1
        assert RESET in words(server.messages[0])
        [kept] = db.session.scalars(sa.select(KeptLetter))
        assert (kept.subject, kept.body) == (server.messages[0]["Subject"], "")
    client = app.test_client()
    sign_in(client, "dara@company.example")
    assert "held a link that works once" in client.get(f"/en/account/letters/{kept.id}").text


def test_nobody_reads_anothers_letters(app: Flask, client: FlaskClient, sending: Settings, server: MailServer) -> None:
    with app.app_context():
        addressed(1, "dara@company.example")
        person("else@company.example")
        assert deliver(plain_letters(sending), "w").sent == 1
        [kept] = db.session.scalars(sa.select(KeptLetter))
    assert "/account/sign-in" in client.get(f"/en/account/letters/{kept.id}").headers["Location"]
    sign_in(client, "else@company.example")
    assert client.get(f"/en/account/letters/{kept.id}").status_code == 404
    assert kept.subject not in client.get("/en/account/letters").text


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "2"])
def test_pages_that_are_not_there_are_empty_or_the_first(app: Flask, client: FlaskClient, page: str) -> None:
    with app.app_context():
        person("dara@company.example")
    sign_in(client, "dara@company.example")
    assert client.get(f"/km/account/letters?page={page}").status_code == 200
