"""Text typed on a phone is not lost: signed out elsewhere, signed in anew in another tab, no connection.

The same holds of the page of all questions of a section, where each answer goes its own way.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from compliance import clock
from compliance.actions import answering, renewing
from compliance.domain.roles import CompanyRole
from compliance.store.answers import answer_rows
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.people import LiveSession, Membership
from questionnaires import Reply
from questionnaires.typed import weight
from tests.actions import samples
from tests.helpers import PASSWORD, company, person, reload
from tests.stories.people import browser
from tests.stories.portal import Portal, running

QUESTION = "csam_terms"
TEXT = "យើងបានសរសេរគោលនយោបាយនេះជាមួយមាតាបិតា"
LATER = f"{TEXT} ២"
WAITING = "Object.keys(localStorage).filter((key) => key.startsWith('kept:')).length"
PATIENCE = 20
OTHER = "csam_procedure"
WEIGHED = (
    "", "abc", " a ", "a\nb", "a\r\nb", "a\rb\r\n\r\nc", "e\u0301", "ក\u200bខ\u200bគ", "\u200b" * 30, "\ufeff a",
    "a\u00a0", "\u3000a", "a\u2028b\u2029c", "a\vb\fc\x85d", "😀", "👨\u200d👩\u200d👧", "\x07a\x9fb", "ព្រះរាជា",
    "\u1e9b\u0323", "\t\n a \n\t", "x" * 4001,
)  # fmt: skip


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder: Path = tmp_path_factory.mktemp("portal")
    with running(folder, worker=False) as started:
        yield started


@pytest.fixture
def draft(portal: Portal) -> int:
    """A new draft of a new company."""
    return new_draft(portal)


def new_draft(portal: Portal) -> int:
    with portal.app.app_context():
        email = f"{time.monotonic_ns()}@company.example"
        owner = person(email)
        company_id = company(owner).id
        with transaction() as session:
            return renewing.start(session, reload(owner).actor(), company_id).id


def owner_of(portal: Portal, draft: int) -> str:
    with portal.app.app_context():
        query = "SELECT email FROM people JOIN memberships ON person_id = people.id JOIN assessments USING (company_id)"
        return str(db.session.scalar(sa.text(f"{query} WHERE assessments.id = :id"), {"id": draft}))


def sign_in(page: Page, portal: Portal, draft: int) -> None:
    page.goto(f"{portal.url}/en/account/sign-in")
    enter(page, portal, draft)


def enter(page: Page, portal: Portal, draft: int) -> None:
    page.fill("#email", owner_of(portal, draft))
    page.fill("#password", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    assert "sign-in" not in page.url


def write(page: Page, portal: Portal, draft: int) -> None:
    page.goto(f"{portal.url}/en/company/assessment/{draft}/question/{QUESTION}")
    page.check(f"input[name={QUESTION}][value=yes]")
    page.fill(f"[name={QUESTION}__comment]", TEXT)


def comes_true(what: Callable[[], bool]) -> bool:
    limit = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > limit:
            return False
        time.sleep(0.2)
    return True


def stored(portal: Portal, draft: int) -> str:
    with portal.app.app_context():
        rows = answer_rows(db.session(), draft)
        db.session.rollback()
        return rows[QUESTION].comment if QUESTION in rows else ""


@pytest.mark.parametrize("javascript", [True, False])
def test_signed_out_elsewhere(opened: Browser, portal: Portal, draft: int, javascript: bool) -> None:
    context = opened.new_context(java_script_enabled=javascript)
    page = context.new_page()
    sign_in(page, portal, draft)
    write(page, portal, draft)
    with portal.app.app_context(), transaction() as session:
        session.execute(sa.delete(LiveSession))
    page.locator("button[value=continue]").click()
    page.wait_for_url("**/account/sign-in**")
    enter(page, portal, draft)
    assert TEXT in page.inner_text("main")
    if javascript:  # this device had it too, and sent it already
        assert comes_true(lambda: stored(portal, draft) == TEXT)
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    assert comes_true(lambda: stored(portal, draft) == TEXT)
    context.close()


def test_signed_in_anew_in_another_tab(opened: Browser, portal: Portal, draft: int) -> None:
    context = opened.new_context()
    page = context.new_page()
    page.clock.install()
    sign_in(page, portal, draft)
    write(page, portal, draft)
    with portal.app.app_context(), transaction() as session:
        session.execute(sa.delete(LiveSession))
    sign_in(context.new_page(), portal, draft)
    page.clock.set_fixed_time(time.time() + 300)
    seen: list[int] = []
    page.on("response", lambda answer: seen.append(answer.status) if answer.request.method == "POST" else None)
    page.locator("button[value=continue]").click()
    assert comes_true(lambda: stored(portal, draft) == TEXT)
    page.wait_for_url(lambda url: QUESTION not in url)
    assert 400 not in seen
    context.close()


def test_without_a_connection(opened: Browser, portal: Portal, draft: int) -> None:
    """The page is left; whichever comes next sends what was written, for its writer and for nobody else."""
    context = opened.new_context()
    page = context.new_page()
    sign_in(page, portal, draft)
    write(page, portal, draft)
    context.set_offline(True)
    page.fill(f"[name={QUESTION}__comment]", LATER)
    page.close()
    context.set_offline(False)
    with portal.app.app_context(), transaction() as session:
        session.execute(sa.delete(LiveSession))
    other = context.new_page()
    sign_in(other, portal, new_draft(portal))
    other.wait_for_timeout(2500)
    assert other.evaluate(WAITING) == 1
    assert stored(portal, draft) != LATER
    with portal.app.app_context(), transaction() as session:
        session.execute(sa.delete(LiveSession))
    sign_in(other, portal, draft)
    other.goto(f"{portal.url}/en/register")
    assert comes_true(lambda: stored(portal, draft) == LATER)
    assert comes_true(lambda: other.evaluate(WAITING) == 0)
    context.close()


def drop_on(page: Page, address: str) -> None:
    """A file dragged onto the box of one answer among many goes with it."""
    page.goto(address)
    page.check("input[name=gov_lead][value=yes]")
    dragged = page.evaluate_handle(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["%PDF-1.7 not whole"], "dragged.pdf", { type: "application/pdf" }));
          return data;
        }"""
    )
    box = "#q-gov_lead .cp-drop"
    page.dispatch_event(box, "dragover", {"dataTransfer": dragged})
    assert "is-over" in (page.get_attribute(box, "class") or "")
    page.dispatch_event(box, "drop", {"dataTransfer": dragged})
    assert page.locator(f"{box} .cp-chosen").inner_text() == "dragged.pdf"
    page.locator("button[value=continue]").click()
    page.locator("#file-gov_lead-error").wait_for()
    assert "dragged.pdf" in page.locator("#file-gov_lead-error").inner_text(), "it was sent, and is told to be damaged"
    assert page.is_checked("input[name=gov_lead][value=yes]")


