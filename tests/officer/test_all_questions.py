"""All questions of a section on one page: each answer saved by itself, colleagues beside each other, nothing lost."""

import re
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance.domain.roles import CompanyRole
from compliance.journeys.officer.desk import Desk
from compliance.store.answers import answer_rows
from compliance.store.assessments import AnswerRevision
from compliance.store.base import db, transaction
from questionnaires import current
from tests import helpers
from tests.officer.conftest import Bench, send

SECTIONS = [section.id for section in current().sections]
CSAM, GOVERNANCE = "/section/csam/all", "/section/governance/all"
ONE, TWO, THREE = "csam_procedure", "csam_terms", "csam_blocking"
LIMIT, LIMIT_OF_MANY = 61_440, 68_500
"""Bytes of a page; of ten or eleven questions, which only companies of several kinds are asked in one section."""


def told(page: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def page_fields(page: TestResponse) -> dict[str, Any]:
    """What a browser would send of the page's form as it stands, without a button."""
    form = re.search(r'<form id="answers".*?</form>', page.text, re.DOTALL)
    assert form, told(page)[:300]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form.group()):
        said = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if said["type"] not in {"radio", "checkbox"} or re.search(r"\schecked[\s>]", tag):
            found.setdefault(said["name"], []).append(said.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form.group(), re.DOTALL):
        found[name] = [unescape(text)]
    return found


def save(client: FlaskClient, bench: Bench, page: TestResponse, address: str = CSAM, **changes: Any) -> TestResponse:
    """Sends the page with these fields written over."""
    act = changes.pop("act", "stay")
    data = {**page_fields(page), **changes, "act": act}
    return client.post(bench.path(address), data=data, content_type="multipart/form-data")


def stored(bench: Bench) -> dict[str, tuple[Any, str]]:
    with bench.app.app_context():
        return {name: (row.value, row.comment) for name, row in answer_rows(db.session(), bench.assessment).items()}


def versions(bench: Bench) -> int:
    with bench.app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(AnswerRevision)) or 0


@pytest.mark.both_databases
def test_only_what_was_changed_is_saved(bench: Bench) -> None:
    page = bench.client.get(bench.path(CSAM))
    sent = save(bench.client, bench, page, **{ONE: "yes", f"{TWO}__comment": "soon"})
    assert sent.headers["Location"].endswith(CSAM)
    assert stored(bench) == {ONE: ("yes", ""), TWO: (None, "soon")}
    again = save(bench.client, bench, bench.client.get(bench.path(CSAM)))
    assert again.status_code == 302
    assert versions(bench) == 2
    assert "Saved at 10:00, not answered yet" in told(bench.client.get(bench.path(CSAM)))


def test_the_buttons_lead_on(bench: Bench) -> None:
    page = bench.client.get(bench.path(CSAM))
    there = {act: save(bench.client, bench, page, act=act).headers["Location"] for act in ("leave", "continue")}
    assert there["leave"] == bench.path()
    assert there["continue"].endswith("/section/law_enforcement/all")
    evidence = save(bench.client, bench, page, act=f"evidence-{TWO}", **{ONE: "partial"})
    assert evidence.headers["Location"] == bench.path(f"/question/{TWO}?back=all#evidence")
    assert stored(bench)[ONE] == ("partial", "")
    back = send(bench.client, bench.path(f"/question/{TWO}?back=all"), act="continue", back="all")
    assert back.headers["Location"] == bench.path(f"{CSAM}#q-{TWO}")
    assert save(bench.client, bench, page, act="evidence-nowhere").headers["Location"].endswith(CSAM)


def test_the_choice_is_the_persons_own_and_stays(bench: Bench) -> None:
    other = bench.colleague(CompanyRole.EDITOR)
    chosen = helpers.post(bench.client, bench.path("/section/csam/way"), {"way": "all"}, bench.path("/section/csam"))
    assert chosen.headers["Location"] == bench.path(CSAM)
    assert bench.client.get(bench.path("/section/csam")).headers["Location"] == bench.path(CSAM)
    assert bench.path(CSAM) in bench.client.get(bench.path()).text
    assert other.get(bench.path("/section/csam")).status_code == 200
    assert not [value for name, value in chosen.headers if name == "Set-Cookie" and "way" in value]
    back = save(bench.client, bench, bench.client.get(bench.path(CSAM)), act="one", **{ONE: "yes"})
    assert back.headers["Location"] == bench.path("/section/csam")
    assert stored(bench)[ONE] == ("yes", "")
    assert bench.client.get(bench.path("/section/csam")).status_code == 200
    all_again = send(bench.client, bench.path(f"/question/{ONE}"), act="all", **{ONE: "no"})
    assert all_again.headers["Location"] == bench.path(f"{CSAM}#q-{ONE}")
    assert stored(bench)[ONE] == ("no", "")


