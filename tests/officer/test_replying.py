"""The reviewer asks: an editor drafts the reply, a signatory reads what it stands for and signs it, in time or late."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance import clock
from compliance.cli.demonstration import acts
from compliance.domain.lifecycle import State
from compliance.domain.roles import CompanyRole
from compliance.jobs.clarifications import chase_replies
from compliance.jobs.holidays import fill_holidays
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.people import Membership
from compliance.store.reviews import open_clarification
from tests import helpers
from tests.actions.cases import Case, case, to_review
from tests.helpers import person, sign_in
from tests.officer.conftest import send as officer_send

SIGNED = {"name": "Sok Dara", "position": "Director", "agreed": "y", "submit": "1"}
EDITOR, SIGNATORY, VIEWER = (f"{role}@cafe.example" for role in ("editor", "signatory", "viewer"))
Browse = Callable[[str], FlaskClient]


@pytest.fixture
def asked(app: Flask, settings: Settings, moment: datetime) -> Case:
    with app.app_context():
        fill_holidays()
        one = case(settings)
        for role in (CompanyRole.EDITOR, CompanyRole.SIGNATORY, CompanyRole.VIEWER):
            who = person(f"{role}@cafe.example").id
            with transaction() as session:
                session.add(Membership(company_id=one.company_id, person_id=who, role=role, since=clock.now()))
        to_review(one)
        acts.ask(one.hands, one.assessment_id, 0)
    return one


@pytest.fixture
def browser(app: Flask, asked: Case) -> Browse:
    """A signed-in browser of one of the café's people."""

    def open_(email: str) -> FlaskClient:
        made = app.test_client()
        sign_in(made, email)
        return made

    return open_


def address(one: Case) -> str:
    return f"/en/company/assessment/{one.assessment_id}/clarification"


def hidden(page: str) -> dict[str, str]:
    names = ("csrf_token", "version", "seen", "draft_seen")
    return {name: page.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0] for name in names}


def send(client: FlaskClient, one: Case, page: str = "", **data: str) -> TestResponse:
    found = page or client.get(address(one)).text
    return client.post(address(one), data={**hidden(found), **data})


def draft(app: Flask, one: Case) -> str:
    with app.app_context():
        asked = open_clarification(db.session(), one.assessment_id)
        return asked.draft if asked else ""


def test_the_page_says_by_when_and_what_was_not_counted(asked: Case, browser: Browse) -> None:
    page = browser(EDITOR).get(address(asked)).text
    assert "Reply by 16 December 2026." in page
    assert "15 working days left" in page
    assert "Without a reply the review goes on after 23 December 2026." in page
    assert "Water Festival (24 November 2026 – 25 November 2026)" in page
    assert "15 working days after 23 November 2026" in page
    khmer = browser(EDITOR).get(address(asked).replace("/en/", "/km/")).text
    assert "១៦ ធ្នូ ២០២៦" in khmer
    assert "ព្រះរាជពិធីបុណ្យអុំទូក" in khmer


def test_what_was_changed_since_is_counted_and_a_reply_leads_to_its_own_receipt(asked: Case, browser: Browse) -> None:
    owner, page = browser("owner@cafe.example"), address(asked).removesuffix("/clarification")
    text = owner.get(address(asked)).text
    assert "2 answers are asked about" in text
    assert "Changed since: 0 of 2." in text
    assert "Reviewer" not in text, "who asked is not named"
    saved = officer_send(owner, f"{page}/question/csam_procedure", csam_procedure="partial", act="stay")
    assert saved.status_code in {200, 302}
    assert "Changed since: 1 of 2." in owner.get(address(asked)).text
    sent = send(owner, asked, reply="It is a draft.", **SIGNED)
    assert sent.headers["Location"] == f"{page}/receipt"
    assert "The reviewer reads your reply and rules again" in owner.get(f"{page}/receipt").text
    assert "Your reply is sent" in owner.get(address(asked)).text
    rounds = [owner.get(f"{page}/submission.json?round={number}").json for number in (1, 2)]
    assert [one["answers"]["csam_procedure"]["value"] for one in rounds] == ["yes", "partial"]
    assert f"{page}/receipt?round=2" in owner.get(address(asked)).text


