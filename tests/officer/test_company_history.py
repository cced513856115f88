"""Who changed what when: the company's own trail in plain sentences, and nothing of how the Ministry works."""

import ast
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import colleagues, invitations
from compliance.actions.companies import edit_company
from compliance.actions.service_details import Hotlines, ServiceDetails
from compliance.actions.services import save_service
from compliance.cli.demonstration import acts
from compliance.domain.roles import CompanyRole
from compliance.journeys.officer.trail_words import KINDS, SENTENCES
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from tests.account.test_invitations import colleague, link
from tests.actions.cases import CAFE, case, to_review
from tests.actions.test_brands import change
from tests.actions.test_seen_company import AS_IT_IS
from tests.actions.test_seen_company import KINDS as EVERY
from tests.helpers import KINDS as COMPANY_KINDS
from tests.helpers import company, details, person, post, reload, sign_in
from tests.house_rules.tree import sources

TAG = r"""['"]((?:officer|account):[a-z_]+:[a-z_]+)['"]"""


def page(client: FlaskClient, firm: int, lang: str = "en", **query: object) -> str:
    answer = client.get(f"/{lang}/company/{firm}/history", query_string=query)
    assert answer.status_code == 200
    return answer.text.partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def firm(app: Flask, moment: datetime) -> int:
    """A company in which much was changed."""
    with app.app_context():
        owner = person("owner@company.example", name="Chan Owner")
        first = details(name_latin="Old Name", website="https://old.example/")
        made = company(
            owner, **{name: getattr(first, name) for name in ("name_latin", "website", "registration_number")}
        )
        firm, version = made.id, made.version
        now = replace(first, name_km=made.name_km, name_latin="New Name", workers=99)
        with clock.held(moment + timedelta(hours=1)), transaction() as session:
            edit_company(session, reload(owner).actor(), firm, now, COMPANY_KINDS, version)
        editor, place = colleague(owner, firm, "editor@company.example", CompanyRole.EDITOR)
        with transaction() as session:
            colleagues.set_role(session, reload(owner).actor(), firm, place.id, CompanyRole.SIGNATORY)
        with transaction() as session:
            invitations.invite_colleague(
                session, reload(owner).actor(), firm, "third@company.example", CompanyRole.VIEWER, "en", link
            )
        chat = ServiceDetails("", "Talk", "isp", telephone="012 345 678")
        for telephone in ("012 345 678", "012 999 999"):
            with transaction() as session:
                known = session.get_one(Company, firm, populate_existing=True)
                number = known.services[0]["id"] if known.services else None
                said = replace(chat, telephone=telephone)
                save_service(session, reload(owner).actor(), firm, number, said, Hotlines(), known.version)
        with transaction() as session:
            colleagues.leave(session, reload(editor).actor(), firm)
    return firm


def test_every_act_is_told_with_who_and_what_it_was_before(client: FlaskClient, firm: int) -> None:
    sign_in(client, "owner@company.example")
    shown = page(client, firm)
    for words in (
        "Registered the company.", "Changed the company&#39;s details.", "Invited editor@company.example as Editor.",
        "Accepted the invitation as Editor.", "Changed the role of Editor.",
        "Invited third@company.example as Viewer.", "Changed the list of services.",
        "Changed where a service takes reports of harm.", "Left the company.",
    ):  # fmt: skip
        assert words in shown, words
    for before, after in (
        ("Old Name", "New Name"),
        ("12", "99"),
        ("Editor", "Signatory"),
        ("012 345 678", "012 999 999"),
    ):
        assert f"<s>{before}</s><br><b>{after}</b>" in shown, after
    assert shown.index("Left the company.") < shown.index("Registered the company."), "the newest first"
    assert "ចាកចេញពីក្រុមហ៊ុន" in page(client, firm, "km")


