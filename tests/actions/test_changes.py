"""Nobody becomes somebody else: what the public reads of an awarded company changes by a reviewer's word alone."""

from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import changing
from compliance.actions.companies import edit_company
from compliance.actions.company_details import CompanyDetails
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.domain.roles import Actor, Role
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.changes import Answered, ChangeRequest, changes_of, open_change
from compliance.store.companies import Company
from compliance.store.outbox import Notice
from compliance.store.people import Membership, Person
from compliance.store.register import entry_by_slug
from compliance.store.register_search import Search, count
from tests.actions.cases import case, person, to_review
from tests.actions.histories import START, History, begin_with_owner, on, owner
from tests.actions.test_walk import refused
from tests.helpers import KINDS, company
from tests.jobs.world import told

WISH = CompanyDetails("បុ៉ស្តិ៍ ឆាត", "Post Chat", "R-pond-1", ("isp",), 77, "kep", website="https://pond.example/")

confirm = partial(changing.confirm, public_url="http://localhost")


@pytest.fixture
def history(in_app: Flask) -> History:
    """An awarded company with an owner."""
    with clock.held(on(START)):
        made = begin_with_owner()
        made.grant()
        with transaction() as session:
            session.get_one(Company, made.company_id).registration_number = "R-pond-1"
        return made


def edit(history: History, wish: CompanyDetails = WISH) -> ChangeRequest | None:
    with clock.held(on(START)), transaction() as session:
        edit_company(session, owner().actor(), history.company_id, wish, KINDS)
    return open_change(db.session(), history.company_id)


def shown(history: History) -> tuple[str, str]:
    db.session.expire_all()
    entry = entry_by_slug(db.session(), history.slug, START)
    assert entry is not None
    return entry.name_km, entry.name_latin


def test_an_edit_asks_and_the_public_goes_on_reading_the_old(history: History) -> None:
    change = edit(history)
    assert change is not None
    assert change.after == {"name_km": "ប៉ុស្តិ៍ ឆាត", "name_latin": "Post Chat"}
    assert shown(history) == ("ស្រះ", "Pond")
    assert db.session.get_one(Company, history.company_id).workers == 77
    assert "change_waiting" in set(db.session.scalars(sa.select(Notice.kind)))


def test_confirmed_it_shows_and_the_old_name_is_found(history: History) -> None:
    change = edit(history)
    assert change is not None
    for _pressed_twice in range(2):
        with clock.held(on(START)), transaction() as session:
            changing.confirm(session, history.reviewer, change.id, public_url="http://localhost")
    assert shown(history) == ("ប៉ុស្តិ៍ ឆាត", "Post Chat")
    assert count(db.session(), Search(text="Pond"), START) == count(db.session(), Search(text="post"), START) == 1
    refused(WrongStateError, confirm, person("another@ministry.example", Role.REVIEWER), change.id)
    refused(WrongStateError, changing.decline, history.reviewer, change.id, "No.")
    refused(WrongStateError, changing.withdraw, owner().actor(), change.id)
    assert "change_confirmed" in set(db.session.scalars(sa.select(Notice.kind)))


def test_declined_it_stays_and_the_reason_is_told(history: History) -> None:
    change = edit(history)
    assert change is not None
    assert refused(InvalidError, changing.decline, history.reviewer, change.id, " ") == "reason"
    for _pressed_twice in range(2):
        with transaction() as session:
            changing.decline(session, history.reviewer, change.id, "That is another company's name.")
    assert shown(history) == ("ស្រះ", "Pond")
    [notice] = db.session.scalars(sa.select(Notice).where(Notice.kind == "change_declined"))
    assert (told(notice) or {})["reason"] == "That is another company's name."


def test_a_second_edit_takes_the_place_of_the_first(history: History) -> None:
    edit(history)
    second = edit(history, replace(WISH, name_latin="Pond Chat"))
    assert second is not None
    answers = [one.answered for one in changes_of(db.session(), history.company_id)]
    assert answers == [None, Answered.WITHDRAWN]
    with transaction() as session:
        changing.withdraw(session, owner().actor(), second.id)
    assert open_change(db.session(), history.company_id) is None


def test_what_a_colleague_asked_for_is_not_lost_by_the_next_edit(history: History) -> None:
    first = edit(history)
    assert first is not None
    with clock.held(on(START)):
        old = db.session.get_one(Company, history.company_id).version
    again = edit(history)
    assert again is not None
    assert again.id == first.id, "the same wish is no other request"
    company = db.session.get_one(Company, history.company_id)
    assert changing.wished(db.session(), company)["name_latin"] == "Post Chat"
    more = edit(history, replace(WISH, website="https://chat.example/"))
    assert more is not None
    assert more.after == {"name_km": "ប៉ុស្តិ៍ ឆាត", "name_latin": "Post Chat", "website": "https://chat.example/"}
    stale = partial(edit_company, details=WISH, known_kinds=KINDS, seen_version=old)
    refused(StaleError, stale, owner().actor(), history.company_id)
    assert edit(history, replace(WISH, name_km="ស្រះ", name_latin="Pond")) is None, "the old, typed back, asks nothing"
    assert {one.answered for one in changes_of(db.session(), history.company_id)} == {Answered.WITHDRAWN}


