"""Services: named by the company, each with where it takes reports of harm, which changes at once with a trace."""

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import changing
from compliance.actions.service_details import Hotlines, ServiceDetails
from compliance.actions.services import give_up, save_service, services_wished
from compliance.domain.errors import DomainError, ForbiddenError, InvalidError, NotFoundError, StaleError
from compliance.domain.harms import Harm
from compliance.domain.roles import CompanyRole
from compliance.store.awards import awards_of
from compliance.store.base import db, transaction
from compliance.store.changes import open_change
from compliance.store.companies import Company
from compliance.store.people import Membership
from compliance.store.register_search import Search, count
from compliance.store.reporting_channels import ReportingChannel, channel_history, channels_of
from tests.actions.cases import Case
from tests.actions.test_brands import awarded, cafe
from tests.actions.test_seen_company import edit
from tests.helpers import company as made_company
from tests.helpers import entries_about, person, reload

__all__ = ["cafe"]
LINES = Hotlines(frozenset({"1280", "023123456"}), frozenset({"hotline.example"}))
CHAT = ServiceDetails(
    "ភ្លើងឆាត", "Firefly Talk", "internet_cafe", page="firefly.example/report", telephone="០១២ ៣៤៥ ៦៧៨"
)


def save(case: Case, details: ServiceDetails, service: int | None = None, seen: int | None = None) -> int:
    with transaction() as session:
        version = session.get_one(Company, case.company_id, populate_existing=True).version if seen is None else seen
        return save_service(session, case.hands.owner, case.company_id, service, details, LINES, version)


def stored(case: Case) -> Company:
    return db.session.get_one(Company, case.company_id, populate_existing=True)


def confirm(case: Case, *covered: str) -> None:
    asked = open_change(db.session(), case.company_id)
    assert asked is not None
    with transaction() as session:
        changing.confirm(session, case.hands.reviewer, asked.id, public_url="http://localhost", covered=covered)
    db.session.expire_all()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name_km", {"name_km": "", "name_latin": " "}),
        ("name_km", {"name_km": "Latin"}),
        ("name_km", {"name_km": "ក" * 81}),
        ("name_latin", {"name_latin": "ខ្មែរ"}),
        ("name_latin", {"name_latin": "A\u202eB"}),
        ("kind", {"kind": "unheard"}),
        ("kind", {"kind": ""}),
        ("page", {"page": "https://firefly.example/"}),
        ("page", {"page": "firefly.example"}),
        ("page", {"page": "javascript:alert(1)"}),
        ("page", {"page": "https://user@firefly.example/report"}),
        ("page", {"page": "mailto:a@b.example"}),
        ("page", {"page": "https://hotline.example/report"}),
        ("page", {"page": "https://firefly.example/" + "x" * 300}),
        ("telephone", {"telephone": "call"}),
        ("telephone", {"telephone": "1280"}),
        ("telephone", {"telephone": "+855 23 123 456"}),
        ("telephone", {"telephone": "012 345 678, 012 345 679"}),
        ("menu", {"menu": "› ›"}),
        ("menu", {"menu": "x" * 201}),
        ("page_harms", {"harms": {"page": ["unheard"]}}),
        ("menu_harms", {"harms": {"menu": ["bullying", ""]}}),
    ],
)
def test_values_that_cannot_be(field: str, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidError) as refused:
        replace(CHAT, **wrong).checked({"internet_cafe"}, LINES)
    assert refused.value.field == field


def test_everything_wrong_is_told_at_once() -> None:
    wrong = ServiceDetails("", "", "", page="x.example", telephone="x", menu="!")
    with pytest.raises(InvalidError) as refused:
        wrong.checked({"isp"}, LINES)
    said = [refused.value.field, *(one.field for one in refused.value.others)]
    assert said == ["name_km", "kind", "page", "telephone", "menu"]


def test_values_are_made_tidy() -> None:
    tidy = replace(CHAT, menu="  Profile ›  Help ").checked({"internet_cafe"}, LINES)
    assert (tidy.page, tidy.telephone, tidy.menu) == ("https://firefly.example/report", "012 345 678", "Profile › Help")


def test_kinds_of_harm_are_kept_in_one_order_and_only_where_they_say_something() -> None:
    chosen = {"page": ["bullying", "grooming", "bullying"], "telephone": [*Harm], "menu": ["other"]}
    tidy = replace(CHAT, harms=chosen).checked({"internet_cafe"}, LINES)
    assert tidy.harms == {"page": ["grooming", "bullying"]}, "all kinds are every harm; there is no way through a menu"


