"""The version a form sends back: whatever stands in it, an act on something else than what was shown is refused."""

from collections.abc import Callable

import pytest
import wtforms
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from compliance.cli.demonstration import acts
from compliance.domain.lifecycle import State
from compliance.journeys.forms import NO_VERSION, VersionField, whole_number
from compliance.settings import Settings
from tests import helpers
from tests.actions.cases import Case, case, to_review
from tests.officer.conftest import Bench, send
from tests.officer.test_replying import SIGNED

REPLY = {"reply": "Mended.", **SIGNED}
STRANGE = ("9" * 5000, "0" * 5000 + "1", "-1", "x", "", "1.0", "²", "9999999999", "\u202e1")


@pytest.mark.parametrize("typed", [*STRANGE, None])
def test_what_is_no_version_is_one_that_nothing_has(app: Flask, typed: str | None) -> None:
    class Form(wtforms.Form):  # type: ignore[misc]
        version = VersionField()

    with app.test_request_context():
        assert Form(MultiDict({"version": typed} if typed is not None else {})).version.seen == NO_VERSION
        assert Form(MultiDict({"version": "17"})).version.seen == 17


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("០១២", 12), ("999999999", 999_999_999), (7, 7)])
def test_a_whole_number(typed: object, number: int) -> None:
    assert whole_number(typed) == number


@pytest.fixture
def led(app: Flask, settings: Settings, moment: object) -> Callable[..., Case]:
    """Leads a café's assessment as far as wanted."""

    def lead(*acts_: Callable[[Case], object]) -> Case:
        with app.app_context():
            return case(settings, *acts_)

    return lead


def submit(one: Case) -> None:
    acts.submit(one.hands, one.assessment_id, 0)


def ask(one: Case) -> None:
    to_review(one)
    acts.ask(one.hands, one.assessment_id, 0)


@pytest.mark.parametrize(
    ("before", "who", "page", "address", "said", "state"),
    [
        ((), "owner@cafe.example", "submit", "submit", {"name": "A", "position": "B", "agreed": "y"}, State.DRAFT),
        ((submit,), "owner@cafe.example", "withdraw", "withdraw", {}, State.SUBMITTED),
        ((ask,), "owner@cafe.example", "clarification", "clarification", REPLY, State.CLARIFYING),
        ((submit,), "reviewer@ministry.example", "declare", "declare", {"tie": "no"}, State.SUBMITTED),
        ((to_review,), "reviewer@ministry.example", "", "release", {}, State.IN_REVIEW),
    ],
)
def test_no_act_on_an_assessment_with_a_strange_version(
    led: Callable[..., Case], client: FlaskClient, before: tuple[Callable[[Case], object], ...], who: str, page: str,
    address: str, said: dict[str, str], state: State,
) -> None:  # fmt: skip
    one = led(*before)
    helpers.sign_in(client, who)
    part = "company/assessment" if who.startswith("owner") else "review"
    base = f"/en/{part}/{one.assessment_id}"
    token = helpers.token(client.get(f"{base}/{page}".rstrip("/")))
    for strange in STRANGE:
        answer = client.post(f"{base}/{address}", data={"csrf_token": token, "version": strange, **said})
        assert answer.status_code == 409, (strange[:20], answer.status_code)
    with client.application.app_context():
        assert one.assessment.state is state


def test_no_answer_over_one_that_was_not_seen(bench: Bench) -> None:
    address = bench.path("/question/csam_terms")
    assert send(bench.client, address, csam_terms="yes").status_code == 302
    for strange in STRANGE:
        assert send(bench.client, address, csam_terms="no", version=strange).status_code == 409
    for strange in STRANGE:
        assert send(bench.client, address, csam_terms="yes", remove=strange, known_file=strange).status_code < 500


def test_no_company_over_one_that_was_not_seen(bench: Bench) -> None:
    address = f"/en/company/{bench.company}/details"
    said = {"name_km": "ក", "name_latin": "K", "registration_number": "1", "kinds": "isp", "workers": "3",
            "places": "1", "province": "takeo"}  # fmt: skip
    for strange in STRANGE:
        assert send(bench.client, address, **said, version=strange).status_code == 409


@pytest.mark.parametrize("strange", [*STRANGE, "000002026" + "9" * 5000])
def test_numbers_in_an_address(client: FlaskClient, strange: str) -> None:
    query = dict.fromkeys(("year", "page", "limit"), strange)
    assert client.get("/en/register", query_string=query).status_code == 200
    assert client.get("/api/v1/companies", query_string=query).status_code == (400 if strange else 200)
