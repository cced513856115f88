"""The public form of a concern: never a case, and nothing lost that was typed; its page for whoever raised it."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance import clock
from compliance.journeys.public.concern import PER_ADDRESS, PER_MAILBOX
from compliance.store.base import db, transaction
from compliance.store.concerns import Concern
from tests.helpers import token

FORM = "/en/register/fast-turtle-fibre/concern"
TEXT = "The report page opens only in English."
pytestmark = pytest.mark.usefixtures("numbers")


def send(client: FlaskClient, where: str = FORM, **said: object) -> TestResponse:
    page = client.get(where)
    key = page.text.partition('name="key"')[2].partition('value="')[2].partition('"')[0]
    data = {"csrf_token": token(page), "key": key, "about": "channel", "text": TEXT, **said}
    return client.post(where, data=data)


def kept(app: Flask) -> list[Concern]:
    with app.app_context():
        return db.session.query(Concern).all()


@pytest.mark.parametrize(("lang", "words"), [("en", "It arrived"), ("km", "បានទទួល")])
def test_a_concern_is_sent_and_followed(app: Flask, client: FlaskClient, lang: str, words: str) -> None:
    """Its page is for whoever holds the reference: nothing that was written, no search engine, no cache."""
    answer = send(client, f"/{lang}/register/fast-turtle-fibre/concern", email="Somebody@People.Example")
    (found,) = kept(app)
    assert (found.text, found.email, found.language) == (TEXT, "somebody@people.example", lang)
    where = answer.headers["Location"]
    assert found.reference in where.replace("-", "")
    page = app.test_client().get(where)
    assert page.status_code == 200
    assert words in page.text
    assert TEXT not in page.text
    assert "somebody@" not in page.text
    assert 'name="robots" content="noindex' in page.text
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    assert "Set-Cookie" not in page.headers
    typed = found.reference.lower().replace("o", "0")
    led = client.get(f"/{lang}/concerns", query_string={"reference": f" {typed} "})
    assert led.headers["Location"] == where
    for wrong in ("AAAA-BBBB-CCCC-DDDD", "x" * 90, "%", "ខ្មែរ", "--"):
        assert client.get(f"/{lang}/concerns", query_string={"reference": wrong}).status_code == 422
    assert client.get(f"/{lang}/concerns/AAAA-BBBB-CCCC-DDDD").status_code == 404


@pytest.mark.parametrize(("days_left", "silent"), [(1, False), (0, False), (-1, True)])
def test_a_company_is_silent_only_once_its_days_are_over(
    app: Flask, client: FlaskClient, days_left: int, silent: bool
) -> None:
    """The outcome may come before."""
    where = send(client).headers["Location"]
    until = {"asked_at": clock.now(), "reply_by": clock.today() + timedelta(days=days_left)}
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Concern).values(**until, closed_at=clock.now(), outcome="unfounded", reasons="No."))
    assert ("It did not answer." in client.get(where).text) is silent


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"text": "She is 12 years old, see t.me/abc."}, "a link, an age"),
    ({"about": "case", "text": "What I saw"}, "This portal takes no cases"),
    ({"about": "service"}, "The company takes this itself"),
    ({"about": ""}, "Choose what it is about."),
    ({"about": "no-such"}, "Not a valid choice"),
    ({"text": " "}, "Say what the company does not do."),
    ({"text": "xxxxxxxxx"}, "Say what the company does not do."),
    ({"text": "\U0001f640 1234 …!"}, "Say what the company does not do."),
    ({"text": "y" * 1001}, "1000 characters"),
    ({"email": "no address"}, "Enter an email address"),
    ({"more": "a program"}, "only programs fill it in"),
    ({"key": "known"}, ""),
]


def test_what_is_refused_says_why_and_keeps_nothing(app: Flask, client: FlaskClient) -> None:
    """What was typed stands in the form; a case gets the doors above all else."""
    for said, shown in REFUSED:
        answer = send(client, **said)
        assert answer.status_code == 422, said
        assert shown in answer.text, said
        assert said.get("text", TEXT).strip() in answer.text, said
        if said.get("about") == "case" or "12" in said.get("text", ""):
            refusal = answer.text.partition('role="alert"')[2].partition("</section>")[0]
            assert 'href="tel:1280"' in refusal
    both = send(client, text="A girl of 12 was hurt.", email="x@").text
    assert 'href="tel:1280"' in both.partition('role="alert"')[2].partition("</section>")[0], (
        "doors before other faults"
    )
    assert "Enter an email address" in both
    khmer = send(client, FORM.replace("/en/", "/km/"), text="អាយុ ១២").text
    assert "សូមរៀបរាប់អំពីក្រុមហ៊ុន" in khmer
    assert "Describe" not in khmer
    assert kept(app) == []


def test_no_file_is_taken(app: Flask, client: FlaskClient) -> None:
    assert 'type="file"' not in client.get(FORM).text
    assert send(client, file=(io.BytesIO(b"\xff\xd8\xff"), "a.jpg")).status_code == 400
    assert kept(app) == []


def test_only_about_an_award_that_stands(app: Flask, client: FlaskClient) -> None:
    """The company's page leads to the form while an award is held."""
    assert FORM in client.get("/en/register/fast-turtle-fibre").text
    assert client.get("/en/register/no-such-company/concern").status_code == 404
    with app.app_context(), transaction() as session:
        session.execute(db.text("UPDATE awards SET last_act = 'revoked'"))
    page = client.get(FORM)
    assert "holds no award any more" in page.text
    assert "<textarea" not in page.text


def test_many_at_once_wait_and_lose_nothing(app: Flask, client: FlaskClient) -> None:
    """By the sender's address and by the mailbox that would be written to; another sender goes on."""
    for _number in range(PER_MAILBOX):
        assert send(client, email="a@people.example").status_code == 302
    refused = send(client, email="a@people.example")
    assert refused.status_code == 422
    assert "Wait a quarter of an hour" in refused.text
    assert TEXT in refused.text
    for _number in range(PER_ADDRESS - PER_MAILBOX - 1):
        assert send(client).status_code == 302
    assert send(client).status_code == 422
    assert len(kept(app)) == PER_ADDRESS - 1
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "10.9.9.9"
    assert send(elsewhere).status_code == 302


@pytest.mark.parametrize(("lang", "most"), [("en", 190), ("km", 1100)])
def test_what_the_award_means_is_read_in_a_minute(client: FlaskClient, lang: str, most: int) -> None:
    """190 words in English at reading pace; about as many in Khmer, which writes no spaces: 1,100 signs."""
    page = client.get(f"/{lang}/award")
    main = page.text.partition("<main")[2].partition("</main")[0]
    words = " ".join(part.rpartition(">")[2] for part in main.split("<")).split()
    length = len(words) if lang == "en" else len("".join(words))
    assert page.status_code == 200
    assert 60 < length <= most
