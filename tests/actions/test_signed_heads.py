"""Each act that changes an award signs the audit trail's head in its own transaction, or does not happen."""

import ast
import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from certificates import KeyringError
from compliance import clock
from compliance.domain.standing import AwardAct
from compliance.jobs.heads import publish_head, publish_signed
from compliance.jobs.issue import issue
from compliance.journeys.api import files
from compliance.settings import Settings
from compliance.store import audit_heads
from compliance.store.audit import AuditEntry, record
from compliance.store.audit_head_bundles import bundle
from compliance.store.audit_heads import LATEST, folder
from compliance.store.base import WRITING, db, transaction
from compliance.store.keys import keyring
from compliance.store.signed_heads import AWARD, PROPOSALS, SignedHead, newest_signed, unsigned
from tests.actions.histories import START, History, begin_with_owner, on
from tests.actions.test_reissuing import NAMES, certificates, change
from tests.house_rules.tree import sources
from tests.keys import lay_keys


@pytest.fixture
def history(in_app: Flask, settings: Settings) -> Iterator[History]:
    with clock.held(on(START)):
        lay_keys(settings.keys_dir)
        yield begin_with_owner()


def changed() -> list[int]:
    """The entries that say what became of awards."""
    query = sa.select(AuditEntry.seq).where(AuditEntry.subject == AWARD, AuditEntry.tag.not_in(PROPOSALS))
    return list(db.session.scalars(query.order_by(AuditEntry.seq)))


def test_every_act_leaves_a_head_over_its_own_entry(history: History, settings: Settings) -> None:
    acts = [
        history.grant,
        partial(issue, settings),
        lambda: history.act(history.awards[0], AwardAct.SUSPENDED),
        lambda: history.act(history.awards[0], AwardAct.REINSTATED),
        lambda: change(history, **NAMES),
        lambda: history.act(history.awards[0], AwardAct.REVOKED),
    ]
    for number, act in enumerate(acts, 1):
        act()
        db.session.expire_all()
        heads = {one.seq: one for one in db.session.scalars(sa.select(SignedHead))}
        assert set(heads) >= set(changed())
        assert len(heads) >= number
        said = audit_heads.parse("head", heads[changed()[-1]].line.encode(), keyring(settings))
        assert said.hash == db.session.get_one(AuditEntry, said.seq).hash
    assert said.revoked == tuple(sorted(one.number for one in certificates(history))), "all its numbers"
    assert list(unsigned(db.session(), keyring(settings), 0)) == []


def test_a_confirmed_change_is_signed_also_when_no_certificate_says_it(history: History) -> None:
    history.grant()
    change(history, website="https://lake.example/")
    confirmed = sa.select(AuditEntry.seq).where(AuditEntry.tag == "reviewer:company:change_confirmed")
    newest = newest_signed(db.session())
    assert newest is not None
    assert newest.seq == db.session.scalar(confirmed)


@pytest.mark.parametrize("act", ["grant", "suspend", "change"])
def test_without_a_key_nothing_changes(history: History, settings: Settings, act: str) -> None:
    if act != "grant":
        history.grant()
    before = entries()
    shutil.rmtree(settings.keys_dir)
    acts = {
        "grant": history.grant,
        "suspend": lambda: history.act(history.awards[0], AwardAct.SUSPENDED),
        "change": lambda: change(history, **NAMES),
    }
    with pytest.raises(KeyringError):
        acts[act]()
    assert entries() == before
    assert [award.last_act for award in history.awards] == ([] if act == "grant" else [AwardAct.GRANTED])


def entries() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0


def test_an_award_changed_around_the_portal_is_a_finding(history: History, settings: Settings) -> None:
    history.grant()
    with transaction() as session:
        record(session, clock.now(), history.approver, "approver:award:revoked", AWARD, 1)
    [found] = unsigned(db.session(), keyring(settings), 0)
    assert (found.seq, found.why) == (changed()[-1], "an award was changed and no head was signed over it")
    assert list(unsigned(db.session(), keyring(settings), found.seq)) == [], "a published head stands over it"


