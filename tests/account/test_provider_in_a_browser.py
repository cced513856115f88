"""In a real browser, on a phone, in Khmer: out to the provider and back, past the policies that browsers enforce."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from compliance.settings import Settings
from tests.account.conftest import Reserved
from tests.account.test_passkeys import FLAGS
from tests.account.through import DARA, with_provider
from tests.helpers import person
from tests.provider import Provider


@pytest.fixture
def settings(settings: Settings, provider: Provider, reserved: Reserved) -> Settings:
    return replace(with_provider(settings, provider.issuer), public_url=f"http://localhost:{reserved.port}")


@pytest.fixture
def served(app: Flask, settings: Settings, reserved: Reserved) -> Iterator[str]:
    server = make_server("127.0.0.1", reserved.port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield settings.public_url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser.new_context(viewport={"width": 360, "height": 740}, locale="km").new_page()
        browser.close()


def signs_in_there(page: Page, subject: str) -> None:
    """The provider's own form."""
    page.fill("input[name=login]", subject)
    page.fill("input[name=password]", "any")
    page.click("button[type=submit]")


def test_an_officer_signs_in_and_takes_the_binding_back(
    app: Flask, served: str, page: Page, provider: Provider
) -> None:
    with app.app_context():
        person(DARA, language="km")
    subject = provider.knows("s1", DARA)
    page.goto(f"{served}/km/account/sign-in?next=/km/account/")
    page.click("text=ឆ្លងដែន")
    assert page.url.startswith(provider.issuer)
    signs_in_there(page, subject)
    page.wait_for_url(f"{served}/km/account/")
    assert "ចូលគណនីនេះបាន" in page.inner_text("main")

    page.click("main a[href$='/provider/remove']")
    page.click("main form button")
    page.wait_for_url(f"{served}/km/account/")
    assert "លែងអាចចូល" in page.inner_text("main")

    page.click("main form button >> nth=-1")
    page.wait_for_url(re.compile(r"/km/$"))
    page.goto(f"{served}/km/account/sign-in")
    page.click("text=ឆ្លងដែន")
    page.wait_for_url(f"{served}/km/**")
    assert "/sign-in" not in page.url, "the provider knows them still: one click"
