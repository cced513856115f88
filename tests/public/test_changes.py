"""Who follows the register reads every act of the transparency log once, in its order, whatever happens meanwhile."""

import json
import threading
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance import clock
from compliance.domain.standing import AwardAct
from compliance.store.awards import Award
from compliance.store.base import transaction
from compliance.store.companies import Company
from compliance.store.register import bump, refresh_entry
from compliance.store.transparency import LogEntry, Told, append_entries
from tests.public.world import act_on

ALL = "/api/v1/changes"
SLUG = "fast-turtle-fibre"
FORGOTTEN = RuntimeError("this transaction is not to be")


class Reader:
    """A program that keeps its cursor and all that it was told."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.cursor, self.told = client, "", list[dict[str, Any]]()

    def ask(self, limit: int) -> bool:
        """Whether there is more."""
        answer = self.client.get(f"{ALL}?since={self.cursor}&limit={limit}").json
        assert len(answer["changes"]) <= limit
        assert f"since={answer['cursor']}&" in answer["next"]
        self.told += answer["changes"]
        self.cursor = answer["cursor"]
        return bool(answer["more"])

    def follow(self, limit: int) -> None:
        while self.ask(limit):
            pass


def say(session: Any, entries: int) -> None:
    at = clock.now().isoformat()
    told = [Told(None, None, None, {"act": "checked_in", "at": at, "due": str(n)}) for n in range(entries)]
    append_entries(session, clock.now(), told)
    bump(session)


def written() -> list[dict[str, Any]]:
    with transaction() as session:
        contents = list(session.scalars(sa.select(LogEntry.content).order_by(LogEntry.position)))
    return [json.loads(content) for content in contents]


def as_logged(change: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in change.items() if name not in {"id", "links"}}


STEPS = st.one_of(
    st.tuples(st.just("say"), st.integers(1, 4)),
    st.tuples(st.just("forget"), st.integers(1, 3)),
    st.tuples(st.just("late"), st.integers(1, 3)),
    st.tuples(st.just("ask"), st.integers(1, 3)),
)


@pytest.mark.both_databases
def test_an_act_while_a_program_reads_is_neither_lost_nor_told_twice(app: Flask, client: FlaskClient) -> None:
    def late(reader: Reader, entries: int) -> None:
        """Two write at once: one has not committed when the other begins and when the program asks."""
        done = threading.Event()

        def second() -> None:
            with app.app_context(), transaction() as session:
                say(session, 1)
            done.set()

        with app.app_context(), transaction() as session:
            say(session, entries)
            threading.Thread(target=second, daemon=True).start()
            reader.ask(2)
            assert not done.wait(0.02), "the log's end is held until the first has committed"
        reader.ask(1)
        assert done.wait(10)

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(STEPS, max_size=6))
    def law(steps: list[tuple[str, int]]) -> None:
        reader = Reader(client)
        for step, number in steps:
            if step == "ask":
                reader.ask(number)
            elif step == "late":
                late(reader, number)
            else:
                with app.app_context(), suppress(RuntimeError), transaction() as session:
                    say(session, number)
                    if step == "forget":
                        raise FORGOTTEN
        reader.follow(3)
        with app.app_context():
            assert [as_logged(change) for change in reader.told] == written()
        assert len({change["id"] for change in reader.told}) == len(reader.told)

    law()


def test_the_beginning_a_day_and_what_we_gave_out_are_places_and_nothing_else_is(
    app: Flask, client: FlaskClient, numbers: dict[str, str]
) -> None:
    everything = client.get(f"{ALL}?limit=100").json
    assert client.get(f"{ALL}?since=0&limit=100").json["changes"] == everything["changes"]
    with clock.held(clock.now() + timedelta(days=2)):
        with app.app_context(), transaction() as session:
            say(session, 2)
        new = client.get(f"{ALL}?since={clock.today()}").json
        assert [change["due"] for change in new["changes"]] == ["0", "1"]
        assert client.get(f"{ALL}?since={everything['cursor']}").json["changes"] == new["changes"]
        for day in (clock.today() + timedelta(days=1), date.max):
            later = client.get(f"{ALL}?since={day}").json
            assert (later["changes"], later["cursor"]) == ([], new["cursor"])
    assert client.get(f"{ALL}?since={date.min}").json["changes"][0] == everything["changes"][0]
    for wrong in ("yesterday", "2026-13-01", "2026-1-1", "-1", "00", "3", "1-xyz", "999999999999-0123456789ab", "២-0"):
        answer = client.get(ALL, query_string={"since": wrong})
        assert answer.status_code == 400, wrong
        assert answer.json["wrong"][0]["possible"]["anyOf"], wrong
    foreign = f"3-{'0' * 12}"
    beyond = f"999-{everything['cursor'][-12:]}"
    for gone in (foreign, beyond):
        answer = client.get(f"{ALL}?since={gone}")
        assert (answer.status_code, answer.mimetype) == (409, "application/problem+json"), gone
        assert "since=" in answer.json["detail"]


def entries_of(client: FlaskClient, query: str = "") -> dict[str, bytes]:
    """The feed's entries by id, the newest first."""
    feed = ET.fromstring(client.get(f"/register.atom{query}").data)
    return {item.findtext("{*}id") or "": ET.tostring(item) for item in feed.findall("{*}entry")}


