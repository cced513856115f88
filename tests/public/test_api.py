"""The API refuses what it does not know instead of answering another question, and pages of other sites may read it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from compliance.journeys.api.openapi import parameters

ALL = "/api/v1/companies"


@pytest.mark.parametrize(
    ("query", "name", "possible"),
    [
        ("level=platinum", "level", ["committed", "bronze", "silver", "gold"]),
        ("level=gold&level=platinum", "level", ["committed", "bronze", "silver", "gold"]),
        ("year=0", "year", {"minimum": 2000, "maximum": 2999}),
        ("year=2026.5", "year", {"minimum": 2000, "maximum": 2999}),
        ("page=0", "page", {"minimum": 1, "maximum": 999_999}),
        ("limit=101", "limit", {"minimum": 1, "maximum": 100}),
        ("limit=10&limit=20", "limit", {"minimum": 1, "maximum": 100}),
        ("q=" + "x" * 201, "q", {"maxLength": 200, "pattern": r"^[^\u0000]*$"}),
        ("levl=gold", "levl", []),
        ("Level=gold", "Level", []),
    ],
)
def test_what_it_does_not_know_is_400_with_what_is_possible(
    client: FlaskClient, numbers: dict[str, str], query: str, name: str, possible: Any
) -> None:
    answer = client.get(f"{ALL}?{query}")
    assert answer.status_code == 400
    [wrong] = answer.json["wrong"]
    assert wrong["name"] == name
    assert wrong["possible"] == possible
    assert {"level", "q", "page"} <= set(answer.json["parameters"])
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_all_that_is_wrong_is_told_at_once(client: FlaskClient, numbers: dict[str, str]) -> None:
    answer = client.get(f"{ALL}?level=platinum&year=x&foo=1&page=1")
    assert [one["name"] for one in answer.json["wrong"]] == ["level", "year", "foo"]


def test_every_possible_value_is_answered(client: FlaskClient, numbers: dict[str, str]) -> None:
    with client.application.test_request_context():
        offered = parameters()
    for parameter in offered:
        schema = parameter["schema"].get("items", parameter["schema"])
        for value in schema.get("enum") or [schema.get("minimum", "a"), schema.get("maximum", "")]:
            assert client.get(ALL, query_string={parameter["name"]: value}).status_code == 200, (
                parameter["name"],
                value,
            )


def test_an_address_without_parameters_takes_none(client: FlaskClient, numbers: dict[str, str]) -> None:
    number = next(iter(numbers.values()))
    for address in (f"{ALL}/fast-turtle-fibre", f"/api/v1/awards/{number}", "/api/v1/openapi.json"):
        assert client.get(address).status_code == 200
        assert client.get(f"{address}?on=2026-01-01").status_code == 400, address


def test_pages_of_other_sites_may_ask_and_read_errors(client: FlaskClient, numbers: dict[str, str]) -> None:
    asked = client.options(ALL, headers={"Origin": "https://news.example", "Access-Control-Request-Method": "GET"})
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in asked.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]
    for missing in (f"{ALL}/nobody", "/api/v1/awards/1", "/api/v1/nothing"):
        answer = client.get(missing)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (404, "*")
