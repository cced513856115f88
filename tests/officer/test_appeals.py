"""An appeal on its pages: written, lodged, read by its panel, voted on, and told to its company."""

import hashlib
import io
import json
import re
from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pikepdf import Pdf
from werkzeug.test import TestResponse

from compliance import clock
from compliance.cli.demonstration import acts
from compliance.clock import PHNOM_PENH
from compliance.domain.appeals import Vote
from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.domain.standing import AwardAct
from compliance.settings import Settings
from tests import helpers
from tests.actions import samples
from tests.actions.appeals import (
    appeal,
    award_of,
    decided,
    lodged,
    panel,
    sit,
    to_refused,
    to_revoked,
    to_suspended,
    vote,
)
from tests.actions.cases import Case, case
from tests.helpers import why

WORDS = "ឯកសារនៅទំព័រ២។ It is on page 2."


@pytest.fixture
def refused(app: Flask, settings: Settings, moment: object) -> Case:
    with app.app_context():
        one = case(settings, to_refused)
        for number in range(3):
            helpers.person(f"panel{number}@ministry.example", Role.PANEL_MEMBER)
    return one


def send(client: FlaskClient, address: str, **typed: object) -> TestResponse:
    page = client.get(address).text
    hidden = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in ("csrf_token", "version", "seen")
    }
    known = {name: found[1] for name, found in hidden.items() if found}
    return client.post(address, data={**known, **typed}, content_type="multipart/form-data")


def test_from_the_draft_to_the_panels_word(app: Flask, refused: Case) -> None:
    owner, case_id = app.test_client(), refused.assessment_id
    helpers.sign_in(owner, "owner@cafe.example")
    address = f"/en/company/assessment/{case_id}/appeal"
    sent = (io.BytesIO(samples.pdf()), "policy.pdf")
    assert send(owner, address, ground_gov_policy=WORDS, about="gov_policy", file=sent, attach="1").status_code == 302
    letter = (io.BytesIO(samples.pdf()), "letter.pdf")
    whole = {"ground_gov_policy": WORDS, "general": "In general."}
    assert send(owner, address, **whole, about="", file=letter, attach="1").status_code == 302
    draft = owner.get(address).text
    assert WORDS in draft
    assert draft.count('class="cp-never') == 1
    assert "policy.pdf" in draft
    unsigned = send(owner, address, **whole, lodge="1")
    assert unsigned.status_code == 422
    assert WORDS in unsigned.text
    for missing in ("Enter the name of the person", "Enter the position", "Tick the box"):
        assert missing in unsigned.text, "all that is missing is said at once"
    send(owner, address, **whole, name="Sok Dara", save="1")
    assert 'value="Sok Dara"' in owner.get(address).text, "what was typed is kept with the draft"
    assert "Whoever begins a new assessment has to withdraw it" in owner.get(f"/en/company/{refused.company_id}").text
    signed = {"name": "Sok Dara", "position": "Director", "agreed": "y", "lodge": "1"}
    lodged = send(owner, address, **whole, **signed)
    assert lodged.status_code == 302
    receipt = lodged.headers["Location"]
    assert "The panel decides by 7 January 2027" in owner.get(receipt).text
    home = owner.get(f"/en/company/{refused.company_id}").text
    assert "By this day the panel decides" in home
    assert "no new assessment can be begun" in home
    assert f"/company/{refused.company_id}/start" not in home, "what would be refused is not offered"
    _holds_what_was_lodged(owner.get(f"{receipt}/receipt.pdf").data, owner.get(receipt).text)
    number = receipt.rsplit("/", 1)[1]
    for member in range(3):
        _vote(app, f"panel{member}@ministry.example", number)
    told = owner.get(receipt).text
    assert "A reviewer will take it up" in owner.get(f"/en/company/{refused.company_id}").text, "nobody reads it yet"
    assert "The panel: your company is right" in told
    assert "Your assessment is in review again" in told
    with app.app_context():
        assert refused.assessment.state is State.IN_REVIEW
    _others_read_it(app, case_id)


def _holds_what_was_lodged(pdf: bytes, page: str) -> None:
    """The text inside the receipt is what the digest is of."""
    with Pdf.open(io.BytesIO(pdf)) as opened:
        [name] = opened.attachments.keys()
        text = opened.attachments[name].get_file().read_bytes()
    assert hashlib.sha256(text).hexdigest() in page
    assert WORDS in json.loads(text)["grounds"]["gov_policy"]


