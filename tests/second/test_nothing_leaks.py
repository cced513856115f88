"""While two people score one assessment, nothing that either can reach depends on what the other does.

Every page, file and feed is fetched as each of them before and after the other acts: it must be the same to the letter,
but for what each request makes anew (`ANEW`). Letters are read as they would be sent.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from compliance.actions import asking, noting, reviewing, second_scoring
from compliance.cli.demonstration import acts
from compliance.domain.roles import Actor
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from compliance.store.people import Person
from tests import helpers
from tests.jobs.world import notices, told
from tests.twice import (
    BY_FIRST,
    BY_SECOND,
    FIRST_SAYS,
    SECOND_SAYS,
    Twice,
    refused,
    rule_first,
    rule_of,
    rule_second,
    scored_twice,
    take,
)

Made = TypeVar("Made")
ANEW = re.compile(r'name="csrf_token"[^>]*value="[^"]*"|nonce[="-][^\' ;"]*|"token":"[^"]*"')
MARKS = {"first": (FIRST_SAYS, "first-note", "first-question"), "second": (SECOND_SAYS,)}
FILES = {"static", None}
"""What is no page: it is the same for everybody."""
APART = ("/metrics", "/questionnaire.pdf")
"""Counts that are answered on the machine alone, and what prints the edition alone, in seconds."""
OF_TWO = {"reviewer", "second", "evidence"}


@dataclass
class Desk:
    """Both scorers' browsers, and the other people's."""

    twice: Twice
    app: Flask
    first: FlaskClient
    second: FlaskClient
    third: FlaskClient
    owner: FlaskClient


@pytest.fixture
def desk(app: Flask, settings: Settings, moment: object) -> Iterator[Desk]:
    """The first holds it; the second has not taken it yet."""
    with rule_of(share_percent=100, tolerance_points=1):
        with app.app_context():
            twice = scored_twice(settings)
            acts.claim(twice.one.hands, twice.number, 0)
            people = (twice.first, twice.second, twice.third, twice.one.hands.owner)
            addresses = [_address(one) for one in people]
        clients = [app.test_client() for _one in addresses]
        for client, address in zip(clients, addresses, strict=True):
            helpers.sign_in(client, address)
            client.get("/en/account/")
        yield Desk(twice, app, *clients)


def _address(who: Actor) -> str:
    return db.session.get_one(Person, who.user_id).email


def everything(desk: Desk, client: FlaskClient, but: Collection[str | None] = FILES) -> dict[str, str]:
    """By address: what the person is told there, and how. Every door of the portal but those of some blueprints, with
    things of this case behind it where they have a kind that it has, in the English of the person."""
    found = {}
    for rule in desk.app.url_map.iter_rules():
        blueprint = rule.endpoint.rpartition(".")[0] or None
        if "GET" not in (rule.methods or ()) or blueprint in but or rule.rule.endswith(APART):
            continue
        for question in (BY_FIRST[0], BY_SECOND[0]):
            address = _filled(rule, desk.twice, question)
            if address not in found:
                with client.get(address) as answer:
                    assert answer.status_code < 500, address
                    found[address] = (
                        f"{answer.status_code} {ANEW.sub('', answer.get_data().decode('utf-8', 'replace'))}"
                    )
    return found


def _filled(rule: Rule, twice: Twice, question: str) -> str:
    values = {"lang": "en", "assessment_id": twice.number, "company_id": twice.one.company_id}
    values |= {"question_id": question, "section_id": "governance", "day": "2026-11-23", "edition_id": "2026"}
    return re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda place: str(values.get(place[1], 1)), rule.rule)


def unchanged(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    differing = [address for address in before if before[address] != after[address]]
    assert differing == [], (
        f"{differing[0]}: {_difference(before[differing[0]], after[differing[0]])}" if differing else ""
    )


def _difference(one: str, other: str) -> str:
    place = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return f"{one[max(0, place - 60) : place + 90]!r} became {other[max(0, place - 60) : place + 90]!r}"


def within(desk: Desk, act: Callable[[], Made]) -> Made:
    with desk.app.app_context():
        made = act()
        db.session.remove()
        return made


def first_acts(twice: Twice) -> None:
    """All that a first reviewer can do to leave a trace, up to the question to the company."""
    rule_first(twice, {one: refused(FIRST_SAYS) for one in BY_FIRST})
    with transaction() as session:
        noting.note(session, twice.first, twice.number, "gov_conduct", "first-note")
        noting.put_aside(session, twice.first, twice.number, "gov_policy", "first-question")
        reviewing.note_facts(session, twice.first, twice.number, {"verification_visit_or_call_passed": True})
        asking.ask(session, twice.first, twice.number, {"gov_policy": "first-question"})


def letters_to(desk: Desk, who: Actor) -> list[str]:
    with desk.app.app_context():
        mine = [one for one in notices() if one.person_id == who.user_id]
        return [f"{one.kind} {one.values} {_words(one)}" for one in mine]


def _words(notice: Notice) -> str:
    return repr(told(notice))


def of_two(desk: Desk, client: FlaskClient) -> dict[str, str]:
    """The rooms of the two scorers alone."""
    names = {rule.endpoint.rpartition(".")[0] or None for rule in desk.app.url_map.iter_rules()}
    return everything(desk, client, names - OF_TWO)


def has(marks: Iterable[str], pages: Iterable[str]) -> list[str]:
    return [mark for page in pages for mark in marks if mark in page]


def test_the_second_learns_nothing_of_the_first_nor_does_a_colleague(desk: Desk) -> None:
    twice = desk.twice
    within(desk, lambda: take(twice))
    within(desk, lambda: rule_second(twice, {one: refused(SECOND_SAYS) for one in BY_SECOND}))
    before = everything(desk, desk.second)
    within(desk, lambda: first_acts(twice))
    unchanged(before, everything(desk, desk.second))
    assert has(MARKS["first"], [*before.values(), *letters_to(desk, twice.second)]) == []
    assert has(MARKS["second"], before.values()), "the sweep reads the second's own desk"

    def declare() -> str:
        with transaction() as session:
            reviewing.declare(session, twice.other, twice.number, has_tie=False)
        return _address(twice.other)

    client = desk.app.test_client()
    helpers.sign_in(client, within(desk, declare))
    assert has([*MARKS["first"], *MARKS["second"]], of_two(desk, client).values()) == []


def test_the_first_and_the_company_learn_nothing_of_the_second(desk: Desk) -> None:
    twice = desk.twice
    within(desk, lambda: rule_first(twice, {one: refused(FIRST_SAYS) for one in BY_FIRST}))
    before, companys = everything(desk, desk.first, {None}), everything(desk, desk.owner)

    def acts_of_second() -> None:
        take(twice)
        rule_second(twice, {one: refused(SECOND_SAYS) for one in BY_SECOND})
        with transaction() as session:
            second_scoring.finish(session, twice.second, twice.number)

    within(desk, acts_of_second)
    unchanged(before, everything(desk, desk.first, {None}))
    unchanged(companys, everything(desk, desk.owner))
    assert has(MARKS["first"], before.values()), "the sweep reads the first's own desk"
    assert has(["second reviewer", "second scor"], companys.values()) == []
    letters = [*letters_to(desk, twice.first), *letters_to(desk, twice.one.hands.owner)]
    assert has(MARKS["second"], letters) == []

    def first_done() -> None:
        with transaction() as session:
            second_scoring.finish_first(session, twice.first, twice.number)
            reviewing.declare(session, twice.third, twice.number, has_tie=False)

    within(desk, first_done)
    page = f"/en/second/{twice.number}/moderate"
    assert set(has([FIRST_SAYS, SECOND_SAYS], [desk.third.get(page).text])) == {FIRST_SAYS, SECOND_SAYS}
    for client, theirs in ((desk.first, MARKS["second"]), (desk.second, MARKS["first"])):
        assert client.get(page).status_code == 403
        assert has(theirs, of_two(desk, client).values()) == [], "they differ, and nobody has settled it"
