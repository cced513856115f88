"""The walk: a company earns an award, in Khmer and in English, with four people in four browsers."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from compliance import clock
from compliance.actions.accounts import create_person
from compliance.cli.demonstration.documents import document
from compliance.domain.roles import Role
from compliance.jobs import deliver, remind
from compliance.jobs.letters import Letters
from compliance.jobs.links import links_of
from compliance.store.awards import Award, award_by_number
from compliance.store.base import db, transaction
from tests import examples
from tests.helpers import PASSWORD
from tests.stories.people import Somebody, browser, somebody
from tests.stories.portal import Portal, running


@dataclass(frozen=True)
class Cafe:
    """Whose walk it is: both lead through one portal."""

    officer: str
    km: str
    en: str
    number: str

    def name(self, lang: str) -> str:
        return self.km if lang == "km" else self.en


CAFES = {
    "km": Cafe("officer@river.example", "ហាងអ៊ីនធឺណិត មាត់ទន្លេ", "Riverside Café", "00012345"),
    "en": Cafe("officer@hill.example", "កាហ្វេ លើភ្នំ", "Hilltop Café", "00054321"),
}
LED = (("km", "km"), ("en", "en")) if examples.at_night() else (("km", "en"),)
"""The languages of the company, and of the ministry and the public: by day one walk through pages of both."""
QUESTION = "What did the visit in May change?"
SCOPE = "ហាងអ៊ីនធឺណិតមួយកន្លែងនៅមាត់ទន្លេ កុំព្យូទ័រ និងវ៉ាយហ្វាយ"


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running(tmp_path_factory.mktemp("walk")) as started:
        with started.app.app_context(), transaction() as session:
            for role in (Role.REVIEWER, Role.APPROVER):
                who = create_person(session, f"{role}@ministry.example", role.title(), "en", PASSWORD, (role,))
                factory = started.app.extensions["security"].totp_factory
                who.tf_primary_method, who.tf_totp_secret = "authenticator", factory.generate_totp_secret()
                who.mf_recovery_codes = factory.generate_recovery_codes(8)
        yield started


@pytest.mark.night
@pytest.mark.parametrize(("lang", "others"), LED)
def test_a_company_earns_an_award(opened: Browser, portal: Portal, tmp_path: Path, lang: str, others: str) -> None:
    policy = tmp_path / "គោលនយោបាយ.pdf"
    policy.write_bytes(document("Riverside Cafe", "Child protection policy"))
    with somebody(opened, portal, "officer", lang) as officer:
        register(officer)
        answer_everything(officer, policy)
        plan_and_submit(officer)
        with somebody(opened, portal, "reviewer", others) as reviewer:
            review_and_ask(reviewer)
            reply(officer, opened)
            finish_review(reviewer)
        with somebody(opened, portal, "approver", others) as approver:
            approve(approver)
        officer.page.reload()
        officer.go("/company/")
        officer.picture("23-company-with-award")
    with somebody(opened, portal, "public", others, javascript=False) as reader:
        number = look_it_up(reader)
    check_certificate(portal, number, CAFES[lang])
    remind_once(portal, number, CAFES[lang].officer)


def whose(who: Somebody) -> Cafe:
    """The café that this person has to do with."""
    return CAFES[who.lang if examples.at_night() else "km"]


def register(officer: Somebody) -> None:
    """An account, its confirmation by mail, a company; a mistake loses nothing typed."""
    page, cafe = officer.page, whose(officer)
    officer.go("/")
    officer.picture("01-home")
    officer.go("/account/register")
    officer.picture("02-register")
    page.fill("#full_name", "Sok Dara")
    page.fill("#email", cafe.officer)
    page.fill("#password", "short")
    officer.press()
    assert page.input_value("#full_name") == "Sok Dara"
    assert page.locator(".govuk-error-summary").is_visible()
    officer.picture("03-register-error")
    page.fill("#password", PASSWORD)
    if page.locator("#password_confirm").count():
        page.fill("#password_confirm", PASSWORD)
    officer.press()
    page.goto(officer.portal.link(cafe.officer, "/account/confirm/"))
    if page.locator("main form").count():
        officer.press()
    officer.sign_in(cafe.officer, PASSWORD)
    officer.go("/company/register")
    page.fill("#name_km", cafe.km)
    page.fill("#name_latin", cafe.en)
    page.check("input[name=kinds][value=internet_cafe]")
    page.fill("#workers", "៣")
    page.select_option("#province", "takeo")
    officer.press()
    assert page.input_value("#name_km") == cafe.km
    officer.picture("04-company-error")
    page.fill("#registration_number", cafe.number)
    officer.press()
    officer.picture("05-company")


def answer_everything(officer: Somebody, policy: Path) -> None:
    """Every question, the best answer, on a phone; the first files uploaded, then the same ones linked."""
    page = officer.page
    officer.press("/start")
    officer.picture("06-tasks")
    page.locator("main a[href*='/section/']").first.click()
    if "/question/" not in page.url:
        page.locator("main a[href*='/question/']").first.click()
    asked = 0
    while "/question/" in page.url:
        asked += 1
        assert asked < 60, "the questionnaire does not end"
        here = page.url.rsplit("/question/", 1)[1].partition("?")[0].partition("#")[0]
        if here == "prof_scope":
            refuse_too_short(officer)
        answer(officer, here, policy)
        if here in {"prof_features", "gov_policy", "gov_policy_review_date", "stat_csam_reports"}:
            officer.picture(f"07-question-{here}")
        with page.expect_navigation():
            page.locator("main button[name=act][value=continue]").click()
        assert not page.locator(".govuk-error-summary").count(), f"{here}: {page.inner_text('.govuk-error-summary')}"
    assert asked >= 31


def refuse_too_short(officer: Somebody) -> None:
    """A text that is too short is refused beside the field and stays as it was typed."""
    officer.page.fill("#prof_scope", "ខ្លី")
    with officer.page.expect_navigation():
        officer.page.locator("main button[name=act][value=continue]").click()
    assert officer.page.input_value("#prof_scope") == "ខ្លី"
    officer.picture("08-question-error")


TEXTS = {"prof_scope": SCOPE, "gov_policy_public": "https://river.example/policy"}
CHOICES = {"prof_features": "public_access", "prof_child_users": "likely"}
NO_FILE = {"prof_scope", *CHOICES}


def answer(officer: Somebody, question: str, policy: Path) -> None:
    """The first option is the best in this edition; numbers, dates and texts as they are asked."""
    page = officer.page
    if question in CHOICES:
        page.check(f"input[value={CHOICES[question]}]")
    elif question in TEXTS:
        page.fill(f"#{question}", TEXTS[question])
    elif question.startswith("stat_"):
        page.fill(f"#{question}", "7" if question == "stat_csam_reports" else "5")
    else:
        choose_best(officer, question)
    give_evidence(officer, question, policy)


def choose_best(officer: Somebody, question: str) -> None:
    controls = officer.page.locator(f"main [name='{question}']").all()
    kind = controls[0].get_attribute("type") if controls else "none"
    if kind == "radio":
        controls[0].check()
    elif kind == "checkbox":
        for box in controls:
            if box.get_attribute("value") != "none_of_these":
                box.check()
    elif len(controls) == 3:
        for box, text in zip(controls, ("១", "៦", "២០២៦"), strict=True):
            box.fill(text)


def give_evidence(officer: Somebody, question: str, policy: Path) -> None:
    """The policy is uploaded once; later answers use the file that is there."""
    known = officer.page.locator("select[name=known_file]")
    if question in NO_FILE:
        return
    if known.count() and known.locator("option").count() > 1:
        known.select_option(index=1)
    else:
        officer.page.set_input_files("#file", str(policy))


def plan_and_submit(officer: Somebody) -> None:
    page = officer.page
    page.locator("main h1").first.wait_for()
    number = re.search(r"/assessment/(\d+)", page.url)
    assert number, page.url
    base = f"/company/assessment/{number.group(1)}"
    officer.go(f"{base}/score")
    officer.picture("09-score")
    officer.go(f"{base}/plan/edu_awareness")
    page.fill("#action", "យុទ្ធនាការយល់ដឹងពីរដងក្នុងមួយឆ្នាំ")
    page.fill("#responsible", "Sok Dara")
    future = clock.today() + timedelta(days=120)
    boxes = page.locator("[name=due_on]")
    if boxes.count() == 3:
        for box, text in zip(boxes.all(), (future.day, future.month, future.year), strict=True):
            box.fill(str(text))
    else:
        boxes.fill(future.isoformat())
    officer.picture("10-plan-step")
    officer.press()
    officer.go(f"{base}/plan")
    officer.picture("11-plan")
    officer.go(f"{base}/check")
    officer.picture("12-check")
    officer.go(f"{base}/submit")
    officer.press()
    page.locator(".govuk-error-summary").wait_for()
    page.fill("#name", "Sok Dara")
    page.fill("#position", "ម្ចាស់ហាង")
    page.check("#agreed")
    officer.picture("13-declaration")
    officer.press()
    assert re.search(r"[0-9a-f]{64}", page.inner_text("main").replace(" ", "")), "the receipt shows the digest"
    officer.picture("14-receipt")
    cafe = whose(officer)
    officer.portal.mail(cafe.officer, cafe.name(officer.lang))


def review_and_ask(reviewer: Somebody) -> None:
    """Declares, claims, rules every answer, asks one question."""
    page = reviewer.page
    reviewer.sign_in("reviewer@ministry.example", PASSWORD)
    reviewer.go("/review/queue")
    reviewer.picture("15-queue")
    open_case(reviewer)
    page.check("input[name=tie][value=no]")
    reviewer.picture("16-declare")
    reviewer.press()
    reviewer.picture("17-assessment")
    rule_what_is_left(reviewer, picture="18-answer")
    page.locator("main a[href$='/ask']").click()
    page.check("input[name=pick][value=edu_awareness]")
    page.fill("#edu_awareness", QUESTION)
    reviewer.picture("19-ask")
    reviewer.press("send")


def open_case(staff: Somebody) -> None:
    """From a queue, by the name that it shows."""
    staff.page.locator("main a", has_text=whose(staff).name(staff.lang)).first.click()


def rule_what_is_left(reviewer: Somebody, picture: str = "") -> None:
    page = reviewer.page
    page.locator("main a.govuk-button[href*='/answer/']").click()
    ruled = 0
    while "/answer/" in page.url:
        ruled += 1
        assert ruled < 60, "the rulings do not end"
        page.check("input[name=verdict][value=confirm]")
        if page.locator("input[name=evidence][value=yes]").count():
            page.check("input[name=evidence][value=yes]")
        if ruled == 1 and picture:
            reviewer.picture(picture)
        reviewer.press()
        assert not page.locator(".govuk-error-summary").count(), page.inner_text("main")


def reply(officer: Somebody, opened: Browser) -> None:
    """Only the questioned answer opens again; one save without JavaScript, then the reply."""
    page, mailbox = officer.page, whose(officer).officer
    officer.portal.mail(mailbox, "/company/")
    officer.go("/company/")
    officer.picture("20-clarification-waits")
    link = officer.portal.link(mailbox, "/company/assessment/")
    number = link.rsplit("/assessment/", 1)[1].split("/")[0].rstrip(".។)")
    officer.go(f"/company/assessment/{number}/clarification")
    officer.picture("21-clarification")
    with somebody(opened, officer.portal, "officer", officer.lang, javascript=False) as plain:
        plain.sign_in(mailbox, PASSWORD)
        plain.go(f"/company/assessment/{number}/question/edu_awareness")
        plain.page.fill("textarea[name$=comment]", "ការចុះពិនិត្យនាំមកនូវវគ្គបណ្តុះបណ្តាលថ្មី។")
        plain.page.locator("main button[name=act]").first.click()
        plain.go(f"/company/assessment/{number}/clarification")
        plain.page.fill("textarea[name=reply]", "We added a session for parents.")
        plain.page.fill("input[name=name]", "Sok Dara")
        plain.page.fill("input[name=position]", "Director")
        plain.page.check("input[name=agreed]")
        plain.picture("22-reply-to-sign")
        plain.page.locator("main button[name=submit]").click()
        assert not plain.page.locator(".govuk-error-summary").count(), plain.page.inner_text("main")
    page.reload()


def finish_review(reviewer: Somebody) -> None:
    page = reviewer.page
    reviewer.portal.mail("reviewer@ministry.example", whose(reviewer).en)
    reviewer.go("/review/queue")
    open_case(reviewer)
    rule_what_is_left(reviewer)
    page.check("#verification_visit_or_call_passed")
    page.locator("form[action$='/facts'] button").click()
    page.wait_for_load_state()
    page.locator("main a[href$='/recommend']").click()
    page.fill("#scope_en", "One internet café by the river: computers and Wi-Fi")
    reviewer.picture("22-recommend")
    reviewer.press()
    assert "/review/queue" in page.url, page.inner_text("main")


def approve(approver: Somebody) -> None:
    page = approver.page
    approver.sign_in("approver@ministry.example", PASSWORD)
    approver.go("/decide/queue")
    approver.picture("24-decisions")
    open_case(approver)
    page.check("input[name=tie][value=no]")
    approver.press()
    approver.picture("25-decision")
    page.check("input[name=act][value=approve]")
    approver.press()
    assert "/decide/queue" in page.url, page.inner_text("main")


def look_it_up(reader: Somebody) -> str:
    """The register and the verify page, without JavaScript; returns the certificate's number."""
    page, cafe = reader.page, whose(reader)
    reader.go(f"/register?q={cafe.en.split()[0]}")
    reader.picture("26-register")
    page.locator(f"main a:has-text('{cafe.name(reader.lang).split()[0]}')").first.click()
    reader.picture("27-company-page")
    found = re.search(r"COP-KH-\d{4}-\d{5}-\d{2}", page.content())
    assert found
    reader.go(f"/verify/{found.group()}")
    reader.picture("28-verify")
    return found.group()


def check_certificate(portal: Portal, number: str, cafe: Cafe) -> None:
    """The worker made it, the company was told, and its text comes back out."""
    portal.mail(cafe.officer, f"{number}.pdf")
    with portal.app.test_client() as client:
        pdf = client.get(f"/certificates/{number}.pdf").data
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    squeezed = re.sub(r"[\s\u200b]+", "", text)
    for words in (cafe.km, cafe.en, number, "One internet café by the river"):
        assert re.sub(r"\s+", "", words) in squeezed, words


def remind_once(portal: Portal, number: str, officer: str) -> None:
    """Ninety days before the end a reminder is queued once and sent once, however often the work is done."""
    with portal.app.app_context():
        award = award_by_number(db.session(), number)
        assert award is not None
        before = len(portal.mails_to(officer))
        with clock.held(_morning(award)):
            for _again in range(2):
                remind.remind()
                deliver.deliver(Letters(portal.settings, links_of(portal.app, portal.url)), "story")
    sent = portal.mails_to(officer)[before:]
    assert len(sent) == 1, [str(message["Subject"]) for message in sent]


def _morning(award: Award) -> datetime:
    return datetime.combine(award.ends - timedelta(days=90), time(9), clock.PHNOM_PENH)
