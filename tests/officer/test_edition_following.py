"""A draft of an earlier edition: kept, told, submitted within the grace, then taken over with its answers."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions.agenda import Kind, agenda, records_of
from compliance.actions.edition_grace import take_over, tell_of_new_edition
from compliance.actions.submitting import Attestation, submit
from compliance.domain.errors import DomainError, InvalidError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.jobs.editions import tell_of_editions
from compliance.jobs.facts import told_now
from compliance.settings import Settings
from compliance.store.answers import answer_rows
from compliance.store.base import db, transaction
from compliance.store.edition_succession import succession
from compliance.store.outbox import Notice
from questionnaires import current
from tests.actions.cases import Case, case, person
from tests.drafting import confirmed, proposed, uploaded
from tests.helpers import post, sign_in

DAY, GRACE = date(2027, 1, 1), 30
SIGNED = Attestation("Sok Dara", "Owner")


@pytest.fixture
def draft(app: Flask, moment: datetime, settings: Settings) -> Case:
    """A café's full draft; meanwhile two publish an edition with another question."""
    with app.app_context():
        made = case(settings)
        one, two = (person(f"{name}@ministry.example", Role.ADMINISTRATOR) for name in ("one", "two"))
        worded = ("sections/governance.yaml", "en: Child protection policy", "en: Policy for children")
        confirmed(two, proposed(one, uploaded(one, "2027", worded), DAY, GRACE))
        return made


def submitted(one: Case) -> str:
    """What becomes of submitting it."""
    try:
        with transaction() as session:
            submit(session, one.hands.owner, one.assessment_id, SIGNED, one.assessment.version)
            session.rollback()
    except DomainError as error:
        return type(error).__name__
    return "submitted"


def test_the_page_says_until_when_and_the_answers_are_taken_over(app: Flask, client: FlaskClient, draft: Case) -> None:
    page = f"/en/company/assessment/{draft.assessment_id}"
    sign_in(client, "owner@cafe.example")
    said = client.get(page).text
    assert "It is in force from 1 January 2027. You can submit this assessment as it is until 31 January 2027." in said
    assert "Take my answers over" not in said
    with clock.held(clock.midnight(DAY)):
        sign_in(client, "owner@cafe.example")
        said = client.get(page).text
        assert "It has been in force since 1 January 2027." in said
        answer = post(client, f"{page}/take-over", {"version": "1"}, form=page)
        assert answer.status_code == 302
        new = client.get(answer.location).text
        assert "to be confirmed" in new
        assert "Edition 2027 of the Code" not in new
        assert post(client, f"{page}/take-over", {"version": "1"}, form=page).location == answer.location
    with app.app_context():
        assert draft.assessment.state is State.WITHDRAWN
        number = int(answer.location.rpartition("/")[2])
        assert answer_rows(db.session(), number)["gov_policy"].carried_from == "2026"


def test_it_is_submitted_within_the_grace_and_not_after(app: Flask, draft: Case) -> None:
    with app.app_context():
        last = clock.midnight(DAY + timedelta(days=GRACE))
        with clock.held(last + timedelta(hours=23, minutes=59)):
            assert submitted(draft) != "InvalidError"
        with clock.held(last + timedelta(days=1)):
            assert submitted(draft) == "InvalidError"
            with transaction() as session:
                new = take_over(session, draft.hands.owner, draft.assessment_id, draft.assessment.version)
                assert new.edition == "2027" == current().id
            with pytest.raises(WrongStateError), transaction() as session:
                take_over(session, draft.hands.owner, new.id, new.version)


def test_companies_hear_of_it_once_on_its_day_and_not_when_they_took_their_answers_over(
    app: Flask, draft: Case
) -> None:
    def told() -> list[Notice]:
        with transaction() as session:
            tell_of_new_edition(session)
        return [one for one in db.session.query(Notice) if one.kind == "edition_begun"]

    with app.app_context():
        assert told() == []
        with clock.held(clock.midnight(DAY)):
            assert len(told()) == 1
            notice = told()[0]
            letter = told_now(db.session(), notice)
            assert letter is not None
            assert (letter.values["edition"], letter.values["before"]) == ("2027", "2026")
            assert letter.values["last_day"] == DAY + timedelta(days=GRACE)
            assert not letter.values["over"]
            with transaction() as session:
                take_over(session, draft.hands.owner, draft.assessment_id, draft.assessment.version)
            assert told_now(db.session(), notice) is None
            assert len(told()) == 1


def test_with_three_editions_the_first_draft_is_told_the_one_in_force_and_keeps_its_last_day(
    app: Flask, client: FlaskClient, draft: Case
) -> None:
    third, last = date(2027, 3, 1), DAY + timedelta(days=GRACE)
    page = f"/en/company/assessment/{draft.assessment_id}"
    with app.app_context():
        one, two = (person(f"{name}@ministry.example", Role.ADMINISTRATOR) for name in ("three", "four"))
        confirmed(two, proposed(one, uploaded(one, "2028"), third, 90))
        with clock.held(clock.midnight(DAY)):
            found = succession("2026")
            assert found is not None
            assert (found.name, found.last_day) == ("2027", last)
            days = agenda(db.session(), records_of(db.session(), draft.assessment.company_id, clock.today()))
            assert [(day.kind, day.day) for day in days] == [(Kind.EDITION, last)]
            tell_of_editions()
            early = db.session.query(Notice).filter_by(kind="edition_begun").one()
        with clock.held(clock.midnight(third)):
            tell_of_editions()
            tell_of_editions()
            told = [one for one in db.session.query(Notice).filter_by(kind="edition_begun") if one.id != early.id]
            assert [told_now(db.session(), early), len(told)] == [None, 1]
            letter = told_now(db.session(), told[0])
            assert letter is not None
            assert (letter.values["edition"], letter.values["last_day"], letter.values["over"]) == ("2028", last, True)
            with pytest.raises(InvalidError) as refused, transaction() as session:
                submit(session, draft.hands.owner, draft.assessment_id, SIGNED, draft.assessment.version)
            assert refused.value.values["edition"] == current().id == "2028"
            sign_in(client, "owner@cafe.example")
            said = client.get(page).text
            assert "Edition 2028 of the Code" in said
            assert "in force since 1 March 2027. This assessment could be submitted as it is until 31 January" in said
            assert "Edition 2027" not in said
