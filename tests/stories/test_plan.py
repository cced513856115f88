"""From the score to a plan with nothing but a keyboard: what if, one press, one tick."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from compliance.actions import renewing
from compliance.store.base import db, transaction
from compliance.store.plans import plan_of
from tests.helpers import PASSWORD, company, person, reload
from tests.stories.people import PHONE, browser
from tests.stories.portal import free_port

OWNER = "owner@company.example"


@pytest.fixture
def draft(app: Flask) -> Iterator[str]:
    """The address of a new draft on a running server."""
    with app.app_context():
        owner = person(OWNER, language="km")
        company_id = company(owner).id
        with transaction() as session:
            number = renewing.start(session, reload(owner).actor(), company_id).id
        db.session.remove()
    server = make_server("127.0.0.1", free_port(), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/km/company/assessment/{number}"
    server.shutdown()
    thread.join(20)


def sign_in(page: Page, draft: str) -> None:
    page.goto(draft.partition("/company")[0] + "/account/sign-in")
    page.fill("#email", OWNER)
    page.fill("#password", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_load_state()


@pytest.mark.sqlite_only
def test_a_score_becomes_a_plan(app: Flask, draft: str) -> None:
    with browser() as chromium:
        page = chromium.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
        sign_in(page, draft)
        page.goto(f"{draft}/score")
        try_out(page)
        make_and_tick(page)
        page.context.close()
    with app.app_context():
        steps = plan_of(db.session(), int(draft.rpartition("/")[2]))
        assert sum(step.done_on is not None for step in steps) == 1


def try_out(page: Page) -> None:
    """Switches are pressed with the space bar; the result follows at once."""
    result = page.locator("[data-live-result]")
    before, switches = result.inner_text(), page.locator("input[role=switch]")
    for number in range(switches.count()):
        switches.nth(number).focus()
        page.keyboard.press("Space")
    page.wait_for_function("before => document.querySelector('[data-live-result]').innerText !== before", arg=before)
    page.wait_for_url("**try=**")
    assert not page.locator(".cp-live-ask").is_visible()


def make_and_tick(page: Page) -> None:
    page.locator("form[action$='/plan/make'] button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan")
    assert page.locator("button[data-print]").is_visible()
    first = page.locator(".cp-plan li").first.locator("button[name=done]")
    first.focus()
    page.keyboard.press("Enter")
    page.locator("#part-done").wait_for()
    page.emulate_media(media="print")
    assert not page.locator("button[name=drop]").first.is_visible()
    assert page.locator(".cp-plan h3").first.is_visible()
