"""Administrators read the outbox, try failed mails again and cancel with a reason; nobody cancels a warning."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.domain.roles import Role
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.letters import keep
from compliance.store.outbox import Notice, claim_due, counts, give_up, insert_once, mark_sent
from tests.helpers import person, post, sign_in

PAGE = "/en/admin/outbox"
HOSTILE = "<script>alert(1)</script> {{7*7}} % _ ' \" \\"


@pytest.fixture
def administrator(app: Flask, client: FlaskClient, moment: datetime) -> FlaskClient:
    with app.app_context():
        person("admin@ministry.example", Role.ADMINISTRATOR)
    sign_in(client, "admin@ministry.example")
    return client


def owed(app: Flask, kind: str = "review_waiting", **changes: object) -> int:
    """A notice of its own; returns its id."""
    with app.app_context(), transaction() as session:
        key = f"{kind}:{session.scalar(sa.select(sa.func.count(Notice.id)))}"
        to = person_id(session)
        row = {"key": key, "kind": kind, "person_id": to, "email": "dara@company.example", "language": "en"}
        times = {"queued_at": clock.now(), "due_at": clock.now()}
        insert_once(session, [{**row, **times, "values": {}, "attempts": 0, "last_error": "", "cancel_reason": ""}])
        made = session.scalars(sa.select(Notice).where(Notice.key == key)).one()
        for name, value in changes.items():
            setattr(made, name, value)
        return made.id


def person_id(session: sa.orm.Session) -> int | None:
    return session.scalar(sa.text("SELECT min(id) FROM people"))


def notice(app: Flask, notice_id: int) -> Notice:
    with app.app_context():
        return db.session.get_one(Notice, notice_id)


def acts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(AuditEntry.tag).where(AuditEntry.subject == "notice")))


def test_what_went_out_is_listed_under_the_subject_it_had(app: Flask, administrator: FlaskClient) -> None:
    sent = owed(app, sent_at=clock.now())
    with app.app_context(), transaction() as session:
        keep(session, session.get_one(Notice, sent), "en", "An assessment waits: Green Gecko <b>", "", clock.now())
    page = administrator.get(PAGE).text
    assert "An assessment waits: Green Gecko &lt;b&gt;" in page


def test_mails_are_found_by_state_and_words(app: Flask, administrator: FlaskClient) -> None:
    owed(app)
    failed = owed(app, "appeal_due", failed_at=clock.now(), last_error=HOSTILE)
    page = administrator.get(PAGE).text
    assert "A new assessment waits for review" in page
    assert "<script>alert" not in page
    assert "{{7*7}}" in page
    only = administrator.get(f"{PAGE}?state=failed").text
    assert f"/outbox/{failed}" in only
    assert "A new assessment waits for review" not in only
    assert f"/outbox/{failed}" in administrator.get(PAGE, query_string={"q": HOSTILE}).text
    for odd in ("100%", "'; DROP TABLE notices", "a" * 500):
        assert "No email is like this." in administrator.get(PAGE, query_string={"q": odd, "state": "sent"}).text
    assert administrator.get(f"{PAGE}?state=<b>&page=99999999999").status_code == 200
    assert administrator.get(f"{PAGE}/99999").status_code == 404


def test_a_sent_mail_reads_as_it_was_sent(app: Flask, administrator: FlaskClient) -> None:
    sent = owed(app)
    secret = owed(app, "account_reset", values={"link": "http://localhost/a-secret"})
    with app.app_context(), transaction() as session:
        for one in (sent, secret):
            found = session.get_one(Notice, one)
            keep(session, found, "en", f"Subject {HOSTILE}", f"Dear Dara\n{HOSTILE} a-secret", clock.now())
            mark_sent(session, found, clock.now())
    page = administrator.get(f"{PAGE}/{sent}").text
    assert "As it was sent" in page
    assert "<script>alert" not in page
    assert "Dear Dara" in page
    assert "a-secret" not in administrator.get(f"{PAGE}/{secret}").text
    assert "Cancel this email" not in page


def test_a_failed_mail_is_tried_again_once(app: Flask, administrator: FlaskClient) -> None:
    failed = owed(app, failed_at=clock.now(), attempts=12)
    address = f"{PAGE}/{failed}"
    for said in ("tried again within seconds", "has not failed"):
        post(administrator, f"{address}/retry", form=PAGE.replace("outbox", "people"))
        assert said in administrator.get(address).text
    assert (notice(app, failed).failed_at, notice(app, failed).attempts) == (None, 0)
    assert acts(app) == ["admin:notice:tried_again"]


def test_a_mail_that_waits_is_cancelled_with_a_reason(app: Flask, administrator: FlaskClient) -> None:
    waiting = owed(app)
    address = f"{PAGE}/{waiting}"
    refused = post(administrator, address, {"reason": "  "})
    assert (refused.status_code, "Write why this email shall not be sent." in refused.text) == (422, True)
    assert post(administrator, address, {"reason": f"Sent by mistake {HOSTILE}"}).status_code == 302
    page = administrator.get(address).text
    assert "Cancelled by" in page
    assert "<script>alert" not in page
    again = administrator.post(address, data={"reason": "x", "csrf_token": "x"})
    assert again.status_code in {400, 422}
    with app.app_context():
        with transaction() as session:
            due = claim_due(session, "w", clock.now() + timedelta(days=1), 5)
            assert waiting not in {one.id for one in due}
        assert counts(db.session())["overtaken"] == 1
    assert acts(app) == ["admin:notice:cancelled"]


def test_a_mail_in_the_hands_of_the_worker_goes_out(app: Flask, administrator: FlaskClient) -> None:
    waiting = owed(app)
    with app.app_context(), transaction() as session:
        claimed = {one.id: one for one in claim_due(session, "worker", clock.now(), 5)}[waiting]
        session.expunge(claimed)
    refused = post(administrator, f"{PAGE}/{waiting}", {"reason": "Too late"})
    assert "is being sent at this moment" in refused.text
    assert "Too late" in refused.text
    with app.app_context(), transaction() as session:
        mark_sent(session, claimed, clock.now())
    assert notice(app, waiting).sent_at is not None


@pytest.mark.parametrize(
    "kind",
    ["access_waiting", "account_password_changed", "concern_quarantined", "evidence_quarantined", "owner_waiting"],
)
def test_nobody_keeps_a_warning_back(app: Flask, administrator: FlaskClient, kind: str) -> None:
    waiting = owed(app, kind)
    page = administrator.get(f"{PAGE}/{waiting}")
    assert "it cannot be cancelled" in page.text
    sent = post(administrator, f"{PAGE}/{waiting}", {"reason": "Quietly"}, form="/en/admin/people")
    assert sent.status_code == 422
    assert notice(app, waiting).overtaken_at is None
    with app.app_context(), transaction() as session:
        give_up(session, waiting, clock.now(), "550 no such user")
    assert "550 no such user" in administrator.get(PAGE).text