def test_a_head_of_another_entry_or_hand_is_a_finding(history: History, settings: Settings) -> None:
    history.grant()
    [head] = db.session.scalars(sa.select(SignedHead))
    seq, line = head.seq, head.line
    with transaction() as session:
        session.add(SignedHead(seq=seq + 7, line=line))
        session.add(SignedHead(seq=seq + 8, line=line.replace('"seq":', '"seq":1')))
        session.add(SignedHead(seq=seq + 9, line="{"))
    assert [found.seq for found in unsigned(db.session(), keyring(settings), 0)] == [seq + 7, seq + 8, seq + 9]


def test_heads_in_the_store_are_never_changed(history: History) -> None:
    history.grant()
    db.session.remove()
    for statement in ("UPDATE signed_heads SET line = ''", "DELETE FROM signed_heads"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            db.engine.connect().execution_options(**{WRITING: True}) as connection,
            connection.begin(),
        ):
            connection.exec_driver_sql(statement)


def test_the_copy_outside_follows_within_seconds(history: History, settings: Settings) -> None:
    assert publish_signed(settings) is None
    history.grant()
    published = publish_signed(settings)
    assert published is not None
    assert published.seq == changed()[-1]
    assert publish_signed(settings) is None


def test_the_day_on_which_a_renewal_takes_effect_has_its_head(history: History, settings: Settings) -> None:
    history.grant()
    assert publish_head(settings) is not None
    assert publish_head(settings) is None
    with clock.held(on(START + timedelta(days=1))):
        assert publish_head(settings) is not None
        assert publish_head(settings) is None


def test_strangers_read_the_newest_head_and_all_before_it(
    history: History, client: FlaskClient, settings: Settings
) -> None:
    assert client.get("/.well-known/audit-head.json").status_code == 404
    history.grant()
    signed = newest_signed(db.session())
    assert signed is not None
    assert client.get("/.well-known/audit-head.json").text == signed.line, "at once, before any file is there"
    for day in range(4):
        with clock.held(on(START + timedelta(days=20 * day))):
            publish_head(settings)
    listed = client.get("/.well-known/audit-heads.json").json
    assert listed["next"] is None
    digests = [audit_heads.parse("head", str_of(one), keyring(settings)) for one in listed["heads"]]
    assert [one.previous for one in digests[1:]] == [one.digest for one in digests[:-1]], "no predecessor is left out"
    assert len(digests) == 4
    newest = client.get("/.well-known/audit-head.json").json
    assert newest == listed["heads"][-1]


def str_of(head: dict[str, object]) -> bytes:
    return audit_heads.canonical(head).encode()


def test_a_list_of_heads_goes_on_where_a_page_ends(
    history: History, client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "HEADS_A_PAGE", 3)
    for day in range(8):
        with clock.held(on(START + timedelta(days=10 * day))):
            publish_head(settings)
    bundle(folder(settings), on(START + timedelta(days=45)))
    address, found = "/.well-known/audit-heads.json", []
    while address:
        told = client.get(address).json
        found += [one["head"]["at"][:10] for one in told["heads"]]
        address = (told["next"] or "").removeprefix("http://localhost")
    assert found == [(START + timedelta(days=10 * day)).isoformat() for day in range(8)]
    assert client.get("/.well-known/audit-heads.json?after=zzz").json == {"heads": [], "next": None}


@pytest.mark.parametrize("damage", ["", "{", '{"head":{}}', "\0\xff", "[" * 5000])
def test_a_damaged_newest_head_is_no_crash(
    history: History, client: FlaskClient, settings: Settings, damage: str
) -> None:
    publish_head(settings)
    latest = folder(settings) / LATEST
    latest.write_bytes(damage.encode("latin-1"))
    assert client.get("/.well-known/audit-head.json").status_code == 503, "there is one, and it cannot be read"
    history.grant()
    assert client.get("/.well-known/audit-head.json").json["head"]["seq"] == changed()[-1]
    assert client.get("/.well-known/audit-heads.json").status_code == 200
    assert publish_signed(settings) is not None
    assert audit_heads.read(latest, keyring(settings)).seq >= changed()[-1]


def test_what_is_recorded_of_an_award_is_signed() -> None:
    """An act that writes its entry past `record_signed` would stand without a head. A restore signs once over all."""
    stray = [
        f"{path}:{call.lineno}"
        for path, module in sources()
        if path.name != "settling.py"
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "record"
        if "award" in (said := [one.value for one in call.args if isinstance(one, ast.Constant)])
        if not set(said) & set(PROPOSALS)
    ]
    assert stray == []
