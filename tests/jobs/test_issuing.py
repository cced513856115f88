"""A certificate that a decision owes is made, sealed, stored and recorded once."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from certificates import seal_check
from compliance import clock
from compliance.jobs.issue import issue
from compliance.settings import Settings
from compliance.store.audit import AuditEntry
from compliance.store.awards import Certificate, holding_certificate
from compliance.store.base import db, transaction
from compliance.store.files import file_store
from compliance.store.issuing import LEASE, claim_owed, stuck
from compliance.store.keys import keyring
from tests.jobs.world import award_ending, notices
from tests.keys import lay_keys

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def keys(settings: Settings) -> None:
    lay_keys(settings.keys_dir)


def stored(award_id: int) -> Certificate:
    return holding_certificate(db.session(), award_id)


def entries() -> int:
    query = sa.select(sa.func.count()).where(AuditEntry.tag == "system:certificate:issued")
    return db.session.scalar(query) or 0


@pytest.mark.usefixtures("keys")
def test_the_file_is_sealed_stored_and_told_about(settings: Settings) -> None:
    award_id = award_ending(clock.today() + timedelta(days=364))
    assert issue(settings) == 1
    assert issue(settings) == 0
    certificate = stored(award_id)
    pdf = file_store(settings).get(str(certificate.pdf_sha256))
    assert seal_check.verify(pdf, keyring(settings)).genuine
    assert certificate.number in str(certificate.credential)
    assert entries() == 1
    (notice,) = notices()
    assert notice.kind == "certificate_ready"
    assert notice.values["certificate"] == f"http://localhost/certificates/{certificate.number}.pdf"


@pytest.mark.usefixtures("keys")
def test_two_workers_make_each_certificate_once(app: Flask, settings: Settings) -> None:
    for number in range(1, 7):
        award_ending(clock.today() + timedelta(days=364), number)
    made: list[int] = []

    def one() -> None:
        with app.app_context():
            while count := issue(settings):
                made.append(count)
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == entries() == len(notices()) == 6


@pytest.mark.usefixtures("keys")
def test_a_killed_workers_certificate_is_made_after_the_lease(settings: Settings) -> None:
    award_ending(clock.today() + timedelta(days=364))
    with transaction() as session:
        assert len(claim_owed(session, clock.now(), 5)) == 1
    assert issue(settings) == 0
    with clock.held(clock.now() + LEASE + timedelta(seconds=1)):
        assert issue(settings) == 1


def test_without_a_key_nothing_is_issued_and_staff_can_see_it(settings: Settings) -> None:
    award_id = award_ending(clock.today() + timedelta(days=364))
    for hour in range(3):
        with clock.held(clock.now() + timedelta(hours=2 * hour)):
            assert issue(settings) == 0
    assert [certificate.award_id for certificate in stuck(db.session())] == [award_id]
    lay_keys(settings.keys_dir)
    with clock.held(clock.now() + timedelta(hours=9)):
        assert issue(settings) == 1