def test_before_an_award_all_changes_at_once(cafe: Case) -> None:
    number = save(cafe, CHAT)
    assert stored(cafe).services == [
        {"id": number, "km": "ភ្លើងឆាត", "latin": "Firefly Talk", "kind": "internet_cafe", "public": True}
    ]
    save(cafe, replace(CHAT, name_latin="Glow Talk"), number)
    assert stored(cafe).services[0]["latin"] == "Glow Talk"
    other = save(cafe, replace(CHAT, name_km="", name_latin="Maps", page="", telephone=""))
    assert other != number
    with pytest.raises(InvalidError):
        save(cafe, replace(CHAT, name_km="", name_latin="MAPS", page="", telephone=""))
    with transaction() as session:
        give_up(session, cafe.hands.owner, cafe.company_id, other, stored(cafe).version)
    assert [one["id"] for one in stored(cafe).services] == [number]


def test_a_channel_keeps_its_history_and_belongs_to_one_service(cafe: Case) -> None:
    first = save(cafe, CHAT)
    save(cafe, replace(CHAT, telephone="012 000 000"), first)
    save(cafe, replace(CHAT, telephone="012 000 000"), first)
    told = [(row.service, row.telephone) for row in channel_history(db.session(), cafe.company_id)]
    assert told == [(first, "012 345 678"), (first, "012 000 000")], "what did not change is not written again"
    with transaction() as session:
        give_up(session, cafe.hands.owner, cafe.company_id, first, stored(cafe).version)
    second = save(cafe, replace(CHAT, name_km="", name_latin="Reed", page="", telephone="", menu="Help › Report"))
    assert second != first, "a new service does not inherit what an old one said"
    entries = [one for one in entries_about(db.session(), "company", cafe.company_id) if "channel_set" in one.tag]
    assert len(entries) == 3
    for statement in ("UPDATE reporting_channels SET menu = 'x'", "DELETE FROM reporting_channels"):
        with pytest.raises(sa.exc.DBAPIError), transaction() as session:
            session.execute(sa.text(statement))


@pytest.mark.both_databases
def test_an_awarded_company_asks_for_names_but_not_for_channels(cafe: Case, client: FlaskClient) -> None:
    awarded(cafe, "Firefly Chat")
    slug = stored(cafe).slug
    number = save(cafe, CHAT)
    assert stored(cafe).services == []
    page = f"/en/register/{slug}"
    assert "firefly.example/report" not in client.get(page).text, "a service that is not confirmed is not shown"
    confirm(cafe, "Firefly Chat", "Firefly Talk")
    [award] = awards_of(db.session(), cafe.company_id)
    assert award.brands == ["Firefly Chat", "Firefly Talk"]
    shown = client.get(page).text
    assert 'href="https://firefly.example/report"' in shown
    assert 'href="tel:012345678"' in shown
    assert count(db.session(), Search(text="firefly talk"), clock.today()) == 1
    save(cafe, replace(CHAT, telephone="012 999 999"), number)
    assert open_change(db.session(), cafe.company_id) is None, "nobody has to confirm a right number"
    assert 'href="tel:012999999"' in client.get(page).text
    assert "012999999" in client.get("/en/where-to-report").text
    [told] = client.get(f"/api/v1/companies/{slug}").json["services"]
    assert told == {
        "name": {"km": "ភ្លើងឆាត", "en": "Firefly Talk"}, "kind": "internet_cafe", "covered": True,
        "reporting": {"page": "https://firefly.example/report", "telephone": "012 999 999", "menu": None,
                      "since": clock.today().isoformat(),
                      "harms": {"page": [*Harm], "telephone": [*Harm]}, "checked": {}},
    }  # fmt: skip
    assert "telephone 012 999 999" in client.get("/register.csv").text
    assert client.get("/register.json").json["companies"][0]["services"] == [told]
    [listed] = client.get("/where-to-report.json").json["services"]
    assert {name: listed[name] for name in told} == told
    assert listed["company"]["slug"] == slug
    assert client.get("/where-to-report.json").json["national"][0]["telephone"] == "1280"