@pytest.mark.parametrize(
    ("day", "said", "unsaid"),
    [
        (datetime(2026, 12, 16, 3, tzinfo=UTC), "0 working days left", "late"),
        (datetime(2026, 12, 18, 3, tzinfo=UTC), "2 working days late", "Reply by"),
        (
            datetime(2026, 12, 23, 3, tzinfo=UTC),
            "You can still reply until 23 December 2026",
            "The last day has passed",
        ),
        (datetime(2026, 12, 24, 3, tzinfo=UTC), "The last day has passed", "You can still reply"),
    ],
)
def test_lateness_is_told_with_what_follows(
    asked: Case, browser: Browse, day: datetime, said: str, unsaid: str
) -> None:
    with clock.held(day):
        owner, tasks = browser("owner@cafe.example"), address(asked).removesuffix("/clarification")
        own = owner.get(address(asked)).text.partition('class="cp-next"')[2].partition("</section>")[0]
        listed = owner.get(tasks).text.partition("Your reply is awaited</h2>")[2].partition("</section>")[0]
    for text in (own, listed):
        assert said in text
        assert unsaid not in text
        assert "as they were signed before" in text


def test_the_company_s_first_page_says_by_when_too(asked: Case, browser: Browse) -> None:
    viewer = browser(VIEWER)
    home, text = (
        viewer.get(f"/en/company/{page}").text for page in (asked.company_id, f"assessment/{asked.assessment_id}")
    )
    assert "Please reply by 16 December 2026." in home
    assert "Reply by 16 December 2026." in text
    assert "15 working days left" in text
    assert "Without a reply the review goes on after 23 December 2026." in text
    for page in (home, text):
        assert f'href="/en/company/assessment/{asked.assessment_id}/clarification"' in page


def test_the_reviewer_s_page_begins_with_the_reply(asked: Case, browser: Browse) -> None:
    reviewer, page = browser("reviewer@ministry.example"), f"/en/review/{asked.assessment_id}"
    assert "The company replied" not in reviewer.get(page).text
    assert send(browser(SIGNATORY), asked, reply="It was approved in May.", **SIGNED).status_code == 302
    text = reviewer.get(page).text
    notice = text.split("The company replied on 23 November 2026")[1].split("The review should be done")[0]
    assert "It was approved in May." in notice
    assert "wait for your ruling again" in notice
    assert f"/en/review/{asked.assessment_id}/answer/" in notice


def test_an_editor_drafts_and_cannot_sign(app: Flask, asked: Case, browser: Browse) -> None:
    editor = browser(EDITOR)
    page = editor.get(address(asked)).text
    assert "signs the reply and sends it" in page
    assert 'name="agreed"' not in page
    assert send(editor, asked, page, reply="It was approved in May.", save="1").status_code == 302
    assert draft(app, asked) == "It was approved in May."
    assert send(editor, asked, reply="It was approved in May.", **SIGNED).status_code == 403
    with app.app_context():
        assert asked.assessment.state is State.CLARIFYING


def test_a_signatory_reads_the_draft_and_the_answers_and_signs(app: Flask, asked: Case, browser: Browse) -> None:
    send(browser(EDITOR), asked, reply="It was approved in May.", save="1")
    signatory = browser(SIGNATORY)
    page = signatory.get(address(asked)).text
    for shown in ("It was approved in May.", "Draft by Editor", "The answer now:", "The answers and files are true."):
        assert shown in page
    answer = send(signatory, asked, page, reply="It was approved in May.", **SIGNED)
    assert answer.status_code == 302
    assert send(signatory, asked, page, reply="It was approved in May.", **SIGNED).status_code == 302, "a second click"
    with app.app_context():
        assert asked.assessment.state is State.IN_REVIEW
    receipt = signatory.get(f"/en/company/assessment/{asked.assessment_id}/receipt").text
    assert "Sok Dara" in receipt
    assert "Director" in receipt


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reply": " "}, "Write a reply for the reviewer."),
        ({"name": ""}, "Enter the name of the person who signs."),
        ({"position": "  "}, "Enter the position of this person."),
        ({"agreed": ""}, "Tick the box to make the declaration."),
        ({"reply": "x" * 4001}, "4000"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    asked: Case, browser: Browse, changes: dict[str, str], said: str
) -> None:
    data = {**SIGNED, "reply": "It was approved in May.", **changes}
    answer = send(browser(SIGNATORY), asked, **{name: text for name, text in data.items() if text})
    assert answer.status_code == 422
    assert said in answer.text
    assert data["reply"].strip() in answer.text
    assert data["position"].strip() in answer.text


