"""Every address for programs is described, answers what it says that it answers, and may be read by pages elsewhere."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from compliance.journeys.api.described import description_of
from compliance.journeys.api.openapi import described_views, template_of
from tests.house_rules.town import OWN, Town

Document = dict[str, Any]
NOT_FOR_EVERYBODY = "api.calendar"
LEADS_ON = {"api.verify_any_language", "api.favicon"}
OF_A_SETTING = "api.security_txt"


@pytest.fixture(scope="module")
def document(town: Town) -> Document:
    found: Document = town.get("anonymous", "/api/v1/openapi.json").json
    return found


def addresses(town: Town) -> Iterator[tuple[Rule, str]]:
    things = town.things(OWN)
    with town.app.test_request_context():
        rules = [rule for rule, _view in described_views()]
    for rule in rules:
        if rule.endpoint not in {NOT_FOR_EVERYBODY, OF_A_SETTING, *LEADS_ON}:
            yield rule, town.address(rule.endpoint, things)


def test_every_address_for_programs_is_described(town: Town, document: Document) -> None:
    with town.app.test_request_context():
        found = list(described_views())
    silent = [rule.rule for rule, view in found if description_of(view) is None]
    assert not silent, f"say with `described` what these answer: {silent}"
    assert document["paths"].keys() == {template_of(rule) for rule, _view in found}
    names = [operation["get"]["operationId"] for operation in document["paths"].values()]
    assert len(set(names)) == len(names)


def check(answer: TestResponse, said: Document, document: Document) -> None:
    """The status and the kind of content are among those described; JSON is of the shape described."""
    told = said["responses"][str(answer.status_code)]["content"][answer.mimetype]["schema"]
    if answer.is_json:
        validator = jsonschema_rs.Draft202012Validator({**told, "components": document["components"]})
        validator.validate(answer.json)


def test_what_is_answered_is_what_is_described(town: Town, document: Document) -> None:
    for rule, address in addresses(town):
        answer = town.get("anonymous", address)
        assert answer.status_code == 200, address
        check(answer, document["paths"][template_of(rule)]["get"], document)
        assert answer.headers["Access-Control-Allow-Origin"] == "*", address
        tag = answer.headers["ETag"]
        assert town.visitor("anonymous").head(address).headers["ETag"] == tag, address
        again = town.get("anonymous", address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b""), address
        elsewhere = town.visitor("anonymous").options(address, headers={"Origin": "https://news.example"})
        assert "If-None-Match" in elsewhere.headers["Access-Control-Allow-Headers"], address


def test_what_is_not_there_and_what_is_asked_wrongly_are_told_as_described(town: Town, document: Document) -> None:
    nothing = {**dict.fromkeys(town.things(OWN), "nothing"), "lang": "en", "level": "9", "purpose": "revocation"}
    nothing |= dict.fromkeys(("size", "position", "later"), "999999999") | {"earlier": "1"}
    for rule, address in addresses(town):
        said = document["paths"][template_of(rule)]["get"]
        if said["parameters"] and "400" in said["responses"]:
            answer = town.get("anonymous", f"{address}?nothing=1")
            if answer.status_code != 200:
                check(answer, said, document)
        if "<" in rule.rule and rule.endpoint not in {"api.status_list", "api.log_checkpoints", "api.manifest"}:
            answer = town.get("anonymous", town.address(rule.endpoint, nothing))
            assert answer.status_code == 404, rule.rule
            check(answer, said, document)
            assert answer.headers["Access-Control-Allow-Origin"] == "*", rule.rule
