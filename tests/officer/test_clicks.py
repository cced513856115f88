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

from compliance.store.assessments import latest_submission
from compliance.store.base import db
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
PAGES, CLICKS = 2 / 3, 0.85
"""The shares that all questions on a page, and one piece for several answers, leave at most: choices stay choices."""


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
    there, page = hand.send("/en/company/register", {**details, "csrf_token": helpers.token(page)}, chosen=2)
    there, _page = hand.send(f"{there}/start", {"csrf_token": helpers.token(page)}, chosen=0)
    return there


def one_question_a_page(hand: Hand, assessment: str) -> None:
    edition = current()
    there = f"{assessment}/question/{edition.questions[0].id}"
    page = hand.open(there)
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
    """Section by section, as the page leads on; then one file for all answers that want evidence."""
    edition = current()
    page = hand.open(f"{assessment}/section/{edition.sections[0].id}")
    asked = edition.questions[0].id
    data = {"csrf_token": helpers.token(page), "way": "all"}
    there, page = hand.send(f"{assessment}/section/{edition.sections[0].id}/way", data, chosen=0)
    wanting: list[str] = []
    done: set[str] = set()
    while "/section/" in there:
        fields, chosen = page_fields(page), 0
        for name in [name.removeprefix("version-") for name in fields if name.startswith("version-")]:
            question = edition.question(name)
            if name not in done:
                answer = answer_to(question)
                chosen += choices(question, answer)
                fields |= answer
                done.add(name)
                wanting += [name] * wants_evidence(question)
        there, page = hand.send(there.partition("#")[0].partition("?")[0], {**fields, "act": "continue"}, chosen)
    assert asked in done
    give_once(hand, assessment, wanting)


def give_once(hand: Hand, assessment: str, wanting: list[str]) -> None:
    first = f"{assessment}/question/{wanting[0]}"
    page = hand.open(first)
    answer = answer_to(current().question(wanting[0]))
    data = {"csrf_token": helpers.token(page), "version": version_of(page), "act": "stay", **answer, "file": file()}
    _there, page = hand.send(first, data, chosen=1)
    [piece] = set(re.findall(rf"{assessment}/evidence/\d+", page.text)) or {""}
    page = hand.open(piece)
    offered = set(re.findall(r'name="answers"[^>]*value="(\w+)"', page.text)) & set(wanting)
    more = {"csrf_token": helpers.token(page), "act": "answers", "shown": wanting[0], "answers": [*offered, wanting[0]]}
    hand.send(piece, more, chosen=len(offered - {wanting[0]}))


def submit(hand: Hand, assessment: str) -> None:
    page = hand.open(f"{assessment}/submit")
    hidden = dict(re.findall(r'<input[^>]*name="(version|seen)"[^>]*value="([^"]*)"', page.text))
    data = {"name": "សុខ ដារ៉ា", "position": "នាយក", "agreed": "y", "submit": "1", **hidden}
    hand.send(f"{assessment}/submit", {**data, "csrf_token": helpers.token(page)}, chosen=1)


@pytest.mark.parametrize("who", COMPANIES)
def test_all_questions_on_a_page_spare_pages_and_clicks(app: Flask, owner: str, who: str) -> None:
    counted = {}
    for way, number in ((one_question_a_page, "00012345"), (all_questions, "00054321")):
        with app.app_context():
            helpers.person(f"{number}@isp.example")
        hand = Hand(signed_in(app, f"{number}@isp.example"))
        assessment = register(hand, number, **COMPANIES[who])
        way(hand, assessment)
        submit(hand, assessment)
        with app.app_context():
            assert latest_submission(db.session(), int(assessment.rsplit("/", 1)[1])) is not None
        counted[way.__name__] = (hand.pages, hand.clicks)
        print(f"{who}, {way.__name__}: {hand.pages} pages, {hand.clicks} clicks")
    long, short = counted["one_question_a_page"], counted["all_questions"]
    assert short[0] <= PAGES * long[0], counted
    assert short[1] <= CLICKS * long[1], counted
