"""The reviewer reads the evidence that was submitted, as it stood then; what was replaced stays readable."""

import json
from datetime import date, timedelta

import pytest
from flask import Flask

from compliance import clock
from compliance.actions import asking, replacing, submitting, uploading
from compliance.actions.evidence_pages import SeenPage, give_page
from compliance.actions.inspecting import Inspected
from compliance.actions.submitting import Attestation
from compliance.actions.uploading import NO_DATES, Dates
from compliance.domain.errors import InvalidError
from compliance.settings import Settings
from compliance.store.assessments import latest_submission
from compliance.store.base import db, transaction
from compliance.store.belongings import records
from compliance.store.evidence_files import evidence_for
from tests.actions.cases import Case, case, reload, to_review
from tests.helpers import sign_in

PAGE = "https://www.cafe.example/house-rules"
END = date(2027, 1, 31)


def with_link(one: Case) -> None:
    with transaction() as session:
        owner = reload(one.hands.owner)
        give_page(session, owner, one.assessment_id, "csam_terms", SeenPage("House rules", PAGE, clock.today()))
        policy = evidence_for(session, one.assessment_id)["gov_policy"][0]
        replacing.set_dates(session, owner, one.assessment_id, policy.id, Dates(date(2026, 1, 2), END))


@pytest.fixture
def reviewed(app: Flask, moment: object, settings: Settings) -> Case:
    with app.app_context():
        return case(settings, with_link, to_review)


def frozen(one: Case, question: str) -> list[dict[str, object]]:
    submission = latest_submission(db.session(), one.assessment_id)
    assert submission is not None
    found: list[dict[str, object]] = json.loads(submission.content)["evidence"][question]
    return found


def page_of(app: Flask, question: str, one: Case) -> str:
    client = app.test_client()
    sign_in(client, "reviewer@ministry.example")
    text: str = client.get(f"/en/review/{one.assessment_id}/answer/{question}").text
    return text


def asked_again(one: Case) -> None:
    with transaction() as session:
        asking.ask(session, reload(one.hands.reviewer), one.assessment_id, {"gov_policy": "A newer one, please."})


def replied(one: Case) -> None:
    with transaction() as session:
        signed = Attestation("Sok Dara", "Owner")
        version = one.assessment.version
        submitting.reply(session, reload(one.hands.owner), one.assessment_id, "Here it is.", signed, version)


def test_a_link_and_days_are_frozen_and_shown(app: Flask, reviewed: Case) -> None:
    with app.app_context():
        link, policy = frozen(reviewed, "csam_terms")[-1], frozen(reviewed, "gov_policy")[0]
    assert (link["address"], link["seen_on"], link["name"]) == (PAGE, clock.today().isoformat(), "House rules")
    assert policy["valid_until"] == END.isoformat()
    shown = page_of(app, "csam_terms", reviewed)
    assert f'href="{PAGE}" rel="noopener noreferrer nofollow external"' in shown
    assert str(link["sha256"]) in shown
    with clock.held(clock.now() + timedelta(days=365)):
        later = page_of(app, "gov_policy", reviewed)
    assert "<dt>Valid until</dt><dd>31 January 2027</dd>" in later
    assert ">Expired<" not in later, "it was in force on the day of submission"


def test_the_draft_of_a_reply_is_not_read_and_what_it_replaced_can_still_be_opened(app: Flask, reviewed: Case) -> None:
    number, newer = reviewed.assessment_id, Inspected("newer.pdf", "application/pdf", b"%PDF-1.7 newer")
    with app.app_context():
        asked_again(reviewed)
        name, old = str(frozen(reviewed, "gov_policy")[0]["name"]), int(str(frozen(reviewed, "gov_policy")[0]["id"]))
        stored, owner = uploading.keep(reviewed.hands.files, newer), reload(reviewed.hands.owner)
        with transaction() as session:
            piece = replacing.replace(session, owner, number, old, stored, NO_DATES).id
        live = evidence_for(db.session(), number).items()
    assert "newer.pdf" not in page_of(app, "gov_policy", reviewed), "a draft is not the Ministry's"
    elsewhere = {question for question, files in live if old in {file.id for file in files}}
    assert elsewhere, "answers that are not asked about keep what was submitted"
    assert "gov_policy" not in elsewhere
    with app.app_context():
        replied(reviewed)
        reviewer = reload(reviewed.hands.reviewer)
        for readable in (piece, old):
            assert uploading.file_for_review(db.session(), reviewer, number, readable).id == readable
    shown = page_of(app, "gov_policy", reviewed)
    assert "newer.pdf" in shown
    assert f"Took the place of: {name}" in shown


def test_a_link_that_is_locked_away_is_shown_to_nobody_and_its_address_taken_no_more(
    app: Flask, reviewed: Case
) -> None:
    with app.app_context():
        digest, old = str(frozen(reviewed, "csam_terms")[-1]["sha256"]), frozen(reviewed, "gov_policy")[0]["id"]
        with transaction() as session:
            uploading.quarantine(session, reload(reviewed.hands.reviewer), reviewed.hands.files, digest, "")
        asked_again(reviewed)
        again, owner = SeenPage("Other words", PAGE, clock.today()), reload(reviewed.hands.owner)
        with pytest.raises(InvalidError, match="cannot be accepted"), transaction() as session:
            replacing.replace(session, owner, reviewed.assessment_id, int(str(old)), again, NO_DATES)
        mine = [one for one in records(db.session(), reviewed.company_id, "evidence_files") if one["sha256"] == digest]
        assert [one["address"] for one in mine] == [""], "the archive keeps the entry alone"
    shown = page_of(app, "csam_terms", reviewed)
    assert PAGE not in shown
    assert "House rules" not in shown
    assert digest in shown
