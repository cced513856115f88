"""One award, one truth: whatever happened and whichever day it is, every surface says the same of a company."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certificates.credential import Issuer
from certificates.demonstration import make_keyring
from compliance import clock
from compliance.domain.standing import IN_FORCE, AwardAct, Standing
from compliance.settings import Settings
from compliance.store.awards import Award, holding_certificate
from compliance.store.base import db, transaction
from compliance.store.certificate_places import revoked_places, suspended_places
from compliance.store.keys import keyring
from compliance.store.register import rebuild
from tests.actions.histories import START, YEARS, History, begin, on, play
from tests.certificates.lists import read_status_list
from tests.helpers import company_standing

WORDS = {
    Standing.CURRENT: "In good standing",
    Standing.EXPIRING: "Renewal due",
    Standing.IN_GRACE: "In grace period",
    Standing.EXPIRED: "Expired",
    Standing.SUSPENDED: "Suspended",
    Standing.REVOKED: "Revoked",
    Standing.SUPERSEDED: "Replaced by a newer award",
    Standing.WAITING: "Not begun yet",
}
CHIP = re.compile(r'<span class="cp-chip[^"]*">(?:<[^>]+>)*\s*([^<]+?)\s*<')


@pytest.fixture
def history(app: Flask, settings: Settings) -> Iterator[History]:
    make_keyring(settings.keys_dir, today=START)
    with app.app_context(), clock.held(on(START)):
        yield begin()


def days_to_ask(history: History, after: date) -> list[date]:
    """Around each day on which something may change by itself, from today until three years have passed."""
    edges = {START + timedelta(days=YEARS - 1)}
    for award in history.awards:
        edges |= {award.starts, award.ends, award.ends + timedelta(days=1), award.term.grace_ends}
        edges |= {award.ends - timedelta(days=89), award.term.grace_ends + timedelta(days=1)}
    around = {edge + timedelta(days=days) for edge in edges for days in (-1, 0)}
    return sorted(day for day in around if day >= after)


def surfaces(client: FlaskClient, history: History) -> dict[str, str]:
    """What each surface says of the company today, in the words of `Standing`."""
    page = client.get(f"/en/register/{history.slug}").text
    listed = client.get("/register.json").json["companies"]
    rows = list(csv.DictReader(io.StringIO(client.get("/register.csv").text.removeprefix("\ufeff"))))
    return {
        "page": spoken(page),
        "list": spoken(client.get("/en/register").text),
        "api": client.get(f"/api/v1/companies/{history.slug}").json["award"]["standing"],
        "json": "".join(one["award"]["standing"] for one in listed),
        "csv": "".join(row["standing"] for row in rows),
        "badge": badge(client, f"company/{history.slug}"),
        **{f"badge of {award.number}": badge(client, award.number) for award in history.awards if begun(award)},
    }


def begun(award: Award) -> bool:
    return award.starts <= clock.today()


def spoken(page: str) -> str:
    """The standing that the first chip of a page names."""
    said = {words: standing for standing, words in WORDS.items()}
    return next(said[chip].value for chip in CHIP.findall(page) if chip in said)


def badge(client: FlaskClient, name: str) -> str:
    title = ET.fromstring(client.get(f"/badge/{name}.svg?lang=en").data).findtext("{*}title") or ""
    said = title.partition(": ")[2].partition(" · ")[0]
    return next(standing.value for standing, words in WORDS.items() if words == said)


def check_lists(client: FlaskClient, settings: Settings) -> None:
    """The signed status lists say what the store says; signing takes a second, so this is asked once a history."""
    keys, issuer = keyring(settings), Issuer(settings.public_url)
    session, day = db.session(), clock.today()
    places = {"revocation": revoked_places(session, day), "suspension": suspended_places(session)}
    for purpose, expected in places.items():
        signed = client.get(f"/credentials/status/{purpose}.json").data
        assert read_status_list(signed, purpose, keys, issuer) == frozenset(expected)


def check_numbers(client: FlaskClient, history: History) -> None:
    """Each number's page, its API and its place in the status lists; a replaced one names what counts."""
    revoked, suspended = revoked_places(db.session(), clock.today()), suspended_places(db.session())
    in_force = [award for award in history.awards if award.standing(clock.today()) in IN_FORCE]
    assert len(in_force) <= 1
    for award in history.awards:
        standing, page = award.standing(clock.today()), client.get(f"/en/verify/{award.number}").text
        said = client.get(f"/api/v1/awards/{award.number}").json
        place = holding_certificate(db.session(), award.id).id
        assert spoken(page) == said["standing"] == standing
        if standing is not Standing.EXPIRED:
            assert (place in revoked) == (standing in {Standing.REVOKED, Standing.SUPERSEDED})
        assert (place in suspended) == (award.last_act is AwardAct.SUSPENDED)
        if standing is Standing.SUPERSEDED:
            assert said["successor"] in page
            if in_force and award.starts <= in_force[0].starts:
                assert said["successor"] == in_force[0].number


@pytest.mark.parametrize("seed", [1, 5, 8])
def test_every_surface_says_the_same_on_every_day_that_matters(
    client: FlaskClient, history: History, settings: Settings, seed: int
) -> None:
    asked = done = 0
    for day in play(history, seed, acts=9):
        if len(history.done) == done and day not in days_to_ask(history, day)[:1]:
            continue
        done, asked = len(history.done), asked + 1
        expected = company_standing([award.held for award in history.awards], day)
        said = surfaces(client, history)
        assert set(said.values()) == {expected}, f"{day} {expected}: {said}"
        check_numbers(client, history)
    assert asked > 15
    with clock.held(on(day)):
        check_lists(client, settings)


def test_the_badge_line_of_an_old_number_follows_the_renewal(client: FlaskClient, history: History) -> None:
    old = history.grant().number
    with clock.held(on(START + timedelta(days=300))):
        new = history.grant()
        assert badge(client, new.number) == "expiring"
    for days in (366, 380, 460):
        with clock.held(on(START + timedelta(days=days))):
            assert badge(client, old) == badge(client, "company/pond") == "current"
            assert f'href="/en/verify/{new.number}"' in client.get(f"/en/verify/{old}").text
            assert f"/badge/company/{history.slug}.svg" in client.get(f"/en/register/{history.slug}").text


def test_rebuilding_the_register_gives_no_entry_a_new_date(client: FlaskClient, history: History) -> None:
    history.grant()
    with clock.held(on(START + timedelta(days=30))):
        history.act(history.awards[0], AwardAct.SUSPENDED)
        before = client.get("/register.atom").data
        assert b"2026-01-31" in before
    with clock.held(on(START + timedelta(days=40))):
        with transaction() as session:
            rebuild(session)
        assert client.get("/register.atom").data == before
        with transaction() as session:
            session.execute(db.text("DELETE FROM register_entries"))
            rebuild(session)
        assert client.get("/register.atom").data == before


def test_a_credential_holds_as_long_as_the_award_counts(history: History) -> None:
    facts = json.loads(holding_certificate(db.session(), history.grant().id).facts)
    assert facts["counts_until"] == (history.awards[0].term.grace_ends).isoformat()
