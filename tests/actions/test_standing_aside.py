"""Whoever declares a tie to a review that was handed to them holds it no longer, wherever it is."""

import pytest
from flask import Flask

from compliance.actions import asking, handing_over, reviewing
from compliance.domain.errors import ForbiddenError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.journeys.reviewer.queue_items import reviewers_items
from compliance.settings import Settings
from compliance.store.base import db, transaction
from tests.actions.cases import case, person, to_review
from tests.actions.test_walk import refused

pytestmark = pytest.mark.usefixtures("moment")


@pytest.mark.parametrize("asked", [False, True], ids=["in review", "clarifying"])
def test_a_tie_takes_it_out_of_their_hands(in_app: Flask, moment: object, settings: Settings, asked: bool) -> None:
    one = case(settings, to_review)
    number, first, tied, third = (
        one.assessment_id,
        one.hands.reviewer,
        *(person(f"{name}@ministry.example", Role.REVIEWER) for name in ("tied", "third")),
    )
    with transaction() as session:
        if asked:
            asking.ask(session, first, number, {"gov_policy": "Since when?"})
        version = one.assessment.version
        handing_over.hand_over(session, first, number, tied.user_id or 0, "ill", version)
    with transaction() as session:
        reviewing.declare(session, tied, number, has_tie=True, tie="My brother works there.")
        reviewing.stand_aside(session, tied, number)
        reviewing.stand_aside(session, tied, number)
    found = one.assessment
    assert found.reviewer_id is None
    assert found.state is (State.CLARIFYING if asked else State.SUBMITTED)
    with in_app.test_request_context():
        (item,) = [line for line in reviewers_items(db.session(), third.user_id or 0) if line.id == number]
    assert (item.place, item.reopened) == ("free", False)
    with transaction() as session:
        reviewing.declare(session, third, number, has_tie=False)
    assert refused(ForbiddenError, reviewing.claim, tied, number, found.version) in {"tie", "not_declared"}
    with transaction() as session:
        reviewing.claim(session, third, number, one.assessment.version)
    assert one.assessment.reviewer_id == third.user_id