def test_every_error_at_once_with_its_place_and_the_rest_is_saved(bench: Bench) -> None:
    send(bench.client, bench.path("/question/gov_policy"), gov_policy="yes")
    page = bench.client.get(bench.path(GOVERNANCE))
    wrong = save(
        bench.client, bench, page, GOVERNANCE, gov_policy__comment="x" * 4001, gov_policy_public="not an address",
        gov_policy_review_date=["31", "2", "2026"], gov_risk_assessment="older",
    )  # fmt: skip
    assert wrong.status_code == 422
    listed = re.findall(r'<li><a href="#([\w-]+)">([^<]+)</a></li>', wrong.text)
    places = [place for place, _text in listed if place.startswith("gov_")]
    assert places == ["gov_policy__comment", "gov_policy_public", "gov_policy_review_date"]
    assert all(f'id="{place}"' in wrong.text for place in places)
    for typed in ("x" * 4001, 'value="not an address"', 'value="31"'):
        assert typed in wrong.text
    assert "it has 4001 characters" in wrong.text
    assert "Everything else on this page is saved." in wrong.text
    kept = stored(bench)
    assert kept["gov_policy"] == ("yes", "")
    assert kept["gov_risk_assessment"][0] == "older"
    assert "gov_policy_public" not in kept
    mended = save(
        bench.client, bench, wrong, GOVERNANCE, gov_policy__comment="", act="continue",
        gov_policy_public="policy.example", gov_policy_review_date=["1", "2", "2026"],
    )  # fmt: skip
    assert mended.status_code == 302
    assert stored(bench)["gov_policy_public"][0] == "https://policy.example"


def test_what_the_answers_open_is_asked_before_the_next_section(bench: Bench) -> None:
    page = bench.client.get(bench.path(GOVERNANCE))
    assert "gov_policy_public" not in page.text
    opened = save(bench.client, bench, page, GOVERNANCE, gov_policy="yes", act="continue")
    assert "gov_policy_public" in opened.headers["Location"]
    led = bench.client.get(opened.headers["Location"])
    assert "more questions in this section" in led.text
    closed = save(bench.client, bench, bench.client.get(bench.path(GOVERNANCE)), GOVERNANCE, gov_policy="no",
                  gov_policy_public="policy.example")  # fmt: skip
    assert closed.status_code == 302
    assert stored(bench)["gov_policy_public"][0] == "https://policy.example", "kept, though it is asked no more"


@pytest.mark.both_databases
def test_two_colleagues_on_different_questions_do_not_meet(bench: Bench) -> None:
    """Each sends the whole page: what they did not touch is not theirs to save, nor to fight over."""
    other = bench.colleague(CompanyRole.EDITOR)
    send(bench.client, bench.path(f"/question/{THREE}"), **{THREE: "partial"})
    mine, theirs = bench.client.get(bench.path(CSAM)), other.get(bench.path(CSAM))
    assert save(other, bench, theirs, **{TWO: "no", THREE: "yes", f"{TWO}__comment": "theirs"}).status_code == 302
    assert save(bench.client, bench, mine, **{ONE: "yes"}).status_code == 302
    assert stored(bench) == {ONE: ("yes", ""), TWO: ("no", "theirs"), THREE: ("yes", "")}


@pytest.mark.both_databases
def test_two_colleagues_on_the_same_questions_choose_each(bench: Bench) -> None:
    other = bench.colleague(CompanyRole.EDITOR)
    mine, theirs = bench.client.get(bench.path(CSAM)), other.get(bench.path(CSAM))
    comments = {f"{name}__comment": "theirs" for name in (ONE, TWO, THREE)}
    assert save(other, bench, theirs, **{ONE: "no", TWO: "no", THREE: "no"}, **comments).status_code == 302
    own = {f"{name}__comment": "mine" for name in (ONE, TWO)}
    met = save(bench.client, bench, mine, **{ONE: "yes", TWO: "yes", THREE: "no"}, **own,
               **{f"{THREE}__comment": "theirs", "csam_report_authority": "within_24h"})  # fmt: skip
    assert met.status_code == 409
    assert met.text.count('class="cp-conflict"') == 2, "the third answer is the same"
    assert stored(bench)["csam_report_authority"][0] == "within_24h"
    assert stored(bench)[ONE] == ("no", "theirs")
    unchosen = save(bench.client, bench, met, act="continue", **{f"keep-{ONE}": "mine"})
    assert unchosen.status_code == 422
    assert unchosen.text.count('class="cp-conflict"') == 1
    assert stored(bench)[ONE] == ("yes", "mine")
    assert stored(bench)[TWO] == ("no", "theirs")
    choice = {f"keep-{TWO}": "theirs", f"{TWO}__comment": "mine, longer"}
    done = save(bench.client, bench, unchosen, act="continue", **choice)
    assert done.status_code == 302
    assert stored(bench)[TWO] == ("no", "theirs")
    history = told(bench.client.get(bench.path(f"/question/{TWO}/history")))
    assert "mine" in history
    assert "mine, longer" in history, "what was written on while choosing is kept too"


