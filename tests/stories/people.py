"""People in front of their browsers: what they press and type, and pictures of what they see."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests import examples
from tests.helpers import code_now
from tests.stories.portal import Portal

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SHOTS = Path(__file__).parent / "shots"
PHONE, DESK = {"width": 375, "height": 780}, {"width": 1280, "height": 900}


@dataclass
class Somebody:
    """One person: a browser context of their own, a language, and a list of what went wrong on their pages."""

    name: str
    portal: Portal
    page: Page
    lang: str
    wrong: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        answer = self.page.goto(f"{self.portal.url}/{self.lang}{path}")
        assert answer is not None
        assert answer.status < 400, f"{path} answers {answer.status}"

    def press(self, name: str = "") -> None:
        """The main button of the page's form, or the button or link whose address or value contains `name`."""
        if name:
            self.page.locator(
                f"main [href*='{name}'], main form[action*='{name}'] button, main [value='{name}']"
            ).first.click()
        else:
            self.page.locator("main form button[type=submit], main form button:not([type])").last.click()
        self.page.wait_for_load_state()

    def picture(self, name: str) -> None:
        """The page on a desk and on a phone: nothing may stick out sideways. Kept in `shots/` at night."""
        for size, word in ((DESK, "desk"), (PHONE, "phone")):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.evaluate("document.fonts.ready")
            wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
            assert not wide, f"{name} scrolls sideways on a {word}"
            path = SHOTS / f"{self.lang}-{name}-{word}.png"
            if examples.at_night():
                self.page.screenshot(path=path, full_page=True)
        self.page.set_viewport_size(DESK if self.name != "officer" else PHONE)  # type: ignore[arg-type]

    def sign_in(self, email: str, password: str) -> None:
        self.go("/account/sign-in")
        self.page.fill("#email", email)
        self.page.fill("#password", password)
        self.press()
        if "second-factor" in self.page.url:
            self.page.fill("input[name=code]", code_now(self.portal.app, email))
            self.press()
        assert "sign-in" not in self.page.url, self.page.inner_text("main")


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    playwright: Playwright
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def somebody(opened: Browser, portal: Portal, name: str, lang: str, *, javascript: bool = True) -> Iterator[Somebody]:
    """Somebody sits down; when they leave, nothing may have gone wrong on any of their pages."""
    SHOTS.mkdir(exist_ok=True)
    context = opened.new_context(
        viewport=PHONE if name == "officer" else DESK,  # type: ignore[arg-type]
        java_script_enabled=javascript,
        locale="km-KH" if lang == "km" else "en-GB",
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    person = Somebody(name, portal, page, lang)
    page.on("console", lambda message: _listen(person, message.type, message.text, message.location.get("url", "")))
    page.on("pageerror", lambda error: person.wrong.append(str(error)))
    page.on("request", lambda request: _only_ours(person, request.url))
    page.on(
        "response",
        lambda answer: (
            person.wrong.append(f"{answer.status} {answer.url}")
            if answer.status >= 500 and not _later(answer.status, answer.url)
            else None
        ),
    )
    yield person
    context.close()
    assert not person.wrong, person.wrong


def _listen(person: Somebody, kind: str, text: str, url: str) -> None:
    """A form sent back with its errors (422) is news to the browser, not to us; so is a copy kept on the device that is
    sent once more after its assessment is closed (409): the server has the answer already."""
    late = "409" in text and url.endswith("/autosave")
    if kind == "error" and "422" not in text and not late and not _later(503 if "503" in text else 0, url):
        person.wrong.append(f"{text} {url}")


def _later(status: int, url: str) -> bool:
    """The picture of a page of evidence, asked for while others are drawn: it is there at the next look."""
    return status == 503 and re.search(r"/page/\d+\.webp$", url) is not None


def _only_ours(person: Somebody, url: str) -> None:
    if not re.match(rf"{re.escape(person.portal.url)}|blob:", url):
        person.wrong.append(f"a request to somebody else: {url}")
