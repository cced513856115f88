"""What the database itself refuses, whichever program writes: acts of the tied, one person for two, two roles apart."""

import ast
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from compliance import actions, clock
from compliance.domain.lifecycle import STEPS
from compliance.domain.roles import SYSTEM
from compliance.settings import Settings
from compliance.store.audit import record
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.reviews import standing_recommendation
from tests.actions.cases import Case, case, person, to_award, to_recommended
from tests.actions.tying import in_vain, member

ROOT = Path(actions.__path__[0])
SIDES = ("reviewer:", "approver:", "panel:", "staff:", "admin:")


def tags_in_the_code() -> set[str]:
    """What the ministry's acts are called in the audit trail; a part that varies is an act of some kind."""
    found = set()
    for path in ROOT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                found.add("".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return {tag for tag in (*found, *(step.tag for step in STEPS.values())) if tag.startswith(SIDES)}


ASIDE = {"staff:assessment:tie_declared", "reviewer:assessment:released", "staff:award:proposal_withdrawn"}
ABOUT = {"company", "assessment", "award"}


@pytest.mark.parametrize("subject", sorted(ABOUT))
def test_the_database_records_no_act_of_the_tied(
    in_app: Flask, moment: object, settings: Settings, subject: str
) -> None:
    """Every act leaves an entry in the audit trail: that is refused, so nothing of the act is stored."""
    one = case(settings, to_award)
    ids = {"company": one.company_id, "assessment": one.assessment_id, "award": db.session.scalar(sa.select(Award.id))}
    who = one.hands.second
    for tag in {tag for tag in tags_in_the_code() if tag.split(":")[1] == subject} - ASIDE:
        by = partial(record, at=clock.now(), tag=tag, subject=subject, subject_id=ids[subject] or 0)
        with pytest.raises(sa.exc.IntegrityError, match="tie"):
            in_vain(lambda session: member(session, who, one.company_id), partial(by, actor=who))
        in_vain(partial(by, actor=who), partial(by, actor=SYSTEM))


def forged(one: Case, **names: int | None) -> dict[str, object]:
    recommendation = standing_recommendation(db.session(), one.assessment_id)
    assert recommendation is not None
    return {
        "assessment_id": one.assessment_id, "recommendation_id": recommendation.id, "act": "approve", "reason": "",
        "decided_at": clock.now(), **names,
    }  # fmt: skip


def test_the_database_refuses_decisions_of_who_recommended(in_app: Flask, moment: object, settings: Settings) -> None:
    """Whatever name stands beside: the recommendation and the rulings say who took part."""
    one = case(settings, to_recommended)
    me, other, third = (who.user_id for who in (one.hands.reviewer, one.hands.approver, one.hands.second))
    table = sa.table("decisions", *map(sa.column, forged(one, recommended_by=me, decided_by=me)))
    for recommended_by, decided_by in ((other, me), (me, me), (third, other)):
        row = forged(one, recommended_by=recommended_by, decided_by=decided_by)
        with pytest.raises(sa.exc.IntegrityError, match="four_eyes"), transaction() as session:
            session.execute(sa.insert(table).values(**row))
    rightful = sa.insert(table).values(**forged(one, recommended_by=me, decided_by=other))
    in_vain(lambda session: session.execute(rightful))


@pytest.mark.parametrize(
    ("roles", "fits"),
    [
        (("administrator", "approver"), False),
        (("reviewer", "administrator"), False),
        (("administrator", "observer"), True),
        (("reviewer", "approver", "observer"), True),
    ],
)
def test_the_database_keeps_administrators_apart(in_app: Flask, roles: tuple[str, ...], fits: bool) -> None:
    who = person("two@ministry.example")
    insert = sa.text("INSERT INTO roles_people (person_id, role_id) VALUES (:who, :role)")
    with transaction() as session:
        for number, role in enumerate(roles, 1):
            session.execute(sa.text("INSERT INTO roles (id, name) VALUES (:id, :name)"), {"id": number, "name": role})
    rows = [insert.bindparams(who=who.user_id, role=number) for number, _role in enumerate(roles, 1)]
    gifts = [partial(Session.execute, statement=row) for row in rows]
    with nullcontext() if fits else pytest.raises(sa.exc.IntegrityError, match="apart"):
        in_vain(*gifts)
