"""A company's home says what comes next and by when, and holds award, letters and people in one place."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions.checking_in import due_check_in
from compliance.actions.renewing import renewal_opens
from compliance.cli.demonstration import acts
from compliance.domain.standing import AwardAct
from compliance.jobs.issue import issue
from compliance.settings import Settings
from compliance.store.awards import awards_of
from compliance.store.base import db
from compliance.store.people import Person
from compliance.store.reviews import open_clarification
from tests.actions.cases import CAFE, Case, case, to_award, to_recommended, to_review
from tests.helpers import company, sign_in, why
from tests.keys import lay_keys


@pytest.fixture
def one(app: Flask, settings: Settings, moment: datetime) -> Case:
    with app.app_context():
        return case(settings)


def home(client: FlaskClient, one: Case, lang: str = "en") -> str:
    answer = client.get(f"/{lang}/company/{one.company_id}")
    assert answer.status_code == 200
    return str(answer.text)


def test_each_state_says_its_next_step(app: Flask, client: FlaskClient, one: Case) -> None:
    sign_in(client, "owner@cafe.example")
    assert "Continue" in home(client, one)
    with app.app_context():
        to_review(one)
    assert "The review should be done by" in home(client, one)
    with app.app_context():
        acts.rule(one.hands, one.assessment_id, 0)
        acts.recommend(CAFE, one.hands, one.assessment_id, 0)
        acts.decide(one.hands, one.assessment_id, 0)
    page = home(client, one)
    assert "Nothing is due now" in page
    assert "The certificate is being made" in page
    life = page[page.index("Award begins") :]
    assert life.index("Today") < life.index("Renewal opens") < life.index("Last day of the award")


def test_a_reply_comes_first_with_its_days(app: Flask, client: FlaskClient, one: Case) -> None:
    sign_in(client, "owner@cafe.example")
    with app.app_context():
        to_review(one)
        acts.ask(one.hands, one.assessment_id, 0)
        asked = open_clarification(db.session(), one.assessment_id)
        assert asked is not None
        due, lapses = asked.due_on, asked.lapses_on
    page = home(client, one)
    assert "Reply to the Ministry&#39;s questions" in page
    assert "within 15 working days" in page
    assert f"Please reply by {due.day} " in page
    assert "ក្នុងរយៈពេល ១៥ ថ្ងៃធ្វើការ" in home(client, one, "km")
    days = (due - clock.today()).days
    with clock.held(clock.now() + timedelta(days=days)):
        sign_in(client, "owner@cafe.example")
        assert "due today" in home(client, one)
    with clock.held(clock.now() + timedelta(days=days + 1)):
        sign_in(client, "owner@cafe.example")
        page = home(client, one)
        assert f"You can still reply until {lapses.day} " in page
        assert "working day late" in page or "working days late" in page


def test_what_can_be_taken_is_there_once_it_is_made(
    app: Flask, client: FlaskClient, settings: Settings, one: Case
) -> None:
    lay_keys(settings.keys_dir)
    with app.app_context():
        to_review(one)
        acts.rule(one.hands, one.assessment_id, 0)
        acts.recommend(CAFE, one.hands, one.assessment_id, 0)
        acts.decide(one.hands, one.assessment_id, 0)
    with app.app_context():
        issue(settings)
    sign_in(client, "owner@cafe.example")
    page = home(client, one)
    for offered in ("/certificates/COP-KH-", "/credentials/COP-KH-", "/badge/company/test-caf", "/calendar"):
        assert offered in page
    assert "Name a second owner" in page


@contextmanager
def on(client: FlaskClient, day: date) -> Iterator[None]:
    """Noon of a day, the owner signed in."""
    with clock.held(datetime(day.year, day.month, day.day, 12, tzinfo=clock.PHNOM_PENH)):
        sign_in(client, "owner@cafe.example")
        yield


def steps(page: str) -> list[str]:
    """The titles of what comes next, in their order."""
    return [unescape(title) for title in re.findall(r'<h2[^>]* id="next-\d+">(.*?)</h2>', page)]


def next_section(page: str, number: int) -> str:
    """What stands in the box of one thing; empty without it."""
    return "".join(page.split('<section class="cp-next')[number : number + 1]).partition("</section>")[0]


def agenda_of(page: str) -> str:
    return page[page.index('class="cp-agenda"') : page.index('id="letters"')]


def test_a_reply_can_be_given_until_the_worker_lets_it_lapse(app: Flask, client: FlaskClient, one: Case) -> None:
    with app.app_context():
        to_review(one)
        acts.ask(one.hands, one.assessment_id, 0)
        asked = open_clarification(db.session(), one.assessment_id)
        assert asked is not None
        last = asked.lapses_on
    with on(client, last + timedelta(days=1)):
        page = home(client, one)
        assert steps(page) == ["Reply to the Ministry's questions"]
        assert f"{last.day} " in page
        assert "until it does, you can still reply" in page


def test_a_check_in_comes_next_from_the_day_it_opens(app: Flask, client: FlaskClient, one: Case) -> None:
    with app.app_context():
        to_award(one)
        due = due_check_in(db.session(), one.company_id)
        assert due is not None
    with on(client, due.opens_on - timedelta(days=1)):
        assert steps(home(client, one)) == ["Nothing is due now"]
    with on(client, due.due_on):
        page = home(client, one)
        assert steps(page)[0] == "Send the check-in"
        assert f"Please send it by {due.due_on.day} " in page
        assert "Nothing is due now" not in page
    with on(client, due.due_on + timedelta(days=1)):
        page = home(client, one)
        assert "It counts as late from" in page
        assert "The check-in was due on" in page, "the day has passed"
        assert "Late" not in agenda_of(page), "one page does not contradict itself"
    with on(client, due.late_from):
        page = home(client, one)
        assert "counts as late since" in page
        assert "Late" in agenda_of(page)


def test_a_refusal_is_told_before_a_new_beginning(app: Flask, client: FlaskClient, one: Case) -> None:
    with app.app_context():
        to_recommended(one)
        acts.decide(one.hands, one.assessment_id, 0, refuse=True)
    with on(client, clock.today()):
        page = home(client, one)
        assert steps(page) == ["Your assessment was refused", "Begin the assessment"]
        assert f"/en/company/assessment/{one.assessment_id}/decision" in page
        assert "Some 40 questions" not in page, "they know"


@pytest.mark.parametrize(
    ("act", "title"), [("suspended", "The award is suspended"), ("revoked", "The award was revoked")]
)
def test_an_award_that_was_ended_is_told(app: Flask, client: FlaskClient, one: Case, act: str, title: str) -> None:
    with app.app_context():
        to_award(one)
        acts.act_on_award(
            one.hands, one.company_id, AwardAct(act), why(AwardAct(act), "The evidence is not theirs."), 0
        )
    with on(client, clock.today()):
        page = home(client, one)
        assert steps(page) == ["Say what you think of the act on your award", title], "it was at once: heard after"
        assert "/en/register/test-caf" in page
        assert ("Last day of the award" in page) == (act == "suspended"), "a suspended one still runs out"


def test_the_end_of_an_award_is_told_in_its_own_time(app: Flask, client: FlaskClient, one: Case) -> None:
    with app.app_context():
        to_award(one)
        [award] = awards_of(db.session(), one.company_id)
        ends, grace = award.ends, award.term.grace_ends
    told = {
        ends: "The award ends on",
        ends + timedelta(days=1): f"The award ended on {ends.day} ",
        grace: "after that day it has expired",
        grace + timedelta(days=1): "The award has expired",
    }
    for day, words in told.items():
        with on(client, day):
            page = home(client, one)
            assert words in page, day
            assert ("Begin the renewal" in page) == (day <= grace)
            by = re.search(r'datetime="([\d-]+)"', next_section(page, 2))
            assert (by and by[1]) == {ends: str(ends), grace + timedelta(days=1): None}.get(day, str(grace))


def test_a_renewal_is_told_by_when_and_not_asked_for_once_it_is_granted(
    app: Flask, client: FlaskClient, one: Case
) -> None:
    with app.app_context():
        to_award(one)
        [award] = awards_of(db.session(), one.company_id)
        ends, opens = award.ends, renewal_opens(award)
        with clock.held(datetime(opens.year, opens.month, opens.day, 3, tzinfo=clock.PHNOM_PENH)):
            again = replace(one, assessment_id=acts.fill(CAFE, one.hands, one.company_id, 0))
    with on(client, opens):
        page = home(client, one)
        draft = next_section(page, 1 + steps(page).index("Your assessment"))
        assert f"The award ends on {ends.day} " in draft
        assert f'datetime="{ends}"' in draft
        with app.app_context():
            to_recommended(again)
            acts.decide(again.hands, again.assessment_id, 0)
        page = home(client, one)
        assert "The next one is granted: it begins on" in page
        assert "Renew the award" not in page
        assert "Begin the renewal" not in page
        assert "Your next award begins" in agenda_of(page)
        assert "Last day of grace" not in agenda_of(page)


def test_a_review_past_its_day_is_said_to_be_late(app: Flask, client: FlaskClient, one: Case) -> None:
    with app.app_context():
        to_review(one)
        due = one.assessment.review_due_on
        assert due is not None
    with on(client, due):
        assert "The review should be done by" in home(client, one)
    with on(client, due + timedelta(days=1)):
        page = home(client, one)
        assert "The review should have been done by" in page
        assert "The review should be done by" not in page


def test_who_works_for_several_reads_what_is_next_for_each(app: Flask, client: FlaskClient, one: Case) -> None:
    with app.app_context():
        to_review(one)
        acts.ask(one.hands, one.assessment_id, 0)
        company(db.session.get_one(Person, one.hands.owner.user_id), name_latin="Second Café")
    sign_in(client, "owner@cafe.example")
    page = client.get("/en/company/").text
    first, second = page.index("Reply to the Ministry&#39;s questions"), page.index("Begin the assessment")
    assert min(page.index("Test Café"), page.index("Second Café")) < min(first, second)
