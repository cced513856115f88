"""Companies: registered with tidy details, edited, never twice under one number."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions.companies import edit_company, free_slug, register_company
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, StaleError
from compliance.domain.provinces import PROVINCES, province_name
from compliance.domain.roles import CompanyRole, Role
from compliance.store.base import db, transaction
from compliance.store.companies import company_of
from compliance.store.people import Membership
from tests.helpers import KINDS, company, details, entries_about, person, post, reload, sign_in

pytestmark = pytest.mark.both_databases


def test_whoever_registers_owns(in_app: Flask) -> None:
    owner = person("owner@company.example")
    made = company(owner, name_latin="  Mekong   Net Co., Ltd. ")
    assert (made.name_latin, made.slug) == ("Mekong Net Co., Ltd.", "mekong-net-co-ltd")
    assert reload(owner).actor().companies == {made.id: CompanyRole.OWNER}
    assert [entry.tag for entry in entries_about(db.session(), "company", made.id)] == ["officer:company:registered"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_km", "Only Latin"),
        ("name_km", " "),
        ("name_latin", "ក្រុមហ៊ុន"),
        ("name_latin", "ក្រុមហ៊ុន Mixed"),
        ("name_latin", "x" * 201),
        ("registration_number", ""),
        ("registration_number", "none"),
        ("kinds", ()),
        ("kinds", ("isp", "unheard")),
        ("province", "atlantis"),
        ("workers", 0),
        ("workers", 10**9),
        ("places", 0),
        ("website", "javascript:alert(1)"),
        ("website", "example"),
        ("website", "mailto:info@example.com"),
        ("website", "www.example.com now"),
        ("registration_number", "abc"),
        ("registration_number", "!!! ១២៣"),
        ("registration_number", "<b>1</b>"),
        ("licence_number", "none"),
        ("licence_number", "#7"),
        ("website", 'https://example.com/"><script>'),
        ("website", "http://[::1"),
    ],
)
def test_values_that_cannot_be(in_app: Flask, field: str, value: object) -> None:
    owner = person("owner@company.example").actor()
    with pytest.raises(InvalidError) as refused, transaction() as session:
        register_company(session, owner, details(**{field: value}), KINDS)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"website": "www.example.com"}, "https://www.example.com"),
        ({"website": "example.com:8080/about"}, "https://example.com:8080/about"),
        ({"website": "HTTP://example.com"}, "HTTP://example.com"),
        ({"website": " "}, ""),
        ({"registration_number": " ០០០១ ២៣៤៥ "}, "0001 2345"),
        ({"registration_number": "Co. 1234 E/2010"}, "Co. 1234 E/2010"),
        ({"licence_number": "លេខ ៧/២០២៥"}, "លេខ 7/2025"),
    ],
)
def test_values_that_are_made_tidy(in_app: Flask, typed: dict[str, str], stored: str) -> None:
    made = company(person("owner@company.example"), **typed)
    assert getattr(made, *typed) == stored


def test_everything_wrong_is_told_at_once(in_app: Flask) -> None:
    wrong = {"name_km": "x", "registration_number": "abc", "kinds": (), "workers": 0, "website": "x", "brands": ("!",)}
    with pytest.raises(InvalidError) as refused:
        details(**wrong).checked(KINDS)
    assert [refused.value.field, *(one.field for one in refused.value.others)] == [
        "name_km", "registration_number", "kinds", "workers", "website", "brands",
    ]  # fmt: skip


def test_the_page_tells_everything_at_once(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        person("owner@company.example")
    sign_in(client, "owner@company.example")
    wrong = {
        "name_km": "",
        "name_latin": "ក",
        "registration_number": "abc",
        "workers": "x",
        "places": "1",
        "website": "y z",
    }
    page = post(client, "/km/company/register", wrong)
    assert page.status_code == 422
    for field in ("name_km", "name_latin", "registration_number", "workers", "kinds", "province", "website"):
        assert f'id="{field}-error"' in page.text, field
    assert page.text.count('class="govuk-error-message"') == 7, "once each"
    assert 'value="abc"' in page.text, "what was typed is still there"


def test_a_number_is_registered_once(in_app: Flask) -> None:
    owner, other = person("owner@company.example"), person("other@company.example")
    company(owner, registration_number="AB 123")
    with pytest.raises(InvalidError) as refused:
        company(other, registration_number="ab  123")
    assert refused.value.field == "registration_number"
    made = company(other)
    with pytest.raises(InvalidError), transaction() as session:
        edit_company(session, reload(other).actor(), made.id, details(registration_number="AB 123"), KINDS)


def test_addresses_are_kept_and_never_shared(in_app: Flask) -> None:
    owner = person("owner@company.example")
    first = company(owner, name_latin="Angkor Host")
    second = company(owner, name_latin="Angkor  HOST!")
    assert (first.slug, second.slug) == ("angkor-host", "angkor-host-2")
    with transaction() as session:
        edit_company(session, reload(owner).actor(), first.id, details(name_latin="Another Name"), KINDS)
    assert company_of(db.session(), reload(owner).actor(), first.id).slug == "angkor-host"
    assert free_slug(db.session(), "!!!") == "company"
    assert free_slug(db.session(), "Café Straße Ōsaka ﬁbre") == "cafe-strasse-osaka-fibre", "letters are kept"


def test_edits_are_judged_by_role_and_version(in_app: Flask) -> None:
    owner, stranger = person("owner@company.example"), person("stranger@company.example")
    made = company(owner)
    with pytest.raises(NotFoundError), transaction() as session:
        edit_company(session, stranger.actor(), made.id, details(), KINDS)
    with pytest.raises(StaleError), transaction() as session:
        edit_company(session, reload(owner).actor(), made.id, details(), KINDS, seen_version=made.version + 1)
    staff = person("reviewer@ministry.example", Role.REVIEWER).actor()
    with pytest.raises(ForbiddenError), transaction() as session:
        register_company(session, staff, details(), KINDS)


def test_the_provinces_are_the_capital_and_24() -> None:
    assert len(PROVINCES) == 25
    assert province_name("phnom-penh", "km") == "រាជធានីភ្នំពេញ"
    assert province_name("kep", "en") == "Kep"


def test_several_companies_are_chosen_and_switched_and_never_mixed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        owner, other = person("owner@company.example"), person("other@company.example")
        first, second = company(owner, name_latin="Angkor Host").id, company(other, name_latin="Bayon Net").id
        third = company(other, name_latin="Secret Third").id
        with transaction() as session:
            row = Membership(company_id=second, person_id=owner.id, role=CompanyRole.VIEWER, since=clock.now())
            session.add(row)
            session.flush()
            place = row.id
    sign_in(client, "owner@company.example")
    chosen = client.get("/en/company/").text
    assert re.search(r"Angkor Host.*?Owner.*?Bayon Net.*?Viewer", chosen, re.DOTALL), "each with the role there"
    assert "Secret Third" not in chosen
    page = client.get(f"/en/company/{first}").text
    assert f'href="/en/company/{second}"' in page
    assert f'href="/en/company/{third}"' not in page
    assert client.get(f"/en/company/{first}/details").status_code == 200
    assert client.get(f"/en/company/{second}/details").status_code == 403, "a role counts in its own company"
    with app.app_context(), transaction() as session:
        session.get_one(Membership, place).ended_at = clock.now()
    assert client.get("/en/company/").headers["Location"] == f"/en/company/{first}", "one is no choice"
