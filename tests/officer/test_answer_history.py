"""The history of an answer: every version with who, when and how; what was not chosen stays, and can be used again."""

import json
import re
import zipfile
from html import unescape
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from compliance import clock
from compliance.domain.roles import CompanyRole
from compliance.store.answers import answer_rows
from compliance.store.assessments import AnswerRevision, RejectedAnswer
from compliance.store.base import db, transaction
from compliance.store.people import Membership
from tests import helpers
from tests.officer.conftest import Bench, send

POLICY, SCOPE = "/question/gov_policy", "/question/prof_scope"
HISTORY = f"{POLICY}/history"


def told(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def comment(bench: Bench) -> str:
    with bench.app.app_context():
        return answer_rows(db.session(), bench.assessment)["gov_policy"].comment


def meet(bench: Bench, mine: FlaskClient, *, keep: str = "", **data: str) -> None:
    """Somebody saves over version 0 what meets what is stored, and chooses when asked."""
    sent = {"csrf_token": helpers.token(mine.get(bench.path(POLICY))), "version": "0", **data}
    met = mine.post(bench.path(POLICY), data=sent)
    assert met.status_code == 409
    if keep:
        version = re.search(r'name="version" value="(\d+)"', met.text)[1]
        chosen = mine.post(bench.path(POLICY), data={**sent, "version": version, "met": "1", "keep": keep})
        assert chosen.status_code == 302


@pytest.mark.both_databases
def test_what_was_not_chosen_stays_and_can_be_used(bench: Bench) -> None:
    other = bench.colleague(CompanyRole.EDITOR)
    send(other, bench.path(POLICY), gov_policy="no", gov_policy__comment="not yet")
    for _twice in range(2):
        meet(bench, bench.client, keep="theirs", gov_policy="yes", gov_policy__comment="since May")
    page = bench.client.get(bench.path(HISTORY)).text
    assert told(page).count("since May") == 1
    assert "not chosen: a colleague's answer was stored already" in told(page)
    assert comment(bench) == "not yet"
    use = unescape(re.search(r'href="([^"]+use=r\d+)"', page)[1])
    filled = other.get(use)
    assert "This is the text of Sok Dara" in filled.text
    assert "since May" in filled.text
    assert comment(bench) == "not yet", "reading saves nothing"
    send(other, use, gov_policy="yes", gov_policy__comment="since May", taken=use.rpartition("=")[2])
    assert comment(bench) == "since May"
    newest = told(other.get(bench.path(HISTORY)).text)
    assert "taken from this history" in newest
    assert "not chosen" not in newest, "it is the answer now"


def test_closing_the_page_on_which_two_texts_met_loses_neither(bench: Bench) -> None:
    send(bench.colleague(CompanyRole.EDITOR), bench.path(POLICY), gov_policy="no", gov_policy__comment="not yet")
    meet(bench, bench.client, gov_policy="yes", gov_policy__comment="since May")
    assert "since May" in bench.client.get(bench.path(HISTORY)).text


def test_mine_chosen_over_a_colleagues(bench: Bench) -> None:
    send(bench.colleague(CompanyRole.EDITOR), bench.path(POLICY), gov_policy="no", gov_policy__comment="not yet")
    meet(bench, bench.client, keep="mine", gov_policy="yes", gov_policy__comment="since May")
    page = told(bench.client.get(bench.path(HISTORY)).text)
    assert "chosen when two texts met" in page
    assert page.index("since May") < page.index("not yet")
    assert page.count("since May") == 1


def test_whoever_left_is_named_as_one_who_left(bench: Bench) -> None:
    other = bench.colleague(CompanyRole.EDITOR)
    send(other, bench.path(POLICY), gov_policy="no")
    with bench.app.app_context(), transaction() as session:
        gone = session.scalars(sa.select(Membership).where(Membership.role == CompanyRole.EDITOR)).one()
        gone.ended_at = clock.now()
    assert "Editor (no longer a colleague)" in told(bench.client.get(bench.path(HISTORY)).text)
    assert other.get(bench.path(HISTORY)).status_code == 404
    assert bench.stranger().get(bench.path(HISTORY)).status_code == 404


def test_a_long_history_comes_in_pages_and_the_question_shows_its_newest(bench: Bench) -> None:
    for number in range(25):
        send(bench.client, bench.path(POLICY), gov_policy="yes", gov_policy__comment=f"text {number:02}", act="stay")
    page = bench.client.get(bench.path(POLICY)).text
    assert "History of this answer (25)" in page
    assert "All 25 versions" in page
    assert "text 22" in page
    assert "text 21" not in page
    assert told(bench.client.get(bench.path(f"{HISTORY}?page=2")).text).count("text 0") == 5
    for strange in ("0", "-1", "x", "9" * 40, "99"):
        assert bench.client.get(bench.path(f"{HISTORY}?page={strange}")).status_code == 200


@pytest.mark.parametrize("name", ["v99", "r1", "x", "v", "", "v-1", "r" + "9" * 40, "\u17e1"])
def test_an_entry_that_is_not_there_fills_in_nothing(bench: Bench, name: str) -> None:
    send(bench.client, bench.path(POLICY), gov_policy="yes", gov_policy__comment="since May")
    page = bench.client.get(bench.path(POLICY), query_string={"use": name})
    assert page.status_code == 200
    assert "It is not saved yet" not in page.text
    assert "since May" in page.text


def test_a_viewer_reads_and_is_offered_nothing(bench: Bench) -> None:
    send(bench.client, bench.path(POLICY), gov_policy="yes")
    send(bench.client, bench.path(POLICY), gov_policy="no")
    viewer = bench.colleague(CompanyRole.VIEWER)
    assert "use=v1" in bench.client.get(bench.path(HISTORY)).text
    assert "use=" not in viewer.get(bench.path(HISTORY)).text
    assert "not saved yet" not in viewer.get(bench.path(f"{POLICY}?use=v1")).text


@pytest.mark.both_databases
def test_the_archive_takes_it_along_and_nothing_changes_it(bench: Bench) -> None:
    send(bench.colleague(CompanyRole.EDITOR), bench.path(POLICY), gov_policy="no")
    meet(bench, bench.client, gov_policy="yes", gov_policy__comment="since May")
    sent = bench.client.get(f"/en/company/{bench.company}/everything.zip", buffered=True)
    with zipfile.ZipFile(BytesIO(sent.data)) as bundle:
        kept = json.loads(bundle.read("data/rejected_answers.json"))
        history = json.loads(bundle.read("data/answer_revisions.json"))
    assert [one["content"]["comment"] for one in kept] == ["since May"]
    assert [one["how"] for one in history] == ["typed"]
    for table in (RejectedAnswer, AnswerRevision):
        with bench.app.app_context(), pytest.raises(sa.exc.DBAPIError, match="append-only"), transaction() as session:
            session.execute(sa.delete(table))


def test_nothing_is_called_saved_before_it_is(bench: Bench) -> None:
    page = bench.client.get(bench.path(POLICY))
    assert re.search(r"data-saved hidden></span>", page.text)
    data = {"csrf_token": helpers.token(page), "version": "0"}
    nothing = bench.client.post(bench.path(f"{POLICY}/autosave"), data=data)
    assert nothing.json == {"saved": "", "version": "0", "partly": True}
    only = bench.client.post(bench.path(f"{POLICY}/autosave"), data={**data, "gov_policy__comment": "later"})
    assert only.json == {"saved": "Saved at 10:00, not answered yet", "version": "1", "partly": True}
    assert 'class="cp-saved is-wait"' in bench.client.get(bench.path(POLICY)).text


def test_a_save_of_another_day_says_the_day(bench: Bench) -> None:
    send(bench.client, bench.path(POLICY), gov_policy="yes")
    with bench.app.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE answers SET saved_at = '2026-03-01 04:30:00.000000'"))
    assert re.search(r"Saved on \d+ \w+ 2026, 11:30", bench.client.get(bench.path(POLICY)).text)


@pytest.mark.parametrize("address", [POLICY, SCOPE])
def test_one_warning_a_page_and_every_free_text_names_it(bench: Bench, address: str) -> None:
    page = bench.client.get(bench.path(address)).text
    assert page.count('class="cp-never') == 1
    assert page.index('id="never"') < page.index("<textarea")
    for tag in re.findall(r"<textarea[^>]*>|<input[^>]*type=\"file\"[^>]*>", page):
        assert re.search(r'aria-describedby="[^"]*\bnever\b', tag), tag
