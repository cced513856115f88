"""How many pages and clicks the way from registering a company to the receipt takes: `-s` prints them.

A page is what is opened by a link or a button; a click is a link, a button, a ticked box, a choice, a chosen file. What
is typed is not counted: it is the same either way.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance.store.answers import answer_rows
from compliance.store.assessments import latest_submission
from compliance.store.base import db
from compliance.store.evidence_files import evidence_for
from questionnaires import Question, current
from tests import helpers
from tests.actions import samples
from tests.officer.answers import typed
from tests.officer.conftest import signed_in
from tests.officer.test_all_questions import page_fields

COMPANIES = {
    "internet café of 6": {"kinds": ["internet_cafe"], "workers": "6", "places": "1"},
    "provider of 200": {"kinds": ["isp"], "workers": "200", "places": "9"},
}
BEFORE = {"internet café of 6": (37, 89), "provider of 200": (53, 130)}
"""Pages and clicks with one question a page, before there was another way; a choice among answers is a click."""
MOST = 2 / 3
"""The share of both that is left at most."""


@dataclass
class Hand:
    """Somebody who opens pages and clicks."""

    client: FlaskClient
    pages: int = 0
    clicks: int = 0

    def open(self, address: str) -> TestResponse:
        """By a link."""
        self.pages, self.clicks = self.pages + 1, self.clicks + 1
        page = self.client.get(address)
        assert page.status_code == 200, address
        return page

    def send(self, address: str, data: dict[str, Any], chosen: int) -> tuple[str, TestResponse]:
        """By a button, after so many choices; where it leads, and that page."""
        self.pages, self.clicks = self.pages + 1, self.clicks + chosen + 1
        reply = self.client.post(address, data=data, content_type="multipart/form-data")
        assert reply.status_code == 302, (address, re.findall(r"error-message.*", reply.text))
        there = reply.headers["Location"]
        return there, self.client.get(there)


def answer_to(question: Question) -> dict[str, Any]:
    """As a diligent company answers; one thing that people can do with the service of each kind."""
    answer = typed(question, current())
    if question.id == current().texts.features_question:
        return {question.id: ["public_access", "connect"]}
    return answer


def choices(question: Question, answer: dict[str, Any]) -> int:
    """Ticks and choices of an answer; typed ones have none."""
    given = answer[question.id]
    if question.kind in {"single_choice", "yes_partial_no"}:
        return 1
    return len(given) if question.kind == "multiple_choice" else 0


def wants_evidence(question: Question) -> bool:
    return question.kind == "file" or question.evidence.required


def version_of(page: TestResponse) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    assert found
    return found[1]


def file() -> tuple[BytesIO, str]:
    return BytesIO(samples.pdf()), "evidence.pdf"


def register(hand: Hand, number: str, **company: Any) -> str:
    """The address of the new assessment."""
    details = {"name_km": f"មេគង្គ ណេត {number}", "name_latin": f"Mekong Net {number}", "registration_number": number}
    details |= {"province": "phnom-penh", "website": f"https://mekong{number}.example", **company}
    page = hand.open("/en/company/register")
    form = {**details, "csrf_token": helpers.token(page), "begin": "1"}
    there, page = hand.send("/en/company/register", form, chosen=2)
    assert "How would you like to answer?" in page.text
    return there


def begin(hand: Hand, assessment: str, way: str) -> tuple[str, TestResponse]:
    """By one of the two buttons of the assessment's page, where registering led."""
    token = helpers.token(hand.client.get(assessment))
    section = current().sections[0].id
    return hand.send(f"{assessment}/section/{section}/way", {"csrf_token": token, "begin": "1", "way": way}, chosen=0)


def one_question_a_page(hand: Hand, assessment: str) -> None:
    edition = current()
    there, page = begin(hand, assessment, "one")
    while "/question/" in there:
        question = edition.question(there.rsplit("/", 1)[1].partition("#")[0])
        answer = answer_to(question)
        data = {"csrf_token": helpers.token(page), "version": version_of(page), "act": "continue", **answer}
        evidence = wants_evidence(question)
        if evidence:
            known = re.search(r'name="known_file".*?<option value="(\d+)"', page.text, re.DOTALL)
            data |= {"known_file": known[1]} if known else {"file": file()}
        there, page = hand.send(there.partition("#")[0], data, choices(question, answer) + evidence)
    assert there.endswith("/check")


def all_questions(hand: Hand, assessment: str) -> None:
    """Section by section, as the page leads on; a file for all answers of a page that want evidence."""
    edition = current()
    there, page = begin(hand, assessment, "all")
    done: set[str] = set()
    while "/section/" in there:
        fields, chosen, wanting = page_fields(page), 0, list[Question]()
        for name in [name.removeprefix("version-") for name in fields if name.startswith("version-")]:
            question = edition.question(name)
            if name not in done:
                answer = answer_to(question)
                chosen += choices(question, answer)
                fields |= answer
                done.add(name)
                wanting += [question] * wants_evidence(question)
        given = files_for(wanting)
        chosen += len(given)
        there, page = hand.send(
            there.partition("#")[0].partition("?")[0], {**fields, **given, "act": "continue"}, chosen
        )
    assert edition.questions[0].id in done
    assert there.endswith("/check")


def files_for(wanting: list[Question]) -> dict[str, Any]:
    """One file for all answers of a page, one for what is answered by a file."""
    own = {f"file-{question.id}": file() for question in wanting if question.kind == "file"}
    others = [question.id for question in wanting if question.kind != "file"]
    if len(others) > 1:
        return {**own, "shared-files": file()}
    return own | {f"file-{name}": file() for name in others}


def submit(hand: Hand, assessment: str) -> None:
    """On the page of all answers, where both ways end."""
    page = hand.client.get(f"{assessment}/check")
    hidden = dict(re.findall(r'<input[^>]*name="(version|seen)"[^>]*value="([^"]*)"', page.text))
    data = {"name": "សុខ ដារ៉ា", "position": "នាយក", "agreed": "y", "submit": "1", **hidden}
    hand.send(f"{assessment}/submit", {**data, "csrf_token": helpers.token(page)}, chosen=1)


@pytest.mark.parametrize("who", COMPANIES)
def test_a_third_of_the_pages_and_clicks_is_spared(app: Flask, owner: str, who: str) -> None:
    counted = {}
    for way, number in ((one_question_a_page, "00012345"), (all_questions, "00054321")):
        with app.app_context():
            helpers.person(f"{number}@isp.example")
        hand = Hand(signed_in(app, f"{number}@isp.example"))
        assessment = register(hand, number, **COMPANIES[who])
        way(hand, assessment)
        submit(hand, assessment)
        with app.app_context():
            assessment_id = int(assessment.rsplit("/", 1)[1])
            assert latest_submission(db.session(), assessment_id) is not None
            given = evidence_for(db.session(), assessment_id)
            wanted = {
                name for name in answer_rows(db.session(), assessment_id) if wants_evidence(current().question(name))
            }
            assert wanted <= set(given), "the same evidence is given either way"
        counted[way.__name__] = (hand.pages, hand.clicks)
        print(f"{who}, {way.__name__}: {hand.pages} pages, {hand.clicks} clicks")
    pages, clicks = counted["all_questions"]
    assert pages <= MOST * BEFORE[who][0], counted
    assert clicks <= MOST * BEFORE[who][1], counted
    assert counted["one_question_a_page"] < BEFORE[who]
