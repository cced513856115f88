"""From registering a company to the receipt, through the pages alone."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance.domain.lifecycle import State
from compliance.store.assessments import Assessment, latest_submission
from compliance.store.base import db
from questionnaires import current
from tests import helpers
from tests.actions import samples
from tests.officer.answers import typed
from tests.officer.conftest import Bench

COMPANY = {
    "name_km": "មេគង្គ ណេត",
    "name_latin": "Mekong Net",
    "registration_number": "០០០១២៣៤៥",
    "kinds": ["isp"],
    "workers": "១២",
    "places": "1",
    "province": "phnom-penh",
    "website": "https://mekong.example",
}


def answer_everything(bench: Bench, lang: str = "en") -> int:
    """Follows "Save and continue" from the first question to the check page; returns how many were answered."""
    code = current()
    address, answered = bench.path(f"/question/{code.questions[0].id}", lang), 0
    while "/question/" in address:
        question = code.question(address.rsplit("/", 1)[1].partition("#")[0])
        page = bench.client.get(address)
        assert page.status_code == 200, address
        version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
        assert version
        data = {"csrf_token": helpers.token(page), "version": version[1], "act": "continue", **typed(question, code)}
        if question.kind == "file":
            data["file"] = sample_pdf()
        reply = bench.client.post(address, data=data, content_type="multipart/form-data")
        assert reply.status_code == 302, (question.id, re.findall(r"error-message.*", reply.text))
        address, answered = reply.headers["Location"], answered + 1
    assert address.endswith("/check")
    return answered


def sample_pdf(name: str = "ពាក្យសន្យា.pdf") -> tuple[BytesIO, str]:
    return BytesIO(samples.pdf()), name


@pytest.mark.both_databases
def test_a_company_is_registered_answers_and_submits(app: Flask, client: FlaskClient, owner: str) -> None:
    helpers.sign_in(client, owner)
    home = client.get("/km/company/")
    assert "/km/company/register" in home.text
    reply = helpers.post(client, "/km/company/register", COMPANY)
    assert reply.status_code == 302
    company = int(reply.headers["Location"].rsplit("/", 1)[1])
    assert client.get("/km/company/").headers["Location"] == f"/km/company/{company}"
    started = helpers.post(client, f"/km/company/{company}/start", form=f"/km/company/{company}")
    number = int(started.headers["Location"].rsplit("/", 1)[1])
    bench = Bench(app, client, company, number)

    assert answer_everything(bench, "km") > 30
    assert client.get(bench.path("", "km")).status_code == 200
    assert client.get(bench.path("/score", "km")).status_code == 200
    check = client.get(bench.path("/check", "km"))
    assert bench.path("/submit", "km") in check.text

    signed = sign(bench, "km", name="\u202eសុខ ដារ៉ា\x01")
    assert signed.status_code == 302
    receipt = client.get(signed.headers["Location"])
    assert "\u202e" not in receipt.text, "the name reads as it was typed"
    with app.app_context():
        submission = latest_submission(db.session(), number)
        assert submission is not None
        assert submission.digest in receipt.text
        assert db.session.get_one(Assessment, number).state is State.SUBMITTED
    again = client.get(bench.path("/submit", "km"))
    assert again.headers["Location"].endswith("/receipt")


def sign(bench: Bench, lang: str = "en", **changes: str) -> TestResponse:
    page = bench.client.get(bench.path("/submit", lang))
    hidden = dict(re.findall(r'<input[^>]*name="(version|seen)"[^>]*value="([^"]*)"', page.text))
    data = {"name": "សុខ ដារ៉ា", "position": "នាយក", "agreed": "y", "submit": "1", **hidden, **changes}
    return bench.client.post(bench.path("/submit", lang), data={"csrf_token": helpers.token(page), **data})
