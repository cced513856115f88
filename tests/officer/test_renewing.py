"""The pages of a renewal: nothing is complete before it is confirmed, on one list a section, in a few pages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import answering, renewing
from compliance.settings import Settings
from compliance.store.answers import answer_rows
from compliance.store.awards import awards_of
from compliance.store.base import db, transaction
from questionnaires import Reply
from tests import helpers
from tests.actions.cases import Case, case, reload, to_award
from tests.editions import next_edition
from tests.officer.conftest import send

TICK = re.compile(r'name="answers"[^>]*\s+value="([^"]+)"')
GOVERNANCE = "sections/governance.yaml"


@pytest.fixture
def cafe(app: Flask, settings: Settings, moment: datetime) -> Iterator[Case]:
    """An awarded café, thirty days before its award ends."""
    with app.app_context():
        one = case(settings, to_award)
        ends = awards_of(db.session(), one.company_id)[0].ends
    with clock.held(datetime.combine(ends, time(3), UTC) - timedelta(days=30)):
        yield one


def begin(app: Flask, one: Case, client: FlaskClient, lang: str = "en") -> str:
    """A renewal, and its owner signed in; the address of the renewal's pages."""
    with app.app_context(), transaction() as session:
        number = renewing.start(session, reload(one.hands.owner), one.company_id).id
    helpers.sign_in(client, "owner@cafe.example")
    return f"/{lang}/company/assessment/{number}"


def test_a_renewal_with_nothing_changed_takes_a_few_pages(app: Flask, cafe: Case, client: FlaskClient) -> None:
    """Every answer confirmed: one list a section, each confirmed by one press that leads to the next."""
    base = begin(app, cafe, client)
    tasks = client.get(base).text
    assert ">Complete<" not in tasks
    assert "to confirm" in tasks
    page, pages = client.get(f"{base}/renewal"), 1
    where = re.search(rf'href="({base}/confirm/\w+)" class="govuk-button', page.text)[1]
    while "/confirm/" in where:
        section = client.get(f"{where}?all=1")
        ticks = TICK.findall(section.text)
        assert section.text.count(" checked") == len(ticks) > 0
        done = client.post(where, data={"csrf_token": helpers.token(section), "answers": ticks})
        where, pages = done.headers["Location"], pages + 1
    assert where == f"{base}/renewal"
    assert "Nothing is left to confirm" in client.get(where).text
    assert pages <= 10
    assert "to confirm" not in client.get(base).text
    assert ">Complete<" in client.get(base).text
    assert "earlier answer" not in client.get(f"{base}/score").text
    assert client.get(f"{base}/submit").status_code == 200


@pytest.mark.parametrize("lang", ["en", "km"])
def test_every_page_says_what_is_still_to_be_confirmed(app: Flask, cafe: Case, client: FlaskClient, lang: str) -> None:
    base = begin(app, cafe, client, lang)
    with app.app_context():
        count = len(answer_rows(db.session(), int(base.rsplit("/", 1)[1])))
    words = {"en": f"{count} earlier answers are", "km": "ចម្លើយមុនៗ"}[lang]
    for page in (f"/{lang}/company/{cafe.company_id}", base, f"{base}/score"):
        assert words in client.get(page).text, page
    check = client.get(f"{base}/check").text
    assert {"en": f"{count} earlier answers are to be confirmed", "km": "ត្រូវបញ្ជាក់"}[lang] in check
    assert check.count({"en": ">To confirm:<", "km": ">ត្រូវបញ្ជាក់:<"}[lang]) == count


def test_nothing_ticked_is_told_and_what_was_ticked_stays(app: Flask, cafe: Case, client: FlaskClient) -> None:
    base = begin(app, cafe, client)
    page = client.get(f"{base}/confirm/governance")
    ticks = TICK.findall(page.text)
    assert " checked" not in page.text
    nothing = client.post(f"{base}/confirm/governance", data={"csrf_token": helpers.token(page)})
    assert nothing.status_code == 422
    assert 'href="#answers"' in nothing.text
    with app.app_context(), transaction() as session:
        number, owner = int(base.rsplit("/", 1)[1]), reload(cafe.hands.owner)
        row = answer_rows(session, number)["gov_policy"]
        answering.save(session, owner, number, "gov_policy", Reply("partial"), row.version)
    sent = client.post(f"{base}/confirm/governance", data={"csrf_token": helpers.token(page), "answers": ticks})
    assert sent.status_code == 409
    assert "Some answers changed while you were reading" in sent.text
    assert "Partly" in sent.text
    with app.app_context():
        rows = answer_rows(db.session(), number)
    assert rows["gov_policy"].value == "partial"
    assert not any(rows[tick.partition("=")[0]].carried_over for tick in ticks), "the others are confirmed"


def test_the_page_of_a_question_says_what_was_reworded_and_which_evidence_is_too_old(
    app: Flask, cafe: Case, client: FlaskClient, tmp_path: Path
) -> None:
    edit = (GOVERNANCE, "Does the company have a written child", "Has the company got a written child")
    with clock.held(clock.now() + timedelta(days=50)), next_edition(tmp_path / "editions", edit):
        base = begin(app, cafe, client)
        page = client.get(f"{base}/question/gov_policy").text
        assert "The question was reworded since you answered it" in page
        assert "What changed: the question itself." in page
        assert "<q>Does the company have a written child" in page
        assert "is too old" not in page, "a policy holds until it ends"
        assert "has expired or is too old" in client.get(f"{base}/question/cafe_filter").text
        assert "Evidence or answer to give again" in client.get(f"{base}/renewal").text
        send(client, f"{base}/question/gov_policy", gov_policy="yes", act="stay")
        assert "carried over from the assessment before" in client.get(f"{base}/question/gov_policy").text


@pytest.mark.parametrize("accepted", [False, True])
def test_no_material_change_is_offered_only_where_the_edition_accepts_it(
    app: Flask, cafe: Case, client: FlaskClient, tmp_path: Path, accepted: bool
) -> None:
    allowed = ("lifecycle.yaml", "renewal:\n", f"renewal:\n  no_material_change: {str(accepted).lower()}\n")
    with next_edition(tmp_path / "editions", allowed):
        base = begin(app, cafe, client)
        assert ("Nothing material has changed" in client.get(f"{base}/renewal").text) is accepted
        page = client.get(f"{base}/confirm/everything?all=1")
        if not accepted:
            assert page.status_code == 404
            return
        sent = {"csrf_token": helpers.token(page), "answers": TICK.findall(page.text)}
        assert client.post(f"{base}/confirm/everything", data=sent).headers["Location"] == f"{base}/renewal"
        assert "Nothing is left to confirm" in client.get(f"{base}/renewal").text
