"""Asking the company: picked from the list, due in working days, within the rounds of the edition, no text lost."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance import clock
from compliance.actions import noting, reviewing, submitting
from compliance.actions.asking import ask, terms
from compliance.actions.submitting import Attestation
from compliance.domain.errors import ForbiddenError, InvalidError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.review_notes import to_ask
from compliance.store.reviews import clarifications
from questionnaires import current
from tests import helpers
from tests.actions.cases import Case, person, reload
from tests.jobs.world import notices, plain_letters, told

FIRST, SECOND = "gov_policy", "csam_terms"
TEXT = "Who signed it, and when?"


def send(client: FlaskClient, one: Case, page: str = "", **data: object) -> TestResponse:
    address = f"/en/review/{one.assessment_id}/ask"
    shown = page or client.get(address).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
    days = re.findall(r'name="due_on"[^>]*value="(\d+)"', shown)
    return client.post(address, data={"csrf_token": token[1] if token else "", "due_on": days, "act": "send", **data})


def rounds(one: Case) -> list[dict[str, str]]:
    found = [one_round.questions for one_round in clarifications(db.session(), one.assessment_id)]
    db.session.rollback()
    return found


def three(day: date) -> list[str]:
    return [str(day.day), str(day.month), str(day.year)]


def test_what_is_ticked_is_asked_and_what_else_is_written_waits(app: Flask, client: FlaskClient, one: Case) -> None:
    page = client.get(f"/en/review/{one.assessment_id}/ask?about={FIRST}").text
    assert re.search(rf'value="{FIRST}" checked', page)
    assert "Yes, fully" in page, "the company's answers stand beside"
    assert "Round 1 of 2." in page
    assert send(client, one, pick=[FIRST], **{FIRST: TEXT, SECOND: "Later."}).status_code == 302
    with app.app_context():
        assert rounds(one) == [{FIRST: TEXT}]
        assert to_ask(db.session(), one.assessment_id)[SECOND].text == "Later."
    assert send(client, one, page=page, pick=[FIRST], **{FIRST: TEXT}).status_code == 302, "pressed twice is once"
    with app.app_context():
        assert len(rounds(one)) == 1


def test_mistakes_lose_no_text(app: Flask, client: FlaskClient, one: Case) -> None:
    tries: list[tuple[dict[str, object], str]] = [
        ({"pick": [FIRST, SECOND], FIRST: TEXT}, "Write what you want to know."),
        ({FIRST: TEXT}, "Tick at least one answer"),
        ({"pick": [FIRST], FIRST: TEXT, "due_on": ["1", "", "x"]}, "Not a valid date value"),
        ({"pick": [FIRST], FIRST: TEXT, "due_on": three(clock.today())}, "working days at least"),
        ({"pick": [FIRST], FIRST: TEXT, "due_on": three(clock.today() + timedelta(days=400))}, "working days at most"),
        ({"pick": [FIRST], FIRST: TEXT, SECOND: "x" * 2001}, "Use at most 2000 characters."),
    ]
    for data, words in tries:
        answer = send(client, one, **data)
        assert answer.status_code == 422, words
        assert words in answer.text
        assert TEXT in answer.text
    with app.app_context():
        assert not rounds(one)
        assert one.assessment.state is State.IN_REVIEW


def test_the_due_date_is_a_working_day_within_the_terms_of_the_edition(app: Flask, one: Case) -> None:
    with app.app_context():
        found, reviewer = terms(db.session(), one.assessment), reload(one.hands.reviewer)
        saturday = found.first + timedelta(days=(5 - found.first.weekday()) % 7)
        for day, why in (
            (found.first - timedelta(days=1), "too_early"),
            (found.last + timedelta(days=1), "too_late"),
            (saturday, "no_working_day"),
        ):
            with pytest.raises(InvalidError) as refused, transaction() as session:
                ask(session, reviewer, one.assessment_id, {FIRST: TEXT}, day)
            assert refused.value.message == why
        with transaction() as session:
            assert ask(session, reviewer, one.assessment_id, {FIRST: TEXT}, found.last).due_on == found.last


def test_rounds_beyond_the_edition_are_refused_and_say_so(app: Flask, client: FlaskClient, one: Case) -> None:
    page = client.get(f"/en/review/{one.assessment_id}/ask").text
    with app.app_context():
        for _round in range(current().lifecycle.review.more_information_rounds):
            with transaction() as session:
                ask(session, reload(one.hands.reviewer), one.assessment_id, {FIRST: TEXT})
            with transaction() as session:
                signed, version = Attestation("Sok Dara", "Owner"), one.assessment.version
                submitting.reply(session, reload(one.hands.owner), one.assessment_id, "Here.", signed, version)
        with pytest.raises(ForbiddenError), transaction() as session:
            ask(session, reload(one.hands.reviewer), one.assessment_id, {FIRST: "again?"})
    assert "All rounds of questions" in client.get(f"/en/review/{one.assessment_id}/ask").text
    late = send(client, one, page=page, pick=[FIRST], **{FIRST: "My third question."})
    assert late.status_code == 409
    assert "All rounds of questions" in late.text
    assert "My third question." in late.text
    assert "all rounds of questions are used" in client.get(f"/en/review/{one.assessment_id}/answer/{FIRST}").text


def test_handed_on_meanwhile_shows_what_was_written(app: Flask, client: FlaskClient, one: Case) -> None:
    page = client.get(f"/en/review/{one.assessment_id}/ask").text
    with app.app_context():
        with transaction() as session:
            noting.put_aside(session, reload(one.hands.reviewer), one.assessment_id, SECOND, "Prepared before.")
            reviewing.release(session, reload(one.hands.reviewer), one.assessment_id, one.assessment.version)
        other = person("second.reviewer@ministry.example", Role.REVIEWER)
        with transaction() as session:
            reviewing.declare(session, other, one.assessment_id, has_tie=False)
            reviewing.claim(session, other, one.assessment_id, one.assessment.version)
    answer = send(client, one, page=page, pick=[FIRST], **{FIRST: TEXT})
    assert answer.status_code == 409
    assert TEXT in answer.text
    with app.app_context():
        assert not rounds(one)
    helpers.sign_in(other_client := app.test_client(), "second.reviewer@ministry.example")
    assert "Prepared before." in other_client.get(f"/en/review/{one.assessment_id}/ask").text, "the next one has it"


def test_the_mail_names_the_answers_asked_about(app: Flask, one: Case, settings: Settings) -> None:
    with app.app_context():
        with transaction() as session:
            ask(session, reload(one.hands.reviewer), one.assessment_id, {SECOND: "Why?", FIRST: TEXT})
        [notice] = notices("clarification_asked")
        values = told(notice)
        assert values is not None
        for lang in ("km", "en"):
            body = plain_letters(settings).write(notice.kind, lang, values).body
            titles = [getattr(current().question(one).title, lang) for one in (FIRST, SECOND)]
            assert all(f"- {title}\n" in body for title in titles)
            assert TEXT not in body, "what is asked is read in the portal"
