"""The town's concerns: of every company that holds an award one that it was asked about, in words that mean harm."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import authority_contacts
from compliance.actions.authority_contacts import AuthorityContact
from compliance.domain.concerns import About
from compliance.settings import Settings
from compliance.store.awards import Award
from compliance.store.companies import Company
from compliance.store.concerns import Concern
from compliance.store.contact_keys import contact_keys
from compliance.store.dossier_flags import DossierFlag
from compliance.store.people import Person, person_by_email

FOLLOWED = "AAAAAAAAAAAA2345"
"""The reference of the first: whoever holds it reads which company it is about."""


SEALED = "wombat"
"""In every part of every contact for authorities: nobody reads it but who opens it for a reason."""


def seal_contacts(session: Session, settings: Settings, companies: Sequence[Company]) -> None:
    """As the companies' owners gave them."""
    keys = contact_keys(settings.contact_keys)
    words = AuthorityContact(*(f"{SEALED} {number}" for number in range(4)), email=f"{SEALED}@people.example")
    for company in companies:
        owner = session.get_one(Person, company.registered_by).actor()
        authority_contacts.give(session, owner, company.id, words, keys)


def open_dossier(session: Session, company: Company) -> None:
    """To the observer, for a year."""
    people = (person_by_email(session, f"{name}@demonstration.example") for name in ("observer", "approver"))
    observer, approver = (one.id if one else 0 for one in people)
    flag = {"observer_id": observer, "flagged_by": approver, "flagged_at": clock.now(), "reason": "The council asks."}
    session.add(DossierFlag(company_id=company.id, ends_on=clock.today() + timedelta(days=300), **flag))
    session.flush()


def play(session: Session, companies: Sequence[Company], words: str) -> None:
    """Without the acts: a hostile name looks like a link, which no form takes. The last company was not asked yet."""
    award = session.scalars(sa.select(Award).order_by(Award.id)).first()
    assert award is not None
    for number, company in enumerate(companies):
        last = company is companies[-1]
        own = session.scalar(sa.select(Award).where(Award.company_id == company.id)) or award
        session.add(
            Concern(
                company_id=company.id, award_id=own.id, about=About.CHANNEL, text=f"{words} {company.name_latin}",
                reference=f"{'ABCDEFGH'[number] * 12}2345", email="raiser@people.example", language="en",
                raised_at=clock.now(), acknowledge_by=clock.today(), answer_by=clock.today(),
                asked_at=None if last else clock.now(), reply_by=None if last else clock.today(),
            )
        )  # fmt: skip
    session.flush()
