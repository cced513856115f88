"""Two people at once at one company: each change is answered once, and certificates and acts take turns."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from certificates import CertificateFacts
from compliance import clock
from compliance.actions import changing, proposing
from compliance.actions.companies import CompanyDetails, edit_company
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import AwardAct, Standing
from compliance.settings import Settings
from compliance.store.awards import certificates_of
from compliance.store.base import db, transaction
from compliance.store.changes import Answered, ChangeRequest, changes_of, open_change
from compliance.store.companies import Company
from compliance.store.keys import keyring
from compliance.store.register import entry_by_slug
from compliance.store.signed_heads import unsigned
from tests.account.test_two_owners import at_once
from tests.actions.cases import person
from tests.actions.histories import History, begin_with_owner, owner
from tests.helpers import why

ROUNDS = 6


@pytest.fixture
def history(in_app: Flask) -> History:
    made = begin_with_owner()
    made.grant()
    return made


def ask(history: History, number: int) -> int:
    """A request for another name; its id."""
    with transaction() as session:
        wish = {"name_latin": f"Great Lake {number}"}
        return changing.ask(session, owner().actor(), history.awards[0].company, wish).id


def confirm(request_id: int, session: Session, actor: Actor) -> None:
    changing.confirm(session, actor, request_id, public_url="http://localhost")


def printed(history: History) -> list[str]:
    """The names on the certificates that hold, and the company's; all must be one."""
    awards = history.awards
    holding = [one for one in certificates_of(db.session(), [award.id for award in awards]) if not one.replaced_at]
    assert [one.number for one in holding] == [award.number for award in sorted(awards, key=lambda one: one.id)]
    return [CertificateFacts.from_json(one.facts).company.en for one in holding] + [awards[0].company.name_latin]


def test_of_two_reviewers_one_answers(in_app: Flask, history: History) -> None:
    other = person("other@ministry.example", Role.REVIEWER)
    for number in range(ROUNDS):
        request_id = ask(history, number)
        outcomes = at_once(
            in_app,
            (lambda session, actor, asked=request_id: confirm(asked, session, actor), history.reviewer),
            (lambda session, actor, asked=request_id: confirm(asked, session, actor), other),
        )
        assert sorted(outcomes) == ["WrongStateError", "done"]
        assert len(set(printed(history))) == 1
    assert len(certificates_of(db.session(), [history.awards[0].id])) == 1 + ROUNDS


def test_a_withdrawal_and_a_confirmation_take_turns(in_app: Flask, history: History) -> None:
    for number in range(ROUNDS):
        request_id = ask(history, number)
        outcomes = at_once(
            in_app,
            (lambda session, actor, asked=request_id: confirm(asked, session, actor), history.reviewer),
            (lambda session, actor, asked=request_id: changing.withdraw(session, actor, asked), owner().actor()),
        )
        assert sorted(outcomes) == ["WrongStateError", "done"]
        answered = db.session.get_one(ChangeRequest, request_id, populate_existing=True).answered
        assert answered in {Answered.CONFIRMED, Answered.WITHDRAWN}
        assert len(set(printed(history))) == 1
    assert all(one.answered for one in changes_of(db.session(), history.company_id))


@pytest.mark.both_databases
def test_an_answer_and_another_wish_take_turns(in_app: Flask, history: History) -> None:
    """Both hold the company before its request: none waits for what the other holds."""
    with transaction() as session:
        session.get_one(Company, history.company_id).registration_number = "R-pond-1"
    for number in range(ROUNDS):
        request_id, company = ask(history, number), history.awards[0].company
        fields = {name: getattr(company, name) for name in CompanyDetails.__dataclass_fields__}
        wish = CompanyDetails(**{**fields, "kinds": tuple(company.kinds), "name_latin": f"Small Lake {number}"})
        outcomes = at_once(
            in_app,
            (lambda session, actor, asked=request_id: confirm(asked, session, actor), history.reviewer),
            (
                lambda session, actor, wish=wish, company_id=company.id: edit_company(
                    session, actor, company_id, wish, wish.kinds
                ),
                owner().actor(),
            ),
        )
        assert outcomes[1] == "done"
        assert outcomes[0] in {"done", "WrongStateError"}
        waiting = open_change(db.session(), history.company_id)
        assert waiting is not None
        assert waiting.after == {"name_latin": f"Small Lake {number}"}
        with transaction() as session:
            changing.withdraw(session, owner().actor(), waiting.id)
        assert len(set(printed(history))) == 1


def test_a_suspension_and_a_new_certificate_take_turns(in_app: Flask, history: History, settings: Settings) -> None:
    award_id = history.awards[0].id
    for number in range(ROUNDS):
        request_id = ask(history, number)
        with transaction() as session:
            act = AwardAct.REINSTATED if number % 2 else AwardAct.SUSPENDED
            proposal = proposing.propose(session, history.reviewer, award_id, act, why(act, "A reason.")).id
        outcomes = at_once(
            in_app,
            (lambda session, actor, asked=request_id: confirm(asked, session, actor), history.reviewer),
            (lambda session, actor, made=proposal: proposing.confirm(session, actor, made), history.approver),
        )
        assert outcomes == ["done", "done"]
        [award] = history.awards
        assert award.last_act is act
        entry = entry_by_slug(db.session(), history.slug, clock.today())
        assert entry is not None
        assert (entry.number, entry.name_latin) == (award.number, f"Great Lake {number}")
        assert (entry.standing(clock.today()) is Standing.SUSPENDED) == (act is AwardAct.SUSPENDED)
        assert len(set(printed(history))) == 1
    assert list(unsigned(db.session(), keyring(settings), 0)) == []
