"""Two owners, two administrators at the same moment: rights are read where they are used, and somebody is left."""

import threading
from collections.abc import Callable
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import accounts, colleagues
from compliance.domain.errors import DomainError, ForbiddenError, NotFoundError
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.store.base import db, transaction
from compliance.store.people import Membership, people_with_role
from tests.helpers import company, person, reload

pytestmark = pytest.mark.both_databases
ROUNDS = 3
Act = Callable[[Session, Actor], object]


def owners(firm: int) -> tuple[Actor, Actor, int, int]:
    """Both own the company again; their memberships' ids follow."""
    with transaction() as session:
        rows = session.scalars(sa.select(Membership).where(Membership.company_id == firm).order_by(Membership.id)).all()
        for row in rows:
            row.role, row.ended_at = CompanyRole.OWNER, None
    one, other = (reload(row.person).actor() for row in rows)
    return one, other, rows[0].id, rows[1].id


def at_once(app: Flask, *acts: tuple[Act, Actor]) -> list[str]:
    """Each act in a thread of its own, begun together; what became of each."""
    db.session.rollback()  # what was read before is not what is looked at afterwards
    ready, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Act, actor: Actor) -> None:
        with app.app_context():
            ready.wait()
            try:
                with transaction() as session:
                    act(session, actor)
                outcomes[place] = "done"
            except DomainError as error:
                outcomes[place] = type(error).__name__

    threads = [threading.Thread(target=run, args=(place, *one)) for place, one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def acts_on(firm: int, other: int) -> dict[str, Act]:
    return {
        "demote": lambda session, actor: colleagues.set_role(session, actor, firm, other, CompanyRole.VIEWER),
        "remove": lambda session, actor: colleagues.remove(session, actor, firm, other),
        "leave": lambda session, actor: colleagues.leave(session, actor, firm),
        "hand over": lambda session, actor: colleagues.hand_over(session, actor, firm, other),
    }


def test_a_company_always_keeps_an_owner(in_app: Flask) -> None:
    """Every pair of acts of two owners on each other, several times each."""
    first, second = person("first@company.example"), person("second@company.example")
    firm = company(first).id
    with transaction() as session:
        session.add(Membership(company_id=firm, person_id=second.id, role=CompanyRole.OWNER, since=clock.now()))
    kinds = list(acts_on(0, 0))
    for mine, theirs in list(product(kinds, kinds)) * ROUNDS:
        one, other, ones, others = owners(firm)
        outcomes = at_once(in_app, (acts_on(firm, others)[mine], one), (acts_on(firm, ones)[theirs], other))
        left = sa.select(sa.func.count()).where(
            Membership.company_id == firm, Membership.ended_at.is_(None), Membership.role == CompanyRole.OWNER
        )
        assert db.session.scalar(left) >= 1, (mine, theirs, outcomes)
        assert set(outcomes) <= {"done", "ForbiddenError", "NotFoundError", "InvalidError"}
        assert "done" in outcomes


def test_two_administrators_do_not_unseat_each_other(in_app: Flask) -> None:
    people = [person(f"{name}@ministry.example", Role.ADMINISTRATOR) for name in ("one", "two")]
    ids = [who.id for who in people]
    for _round in range(10):
        with transaction() as session:
            session.execute(sa.text("UPDATE people SET active = true"))
        one, two = (reload(who).actor() for who in people)
        outcomes = at_once(
            in_app,
            (lambda session, actor: accounts.set_active(session, actor, ids[1], active=False), one),
            (lambda session, actor: accounts.set_active(session, actor, ids[0], active=False), two),
        )
        assert sorted(outcomes) == ["ForbiddenError", "done"]
        assert len(people_with_role(db.session(), Role.ADMINISTRATOR)) == 1


def test_what_was_taken_meanwhile_is_not_used(in_app: Flask) -> None:
    """Who was an owner when the page was opened is judged by what they are when they press."""
    first, second = person("first@company.example"), person("second@company.example")
    firm = company(first).id
    with transaction() as session:
        session.add(Membership(company_id=firm, person_id=second.id, role=CompanyRole.OWNER, since=clock.now()))
    one, other, ones, others = owners(firm)
    with transaction() as session:
        colleagues.remove(session, one, firm, others)
    for act in acts_on(firm, ones).values():
        with pytest.raises((NotFoundError, ForbiddenError)), transaction() as session:
            act(session, other)
