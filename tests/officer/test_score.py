"""The score talks: the level and what holds it, what if, and whose result it is in every state."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from compliance.cli.demonstration import acts
from tests.actions.cases import Case, to_award, to_review
from tests.officer.conftest import Bench
from tests.officer.test_after_submitting import ask, led, path, refuse, submit
from tests.scored import scored, twice

__all__ = ["led"]


def contents(folder: Path) -> str:
    """A digest over every byte of the store."""
    found = hashlib.sha256()
    for file in sorted(folder.glob("portal.sqlite*")):
        found.update(file.read_bytes())
    return found.hexdigest()


def result(page: str) -> str:
    """What the switches come to, as text."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.split("data-live-result>", 1)[1].split("</form>", 1)[0]))


def test_what_if_answers_and_saves_nothing(bench: Bench, tmp_path: Path) -> None:
    page = bench.client.get(bench.path("/score")).text
    switches = re.findall(r'name="try"\s+value="(\w+)"', page)
    assert len(switches) > 5
    assert "No level yet" in result(page)
    before = contents(tmp_path)
    tried = bench.client.get(bench.path("/score"), query_string={"try": switches}).text
    assert tried.count(" checked>") == len(switches)
    assert "The company has sent a plan with dates" in result(tried), "what the answers do not carry is not promised"
    assert "No level yet" in result(tried)
    assert "essential" not in result(tried)
    strange = ["no_such", "<script>", switches[0], switches[0]]
    one = bench.client.get(bench.path("/score"), query_string={"try": strange}).text
    assert one.count(" checked>") == 1
    assert "<script>alert" not in one
    assert contents(tmp_path) == before


def test_a_step_that_is_tried_costs_no_score_of_its_own(bench: Bench) -> None:
    """The answers as they are, the search for the way, and what is switched on together: nothing for each step."""
    with scored() as plain:
        page = bench.client.get(bench.path("/score")).text
    switches = re.findall(r'name="try"\s+value="(\w+)"', page)
    assert len(plain) <= 4 < len(switches)
    with scored() as trying:
        bench.client.get(bench.path("/score"), query_string={"try": switches[:2]})
    assert len(trying) == len(plain) + 1
    assert not twice(trying)


def test_essentials_are_said_once(bench: Bench) -> None:
    page = bench.client.get(bench.path("/score")).text
    held = page.split("cp-cap", 1)[1].split("</section>", 1)[0]
    assert "7 essential points of 7 are not met:" in held
    assert "must be met" not in page, "not as what the switches leave open either, before one is pressed"
    way = page.index("The shortest way to Committed")
    assert page.index("cp-cap") < way < page.index("Your score by section") < page.index("The reason of every point")


@pytest.mark.parametrize(
    ("act", "said", "silent"),
    [
        (submit, "As submitted on 23 November 2026, not yet checked by the Ministry", "Verified by the Ministry"),
        (to_review, "As submitted on 23 November 2026", "Verified by the Ministry"),
        (ask, "Submitted on 23 November 2026, with your reply as it is now", "Verified by the Ministry"),
        (to_award, "Verified by the Ministry", "not yet checked"),
        (refuse, "Verified by the Ministry", "not yet checked"),
    ],
)
def test_the_page_says_whose_result_it_is(
    led: Callable[..., Case], client: FlaskClient, act: Callable[[Case], object], said: str, silent: str
) -> None:
    one = led(act)
    page = client.get(path(one, "/score")).text
    assert said in page
    assert silent not in page
    assert "Make this my plan" not in page
    assert "What if" not in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path(one, "/plan")).text)
    assert token
    sent = {"csrf_token": token[1], "seen": "0" * 64, "step": "edu_awareness"}
    assert client.post(path(one, "/plan/make"), data=sent).status_code == 409
    if "Verified" in said:
        assert "Claimed on 23 November 2026: " in page
        assert "cp-pair" in page


def test_the_top_asks_for_no_way(led: Callable[..., Case], client: FlaskClient) -> None:
    """A café that answers everything best: what is left for Gold is the Ministry's visit."""
    one = led()
    page = client.get(path(one, "/score")).text
    assert "Silver level" in page
    assert "No answer has to change for it." in page
    assert "A visit or video call" in page
    assert "Make this my plan" not in page


def test_the_plan_lives_on_after_the_award_and_goes_along(led: Callable[..., Case], client: FlaskClient) -> None:
    one = led(to_award)
    plan = client.get(path(one, "/plan")).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', plan)
    step = re.search(r"/plan/step/(\d+)", plan)
    assert token
    assert step
    kept = client.post(
        path(one, f"/plan/step/{step[1]}"), data={"csrf_token": token[1], "drop": "1"}, follow_redirects=True
    ).text
    assert "keep at least one step" in kept
    assert f"/plan/step/{step[1]}" in kept
    day = {"due_on": ["1", "3", "2027"], "responsible": "Dara", "action": "Ask the parents"}
    client.post(path(one, "/plan/own"), data={"csrf_token": token[1], **day})
    assert "Mark as done" in client.get(path(one, "/plan")).text
    started = client.post(f"/en/company/{one.company_id}/start", data={"csrf_token": token[1]})
    closed = client.get(path(one, "/plan")).text
    assert "This plan is closed." in closed
    assert "Mark as done" not in closed
    sent = {"csrf_token": token[1], "done": "1"}
    assert client.post(path(one, f"/plan/step/{step[1]}"), data=sent).status_code == 409
    renewed = client.get(started.headers["Location"] + "/plan").text
    assert "Open steps carried over from the assessment before: 1." in renewed
    assert "Ask the parents" in renewed
    assert "រៀបចំយុទ្ធនាការ" not in renewed, "what the answers reach is done"


def test_a_withdrawn_assessment_is_only_read(led: Callable[..., Case], client: FlaskClient) -> None:
    one = led(lambda case: acts.withdraw(case.hands, case.assessment_id, 0))
    assert client.get(path(one, "/score")).status_code == 200
    page = client.get(path(one, "/plan")).text
    assert "Mark as done" not in page
    assert "/plan/own" not in page
