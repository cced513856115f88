"""A mail that carries a link says until when it works, and is not sent once it opens nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import invitations
from compliance.domain.roles import CompanyRole
from compliance.jobs.deliver import deliver
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.people import Person
from tests.helpers import company, person, post
from tests.jobs.letters_read import read
from tests.jobs.world import MailServer, notices, plain_letters

DARA = "dara@company.example"
RESET = "/en/account/reset"


def send(app: Flask, settings: Settings, server: MailServer, after: timedelta = timedelta()) -> int:
    """Sends what is due so much later; returns how many went."""
    sending = replace(settings, smtp_url=f"smtp://127.0.0.1:{server.port}")
    with app.app_context(), clock.held(clock.now() + after):
        return deliver(plain_letters(sending), "w").sent


def left_in_the_outbox(app: Flask) -> str:
    with app.app_context():
        return str([notice.values for notice in notices()])


@pytest.mark.parametrize(("hours", "sent"), [(0, 1), (1, 1), (2, 0), (72, 0)])
def test_a_reset_link_is_told_with_its_end_and_not_after_it(
    app: Flask, client: FlaskClient, settings: Settings, server: MailServer, moment: datetime, hours: int, sent: int
) -> None:
    with app.app_context():
        person(DARA)
    assert post(client, RESET, {"email": DARA}).status_code in {200, 302}
    assert send(app, settings, server, timedelta(hours=hours)) == sent
    if sent:
        mail = read(server.messages[0])
        assert "works until 23 November 2026, 12:00 (Phnom Penh time)" in mail.text
        assert f"{RESET}/" in mail.text
    assert f"{RESET}/" not in left_in_the_outbox(app), "what lets somebody in is kept by nobody"


def test_a_link_that_a_new_password_made_useless_is_not_sent(
    app: Flask, client: FlaskClient, settings: Settings, server: MailServer, moment: datetime
) -> None:
    with app.app_context():
        dara = person(DARA).id
    post(client, RESET, {"email": DARA})
    with app.app_context(), transaction() as session:
        session.get_one(Person, dara).fs_uniquifier = "another"
    assert send(app, settings, server) == 0


def test_an_invitation_taken_back_or_run_out_is_not_sent(
    app: Flask, client: FlaskClient, settings: Settings, server: MailServer, moment: datetime
) -> None:
    with app.app_context():
        owner = person("owner@company.example", name="Chan Owner")
        firm = company(owner).id
        actor = db.session.merge(owner).actor()
        for number in range(3):
            with transaction() as session:
                made = invitations.invite_colleague(
                    session, actor, firm, f"new{number}@company.example", CompanyRole.EDITOR, "km",
                    lambda token, lang: f"http://localhost/{lang}/join/{token}",
                )  # fmt: skip
                if number == 1:
                    invitations.cancel(session, actor, made.id)
    assert send(app, settings, server, timedelta(days=3)) == 2
    assert "new1@company.example" not in server.recipients
    mail = read(server.messages[0])
    assert "ថ្ងៃទី 7 ធ្នូ 2026 ម៉ោង 10:00 (ម៉ោងភ្នំពេញ)" in mail.text
    assert "Chan Owner" in mail.text
    assert "/join/" not in left_in_the_outbox(app)
