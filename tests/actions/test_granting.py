"""What a decision freezes for the certificate: who signs, the day it was granted, the day it begins."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from certificates import CertificateFacts, Signatory, Words
from certificates.lunar import lunar_date
from compliance import clock
from compliance.actions import deciding, reviewing
from compliance.actions.scorecards import seen_digest
from compliance.cli.demonstration import acts
from compliance.settings import UNNAMED, Settings
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, awards_of, holding_certificate
from compliance.store.base import db, transaction
from tests.actions.cases import CAFE, Case, case, reload, to_award, to_recommended


def facts(award: Award) -> CertificateFacts:
    return CertificateFacts.from_json(holding_certificate(db.session(), award.id).facts)


def renewed(one: Case, on: date) -> Award:
    """The award of the same café's next assessment, decided on a later day."""
    with clock.held(datetime.combine(on, datetime.min.time(), clock.PHNOM_PENH) + timedelta(hours=10)):
        hands = acts.Hands(**{**vars(one.hands), "owner": reload(one.hands.owner)})
        again = Case(hands, one.company_id, acts.fill(CAFE, hands, one.company_id, 0))
        to_award(again)
        return awards_of(db.session(), one.company_id)[0]


@pytest.mark.usefixtures("in_app")
def test_a_renewal_is_issued_when_granted_and_valid_when_the_earlier_award_has_ended(
    moment: datetime, settings: Settings
) -> None:
    one = case(settings, to_award)
    [first] = awards_of(db.session(), one.company_id)
    first_facts, ends = facts(first), first.ends
    assert first_facts.issued == first_facts.valid_from == clock.day_of(moment)
    granted = ends - timedelta(days=100)
    second = renewed(one, granted)
    printed = facts(second)
    assert printed.issued == granted
    assert printed.valid_from == second.starts == ends + timedelta(days=1)
    assert printed.lunar == lunar_date(granted), "beside the solar date, of the same day"
    assert printed.expires == second.ends


@pytest.mark.usefixtures("moment")
def test_the_certificate_names_who_signs(in_app: Flask, settings: Settings) -> None:
    one = case(settings, to_recommended)
    somebody = Signatory(Words("រដ្ឋលេខាធិការ", "Secretary of State"), Words("ឈ្មោះ គំរូ", "Sample Name"))
    with transaction() as session:
        reviewing.declare(session, one.hands.approver, one.assessment_id, has_tie=False)
        seen = seen_digest(session, session.get_one(Assessment, one.assessment_id))
        award = deciding.approve(
            session,
            one.hands.approver,
            one.assessment_id,
            seen=seen,
            public_url=in_app.extensions["portal_settings"].public_url,
            signatory=somebody,
        )
    assert facts(award).signatory == somebody != UNNAMED
