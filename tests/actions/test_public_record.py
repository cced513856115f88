"""The transparency log tells every act and every change of public facts, once, in order, and can be played back."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from compliance import clock
from compliance.domain.merkle import leaf_hash
from compliance.domain.standing import AwardAct
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.public_record import CHANGED
from compliance.store.register import RegisterEntry, is_complete, rebuild, refresh_entry
from compliance.store.transparency import LogEntry
from tests.actions.histories import START, History, begin, on, play
from tests.actions.test_reissuing import NAMES, change, history  # noqa: F401  (a fixture)
from tests.keys import lay_keys


def told() -> list[dict[str, object]]:
    return [json.loads(text) for text in db.session.scalars(sa.select(LogEntry.content).order_by(LogEntry.position))]


def acts() -> list[object]:
    return [one["act"] for one in told()]


def test_acts_are_told_in_their_order_with_the_facts_of_that_day(history: History) -> None:  # noqa: F811
    [award] = history.awards
    first = award.number
    for day, act in ((10, AwardAct.SUSPENDED), (20, AwardAct.REINSTATED)):
        with clock.held(on(START + timedelta(days=day))):
            history.act(history.awards[0], act)
    with clock.held(on(START + timedelta(days=40))):
        change(history, **NAMES)
    with clock.held(on(START + timedelta(days=50))):
        history.act(history.awards[0], AwardAct.REVOKED)
    found = told()
    assert acts() == ["granted", "suspended", "reinstated", "certificate_issued_anew", "revoked"]
    assert [one["position"] for one in found] == [0, 1, 2, 3, 4]
    assert [str(one["at"])[:10] for one in found] == [
        "2026-01-01",
        "2026-01-11",
        "2026-01-21",
        "2026-02-10",
        "2026-02-20",
    ]
    assert {str(one["company"]) for one in found} == {"pond"}
    reasons = [one.get("reason") for one in found]
    everybody = {"km": "ហេតុផលសម្រាប់សាធារណជន", "en": "A reason for everybody."}
    assert reasons == [None, everybody, everybody, None, everybody]
    assert "A reason.'" not in str(found), "the Ministry's own reason stays inside"
    assert (found[3]["replaces"], found[3]["number"]) == (first, history.awards[0].number)
    assert [one["facts"]["name_latin"] for one in found] == ["Pond", "Pond", "Pond", "Great Lake", "Great Lake"]  # type: ignore[index]


def test_a_change_of_facts_is_told_with_what_changed(history: History) -> None:  # noqa: F811
    change(history, website="https://lake.example/", province="takeo", registration_number="R 77")
    last = told()[-1]
    assert (last["act"], last["changed"]) == (CHANGED, ["province", "website"])
    change(history, registration_number="R 78")
    with transaction() as session:
        refresh_entry(session, history.company_id)
        rebuild(session)
    assert acts() == ["granted", CHANGED], "nothing that the public does not read, and nothing twice"


def test_a_renewal_and_what_it_replaces(history: History) -> None:  # noqa: F811
    with clock.held(on(START + timedelta(days=300))):
        history.grant()
        change(history, province="takeo")
    assert acts() == ["granted", "granted", CHANGED, CHANGED], "both awards are shown, one after the other"
    with clock.held(on(START + timedelta(days=420))):
        change(history, province="kep")
    assert acts()[4:] == [CHANGED], "the award that is over keeps what was said of it"


def test_what_is_not_done_is_not_told(history: History) -> None:  # noqa: F811
    def lost() -> None:
        with transaction() as session:
            session.get_one(Company, history.company_id).province = "takeo"
            refresh_entry(session, history.company_id)
            raise OSError("power is gone")

    with pytest.raises(OSError, match="power"):
        lost()
    assert acts() == ["granted"]


def test_nothing_is_changed_or_taken_out(history: History) -> None:  # noqa: F811
    for statement in ("UPDATE log_entries SET content = '{}'", "DELETE FROM log_entries"):
        with pytest.raises(sa.exc.DatabaseError), transaction() as session:
            session.execute(sa.text(statement))
        db.session.rollback()
    [entry] = db.session.scalars(sa.select(LogEntry))
    assert entry.leaf == leaf_hash(entry.content.encode())


def test_awards_of_before_the_log_are_told_when_the_register_is_rebuilt(in_app: Flask, settings: Settings) -> None:
    with clock.held(on(START)):
        lay_keys(settings.keys_dir)
        made = begin()
        made.grant()
        made.act(made.awards[0], AwardAct.SUSPENDED)
        before = acts()
        _forget_the_log()
        assert not is_complete(db.session())
        with transaction() as session:
            rebuild(session)
        assert is_complete(db.session())
    assert acts() == before == ["granted", "suspended"]


def _forget_the_log() -> None:
    """As in a store of a version that had none."""
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.text("ALTER TABLE log_entries DISABLE TRIGGER USER"))
        else:
            session.execute(sa.text("DROP TRIGGER log_entries_no_delete"))
        session.execute(sa.text("DELETE FROM log_entries"))
    db.session.expire_all()


@pytest.fixture
def played(in_app: Flask, settings: Settings) -> Iterator[History]:
    lay_keys(settings.keys_dir)
    with clock.held(on(START)):
        yield begin()


@pytest.mark.sqlite_only
@tries(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_log_played_back_is_the_register(played: History, seed: int) -> None:
    """The last that it says of every award is what the register shows, and its acts are the award's decisions."""
    for _day in play(played, seed):
        pass
    said: dict[int, dict[str, object]] = {}
    decisions: dict[int, list[str]] = {}
    for entry in db.session.scalars(sa.select(LogEntry).order_by(LogEntry.position)):
        content = json.loads(entry.content)
        said[entry.award_id or 0] = content["facts"]
        decisions.setdefault(entry.award_id or 0, []).append(content["act"])
    for award in played.awards:
        assert [act for act in decisions[award.id] if act in set(AwardAct)] == [one.act for one in award.acts]
        shown = db.session.get(RegisterEntry, award.id)
        if shown is not None:
            facts = said[award.id]
            assert {name: str(getattr(shown, name)) for name in facts} == {name: str(facts[name]) for name in facts}