def test_of_two_drafts_both_are_shown(app: Flask, asked: Case, browser: Browse) -> None:
    editor, owner = browser(EDITOR), browser("owner@cafe.example")
    old = owner.get(address(asked)).text
    send(editor, asked, reply="The editor's words.", save="1")
    answer = send(owner, asked, old, reply="The owner's words.", save="1")
    assert answer.status_code == 422
    assert "The editor&#39;s words." in answer.text
    assert "The owner&#39;s words." in answer.text
    assert draft(app, asked) == "The editor's words."
    assert send(owner, asked, answer.text, reply="Both.", save="1").status_code == 302
    assert draft(app, asked) == "Both."


def test_nobody_signs_an_answer_that_changed_under_their_eyes(app: Flask, asked: Case, browser: Browse) -> None:
    signatory, editor = browser(SIGNATORY), browser(EDITOR)
    old = signatory.get(address(asked)).text
    question = f"/en/company/assessment/{asked.assessment_id}/question/csam_procedure"
    form = editor.get(question).text
    seen = {
        name: form.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        for name in ("csrf_token", "version")
    }
    assert editor.post(question, data={**seen, "csam_procedure": "no", "act": "stay"}).status_code in {200, 302}
    answer = send(signatory, asked, old, reply="As before.", **SIGNED)
    assert answer.status_code == 409
    assert "An answer has changed since you opened this page." in answer.text
    assert "As before." in answer.text
    with app.app_context():
        assert asked.assessment.state is State.CLARIFYING


@pytest.mark.parametrize("data", [{"save": "1"}, SIGNED])
def test_what_comes_after_the_lapse_is_not_called_sent_and_not_lost(
    app: Flask, asked: Case, browser: Browse, data: dict[str, str]
) -> None:
    owner = browser("owner@cafe.example")
    page = owner.get(address(asked)).text
    with app.app_context(), clock.held(datetime(2026, 12, 24, 3, tzinfo=UTC)):
        assert chase_replies() == 1
    answer = send(owner, asked, page, reply="Too late, but here.", **data)
    assert answer.status_code == 409
    assert "Nothing was sent" in answer.text
    assert "Too late, but here." in answer.text
    assert "lapsed on 24 December 2026" in owner.get(address(asked)).text
    reviewer = browser("reviewer@ministry.example").get(f"/en/review/{asked.assessment_id}").text
    assert "The company did not reply in time" in reviewer


def test_late_is_said_on_both_sides(app: Flask, asked: Case, client: FlaskClient, moment: datetime) -> None:
    with clock.held(moment + timedelta(days=25)):
        owner, reviewer = app.test_client(), app.test_client()
        sign_in(owner, "owner@cafe.example")
        sign_in(reviewer, "reviewer@ministry.example")
        assessment = f"/en/company/assessment/{asked.assessment_id}"
        pages = [owner.get(assessment), owner.get(address(asked)), reviewer.get(f"/en/review/{asked.assessment_id}")]
        for page in pages:
            assert "16 December 2026" in page.text
            assert "2 working days late" in page.text
        queue = reviewer.get("/en/review/").text
        assert "16 December 2026" in queue
        assert "2 days late" in " ".join(re.sub(r"<[^>]+>", " ", queue[queue.index("cp-due--late") - 9 :]).split())


def test_an_answer_that_is_not_asked_about_is_closed_and_what_was_written_comes_back(
    asked: Case, browser: Browse
) -> None:
    owner, page = browser("owner@cafe.example"), address(asked).removesuffix("/clarification")
    token = helpers.token(owner.get(address(asked)))
    data = {"csrf_token": token, "version": "1", "gov_lead": "no", "gov_lead__comment": "she left in May"}
    closed = owner.post(f"{page}/question/gov_lead", data=data, headers={"Referer": f"http://localhost{page}"})
    assert closed.status_code == 403
    for words in ("This answer is closed", "Only the answers that the reviewer asks about", "she left in May"):
        assert words in closed.text
    assert "You may not open this page" not in closed.text
    assert f'href="{page}"' in closed.text


def test_a_viewer_reads_and_writes_nothing(app: Flask, asked: Case, browser: Browse) -> None:
    viewer = browser(VIEWER)
    page = viewer.get(address(asked))
    assert 'name="reply"' not in page.text
    token = {"csrf_token": hidden(browser(EDITOR).get(address(asked)).text)["csrf_token"]}
    assert viewer.post(address(asked), data={**token, "reply": "x", "save": "1"}).status_code in {400, 403}
    assert draft(app, asked) == ""