def test_each_act_is_a_new_entry_and_the_earlier_ones_stay_as_they_were(
    app: Flask, client: FlaskClient, numbers: dict[str, str]
) -> None:
    for lang in ("", "?lang=km"):
        assert list(entries_of(client, lang)) == [
            change["id"] for change in reversed(client.get(f"{ALL}?limit=100").json["changes"])]  # fmt: skip
    before = {query: entries_of(client, query) for query in ("", "?lang=km")}
    tag = client.get("/register.atom").headers["ETag"]
    with app.app_context(), transaction() as session:
        award = session.scalars(sa.select(Award).where(Award.number == numbers[SLUG])).one()
        act_on(session, award, AwardAct.SUSPENDED, date(2026, 11, 23))
    with app.app_context(), transaction() as session:
        company = session.scalars(sa.select(Company).where(Company.slug == SLUG)).one()
        company.name_latin, company.name_km = "Slow <Turtle>\x0b", "អណ្តើកយឺត"
        refresh_entry(session, company.id)
    assert client.get("/register.atom", headers={"If-None-Match": tag}).status_code == 200
    for query, known in before.items():
        now = entries_of(client, query)
        assert [one for one in now if one in known] == list(known)
        assert all(now[one] == known[one] for one in known)
        fresh = [now[one].decode() for one in now if one not in known]
        assert [ET.fromstring(one).find("{*}category").get("term") for one in fresh] == ["changed", "suspended"]  # type: ignore[union-attr]
        assert "Fast Turtle" in fresh[1] or "អណ្តើកលឿន" in ET.fromstring(fresh[1]).findtext("{*}title", "")
    same = client.get("/register.atom").headers["ETag"]
    with clock.held(clock.now() + timedelta(days=400)):
        again = client.get("/register.atom", headers={"If-None-Match": same})
    assert again.status_code == 304, "the calendar is no act"


def test_pages_of_the_feed_follow_one_another_and_a_written_one_never_changes(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        say(session, 120)
    page, told = "/register.atom?lang=km", list[str]()
    while page:
        feed = ET.fromstring(client.get(page).data)
        told += [item.findtext("{*}id") or "" for item in feed.findall("{*}entry")]
        page = next((link.get("href", "") for link in feed.findall("{*}link") if link.get("rel") == "next"), "")
        page = page.removeprefix("http://localhost")
    assert len(set(told)) == len(told) == 120
    assert client.get("/register.atom?before=-1").status_code == 400
    assert client.get("/register.atom?lang=fr").status_code == 400
    assert not entries_of(client, "?before=0")
