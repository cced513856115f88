"""A draft becomes an edition by two people, holds from its day and never changes; who comes too late is told."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import edition_drafts, edition_publishing
from compliance.actions.edition_publishing import Wish
from compliance.domain.errors import DomainError, ForbiddenError, InvalidError, StaleError, WrongStateError
from compliance.domain.roles import Actor, Role
from compliance.store.audit import AuditEntry
from compliance.store.awards import Outcome
from compliance.store.base import db, transaction
from compliance.store.edition_drafts import EditionDraft
from compliance.store.edition_shelf import STATE, entries, tampered
from compliance.store.people import Person
from compliance.store.published_editions import EditionAct, EditionProposal, PublishedEdition, open_drafts, published
from questionnaires import catalogue, current, editions
from questionnaires.errors import TamperedEditionError, UnknownEditionError
from questionnaires.folders import digest_of
from tests.account.test_two_owners import at_once
from tests.actions.cases import person
from tests.drafting import confirmed, edition_texts, looked, proposed, uploaded

pytestmark = [pytest.mark.usefixtures("in_app")]
DAY = date(2027, 6, 1)
Act = Callable[[Session], object]


@pytest.fixture
def two(in_app: Flask, moment: object) -> tuple[Actor, Actor]:
    """Two administrators."""
    return person("one@ministry.example", Role.ADMINISTRATOR), person("two@ministry.example", Role.ADMINISTRATOR)


def refused(act: Act, error: type[DomainError], words: str = "") -> None:
    with pytest.raises(error) as told, transaction() as session:
        act(session)
    assert words in str(told.value)


def publishing(
    actor: Actor, draft: EditionDraft, begins: date = DAY, grace: int = 30, seen: int | None = None
) -> object:
    wish = Wish(begins, grace, "")
    version = draft.version if seen is None else seen
    return lambda session: edition_publishing.propose(session, actor, draft.id, wish, version)


def long_named(actor: Actor) -> EditionDraft:
    """Its files say another id than an assessment could keep."""
    found = replace(looked("e" * 60), name="e" * edition_drafts.LONGEST_ID)
    with transaction() as session:
        return edition_drafts.upload(session, actor, found)


def test_two_publish_it_and_it_holds_from_its_day_on(two: tuple[Actor, Actor]) -> None:
    one, other = two
    draft = uploaded(one, "2027", ("edition.yaml", "en: Partly", "en: In part"))
    confirmed(other, proposed(one, draft, DAY))
    row = published(db.session())[0]
    assert (row.name, row.sha256, row.begins, row.published_by) == ("2027", draft.sha256, DAY, other.user_id)
    assert (editions(), current().id) == (("2026",), "2026")
    assert catalogue.edition("2027").sha256 == draft.sha256, "one to come can be looked at"
    with clock.held(clock.midnight(DAY) - timedelta(seconds=1)):
        assert current().id == "2026"
    with clock.held(clock.midnight(DAY)):
        assert editions() == ("2026", "2027")
        assert current().sha256 == draft.sha256
        assert catalogue.edition("2026").id == "2026", "what was begun before keeps its own"
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == "admin:edition:published")).one()
    assert json.loads(entry.content)["sha256"] == draft.sha256
    assert open_drafts(db.session()) == []
    with pytest.raises(UnknownEditionError):
        catalogue.edition("2028")


def test_what_does_not_fit_is_refused(two: tuple[Actor, Actor]) -> None:
    one, other = two
    draft, today = uploaded(one, "2027"), clock.today()
    for begins, words in (
        (today, "Choose a day after today."),
        (date(2020, 1, 1), "Choose a day after today."),
        (date(2031, 1, 1), "within three years"),
    ):
        refused(publishing(one, draft, begins), InvalidError, words)
    for grace in (-1, 367):
        refused(publishing(one, draft, grace=grace), InvalidError, "days")
    refused(publishing(one, draft, seen=draft.version + 1), StaleError)
    refused(publishing(one, uploaded(one, "2026")), InvalidError, "another id")
    refused(publishing(one, uploaded(one, "2029", wrong=1)), InvalidError, "mistakes")
    refused(publishing(one, long_named(one)), InvalidError, "too long")
    refused(publishing(person("r@ministry.example", Role.REVIEWER), draft), ForbiddenError)
    again, later = uploaded(one, "2027"), uploaded(other, "2028")
    first = proposed(one, draft, DAY)
    refused(publishing(other, draft), InvalidError, "proposed here already")
    waiting = proposed(other, again, DAY + timedelta(1))
    confirmed(other, first)
    refused(publishing(one, later), InvalidError, "begins on that day or later")
    refused(publishing(one, later, DAY - timedelta(1)), InvalidError, "begins on that day")
    refused(lambda session: edition_publishing.confirm(session, one, waiting.id), InvalidError, "another id")
    assert [row.name for row in published(db.session())] == ["2027"]
    for act in (
        lambda session: edition_drafts.change(session, one, draft.id, looked("2027b"), draft.version),
        lambda session: edition_drafts.let_go(session, one, draft.id),
    ):
        refused(act, WrongStateError)


def test_nobody_confirms_their_own_nor_what_changed_lapsed_or_was_taken_back(two: tuple[Actor, Actor]) -> None:
    one, other = two
    draft = uploaded(one, "2027")

    def confirm(actor: Actor, proposal: EditionProposal) -> Act:
        return lambda session: edition_publishing.confirm(session, actor, proposal.id)

    first = proposed(one, draft, DAY)
    refused(confirm(one, first), ForbiddenError, "four_eyes")
    refused(lambda session: edition_publishing.withdraw(session, other, first.id), ForbiddenError)
    refused(confirm(person("r@ministry.example", Role.REVIEWER), first), ForbiddenError)
    with transaction() as session:
        edition_drafts.change(session, other, draft.id, looked("2027", ("edition.yaml", "en: Partly", "en: Half")), 1)
    refused(confirm(other, first), WrongStateError)
    assert db.session.get_one(EditionProposal, first.id, populate_existing=True).outcome is Outcome.OVERTAKEN
    second = proposed(one, db.session.get_one(EditionDraft, draft.id, populate_existing=True), DAY)
    with transaction() as session:
        edition_publishing.withdraw(session, one, second.id)
        edition_publishing.withdraw(session, one, second.id)
    refused(confirm(other, second), WrongStateError)
    third = proposed(one, db.session.get_one(EditionDraft, draft.id), DAY)
    with clock.held(third.proposed_at + timedelta(days=14)):
        refused(confirm(other, third), WrongStateError)
    fourth = proposed(one, uploaded(one, "2030"), clock.today() + timedelta(3))
    with clock.held(clock.midnight(fourth.begins)):
        refused(confirm(other, fourth), WrongStateError)
    with transaction() as session:
        edition_drafts.let_go(session, other, fourth.draft_id)
        edition_drafts.let_go(session, one, fourth.draft_id)
    refused(confirm(other, fourth), WrongStateError)
    fifth = proposed(one, uploaded(one, "2031"), DAY)
    with transaction() as session:
        session.get_one(Person, one.user_id).roles = []
    refused(confirm(other, fifth), ForbiddenError, "proposer_left")
    assert published(db.session()) == []


def test_until_its_day_two_call_it_back_and_it_is_a_draft_again(two: tuple[Actor, Actor]) -> None:
    one, other = two
    draft = uploaded(one, "2027")
    confirmed(other, proposed(one, draft, DAY))
    edition = published(db.session())[0]
    refused(lambda session: edition_publishing.propose_call_back(session, one, edition.id, " "), InvalidError)
    with transaction() as session:
        wish = edition_publishing.propose_call_back(session, other, edition.id, "A law comes first.")
    assert wish.act is EditionAct.CALL_BACK
    refused(lambda session: edition_publishing.confirm(session, other, wish.id), ForbiddenError)
    with clock.held(clock.midnight(DAY)):
        refused(lambda session: edition_publishing.confirm(session, one, wish.id), WrongStateError)
        refused(
            lambda session: edition_publishing.propose_call_back(session, one, edition.id, "Late."), WrongStateError
        )
    confirmed(one, wish)
    confirmed(one, wish)
    with pytest.raises(UnknownEditionError):
        catalogue.edition("2027")
    with clock.held(clock.midnight(DAY)):
        assert current().id == "2026"
    assert [found.id for found in open_drafts(db.session())] == [draft.id]
    confirmed(one, proposed(other, draft, DAY))
    assert len(published(db.session())) == 1
    with db.engine.connect().execution_options(portal_writing=True) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(PublishedEdition)) == 2


def test_of_two_at_once_one_is_done_and_the_other_told(in_app: Flask, two: tuple[Actor, Actor]) -> None:
    one, other = two
    third = person("three@ministry.example", Role.ADMINISTRATOR)
    for number in range(4):
        draft, rival = uploaded(one, f"twin{number}"), uploaded(one, f"twin{number}")
        first, second = proposed(one, draft, DAY + timedelta(number)), proposed(one, rival, DAY + timedelta(number))
        outcomes = at_once(
            in_app,
            (lambda session, actor, it=first.id: edition_publishing.confirm(session, actor, it), other),
            (lambda session, actor, it=second.id: edition_publishing.confirm(session, actor, it), third),
        )
        assert sorted(outcomes) == ["InvalidError", "done"]
        changed, wanted = uploaded(one, f"c{number}"), date(2028, 1, 1) + timedelta(number)
        proposal, new = proposed(one, changed, wanted), looked(f"d{number}")
        outcomes = at_once(
            in_app,
            (lambda session, actor, it=proposal.id: edition_publishing.confirm(session, actor, it), other),
            (lambda session, actor, it=changed.id, to=new: edition_drafts.change(session, actor, it, to, 1), third),
        )
        assert sorted(outcomes) == ["WrongStateError", "done"], "published as proposed, or changed and void"
        names = {row.name for row in published(db.session())}
        assert (f"c{number}" in names) == (outcomes[0] == "done")
        assert f"d{number}" not in names
        if f"c{number}" in names:  # so that the next day fits again
            edition = next(row for row in published(db.session()) if row.name == f"c{number}")
            with transaction() as session:
                wish = edition_publishing.propose_call_back(session, one, edition.id, "To begin anew.")
            confirmed(other, wish)


TRIGGERS = {
    "sqlite": ("DROP TRIGGER edition_stays", "DROP TRIGGER edition_kept"),
    "postgresql": ("ALTER TABLE published_editions DISABLE TRIGGER USER",),
}
HARDER = ("edition.yaml", "en: Partly", "en: Hardly")


def write(*statements: str) -> None:
    db.session.rollback()
    with db.engine.connect().execution_options(portal_writing=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(sa.text(statement))


def test_what_was_published_never_changes_and_a_tampered_one_is_not_used(two: tuple[Actor, Actor]) -> None:
    one, other = two
    confirmed(other, proposed(one, uploaded(one, "2027"), DAY))
    for change in ("files = '{}'", "sha256 = 'x'", "begins = '2027-01-01'", "grace_days = 0"):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            write(f"UPDATE published_editions SET {change}")
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        write("DELETE FROM published_editions")
    current_app.extensions.pop(STATE)  # as after a restart: nothing is in memory
    assert [tampered(db.session(), entry) for entry in entries(db.session())] == [False]
    digest = digest_of(edition_texts("2027", HARDER))
    write(*TRIGGERS[db.engine.dialect.name], "UPDATE published_editions SET files = '{}'")
    for change in ("files = files", "files = 'no JSON'", f"sha256 = '{digest}'"):
        write(f"UPDATE published_editions SET {change}")
        current_app.extensions.pop(STATE, None)
        assert [tampered(db.session(), entry) for entry in entries(db.session())] == [True]
        with pytest.raises(TamperedEditionError):
            catalogue.edition("2027")
        with clock.held(clock.midnight(DAY)):
            assert current().id == "2026", "new assessments take the one before"
    worse = json.dumps(edition_texts("2027", HARDER))
    with db.engine.connect().execution_options(portal_writing=True) as connection, connection.begin():
        connection.execute(sa.text("UPDATE published_editions SET files = :files"), {"files": worse})
    assert tampered(db.session(), entries(db.session())[0]), "files and digest agree: the trail knows better"