def _others_read_it(app: Flask, case_id: int) -> None:
    """Whoever reviews it anew reads what the company said and what the panel found, and opens every file of it."""
    with app.app_context():
        helpers.person("fresh@ministry.example", Role.REVIEWER)
    client = app.test_client()
    helpers.sign_in(client, "fresh@ministry.example")
    assert send(client, f"/en/review/{case_id}/declare", tie="no").status_code == 302
    overview, answer = (client.get(f"/en/review/{case_id}{rest}").text for rest in ("", "/answer/gov_policy"))
    assert "In general." in overview
    assert "In force." in overview
    assert WORDS in answer
    assert "Page 2." in answer
    file = re.search(rf'href="(/en/evidence/{case_id}/\d+)">letter.pdf', overview)[1]
    assert client.get(file, buffered=True).data.startswith(b"%PDF")


def _vote(app: Flask, email: str, number: str) -> None:
    """A member declares, sits down, reads both voices and the file, and votes."""
    client, page = app.test_client(), f"/en/appeals/{number}"
    helpers.sign_in(client, email)
    assert "Test Café" in client.get("/en/appeals/").text
    assert client.get(page).headers["Location"].endswith("/declare")
    assert send(client, f"{page}/declare", tie="no").status_code == 302
    shown = client.get(page).text
    assert WORDS in shown
    assert shown.count('class="cp-never') == 1
    file = re.search(rf'href="({page}/files/\d+)"', shown)[1]
    assert client.get(file, buffered=True).data.startswith(b"%PDF")
    said = {"vote": "uphold", "reasons": "In force.", "right_gov_policy": "company", "because_gov_policy": "Page 2."}
    assert send(client, page, **said).status_code == 302


def texts(page: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (Vote.UPHOLD, ("Appeal upheld", "Revocation lifted")),
        (Vote.DISMISS, ("Appeal dismissed", "Revoked")),
    ],
)
def test_the_public_reads_of_a_decided_appeal(
    app: Flask, settings: Settings, moment: object, word: Vote, said: tuple[str, ...]
) -> None:
    """Of a running one nothing; decided, its line stands above the act it was against, with the public reason alone."""
    with app.app_context():
        one = case(settings, to_revoked)
        number, members, slug = lodged(one, act=True), panel(), award_of(one).company.slug
        sit(number, *members)
        for who in members[:2]:
            vote(number, who, word)
    address, public = f"/en/register/{slug}", app.test_client()
    assert "ppeal" not in texts(public.get(address).text)
    with app.app_context(), clock.held(clock.now() + timedelta(days=1)):
        vote(number, members[2], word)
        page = texts(public.get(address).text)
    owner = app.test_client()
    helpers.sign_in(owner, "owner@cafe.example")
    own = texts(owner.get(f"/en/company/appeals/{number}").text)
    assert ("The revocation was lifted." if word is Vote.UPHOLD else "What was decided stays as it is.") in own
    for words in said:
        assert words in page
    assert "It was found to be in order." in page
    assert "The policy is in force." not in page, "what the company alone reads"
    assert page.index(said[0]) < page.index("Granted:")


def test_the_queue_counts_working_days_and_says_what_is_late(app: Flask, settings: Settings, moment: datetime) -> None:
    with app.app_context():
        one = case(settings, to_refused)
        found = appeal(lodged(one))
        panel()
        days = (found.take_up_by or clock.today(), found.decide_by or clock.today())
    begun = queue_at(app, clock.now())
    assert "Free seats: 3 of 3" in begun
    assert "5 working days left" in begun
    midnights = [datetime.combine(last + timedelta(days=1), time(), PHNOM_PENH) for last in days]
    moments = [midnight + timedelta(minutes=off) for midnight in midnights for off in (-1, 0)]
    assert [queue_at(app, one).count("working days late") for one in moments] == [0, 1, 1, 2]


def queue_at(app: Flask, moment: datetime) -> str:
    """What a panel member reads of the queue then."""
    client = app.test_client()
    with clock.held(moment):
        helpers.sign_in(client, "panel0@ministry.example")
        return texts(client.get("/en/appeals/").text)


def test_an_appeal_that_was_overtaken_promises_nothing(app: Flask, settings: Settings, moment: object) -> None:
    """Upheld after the award was reinstated and suspended anew: nothing is lifted, and the page says so."""
    with app.app_context():
        one = case(settings, to_suspended)
        number, members = lodged(one, act=True), panel()
        acts.act_on_award(one.hands, one.company_id, AwardAct.REINSTATED, why(AwardAct.REINSTATED), 0)
        acts.act_on_award(one.hands, one.company_id, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED), 0)
        with clock.held(clock.now() + timedelta(hours=1)):
            decided(number, members, Vote.UPHOLD, Vote.UPHOLD, Vote.UPHOLD)
    owner = app.test_client()
    helpers.sign_in(owner, "owner@cafe.example")
    page = texts(owner.get(f"/en/company/appeals/{number}").text)
    assert "was lifted" not in page
    assert "Something else was decided on the award meanwhile" in page
