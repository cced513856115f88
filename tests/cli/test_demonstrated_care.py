"""The demonstration shows what follows an award: concerns, a sealed contact, a spot check, an observer's dossier."""

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.cli.demonstration import care, seed
from compliance.cli.demonstration.cast import PLAYERS
from compliance.domain.concerns import ConcernOutcome
from compliance.settings import Settings
from compliance.store.base import db
from compliance.store.companies import Company
from compliance.store.concerns import Concern
from compliance.store.dossier_flags import flags_of
from compliance.store.law_contacts import law_contact_of
from compliance.store.people import person_by_email
from compliance.store.spot_checks import SpotCheck

NEW = PLAYERS[-1]
"""A story that makes no award."""


@pytest.mark.sqlite_only
def test_what_follows_an_award_is_there_and_nothing_is_late(app: Flask, settings: Settings, moment: object) -> None:
    with app.app_context():
        seed.play(app, settings, (PLAYERS[0], NEW, PLAYERS[2]), care.story(settings))
        closed, raised = db.session.scalars(sa.select(Concern).order_by(Concern.id))
        assert (closed.outcome, raised.outcome) == (ConcernOutcome.RESOLVED, None)
        assert closed.reply
        assert raised.acknowledge_by >= clock.today()
        company = db.session.scalars(sa.select(Company).where(Company.registration_number == care.PRINTED)).one()
        assert {closed.company_id, raised.company_id} == {company.id}
        sealed = law_contact_of(db.session(), company.id)
        assert sealed is not None
        assert care.CONTACT.name.encode() not in sealed.sealed
        observer = person_by_email(db.session(), "observer@demonstration.example")
        assert observer is not None
        assert [flag.company_id for flag in flags_of(db.session(), observer.id, clock.today())] == [company.id]
        check = db.session.scalars(sa.select(SpotCheck)).one()
        assert check.reply
        assert check.company_id != company.id
        assert (check.answer_due_on or clock.today()) >= clock.today()
