"""Mails go out over real SMTP, once; what fails is put off, handed back, or shown to staff."""

import asyncio
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.jobs import smtp
from compliance.jobs.deliver import MOST_ATTEMPTS, backoff, deliver
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.outbox import LEASE, Notice, claim_due, counts, failed, try_again
from tests.helpers import person
from tests.jobs.letters_read import words
from tests.jobs.world import MailServer, free_port, mail_server, notices, plain_letters, queue

pytestmark = pytest.mark.usefixtures("in_app")


def test_a_mail_arrives_whole_in_both_languages(sending: Settings, server: MailServer, moment: datetime) -> None:
    queue(2)
    assert deliver(plain_letters(sending), "w").sent == 2
    english, khmer = server.messages
    assert english["Subject"] == "You have an account already"
    assert khmer["Subject"] == "អ្នកមានគណនីរួចហើយ"
    assert "២៣ វិច្ឆិកា ២០២៦ ម៉ោង ១០:០០" in words(khmer)
    assert "http://localhost/reset" in words(khmer)
    assert khmer["Auto-Submitted"] == "auto-generated"
    assert khmer["To"] == "someone1@company.example"
    assert khmer["Message-ID"].endswith("@localhost>")
    assert all(notice.sent_at and not notice.claimed_by for notice in notices())
    assert deliver(plain_letters(sending), "w").sent == 0


def test_a_link_that_lets_somebody_in_is_forgotten_once_sent(sending: Settings, server: MailServer) -> None:
    queue(1)
    link, until = "http://localhost/en/account/reset/a-secret", clock.now() + timedelta(hours=2)
    values = {"name": "Dara", "link": link, "until": until.isoformat()}
    dara = person("dara@company.example").id
    with transaction() as session:
        session.execute(sa.update(Notice).values(kind="account_reset", person_id=dara, values=values))
    assert deliver(plain_letters(sending), "w").sent == 1
    assert link in words(server.messages[0])
    [notice] = notices()
    assert "a-secret" not in str(notice.values)
    assert notice.values["until"] == until.isoformat()


def test_two_workers_racing_send_each_once(app: Flask, sending: Settings, server: MailServer) -> None:
    queue(200)

    def one(name: str) -> None:
        with app.app_context():
            while deliver(plain_letters(sending), name).sent:
                pass
            db.session.remove()

    threads = [threading.Thread(target=one, args=(f"worker {n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.messages) == 200
    assert len({message["Message-ID"] for message in server.messages}) == 200
    assert counts(db.session()) == {"waiting": 0, "sent": 200, "failed": 0, "overtaken": 0}


def test_a_killed_workers_claim_is_taken_over_after_its_lease(sending: Settings, server: MailServer) -> None:
    queue(3)
    with transaction() as session:
        assert len(claim_due(session, "killed", clock.now(), 10)) == 3
    assert deliver(plain_letters(sending), "other").sent == 0
    with clock.held(clock.now() + LEASE + timedelta(seconds=1)):
        assert deliver(plain_letters(sending), "other").sent == 3
    assert len(server.messages) == 3


def test_server_down_costs_no_attempt_and_the_outbox_drains(settings: Settings) -> None:
    port = free_port()
    letters = plain_letters(replace(settings, smtp_url=f"smtp://127.0.0.1:{port}"))
    queue(3)
    assert deliver(letters, "w").down
    assert [notice.attempts for notice in notices()] == [0, 0, 0]
    with mail_server(port) as server, clock.held(clock.now() + timedelta(minutes=1)):
        assert deliver(letters, "w").sent == 3
        assert len(server.messages) == 3


def test_a_refused_address_fails_alone_and_staff_see_it(sending: Settings, server: MailServer) -> None:
    queue(3)
    server.refuse["someone1@company.example"] = "550 no such mailbox"
    found = deliver(plain_letters(sending), "w")
    assert (found.sent, found.never) == (2, 1)
    (broken,) = failed(db.session())
    assert broken.email == "someone1@company.example"
    assert broken.last_error == "550 no such mailbox"
    server.refuse.clear()
    with transaction() as session:
        assert try_again(session, broken.id)
    assert deliver(plain_letters(sending), "w").sent == 1
    with transaction() as session:
        assert not try_again(session, broken.id)


def test_a_temporary_refusal_is_tried_again_later_and_later(sending: Settings, server: MailServer) -> None:
    queue(1)
    server.answer = "451 try later"
    assert deliver(plain_letters(sending), "w").later == 1
    assert deliver(plain_letters(sending), "w").later == 0
    with clock.held(clock.now() + backoff(1) + timedelta(seconds=1)):
        assert deliver(plain_letters(sending), "w").later == 1
    assert backoff(1) < backoff(2) < backoff(20) == timedelta(hours=6)


def test_attempts_end(sending: Settings, server: MailServer) -> None:
    queue(1)
    server.answer = "451 try later"
    moment = clock.now()
    for _ in range(MOST_ATTEMPTS + 3):
        moment += timedelta(hours=7)
        with clock.held(moment):
            deliver(plain_letters(sending), "w")
    (broken,) = failed(db.session())
    assert broken.attempts == MOST_ATTEMPTS
    assert "451 try later" in broken.last_error


def test_dropped_after_the_content_is_tried_again_under_the_same_id(sending: Settings, server: MailServer) -> None:
    queue(2)
    server.drop = True
    assert deliver(plain_letters(sending), "w").later == 2
    server.drop = False
    with clock.held(clock.now() + timedelta(hours=1)):
        assert deliver(plain_letters(sending), "w").sent == 2
    assert len(server.messages) == 2


@pytest.mark.parametrize("address", ["no address", "a@b.example\r\nBcc: all@b.example", "ក@ខ.example", "@", ""])
def test_an_address_no_mail_can_go_to_fails_alone(sending: Settings, server: MailServer, address: str) -> None:
    queue(1, address)
    queue(2)
    found = deliver(plain_letters(sending), "w")
    assert (found.sent, found.never) == (1, 1)
    assert server.recipients == ["someone1@company.example"]


def test_a_dripping_server_is_left(sending: Settings, monkeypatch: pytest.MonkeyPatch, server: MailServer) -> None:
    queue(1)
    monkeypatch.setattr(smtp, "MAIL_SECONDS", 0.3)
    monkeypatch.setattr("compliance.jobs.deliver.MAIL_SECONDS", 1)
    never = threading.Event()

    async def slow(*_arguments: object) -> str:
        await asyncio.sleep(3)
        never.set()
        return "250 OK"

    monkeypatch.setattr(server, "handle_DATA", slow)
    assert deliver(plain_letters(sending), "w").later == 1
    assert not never.is_set()


@pytest.mark.parametrize(
    ("kind", "values"), [("of_no_kind", {}), ("certificate_ready", {}), ("certificate_ready", {"issued": 999})]
)
def test_a_notice_about_nothing_known_delays_no_other(
    sending: Settings, server: MailServer, kind: str, values: dict[str, int]
) -> None:
    queue(3)
    with transaction() as session:
        first = session.scalars(sa.select(Notice.id).order_by(Notice.id)).first()
        session.execute(sa.update(Notice).where(Notice.id == first).values(kind=kind, values=values))
    found = deliver(plain_letters(sending), "w")
    assert (found.sent, found.later) == (2, 1)
    assert len(server.messages) == 2
    assert next(notice for notice in notices() if notice.id == first).last_error
