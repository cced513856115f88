"""An appeal in front of browsers: lodged on a phone without JavaScript, in Khmer; judged at three desks; read again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.store.base import transaction
from compliance.store.people import Person
from tests.actions import samples
from tests.actions.appeals import to_refused
from tests.actions.cases import Case, case, person
from tests.helpers import PASSWORD
from tests.stories.people import PHONE, Somebody, browser, somebody
from tests.stories.portal import Portal, running

MEMBERS = tuple(f"panel{number}@ministry.example" for number in range(3))
WORDS = "គោលនយោបាយនេះនៅទំព័រ២។"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with running(tmp_path, worker=False) as started:
        yield started


def refused(portal: Portal) -> Case:
    """A café that was refused, and three members of a panel whose second factor is set up."""
    with portal.app.app_context():
        one = case(portal.settings, to_refused)
        people = [person(address, Role.PANEL_MEMBER) for address in MEMBERS]
        factory = portal.app.extensions["security"].totp_factory
        with transaction() as session:
            for who in (session.get_one(Person, actor.user_id) for actor in people):
                who.tf_primary_method, who.tf_totp_secret = "authenticator", factory.generate_totp_secret()
                who.mf_recovery_codes = factory.generate_recovery_codes(8)
        return one


def test_a_refusal_is_appealed_and_judged(portal: Portal, tmp_path: Path) -> None:
    one = refused(portal)
    with browser() as opened, somebody(opened, portal, "officer", "km", javascript=False) as owner:
        owner.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        owner.sign_in("owner@cafe.example", PASSWORD)
        address = lodge(owner, one.assessment_id, tmp_path / "policy.pdf")
        for member in MEMBERS:
            vote(opened, portal, member)
        owner.page.goto(address)
        assert "In force since May." in owner.page.inner_text("main")
        owner.picture("appeal-upheld")
    with portal.app.app_context():
        assert one.assessment.state is State.IN_REVIEW


def lodge(owner: Somebody, assessment_id: int, file: Path) -> str:
    """From the decision to the receipt; what is missing is told once and nothing typed is lost. Returns its address."""
    page = owner.page
    file.write_bytes(samples.pdf())
    owner.go(f"/company/assessment/{assessment_id}/decision")
    owner.press(f"{assessment_id}/appeal")
    page.fill("#ground_gov_policy", WORDS)
    page.set_input_files("input[type=file]", file)
    page.click("main button[name=attach]")
    assert "policy.pdf" in page.inner_text("main")
    page.click("main button[name=lodge]")
    assert page.locator(".govuk-error-summary li").count() == 3
    assert page.input_value("#ground_gov_policy") == WORDS
    owner.picture("appeal-unsigned")
    page.fill("#name", "សុខ ដារ៉ា")
    page.fill("#position", "នាយក")
    page.check("#agreed")
    page.click("main button[name=lodge]")
    assert WORDS in page.inner_text("main")
    owner.picture("appeal-lodged")
    return page.url


def vote(opened: Browser, portal: Portal, member: str) -> None:
    """Declares no tie, reads both voices, votes."""
    with somebody(opened, portal, "panel", "en") as judge:
        judge.sign_in(member, PASSWORD)
        judge.go("/appeals/")
        judge.press("/appeals/")
        judge.page.check("input[name=tie][value=no]")
        judge.press()
        assert WORDS in judge.page.inner_text("main")
        judge.page.check("input[name=right_gov_policy][value=company]")
        judge.page.fill("#because_gov_policy", "It is on page 2.")
        judge.page.check("input[name=vote][value=uphold]")
        judge.page.fill("#reasons", "In force since May.")
        if member == MEMBERS[0]:
            judge.picture("appeal-panel")
        judge.page.click("main form .cp-panel button, main button[name=submit]")
        assert "cannot be changed" not in judge.page.inner_text("main")
