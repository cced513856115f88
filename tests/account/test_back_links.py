"""Back links lead where one came from, and only to pages of ours."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.journeys.back import LONGEST, came_from, from_here, onward
from tests.helpers import company, person, sign_in

HOME = "/en/company/1"


def test_the_people_page_leads_back_to_where_one_came_from(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        firm = company(person("owner@company.example")).id
    sign_in(client, "owner@company.example")
    people = f"/en/account/company/{firm}/people"
    back = '<a href="{}" class="govuk-back-link">'
    assert f'href="{people}?from=/en/company/{firm}"' in client.get(f"/en/company/{firm}").text
    assert back.format(f"/en/company/{firm}") in client.get(f"{people}?from=/en/company/{firm}").text
    assert f'href="{people}?from=/en/account/"' in client.get("/en/account/").text
    assert back.format("/en/account/") in client.get(f"{people}?from=/en/account/").text
    assert back.format(f"/en/company/{firm}") in client.get(people).text, "whoever typed the address"


@pytest.mark.parametrize(
    "page",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "evil",
     "/%2f/evil.example", "/en/nowhere", "/en/company/1/", "/en/account/invitations/1/cancel",
     "/en/account/browsers/end", "/en/company/1\n", "/en/company/1" + "?" + "x" * LONGEST, "http:/en/company/1", ""],
)  # fmt: skip
def test_no_other_place_is_linked(app: Flask, page: str) -> None:
    with app.test_request_context("/en/account/", query_string={"from": page}):
        assert came_from() == ""
        assert onward("/en/try") == "/en/try"


def test_a_page_of_ours_is_carried_on(app: Flask) -> None:
    with app.test_request_context("/en/account/", query_string={"from": HOME}):
        assert came_from() == HOME
        assert onward("/en/try?a=1") == f"/en/try?a=1&from={HOME}"
        assert from_here("/en/try") == "/en/try?from=/en/account/"
