"""Every page of every role, in both languages, on a phone and on a desk: no barrier, no error, no great weight."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from compliance import clock
from compliance.actions import rehearsals
from compliance.actions.invitations import invite_colleague
from compliance.actions.rehearsing import Draft
from compliance.cli.demonstration import seed
from compliance.cli.demonstration.cast import CAFE, PASSWORD, PLACE, Fate, Player
from compliance.domain.roles import CompanyRole
from compliance.jobs.issue import issue
from compliance.store.appeals import Appeal
from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.people import person_by_email
from compliance.store.rehearsals import claim, complete, progressed
from scoring import load_rubric
from scoring.loading.reader import parse_yaml
from tests import examples
from tests.admin.test_rehearsals import harder
from tests.drafting import uploaded
from tests.house_rules import appeals_in_town
from tests.stories.people import DESK, PHONE, browser, somebody
from tests.stories.portal import Portal, running

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = {"width": 320, "height": 640}
HEAVIEST = 60_000


def _player(km: str, latin: str, fate: Fate, days: int) -> Player:
    return Player(km, latin, PLACE, "takeo", 3, "best", fate, days, *CAFE)


PLAYERS = (
    _player("ត្នោតផ្អែម", "Sweet Palm", "renewing", 650),
    _player("ផ្កាយព្រឹក", "Morning Star", "clarifying", 25),
    _player("ស្ពានឈើ", "Wooden Bridge", "submitted", 6),
    _player("ដើមពោធិ៍", "Bodhi Tree", "in_review", 30),
    _player("ឈូកស", "White Lotus", "recommended", 32),
    _player("ត្រីក្រឹម", "Gourami", "refused", 36),
    _player("ទន្សាយ", "Rabbit", "suspended", 100),
)
# `{draft}` and the like are filled in from the store.
PUBLIC = (
    "/", "/register", "/register?q=nobody", "/register/sweet-palm", "/register/rabbit", "/register/nobody", "/verify",
    "/verify/{number}", "/verify/{suspended}", "/verify/COP-KH-2026-99999-99", "/try", "/code", "/statistics",
    "/where-to-report", "/for-companies", "/privacy", "/accessibility", "/contact", "/account/sign-in",
    "/account/register", "/account/reset", "/account/check-mail", "/account/confirm", "/account/passkeys/sign-in",
    "/account/invitation/no-such-invitation", "/where-to-report?harm=grooming", "/where-to-report/list",
)  # fmt: skip
OWNER = (
    "/account/", "/account/password", "/account/address", "/account/address/confirm/no-such-link",
    "/account/second-factor/set-up", "/account/passkeys",
    "/account/company/{company}/people", "/account/company/{company}/people/2", "/company/{company}",
    "/account/company/{company}/people/2/remove", "/account/company/{company}/leave",
    "/company/{company}/services", "/company/{company}/services/new", "/company/{company}/history",
    "/company/{company}/details", "/company/{company}/evidence", "/company/{company}/questionnaire",
    "/company/register", "/company/{company}/check-in", "/company/{company}/declare",
    "/company/assessment/{draft}", "/company/assessment/{draft}/section/governance",
    "/company/assessment/{draft}/section/governance/all", "/company/assessment/{draft}/section/profile/all",
    "/company/assessment/{draft}/question/gov_policy/history",
    "/company/assessment/{draft}/question/gov_policy", "/company/assessment/{draft}/question/prof_features",
    "/company/assessment/{draft}/question/prof_scope", "/company/assessment/{draft}/question/gov_policy_review_date",
    "/company/assessment/{draft}/question/csam_procedure", "/company/assessment/{draft}/question/stat_csam_reports",
    "/company/assessment/{draft}/renewal", "/company/assessment/{draft}/confirm/governance?all=1",
    "/company/assessment/{draft}/score", "/company/assessment/{draft}/plan",
    "/company/assessment/{draft}/plan/gov_policy", "/company/assessment/{draft}/plan/own",
    "/company/assessment/{approved}/score", "/company/assessment/{approved}/plan",
    "/company/assessment/{draft}/form",
    "/company/assessment/{draft}/check", "/company/assessment/{draft}/withdraw", "/company/assessment/{approved}",
    "/company/assessment/{approved}/receipt", "/company/assessment/{approved}/decision", "/company/99999",
    "/company/{company}/services/try",
)  # fmt: skip
ASKED = (
    "/company/assessment/{clarifying}", "/company/assessment/{clarifying}/clarification",
    "/company/assessment/{clarifying}/question/csam_procedure", "/company/assessment/{clarifying}/receipt",
)  # fmt: skip
REVIEWER = (
    "/review/", "/review/{submitted}/declare", "/review/{in_review}", "/review/{in_review}/answer/gov_policy",
    "/review/{in_review}/answer/csam_procedure", "/review/{in_review}/ask", "/review/{in_review}/recommend",
    "/review/declarations", "/review/check-ins", "/account/second-factor/recovery-codes",
)  # fmt: skip
APPROVER = (
    "/decide/", "/decide/{recommended}", "/decide/{recommended}/declare", "/decide/awards", "/decide/awards/{award}",
)  # fmt: skip
ADMINISTRATOR = (
    "/admin/", "/admin/people", "/admin/people/{observer}", "/admin/companies",
    "/admin/companies/1", "/admin/rehearsals", "/admin/rehearsals/{rehearsed}",
    "/admin/rehearsals/{rehearsed}?show=rises", "/admin/rehearsals/{waiting}",
    "/admin/audit", "/admin/audit?about=company:1", "/admin/audit/verify", "/admin/outbox", "/admin/outbox/1",
    "/admin/sessions", "/admin/hotlines", "/admin/hotlines/1", "/admin/signatory", "/admin/health", "/admin/keys",
    "/admin/retention", "/admin/editions", "/admin/editions/drafts/1", "/admin/editions/drafts/1/texts",
    "/admin/editions/drafts/1/texts/question-gov_policy", "/admin/editions/drafts/1/compare", "/admin/rules",
    "/admin/marks",
)  # fmt: skip
# Who reads what; the empty address signs nobody in. Pages of appeals are read at night.
APPEALS = {
    "appellant": ("gourami@companies.example", ("/company/assessment/{refused}/appeal",)),
    "lodged": ("rabbit@companies.example", ("/company/appeals/{appeal}", "/company/appeals/{appeal}/withdraw")),
    "panel": ("panel_member@demonstration.example", ("/appeals/", "/appeals/{appeal}")),
    "panel2": ("panel_member2@demonstration.example", ("/appeals/{appeal}/declare",)),
}
VISITS = {
    "public": ("", PUBLIC),
    "owner": (seed.OWNER, OWNER),
    "asked": ("morningstar@companies.example", ASKED),
    "reviewer": ("reviewer@demonstration.example", REVIEWER),
    "approver": ("approver2@demonstration.example", APPROVER),
    "administrator": ("administrator@demonstration.example", ADMINISTRATOR),
    **(APPEALS if examples.at_night() else {}),
}


@dataclass
class Seen:
    """A page as it is being looked at, and what was wrong with it."""

    page: Page
    wrong: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def opened(portal: Portal) -> Iterator[Browser]:  # the portal first: sealing its certificates wants its own event loop
    with browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running(tmp_path_factory.mktemp("accessible"), worker=False) as started:
        with started.app.app_context():
            seed.play(started.app, started.settings, PLAYERS)
            issue(started.settings)
            with transaction() as session:
                owner = person_by_email(session, seed.OWNER)
                assert owner is not None
                invite_colleague(
                    session, owner.actor(), 1, "asked@companies.example", CompanyRole.VIEWER, "en", lambda w, _lang: w
                )  # fmt: skip
                by_name = {one.name_latin: one for one in session.query(Company)}
                appeals_in_town.play(
                    session, by_name["Gourami"], by_name["Rabbit"], by_name["Sweet Palm"], "On page 2."
                )
            rehearsed()
        yield started


def rehearsed() -> None:
    """One rehearsal that is done, and one that some worker is busy with for the whole day."""
    administrator = person_by_email(db.session(), "administrator@demonstration.example")
    assert administrator is not None
    uploaded(administrator.actor(), "2028")
    for name, until in (("harder.yaml", 0), ("later.yaml", 1)):
        with transaction() as session:
            draft = Draft(name, load_rubric(parse_yaml(harder())))
            rehearsals.request(session, administrator.actor(), draft, "rubric", name)
            run = claim(session, clock.now() + timedelta(days=until))
            assert run is not None
            progressed(session, run.id, run.attempts, clock.now() + timedelta(days=until), 2, 5)
        if not until:
            result = rehearsals.work_through(db.session(), run, lambda _done, _all: None)
            with transaction() as session:
                complete(session, run.id, run.attempts, clock.now(), result=result, failure="")


@pytest.fixture(scope="module")
def places(portal: Portal) -> dict[str, str]:
    """The numbers that addresses are filled with."""
    with portal.app.app_context():
        session = db.session()
        found = {str(one.state): str(one.id) for one in session.query(Assessment).order_by(Assessment.id.desc())}
        suspended = session.query(Company).filter_by(name_latin="Rabbit").one()
        awards = {one.company_id: one for one in session.query(Award)}
        observer = person_by_email(session, "observer@demonstration.example")
        assert observer is not None
        first = session.query(Assessment).filter_by(company_id=1, state="approved").one()
        return {
            **found,
            "approved": str(first.id),
            "company": "1",
            "award": str(awards[1].id),
            "number": awards[1].number,
            "suspended": awards[suspended.id].number,
            "appeal": str(session.query(Appeal).filter_by(company_id=suspended.id).one().id),
            "observer": str(observer.id),
            "rehearsed": "1",
            "waiting": "2",
        }


def sizes(number: int, lang: str) -> tuple[dict[str, int], ...]:
    """Where a page is looked at: by day once, one page in Khmer and the next in English, by turns on a phone and on a
    desk; at night in both languages on both."""
    if examples.at_night():
        return PHONE, DESK
    return ((PHONE, DESK)[number // 2 % 2],) if (number % 2 == 0) == (lang == "km") else ()


def look(seen: Seen, axe: Axe, where: str, on: tuple[dict[str, int], ...]) -> None:
    """The page as it is: barriers on these sizes, and what sticks out on the smallest phone."""
    seen.page.evaluate(axe.axe_script)
    for size in on:
        seen.page.set_viewport_size(size)  # type: ignore[arg-type]
        found = seen.page.evaluate("tags => axe.run({resultTypes: ['violations'], runOnly: tags})", TAGS)
        seen.wrong += [
            f"{where} at {size['width']}: {one['id']} {[node['target'] for node in one['nodes']][:3]}"
            for one in found["violations"]
        ]
    seen.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    if (width := seen.page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"] + 1:
        seen.wrong.append(f"{where} is {width} wide at 320")


def page_weight(html: bytes) -> int:
    """The page with its styles, scripts and pictures, as its own addresses say; the picture that a telephone asks for
    only when it keeps the page among its programs is not loaded with it."""
    html = re.sub(rb'<link rel="apple-touch-icon"[^>]*>', b"", html)
    files = re.findall(rb"""(?:src|href)=["'](/static/[^"'?]+\.(?:css|js|svg|png|webp|avif|jpg))""", html)
    root = Path(__file__).parents[2]
    return len(gzip.compress(html, 6)) + sum(packed(root / name.decode().lstrip("/")) for name in set(files))


@cache
def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


@pytest.mark.night
@pytest.mark.parametrize("lang", ["km", "en"])
@pytest.mark.parametrize("who", VISITS)
def test_pages(opened: Browser, portal: Portal, places: dict[str, str], who: str, lang: str) -> None:
    email, addresses = VISITS[who]
    with somebody(opened, portal, who, lang) as reader:
        if email:
            reader.sign_in(email, PASSWORD)
        seen, axe, reader.wrong = Seen(reader.page), Axe(), []
        for number, address in enumerate(addresses):
            if not (on := sizes(number, lang)):
                continue
            where = f"/{lang}{address.format_map(places)}"
            answer = reader.page.goto(f"{portal.url}{where}")
            assert answer is not None
            if answer.status not in {200, 404, 410}:
                seen.wrong.append(f"{where} answers {answer.status}")
            if (weight := page_weight(answer.body())) > HEAVIEST:
                seen.wrong.append(f"{where} weighs {weight}")
            look(seen, axe, where, on)
        reader.wrong = [word for word in reader.wrong if "404" not in word and "410" not in word]
        assert not seen.wrong, "\n".join(seen.wrong)


FORMS = (
    ("", "/account/register"), ("", "/account/sign-in"), ("", "/account/reset"), ("", "/verify"),
    (seed.OWNER, "/company/register"), (seed.OWNER, "/company/assessment/{draft}/plan/gov_policy"),
    (seed.OWNER, "/account/company/{company}/people"), (seed.OWNER, "/account/password"),
    ("reviewer@demonstration.example", "/review/{submitted}/declare"),
    ("reviewer@demonstration.example", "/review/{in_review}/ask"), (seed.OWNER, "/account/address"),
    ("administrator@demonstration.example", "/admin/rehearsals"),
)  # fmt: skip


@pytest.mark.night
@pytest.mark.parametrize("lang", ["km", "en"])
def test_pages_with_errors(opened: Browser, portal: Portal, places: dict[str, str], lang: str) -> None:
    """Every main form sent empty: the errors are said without a barrier too."""
    axe, wrong = Axe(), []
    for email in dict.fromkeys(email for email, _address in FORMS):
        with somebody(opened, portal, "visitor", lang) as reader:
            if email:
                reader.sign_in(email, PASSWORD)
            seen = Seen(reader.page)
            for number, address in enumerate(one for owner, one in FORMS if owner == email):
                if not (on := sizes(number, lang)):
                    continue
                reader.go(address.format_map(places))
                reader.page.evaluate("document.querySelectorAll('main form').forEach(form => form.noValidate = true)")
                form = reader.page.locator("main form:has(input:not([type=hidden]), textarea)").first
                with reader.page.expect_navigation():
                    form.locator("button").last.click()
                if not reader.page.locator(".govuk-error-summary, .govuk-error-message").count():
                    wrong.append(f"{address} says nothing about the mistake")
                look(seen, axe, f"{lang} {address} with errors", on)
            wrong += seen.wrong
            reader.wrong = [word for word in reader.wrong if "422" not in word and "404" not in word]
    assert not wrong, "\n".join(wrong)


HAS_FOCUS_RING = """(() => { const s = getComputedStyle(document.activeElement);
    return s.outlineStyle !== 'none' || s.boxShadow !== 'none' || s.backgroundColor !== 'rgba(0, 0, 0, 0)' })()"""


@pytest.mark.parametrize("address", ["/", "/register", "/account/sign-in", "/try"])
def test_the_keyboard_goes_first_to_the_content(opened: Browser, portal: Portal, address: str) -> None:
    """The first Tab shows the way past the masthead; whatever has the focus is seen to have it."""
    with somebody(opened, portal, "public", "km") as reader:
        reader.go(address)
        reader.page.keyboard.press("Tab")
        skip = reader.page.locator(":focus")
        assert skip.get_attribute("href") == "#main"
        assert skip.bounding_box()["height"] > 10  # type: ignore[index]
        for _press in range(8):
            reader.page.keyboard.press("Tab")
            assert reader.page.evaluate(HAS_FOCUS_RING), reader.page.evaluate("document.activeElement.outerHTML")
