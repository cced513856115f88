"""Makes the certificates that decisions owe: PDF, seal, credential; the file before the row that names it."""

import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from certificates import CertificateError, CertificateFacts, render, signing
from certificates import credential as credentials
from certificates.facts import MARKS
from compliance import clock
from compliance.actions.notifying import company_people, notify
from compliance.domain.roles import SYSTEM
from compliance.settings import Settings
from compliance.store.awards import Award, Certificate
from compliance.store.base import db, transaction
from compliance.store.certificate_marks import mark_pictures
from compliance.store.files import file_store
from compliance.store.issuing import anything_owed, claim_owed, complete, put_off
from compliance.store.keys import keyring
from compliance.store.register import bump
from compliance.store.signed_heads import record_signed

log = logging.getLogger(__name__)

BATCH = 5


def issue(settings: Settings) -> int:
    """Makes what is owed; returns how many certificates were issued. What fails is tried again later."""
    if not anything_owed(db.session(), clock.now()):
        return 0
    with transaction() as session:
        owed = claim_owed(session, clock.now(), BATCH)
        session.expunge_all()
    issued = 0
    for certificate in owed:
        try:
            issued += _issue_one(settings, certificate)
        except (CertificateError, OSError):
            log.exception("certificate %s was not made, attempt %d", certificate.number, certificate.attempts)
            with transaction() as session:
                put_off(session, certificate.id, clock.now() + backoff(certificate.attempts))
    return issued


def backoff(attempts: int) -> timedelta:
    """A minute, two, four … at the most an hour."""
    return min(timedelta(minutes=2 ** (attempts - 1)), timedelta(hours=1))


def _issue_one(settings: Settings, certificate: Certificate) -> bool:
    facts = CertificateFacts.from_json(certificate.facts)
    keys = keyring(settings)
    moment = clock.now()
    issuer = credentials.Issuer(settings.public_url)
    credential = credentials.issue(facts, keys, issuer, certificate.id)
    pdf = signing.sign(render.pdf(facts, credential, _marks(facts)), keys, moment)
    sha256 = file_store(settings).put(pdf)
    with transaction() as session:
        if not complete(session, certificate.id, sha256, credential.decode(), moment):
            return False
        bump(session)
        tag = "system:certificate:issued"
        said = {"number": certificate.number, "pdf_sha256": sha256}
        record_signed(session, SYSTEM, tag, certificate.award_id, **said)
        _tell(session, settings, certificate, facts)
    return True


def _marks(facts: CertificateFacts) -> dict[str, bytes]:
    """The ministry's pictures that the facts name, as they were when it was decided."""
    named = {name: getattr(facts, name) for name in MARKS if getattr(facts, name)}
    found = mark_pictures(db.session(), named.values()) if named else {}
    return {name: found[sha256] for name, sha256 in named.items() if sha256 in found}


def _tell(session: Session, settings: Settings, certificate: Certificate, facts: CertificateFacts) -> None:
    """The company learns where its certificate is, and which one it is to put away."""
    award = session.get_one(Award, certificate.award_id)
    values = {
        "award": award.id,
        "issued": certificate.id,
        "certificate": f"{settings.public_url}/certificates/{certificate.number}.pdf",
        "verify": facts.verify_url,
        **({"replaces": facts.replaces} if facts.replaces else {}),
    }
    kind = "certificate_anew" if facts.replaces else "certificate_ready"
    notify(session, company_people(session, award.company_id), kind, str(certificate.id), values)