def test_a_chosen_file_when_the_connection_breaks(opened: Browser, portal: Portal, draft: int, tmp_path: Path) -> None:
    """The file is still chosen, the page says so in its own language, and pressing again sends it."""
    chosen = tmp_path / "policy.pdf"
    chosen.write_bytes(samples.pdf())
    context = opened.new_context()
    page = context.new_page()
    sign_in(page, portal, draft)
    page.goto(f"{portal.url}/km/company/assessment/{draft}/question/{QUESTION}")
    page.check(f"input[name={QUESTION}][value=yes]")
    assert page.locator("label.cp-pick-button").inner_text() == "ជ្រើសរើសឯកសារ"
    assert page.evaluate("getComputedStyle(document.querySelector('#file')).color") == "rgba(0, 0, 0, 0)"
    page.set_input_files("#file", chosen)
    assert page.locator(".cp-chosen").inner_text() == "policy.pdf"
    send = page.locator("button[value=continue]")
    page.route(f"**/question/{QUESTION}", lambda route: route.abort())
    send.click()
    assert "ការតភ្ជាប់បានដាច់" in page.locator("[data-trouble]").inner_text()
    assert send.evaluate("button => button === document.activeElement && !button.disabled")
    page.unroute(f"**/question/{QUESTION}")
    page.wait_for_timeout(1_100)  # a button takes no second press within a second
    send.press("Enter")
    page.wait_for_function("question => !location.pathname.endsWith(question)", arg=QUESTION)
    page.goto(f"{portal.url}/km/company/assessment/{draft}/question/{QUESTION}")
    assert "policy.pdf" in page.locator("#evidence").inner_text()
    drop_on(page, f"{portal.url}/km/company/assessment/{draft}/section/governance/all")
    context.close()


def section_of(portal: Portal, draft: int) -> str:
    return f"{portal.url}/en/company/assessment/{draft}/section/csam/all"


def comment_of(page: Page, question: str) -> None:
    """Opens the comment of a question that stands among others."""
    page.locator(f"#q-{question} summary").last.click()


def said(page: Page, question: str) -> str:
    """What the status line of a question says, as far as one can see it."""
    line = page.locator(f"#q-{question} [data-saved]")
    return line.inner_text() if line.is_visible() else ""


