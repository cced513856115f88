"""A reviewer at the desk: one screen an answer, letters that rule it, and what sixty answers cost: `-s` prints it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from unittest.mock import patch

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from compliance.actions.companies import register_company
from compliance.actions.company_details import CompanyDetails
from compliance.actions.under_review import under_review
from compliance.cli.demonstration import acts, answers
from compliance.cli.demonstration.acts import Hands
from compliance.cli.demonstration.cast import SOCIAL, Player
from compliance.domain.roles import Role
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.files import file_store
from compliance.store.people import Person
from questionnaires import current
from tests import examples
from tests.actions.cases import person, reload
from tests.helpers import PASSWORD
from tests.stories.people import browser, somebody
from tests.stories.portal import Portal, running

KINDS = ("platform", *(kind.id for kind in current().kinds if kind.id != "platform"))
PLAYER = Player("គ្រប់មុខ", "Everything", KINDS, "phnom-penh", 40, "good", "in_review", 26, *SOCIAL)
ASKED = 58
"""At least so many answers: the company does everything, so that it is asked nearly everything."""
REVIEWER = "reviewer@ministry.example"
MOST_KEYS = 130
SETTLED = 400
"""A letter that sends does nothing in the first moments of a page, in milliseconds."""
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
HTML_MOST = 60_000
STATES = (
    ("c", "#evidence", "#reason"),
    ("n", "#reason", "#evidence"),
    ("q", "#note", "#reason"),
    ("a", "#adjusted", "#x"),
)
"""A letter, what it shows and what it hides."""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running(tmp_path_factory.mktemp("desk"), worker=False) as started:
        with started.app.app_context(), patch.dict(answers.FEATURES, {"platform": every_feature()}):
            play(started)
        yield started


def every_feature() -> frozenset[str]:
    options = current().question(current().texts.features_question).options
    return frozenset(option.value for option in options if not option.exclusive)


def play(portal: Portal) -> None:
    """The company has answered and submitted; the reviewer, whose second factor is set up, has taken it."""
    owner = person("owner@everything.example")
    with transaction() as session:
        details = CompanyDetails(PLAYER.name_km, PLAYER.name_latin, "T-1", KINDS, PLAYER.workers, PLAYER.province)
        company, _membership = register_company(session, owner, details, set(KINDS))
        company_id = company.id
    reviewer = person(REVIEWER, Role.REVIEWER)
    hands = Hands(reload(owner), reviewer, reviewer, reviewer, file_store(portal.settings), portal.url)
    assessment = acts.fill(PLAYER, hands, company_id, 0)
    acts.submit(hands, assessment, 0)
    acts.claim(hands, assessment, 0)
    with transaction() as session:
        factory = portal.app.extensions["security"].totp_factory
        who = session.get_one(Person, reviewer.user_id)
        who.tf_primary_method, who.tf_totp_secret = "authenticator", factory.generate_totp_secret()
        who.mf_recovery_codes = factory.generate_recovery_codes(8)


@pytest.fixture(scope="module")
def opened(portal: Portal) -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def case(portal: Portal) -> tuple[int, tuple[str, ...]]:
    """The assessment and the questions to rule."""
    with portal.app.app_context():
        assessment = db.session().query(Assessment).one()
        return assessment.id, under_review(db.session(), assessment).to_rule


def on_screen(page: Page, selector: str) -> bool:
    """Whole, without scrolling."""
    box = page.locator(selector).bounding_box()
    return page.evaluate("scrollY") == 0 and box is not None and box["y"] + box["height"] <= 900


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None, selector
    return box["y"]


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None, selector
    return box["y"] + box["height"]


def test_one_screen_an_answer(opened: Browser, portal: Portal, case: tuple[int, tuple[str, ...]]) -> None:
    number, _questions = case
    with somebody(opened, portal, "reviewer", "km") as reviewer:
        page = reviewer.page
        reviewer.sign_in(REVIEWER, PASSWORD)
        answer = page.goto(f"{portal.url}/km/review/{number}/answer/gov_policy")
        assert answer is not None
        assert len(answer.body()) < HTML_MOST
        assert on_screen(page, ".m-quick"), "nothing is chosen: one press confirms"
        page.wait_for_function("() => document.querySelector('.m-sheet img').naturalWidth > 300")
        for letter, shown, hidden in STATES:
            page.keyboard.press(letter)
            assert on_screen(page, ".m-save"), letter
            assert bottom(page, "#note") <= top(page, ".m-go--stick"), f"{letter}: the note lies under the sticky Save"
            assert page.locator(shown).is_visible(), letter
            assert not page.locator(hidden).is_visible(), letter
        stays_typed(page)
        without_barriers(page)
        page.set_viewport_size({"width": 360, "height": 780})
        assert page.evaluate("document.documentElement.scrollWidth") <= 361
        page.once("dialog", lambda dialog: dialog.accept())
        page.goto("about:blank")


def stays_typed(page: Page) -> None:
    """Letters are letters in a field; what is typed stays for another verdict; letters can be switched off."""
    page.locator("#note").focus()
    page.keyboard.type("neqs")
    assert page.input_value("#note") == "neqs"
    page.locator(".m-rule h2").click()
    page.keyboard.press("n")
    assert page.is_checked("input[value=not_supported]")
    assert page.input_value("#note") == "neqs"
    page.locator(".m-keys summary").click()
    page.locator(".m-keys button").click()
    page.keyboard.press("c")
    assert page.is_checked("input[value=not_supported]"), "switched off"
    page.locator(".m-keys button").click()
    page.locator(".m-keys button").blur()
    page.keyboard.press("a")
    assert page.is_checked("input[value=adjust]"), "and on again"
    page.evaluate("scrollTo(0, 0)")


def without_barriers(page: Page) -> None:
    page.evaluate(Axe().axe_script)
    found = page.evaluate("tags => axe.run({resultTypes: ['violations'], runOnly: tags})", TAGS)
    assert not [(one["id"], [node["target"] for node in one["nodes"]]) for one in found["violations"]]


def test_fields_of_a_verdict_come_without_a_script(
    opened: Browser, portal: Portal, case: tuple[int, tuple[str, ...]]
) -> None:
    with somebody(opened, portal, "reviewer", "en", javascript=False) as reviewer:
        page = reviewer.page
        reviewer.sign_in(REVIEWER, PASSWORD)
        reviewer.go(f"/review/{case[0]}/answer/gov_policy")
        assert not page.locator("#adjusted").is_visible()
        assert not page.locator(".m-keys").is_visible()
        page.check("input[value=adjust]")
        page.select_option("#adjusted", "no")
        page.fill("#note", "It is a draft.")
        page.check("input[value=not_supported]")
        assert page.input_value("#note") == "It is a draft."
        page.locator(".m-save").click()
        assert page.locator("#reason-error").is_visible()
        assert page.input_value("#note") == "It is a draft."


@dataclass
class Hand:
    """Counts what is pressed; what is typed in fields is counted apart, for it is the same on any page."""

    page: Page
    keys: int = 0
    clicks: int = 0
    typed: int = 0
    asked_for: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.typed += len(text)

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.clicks += 1


REFUSE = ("n", "Tab", "ArrowDown", "Tab")
ADJUST = ("a", "Tab", "ArrowDown", "Tab", "ArrowDown", "Tab", "Space", "Tab")
ASK = ("q", "Tab")
SAVE = ("Tab", "Tab", "Enter")
BY_HAND = {7: REFUSE, 11: ADJUST, 19: ASK, 23: REFUSE, 37: ADJUST}
"""Rulings that take words, among answers that are confirmed. In the suite only the first answers are ruled."""


@pytest.mark.night
def test_what_all_answers_cost(opened: Browser, portal: Portal, case: tuple[int, tuple[str, ...]]) -> None:
    number, questions = case
    with somebody(opened, portal, "reviewer", "en") as reviewer:
        reviewer.sign_in(REVIEWER, PASSWORD)
        hand = Hand(reviewer.page)
        reviewer.page.on("request", lambda request: hand.asked_for.append(request.url))
        began = time.monotonic()
        reviewer.go(f"/review/{number}")
        hand.click("main a.govuk-button[href*='/answer/']")
        ruled = len(questions) if examples.at_night() else 13
        for place in range(ruled):
            assert "/answer/" in reviewer.page.url, f"{place} of {len(questions)}"
            rule_one(hand, place)
        seconds = time.monotonic() - began
        print(f"{ruled} answers: {hand.keys} keys, {hand.clicks} clicks, {hand.typed} typed, {seconds:.0f} s")
        assert len(questions) >= ASKED
        assert hand.keys <= (MOST_KEYS if examples.at_night() else 34)
        assert not [url for url in hand.asked_for if f"/evidence/{number}/" in url and not url.endswith(".webp")]
        assert ruled < len(questions) or reviewer.page.url.endswith("/ask"), "what is to be asked comes last"


def rule_one(hand: Hand, place: int) -> None:
    page = hand.page
    page.wait_for_load_state("load")
    page.wait_for_timeout(SETTLED)
    single = page.locator("select#adjusted").count()
    way = BY_HAND.get(place)
    with page.expect_navigation():
        if way is None or (way is ADJUST and not single):
            hand.press("e")
            return
        files = page.locator("#evidence").count()
        hand.press(*(way if way is not ADJUST or files else ADJUST[:-2]))
        hand.type("As we read it, this is not shown.")
        hand.press(*SAVE)