def test_a_third_is_quicker_while_the_second_chooses(bench: Bench) -> None:
    other = bench.colleague(CompanyRole.EDITOR)
    page = bench.client.get(bench.path(CSAM))
    send(other, bench.path(f"/question/{ONE}"), **{ONE: "no"})
    met = save(bench.client, bench, page, **{ONE: "yes"})
    send(other, bench.path(f"/question/{ONE}"), **{ONE: "partial"})
    again = save(bench.client, bench, met, **{f"keep-{ONE}": "mine"})
    assert again.status_code == 409
    assert "Partly" in told(again)
    assert stored(bench)[ONE][0] == "partial"


@pytest.mark.parametrize("strange", ["", "-1", "x", "9" * 5000, "1", "\u17e3"])
def test_a_strange_version_overwrites_nothing(bench: Bench, strange: str) -> None:
    send(bench.client, bench.path(f"/question/{ONE}"), **{ONE: "yes"})
    send(bench.client, bench.path(f"/question/{ONE}"), **{ONE: "partial"})
    page = bench.client.get(bench.path(CSAM))
    assert save(bench.client, bench, page, **{ONE: "no", f"version-{ONE}": strange}).status_code == 409
    assert stored(bench)[ONE][0] == "partial"


def test_an_earlier_answer_is_confirmed_only_by_saying_so(bench: Bench) -> None:
    for name in (ONE, TWO, THREE):
        send(bench.client, bench.path(f"/question/{name}"), **{name: "yes"})
    with bench.app.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE answers SET carried_over = true, carried_from = '2026'"))
    page = bench.client.get(bench.path(CSAM))
    assert page.text.count("it still holds") == 3
    save(bench.client, bench, page, **{f"confirm-{ONE}": "y", TWO: "partial"})
    with bench.app.app_context():
        waiting = {name for name, row in answer_rows(db.session(), bench.assessment).items() if row.carried_over}
    assert waiting == {THREE}


def test_in_a_clarification_only_the_reopened_questions_have_fields(bench: Bench) -> None:
    page = bench.client.get(bench.path(CSAM))
    with bench.app.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE assessments SET state = 'clarifying'"))
    assert '<form id="answers"' not in bench.client.get(bench.path(CSAM)).text
    late = save(bench.client, bench, page, **{f"{ONE}__comment": "we have begun in May"})
    assert late.status_code == 403
    assert stored(bench) == {}


def test_who_may_only_read_gets_no_field(bench: Bench) -> None:
    viewer = bench.colleague(CompanyRole.VIEWER)
    page = viewer.get(bench.path(CSAM))
    assert '<form id="answers"' not in page.text
    data = {**page_fields(bench.client.get(bench.path(CSAM))), "csrf_token": helpers.token(page), ONE: "yes"}
    assert viewer.post(bench.path(CSAM), data=data).status_code == 403
    assert bench.stranger().get(bench.path(CSAM)).status_code == 404


def test_the_page_is_small_warns_once_and_asks_few_questions_of_the_database(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a company that is asked every question, in the longer script; such pages are sent as they are, unpacked."""
    monkeypatch.setattr(Desk, "asked_in", lambda desk, section: desk.section(section).questions)
    with bench.app.app_context():
        engine = db.engine
    seen: list[str] = []
    listen = lambda *args: seen.append(args[2])  # noqa: E731
    for section in SECTIONS:
        address = bench.path(f"/section/{section}/all", "km")
        sa.event.listen(engine, "before_cursor_execute", listen)
        page = bench.client.get(address, headers={"Accept-Encoding": "gzip"})
        sa.event.remove(engine, "before_cursor_execute", listen)
        assert page.text.count('class="cp-never') == 1, section
        many = page.text.count("data-autosave=") > 9
        assert len(page.data) <= (LIMIT_OF_MANY if many else LIMIT), (section, len(page.data))
        assert len(seen) <= 12, seen
        seen.clear()