def test_only_a_reviewer_without_a_tie_answers(history: History) -> None:
    change = edit(history)
    assert change is not None
    refused(ForbiddenError, confirm, history.approver, change.id)
    refused(ForbiddenError, confirm, owner().actor(), change.id)
    refused(NotFoundError, changing.withdraw, person("stranger@else.example"), change.id)
    with transaction() as session:
        session.add(
            Membership(
                company_id=history.company_id, role="viewer", since=on(START), ended_at=clock.now(),
                person=session.get_one(Person, history.reviewer.user_id),
            )
        )  # fmt: skip
    assert refused(ForbiddenError, confirm, history.reviewer, change.id) == "tie_former"


def test_the_database_wants_another_person_and_one_open_request(history: History) -> None:
    change = edit(history)
    assert change is not None
    rows, me = ChangeRequest.__table__, change.asked_by
    answer = sa.update(rows).values(answered="confirmed", answered_at=clock.now(), answered_by=me)
    twice = sa.insert(rows).values(
        company_id=history.company_id, before={}, after={}, asked_by=me, asked_at=clock.now(), reason=""
    )
    for statement in (answer, answer.values(answered_by=None), twice):
        with pytest.raises(sa.exc.IntegrityError), transaction() as session:
            session.execute(statement)


def test_names_like_another_company_s_are_shown(history: History) -> None:
    company(
        db.session.get_one(Person, owner().id), name_km="ប៉ុស្ដិ៍ ឆាត", name_latin="P0st Chat", registration_number="T 9"
    )
    company(db.session.get_one(Person, owner().id), name_latin="Lotus Mills", registration_number="RPOND-2")
    change = edit(history, replace(WISH, registration_number="r pond 2"))
    assert change is not None
    found = [one.name_latin for one in changing.resembling(db.session(), change)]
    assert found == ["P0st Chat", "Lotus Mills"]


def test_a_website_like_another_company_s_and_its_name_in_a_longer_one_are_shown(history: History) -> None:
    me = db.session.get_one(Person, owner().id)
    company(me, name_latin="Blue Krama Mobile", registration_number="B 1")
    company(me, name_latin="Rice Field", registration_number="B 2", website="https://www.rice.example/km")
    change = edit(history, replace(WISH, name_latin="Blue-Krama-Mobile Cambodia", website="http://rice.example"))
    assert change is not None
    found = [one.name_latin for one in changing.resembling(db.session(), change)]
    assert found == ["Blue Krama Mobile", "Rice Field"]


@pytest.mark.parametrize("name", ["Рond", "Pοnd", "Ꮲond", "ᗷond"])
def test_letters_that_pass_for_latin_ones_are_refused(history: History, name: str) -> None:
    for wish in (replace(WISH, name_latin=name), replace(WISH, brands=(name,)), replace(WISH, name_km=f"បឹង {name}")):
        change = partial(edit_company, details=wish, known_kinds=KINDS)
        field = next(one for one in ("name_latin", "brands", "name_km") if getattr(wish, one) != getattr(WISH, one))
        assert refused(InvalidError, change, owner().actor(), history.company_id) == field


@pytest.mark.parametrize("name", ["Ｐond", "Pond បឹង"])
def test_a_latin_name_has_latin_letters_alone(history: History, name: str) -> None:
    wish = partial(edit_company, details=replace(WISH, name_latin=name), known_kinds=KINDS)
    assert refused(InvalidError, wish, owner().actor(), history.company_id) == "name_latin"


@pytest.mark.parametrize(
    "name", ["Po\ufe0fnd", "Pond\u0301\u0302", "Pond\u202eknab", "Po\u2066nd", "Pond\x07", "Po\u00adnd", "\ufeffPond"]
)
def test_what_cannot_be_seen_is_refused(history: History, name: str) -> None:
    wish = partial(edit_company, details=replace(WISH, name_latin=name), known_kinds=KINDS)
    assert refused(InvalidError, wish, owner().actor(), history.company_id) == "name_latin"
    wish = partial(edit_company, details=replace(WISH, name_latin="..!?"), known_kinds=KINDS)
    assert refused(InvalidError, wish, owner().actor(), history.company_id) == "name_latin"


def test_what_a_company_does_stays_while_answers_are_with_the_ministry(
    in_app: Flask, moment: object, settings: Settings
) -> None:
    """In a draft it is free; later, said again as it is, it is no change."""
    one = case(settings)
    row = db.session.get_one(Company, one.company_id)
    same = CompanyDetails(
        row.name_km, row.name_latin, row.registration_number, tuple(row.kinds), row.workers, row.province
    )
    other = replace(same, kinds=(*same.kinds, "isp"))

    def say(session: Session, actor: Actor, details: CompanyDetails) -> None:
        edit_company(session, actor, one.company_id, details, {"internet_cafe", "isp"})

    for details in (other, same):
        with transaction() as session:
            say(session, one.hands.owner, details)
    to_review(one)
    with transaction() as session:
        say(session, one.hands.owner, same)
    assert refused(InvalidError, say, one.hands.owner, other) == "kinds"