def test_by_person_by_kind_and_a_page_at_a_time(app: Flask, client: FlaskClient, firm: int) -> None:
    sign_in(client, "owner@company.example")
    people = page(client, firm, kind="people")
    assert "Left the company." in people
    assert "Registered the company." not in people
    with app.app_context():
        editor = person("x@company.example").id - 1
    assert "Registered" not in page(client, firm, who=editor)
    assert "Left the company." in page(client, firm, who=editor)
    assert page(client, firm, kind="nonsense", who="x", page="-3")
    for _again in range(16):
        post(client, f"/en/account/company/{firm}/calendar", form=f"/en/account/company/{firm}/calendar")
        post(client, f"/en/account/company/{firm}/calendar/close", form=f"/en/account/company/{firm}/calendar")
    first, second = page(client, firm), page(client, firm, page=2)
    assert "Registered the company." not in first
    assert "Registered the company." in second
    assert first.count("<li><small>") == 30


def test_sign_in_methods_are_told_and_strangers_see_nothing(app: Flask, client: FlaskClient, firm: int) -> None:
    sign_in(client, "owner@company.example")
    new = {"password": "krahom sraem bay chhnang", "new_password": "another long pass phrase"}
    changed = post(client, "/en/account/password", {**new, "new_password_confirm": new["new_password"]})
    assert changed.status_code == 302
    assert "Changed their password." in page(client, firm, kind="signing_in")
    with app.app_context():
        person("stranger@company.example")
    stranger = app.test_client()
    sign_in(stranger, "stranger@company.example")
    assert stranger.get(f"/en/company/{firm}/history").status_code == 404
    gone = app.test_client()
    sign_in(gone, "editor@company.example")
    assert gone.get(f"/en/company/{firm}/history").status_code == 404


def test_nobody_of_the_ministry_is_named(app: Flask, client: FlaskClient, settings: Settings, moment: datetime) -> None:
    with app.app_context():
        made = case(settings)
        to_review(made)
        acts.rule(made.hands, made.assessment_id, 0)
        from_case = {who.name for who in (made.hands.reviewer, made.hands.approver, made.hands.second)}
        acts.recommend(CAFE, made.hands, made.assessment_id, 0)
        acts.decide(made.hands, made.assessment_id, 0)
        with transaction() as session:
            edit_company(session, made.hands.owner, made.company_id, AS_IT_IS, EVERY)
        change(made, ("Firefly",), ())
        db.session.expire_all()
    sign_in(client, "owner@cafe.example")
    shown = page(client, made.company_id)
    for words in ("Saved answers: ", "Attested and submitted the assessment.", "Decided: the award is granted.",
                  "Asked the Ministry to change what the public reads.", "<b>The Ministry</b>"):  # fmt: skip
        assert words in shown, words
    assert not [name for name in from_case if f"<b>{name}" in shown or f">{name}<" in shown]
    for inner in ("ruled", "recommended", "claimed", "released"):
        assert inner not in shown.casefold(), inner


def test_no_working_paper_of_the_ministry_is_a_sentence() -> None:
    outside = {tag for tag, said in SENTENCES.items() if not tag.startswith(("officer:", "account:"))}
    assert outside == {
        "reviewer:company:change_confirmed", "reviewer:company:change_declined",
        "reviewer:assessment:clarification_asked", "approver:assessment:approved", "approver:assessment:refused",
        "staff:evidence:quarantined",
        "reviewer:spot_check:told", "reviewer:spot_check:found",
    }  # fmt: skip
    assert all(SENTENCES[tag].ministry for tag in outside)
    assert {said.kind for said in SENTENCES.values()} == set(KINDS)


NOT_TOLD = {
    "account:address:asked": "nothing changed yet",
    "account:mail:stopped": "how one's own mails come",
    "account:person:edited": "a name and a language of one's own",
    "account:person:registered": "before the company",
    "account:sessions:ended": "signing in and out",
    "officer:assessment:plan": "the beginning of the names of five acts",
    "officer:assessment:plan_carried": "part of beginning the assessment",
}


def test_every_act_of_a_company_is_a_sentence_or_left_out_for_a_reason() -> None:
    acting = (tree for path, tree in sources() if path.parts[1] != "journeys")
    written = {tag for tree in acting for tag in re.findall(TAG, ast.unparse(tree))}
    assert {"officer:company:edited", "officer:service:listed"} <= written, "the sweep sees what it looks for"
    assert written - SENTENCES.keys() == NOT_TOLD.keys(), "give it a sentence in trail_words, or say why it is not told"