def test_the_counter_counts_as_the_server_does(opened: Browser, portal: Portal, draft: int) -> None:
    page = opened.new_page()
    sign_in(page, portal, draft)
    page.goto(f"{portal.url}/en/company/assessment/{draft}/question/{QUESTION}")
    left = page.evaluate(
        """([name, texts]) => {
          const field = document.querySelector(`[name=${name}]`);
          return texts.map((text) => {
            Object.defineProperty(field, "value", { value: text, configurable: true, writable: true });
            field.dispatchEvent(new Event("input"));
            const said = field.parentElement.querySelector(".govuk-character-count__status").textContent;
            return Number(said.replaceAll(",", "").match(/[0-9]+/)?.[0] ?? 0) * (said.includes("too many") ? -1 : 1);
          });
        }""",
        [f"{QUESTION}__comment", list(WEIGHED)],
    )
    assert {text: 4000 - number for text, number in zip(WEIGHED, left, strict=True)} == {
        text: weight(text) for text in WEIGHED
    }
    page.close()


def test_each_answer_of_many_is_saved_by_itself(opened: Browser, portal: Portal, draft: int) -> None:
    page = opened.new_page()
    sign_in(page, portal, draft)
    page.goto(section_of(portal, draft))
    assert said(page, QUESTION) == said(page, OTHER) == "", "nothing is saved, and nothing looks so"
    comment_of(page, QUESTION)
    page.fill(f"[name={QUESTION}__comment]", TEXT)
    assert comes_true(lambda: "not answered yet" in said(page, QUESTION))
    page.check(f"input[name={QUESTION}][value=yes]")
    assert comes_true(lambda: said(page, QUESTION).startswith("Saved at") and "yet" not in said(page, QUESTION))
    assert said(page, OTHER) == ""
    assert stored(portal, draft) == TEXT
    page.fill(f"[name={QUESTION}__comment]", "x" * 4001)
    assert comes_true(lambda: "it has 4001 characters" in said(page, QUESTION))
    page.fill(f"[name={QUESTION}__comment]", LATER)
    page.locator("button[value=leave]").click()
    page.wait_for_url("**/assessment/*")
    assert stored(portal, draft) == LATER
    page.close()


def colleague_saves(portal: Portal, draft: int, question: str) -> None:
    with portal.app.app_context():
        other = person(f"{time.monotonic_ns()}@colleague.example")
        with transaction() as session:
            company_id = session.get_one(Assessment, draft).company_id
            session.add(
                Membership(company_id=company_id, person_id=other.id, role=CompanyRole.EDITOR, since=clock.now())
            )
            session.flush()
            session.expire_all()
            answering.save(session, reload(other).actor(), draft, question, Reply("no", comment="theirs"), 0)


def test_a_colleague_in_the_middle_of_the_page(opened: Browser, portal: Portal, draft: int) -> None:
    """Theirs beside mine where both wrote; on this device nothing comes back once one of them was chosen."""
    page = opened.new_page()
    sign_in(page, portal, draft)
    page.goto(section_of(portal, draft))
    colleague_saves(portal, draft, QUESTION)
    page.check(f"input[name={OTHER}][value=yes]")
    assert comes_true(lambda: said(page, OTHER).startswith("Saved at"))
    page.check(f"input[name={QUESTION}][value=yes]")
    assert comes_true(lambda: "A colleague changed this answer" in said(page, QUESTION))
    comment_of(page, QUESTION)
    page.fill(f"[name={QUESTION}__comment]", TEXT)
    page.locator("button[value=continue]").click()
    page.wait_for_load_state()
    assert page.locator(".cp-conflict").count() == 1
    assert TEXT in page.inner_text(".cp-conflict")
    assert "theirs" in page.inner_text(".cp-conflict")
    page.locator(f"input[name=keep-{QUESTION}][value=theirs]").check()
    page.locator("button[value=continue]").click()
    page.wait_for_url("**/section/law_enforcement/all")
    assert stored(portal, draft) == "theirs"
    page.goto(section_of(portal, draft))
    page.wait_for_timeout(2500)
    assert stored(portal, draft) == "theirs"
    assert page.evaluate(WAITING) == 0
    page.goto(f"{portal.url}/en/company/assessment/{draft}/question/{QUESTION}/history")
    assert TEXT in page.inner_text("main")
    page.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_signed_out_while_writing_many_answers(opened: Browser, portal: Portal, draft: int, javascript: bool) -> None:
    context = opened.new_context(java_script_enabled=javascript)
    page = context.new_page()
    sign_in(page, portal, draft)
    page.goto(section_of(portal, draft))
    page.check(f"input[name={OTHER}][value=yes]")
    comment_of(page, QUESTION)
    page.fill(f"[name={QUESTION}__comment]", TEXT)
    with portal.app.app_context(), transaction() as session:
        session.execute(sa.delete(LiveSession))
    page.locator("button[value=continue]").click()
    page.wait_for_url("**/account/sign-in**")
    enter(page, portal, draft)
    assert TEXT in page.inner_text("main")
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    assert comes_true(lambda: stored(portal, draft) == TEXT)
    with portal.app.app_context():
        assert answer_rows(db.session(), draft)[OTHER].value == "yes"
        db.session.rollback()
    context.close()