def test_details_and_services_do_not_undo_each_others_wish(cafe: Case) -> None:
    awarded(cafe)
    save(cafe, CHAT)
    with transaction() as session:
        edit(session, cafe, website="https://firefly.example/", brands=stored(cafe).brands)
    asked = open_change(db.session(), cafe.company_id)
    assert asked is not None
    assert set(asked.after) == {"website", "services"}
    save(cafe, replace(CHAT, name_km="", name_latin="Maps", page="", telephone=""))
    asked = open_change(db.session(), cafe.company_id)
    assert asked is not None
    assert set(asked.after) == {"website", "services"}
    assert [one["latin"] for one in asked.after["services"]] == ["Firefly Talk", "Maps"]
    for one in services_wished(db.session(), stored(cafe)):
        with transaction() as session:
            give_up(session, cafe.hands.owner, cafe.company_id, one["id"], stored(cafe).version)
    db.session.expire_all()
    asked = open_change(db.session(), cafe.company_id)
    assert asked is not None
    assert set(asked.after) == {"website"}, "what is as it was is no wish"


def test_a_service_that_is_not_public_is_nowhere_in_public(cafe: Case, client: FlaskClient) -> None:
    awarded(cafe)
    save(cafe, replace(CHAT, public=False))
    confirm(cafe)
    slug = stored(cafe).slug
    for page in (f"/en/register/{slug}", "/en/where-to-report", "/register.json", "/register.csv"):
        assert "Firefly Talk" not in client.get(page).text, page
    assert count(db.session(), Search(text="firefly talk"), clock.today()) == 0


def test_an_old_name_of_a_service_still_leads_here(cafe: Case, client: FlaskClient) -> None:
    awarded(cafe)
    number = save(cafe, CHAT)
    confirm(cafe)
    save(cafe, replace(CHAT, name_latin="Glow Talk"), number)
    confirm(cafe)
    assert count(db.session(), Search(text="firefly talk"), clock.today()) == 1
    page = client.get(f"/en/register/{stored(cafe).slug}").text
    assert "Services changed" in page
    assert "Before: Firefly Talk" in page


def test_who_may_and_what_became_old(in_app: Flask) -> None:
    owner, viewer = person("owner@company.example"), person("viewer@company.example")
    firm = made_company(owner, kinds=("isp",)).id
    with transaction() as session:
        row = Membership(company_id=firm, person_id=viewer.id, role=CompanyRole.VIEWER, since=clock.now())
        session.add(row)
    stranger, details = person("stranger@company.example"), replace(CHAT, kind="isp")
    who = {ForbiddenError: reload(viewer).actor(), NotFoundError: stranger.actor(), StaleError: reload(owner).actor()}
    for error, actor in who.items():
        with pytest.raises(error), transaction() as session:
            save_service(session, actor, firm, None, details, LINES, 99)
        with pytest.raises((error, NotFoundError)), transaction() as session:
            give_up(session, actor, firm, 1, 99)
    with transaction() as session:
        version = session.get_one(Company, firm).version
        first = save_service(session, reload(owner).actor(), firm, None, details, LINES, version)
    with transaction() as session:
        again = save_service(session, reload(owner).actor(), firm, None, details, LINES, version)
    assert first == again, "the button pressed twice"
    with pytest.raises(NotFoundError), transaction() as session:
        save_service(session, reload(owner).actor(), firm, 77, replace(details, name_km=""), LINES, version + 9)


@pytest.mark.both_databases
def test_two_colleagues_at_once_lose_nothing(in_app: Flask) -> None:
    owner = person("owner@company.example")
    firm = made_company(owner, kinds=("isp",))
    firm_id, version, actor = firm.id, firm.version, reload(owner).actor()
    db.session.rollback()
    ready, outcomes = threading.Barrier(2), ["", ""]

    def run(place: int) -> None:
        with in_app.app_context():
            ready.wait()
            details = ServiceDetails("", f"Talk {place}", "isp", telephone=f"012 000 00{place}")
            try:
                with transaction() as session:
                    save_service(session, actor, firm_id, None, details, LINES, version)
                outcomes[place] = "done"
            except DomainError as error:
                outcomes[place] = type(error).__name__

    threads = [threading.Thread(target=run, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["StaleError", "done"], "the second is shown what the first saved"
    assert len(db.session.get_one(Company, firm_id, populate_existing=True).services) == 1
    assert len(channels_of(db.session(), firm_id)) == db.session.scalar(sa.select(sa.func.count(ReportingChannel.id)))
