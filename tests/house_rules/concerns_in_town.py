"""The town's concerns: of every company that holds an award one that it was asked about, in words that mean harm."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.concerns import About
from compliance.store.awards import Award
from compliance.store.companies import Company
from compliance.store.concerns import Concern

FOLLOWED = "AAAAAAAAAAAA2345"
"""The reference of the first: whoever holds it reads which company it is about."""


def play(session: Session, companies: Sequence[Company], words: str) -> None:
    """Without the acts: a hostile name looks like a link, which no form takes."""
    award = session.scalars(sa.select(Award).order_by(Award.id)).first()
    assert award is not None
    for number, company in enumerate(companies):
        own = session.scalar(sa.select(Award).where(Award.company_id == company.id)) or award
        session.add(
            Concern(
                company_id=company.id, award_id=own.id, about=About.CHANNEL, text=f"{words} {company.name_latin}",
                reference=f"{'ABCDEFGH'[number] * 12}2345", email="raiser@people.example", language="en",
                raised_at=clock.now(), acknowledge_by=clock.today(), answer_by=clock.today(), asked_at=clock.now(),
                reply_by=clock.today(),
            )
        )  # fmt: skip
    session.flush()
