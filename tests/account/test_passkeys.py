"""A passkey in a real browser: added, used to sign in without a password, removed."""

import re
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from compliance.domain.roles import Role
from tests.helpers import PASSWORD, code_now, person, sign_in

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://localhost:{server.port}"
    portal = app.extensions["portal_settings"]
    monkeypatch.setitem(app.extensions, "portal_settings", type(portal)(**{**vars(portal), "public_url": address}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        context = browser.new_context()
        page = context.new_page()
        devices = context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield page
        browser.close()


def test_a_reviewer_signs_in_with_a_passkey_alone(app: Flask, client: FlaskClient, served: str, page: Page) -> None:
    with app.app_context():
        person("reviewer@ministry.example", Role.REVIEWER)
    sign_in(client, "reviewer@ministry.example")

    page.goto(f"{served}/en/account/sign-in")
    page.fill("#email", "reviewer@ministry.example")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.fill("#code", code_now(app, "reviewer@ministry.example"))
    page.click("main button")
    page.goto(f"{served}/en/account/passkeys")
    page.fill("#name", "work laptop")
    page.click("#wan_register, main form button >> nth=-1")
    page.wait_for_selector("text=work laptop")

    page.context.clear_cookies()
    page.goto(f"{served}/en/account/passkeys/sign-in")
    page.click("main form button")
    page.wait_for_url(re.compile(r"/account/(?!passkeys)|/reviewer"))
    page.goto(f"{served}/en/account/")
    assert page.inner_text("h1") == "My account"

    page.goto(f"{served}/en/account/passkeys")
    page.click("text=Remove")
    page.wait_for_load_state()
    page.goto(f"{served}/en/account/passkeys")
    assert "work laptop" not in page.inner_text("main").replace("removed", "")
