"""The rooms of second scorers, moderators, approvers and administrators, walked by hand."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import deciding, reviewing
from compliance.actions.scorecards import seen_digest
from compliance.cli.demonstration import acts
from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.settings import Settings
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.reviews import declaration_of, standing_rulings
from compliance.store.second_scorings import Settled, scorings_of, second_rulings
from tests import helpers
from tests.actions.cases import CAFE, person
from tests.jobs.world import notices, told
from tests.twice import (
    BY_FIRST,
    BY_SECOND,
    FIRST_SAYS,
    SECOND_SAYS,
    Twice,
    differing,
    finish,
    refused,
    rule_first,
    rule_of,
    rule_second,
    scored_twice,
    take,
)

ROOM, Made = "/en/second", TypeVar("Made")


@pytest.fixture
def twice(app: Flask, settings: Settings, moment: object) -> Iterator[Twice]:
    with rule_of(share_percent=100, tolerance_points=1, first_at=("gold",)):
        with app.app_context():
            made = scored_twice(settings)
        yield made


def here(app: Flask, act: Callable[[], Made]) -> Made:
    """Done in the store, in a context of its own: the browsers keep their own people."""
    with app.app_context():
        made = act()
        db.session.remove()
        return made


def signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    helpers.sign_in(client, email)
    return client


def send(client: FlaskClient, address: str, form: str = "", **data: str) -> tuple[int, str]:
    """Posted with what the page itself holds in hidden fields."""
    page = client.get(form or address).text
    hidden = dict(re.findall(r'name="(csrf_token|seen)"[^>]*value="([^"]*)"', page))
    answer = client.post(address, data={**{name: html.unescape(value) for name, value in hidden.items()}, **data})
    return answer.status_code, answer.text


def test_a_second_scorer_takes_rules_and_finishes(app: Flask, twice: Twice) -> None:
    here(app, lambda: acts.claim(twice.one.hands, twice.number, 0))
    scorer, number = signed_in(app, "second-scorer@ministry.example"), twice.number
    assert "Test Café" in scorer.get(f"{ROOM}/").text
    assert "Test Café" not in signed_in(app, "reviewer@ministry.example").get(f"{ROOM}/").text
    assert send(scorer, f"{ROOM}/{number}/take", f"{ROOM}/")[0] == 302
    assert send(scorer, f"{ROOM}/{number}/declare")[0] == 200, "ties are asked for"
    assert send(scorer, f"{ROOM}/{number}/declare", tie="no")[0] == 302
    answer = f"{ROOM}/{number}/answer/gov_policy"
    here(app, lambda: put(twice, due_on=clock.today() - timedelta(days=7)))
    page = scorer.get(answer).text
    assert "Ask the company" not in page
    assert ("5 working days late" in page, "-5" in page) == (True, False)
    first = signed_in(app, "reviewer@ministry.example")
    assert first.get(f"/en/review/{number}/recommend").location == f"/en/review/{number}", "no form that cannot be sent"
    status, page = send(scorer, answer, act="save", verdict="not_supported", note="Only a draft")
    assert (status, "Choose a reason" in page, "Only a draft" in page) == (422, True, True)
    assert send(scorer, answer, act="save", verdict="ask", note="Since when?")[0] == 422
    assert send(scorer, answer, act="save", verdict="not_supported", reason="not_found", note="Only a draft")[0] == 302
    assert send(scorer, f"{ROOM}/{number}/answer/gov_risk_assessment", act="quick")[0] == 302
    assert here(app, lambda: len(second_rulings(db.session(), number))) == 2
    assert send(scorer, f"{ROOM}/{number}/finish", f"{ROOM}/{number}")[0] == 302
    assert here(app, lambda: twice.scoring.second_done_at) is None, "some answers wait"
    assert scorer.get(f"/en/review/{number}").status_code == 403
    assert send(scorer, f"{ROOM}/{number}/release", f"{ROOM}/{number}")[0] == 302
    assert here(app, lambda: twice.scoring.scorer_id) is None


def test_whoever_is_tied_by_now_hands_it_back(app: Flask, twice: Twice) -> None:
    def tied() -> None:
        take(twice)
        with transaction() as session:
            declaration = declaration_of(session, twice.number, twice.second.user_id or 0)
            assert declaration is not None
            declaration.has_tie = True

    here(app, tied)
    scorer, there = signed_in(app, "second-scorer@ministry.example"), f"{ROOM}/{twice.number}/release"
    assert scorer.get(f"{ROOM}/{twice.number}").status_code == 403
    assert there in scorer.get(f"{ROOM}/").text
    assert send(scorer, there, f"{ROOM}/")[0] == 302
    assert here(app, lambda: twice.scoring.scorer_id) is None
    assert "Test Café" not in scorer.get(f"{ROOM}/").text


def test_a_third_settles_with_what_was_typed_still_there(app: Flask, twice: Twice) -> None:
    here(app, lambda: differing(twice))
    third, number = signed_in(app, "second@ministry.example"), twice.number
    assert "Settle the differences" in third.get(f"{ROOM}/").text
    assert third.get(f"{ROOM}/{number}/moderate").headers["Location"].endswith("/declare")
    assert send(third, f"{ROOM}/{number}/declare", tie="no")[0] == 302
    page = third.get(f"{ROOM}/{number}/moderate").text
    assert page.count('name="side_') == 3 * len([*BY_FIRST, *BY_SECOND])
    said = {f"reason_{name}": "The page is dated." for name in (*BY_FIRST, *BY_SECOND)}
    status, page = send(third, f"{ROOM}/{number}/moderate", **said, side_gov_conduct="first", act="settle")
    seen = page.count("The page is dated."), page.count("Choose whose ruling stands."), page.count('href="#side_')
    assert (status, *seen) == (422, 3, 4, 2), "each on top, with a way to it, and beside its field"
    status, page = send(third, f"{ROOM}/{number}/moderate", act="back", note="")
    assert (status, "Give a reason, in at most" in page) == (422, True)
    said |= {f"side_{name}": "second" for name in BY_SECOND} | {"side_gov_conduct": "own"}
    status, page = send(third, f"{ROOM}/{number}/moderate", **said, act="settle")
    assert (status, "Complete your own ruling." in page, "Choose a ruling." in page) == (422, True, True)
    own = "own_gov_conduct-"
    said |= {
        f"{own}verdict": "adjust",
        f"{own}adjusted": "yes",
        f"{own}evidence": "yes",
        f"{own}note": "Signed by half",
    }
    status, page = send(third, f"{ROOM}/{number}/moderate", **said, act="settle")
    assert (status, "This is what the company claims" in page, "Signed by half" in page) == (422, True, True)
    said |= {f"{own}adjusted": "partial"}
    status, page = send(third, f"{ROOM}/{number}/moderate", **said, act="settle")
    assert (status, "Choose a reason; the company will read it." in page) == (422, True)
    said |= {f"{own}reason": "not_complete"}
    assert send(third, f"{ROOM}/{number}/moderate", **said, act="settle")[0] == 302
    assert here(app, lambda: twice.scoring.settled) is Settled.MODERATED
    assert here(app, lambda: twice.scoring.choices["gov_conduct"]["side"]) == "own"
    stands = here(app, lambda: standing_rulings(db.session(), number)["gov_conduct"])
    assert (stands.adjusted, stands.note, stands.ruled_by) == ("partial", "Signed by half", twice.third.user_id)
    case = signed_in(app, "reviewer@ministry.example").get(f"/en/review/{number}").text
    assert "a third person settled it" in case
    assert "Recommend" in case
    assert here(app, lambda: [told(one) is not None for one in notices("scoring_settled")]) == [True]


def test_the_approver_reads_what_one_reviewer_ruled_alone_after_two_agreed(app: Flask, twice: Twice) -> None:
    alone = "1 ruling was given after that"

    def agreed() -> None:
        acts.claim(twice.one.hands, twice.number, 0)
        take(twice)
        rule_first(twice)
        rule_second(twice)
        finish(twice)
        acts.recommend(replace(CAFE, manner="good"), twice.one.hands, twice.number, 0)

    def returned() -> None:
        seen = seen_digest(db.session(), twice.one.assessment)
        with transaction() as session:
            reviewing.declare(session, twice.one.hands.approver, twice.number, has_tie=False)
            deciding.send_back(session, twice.one.hands.approver, twice.number, seen=seen, reason="The dates.")
        with clock.held(clock.now() + timedelta(minutes=5)), transaction() as session:
            reviewing.rule(session, twice.first, twice.number, BY_FIRST[0], refused(FIRST_SAYS))
        acts.recommend(replace(CAFE, manner="good"), twice.one.hands, twice.number, 0)

    here(app, agreed)
    approver, page = signed_in(app, "approver@ministry.example"), f"/en/decide/{twice.number}"
    assert send(approver, f"{page}/declare", tie="no")[0] == 302
    assert alone not in approver.get(page).text
    here(app, returned)
    found = approver.get(page).text
    assert "and agree" in found
    assert alone in found


def test_an_approver_reads_that_it_was_scored_twice_and_frees_what_is_not_finished(app: Flask, twice: Twice) -> None:
    here(app, lambda: differing(twice))
    here(app, lambda: put(twice, second_done_at=None))
    approver, number = signed_in(app, "approver@ministry.example"), twice.number
    assert "second-scorer" in approver.get(f"{ROOM}/").text
    assert approver.get(f"{ROOM}/{number}/set-free").location == f"{ROOM}/{number}/declare", "ties are asked for"
    assert send(approver, f"{ROOM}/{number}/declare", tie="no")[0] == 302
    status, page = send(approver, f"{ROOM}/{number}/set-free", reason="")
    assert (status, "Give a reason." in page) == (422, True)
    assert send(approver, f"{ROOM}/{number}/set-free", reason="On leave")[0] == 302
    assert here(app, lambda: [(told(one) or {})["reason"] for one in notices("second_news")]) == ["On leave"]


def put(twice: Twice, **said: object) -> None:
    with transaction() as session:
        found = scorings_of(session, twice.number)[-1]
        for name, value in said.items():
            setattr(found, name, value)


@pytest.mark.parametrize("lang", ["km", "en"])
def test_administrators_read_how_often_two_agree_and_of_no_case(app: Flask, twice: Twice, lang: str) -> None:
    here(app, lambda: differing(twice))
    here(app, lambda: person("admin@ministry.example", Role.ADMINISTRATOR))
    page = signed_in(app, "admin@ministry.example").get(f"/{lang}/admin/second-scorings").text
    assert {"km": "១០០ ក្នុងមួយរយ", "en": "100 of a hundred"}[lang] in page
    assert not [word for word in ("Test Café", FIRST_SAYS, SECOND_SAYS) if word in page]


def test_the_draw_of_an_assessment_is_published_once_it_is_over(app: Flask, twice: Twice) -> None:
    here(app, lambda: differing(twice))
    stranger, digest = app.test_client(), here(app, lambda: twice.scoring.digest)
    assert digest not in stranger.get("/en/spot-checks").text
    here(app, lambda: put(twice, closed_at=clock.now(), settled=Settled.AGREED))
    here(app, lambda: decided(twice))
    assert digest in stranger.get("/en/spot-checks").text
    here(app, refused_instead)
    assert digest not in stranger.get("/en/spot-checks").text, "nobody learns that one was refused"


def refused_instead() -> None:
    with transaction() as session:
        session.execute(sa.update(Assessment).values(state=State.REFUSED))


def decided(twice: Twice) -> None:
    """Recommended by the first, granted by the approver."""
    acts.recommend(replace(CAFE, manner="good"), twice.one.hands, twice.number, 0)
    acts.decide(twice.one.hands, twice.number, 0)
