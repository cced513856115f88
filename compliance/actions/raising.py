"""Anybody raises a concern about an awarded company; what looks like a case is refused and nothing of it is kept."""

import hashlib
from base64 import b32encode
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.awarding import hold_company
from compliance.actions.notifying import notify
from compliance.domain.case_details import Detail, details_in
from compliance.domain.concerns import About, ConcernDays
from compliance.domain.errors import InvalidError, WrongStateError
from compliance.domain.roles import SYSTEM, Role
from compliance.domain.standing import HELD
from compliance.store.audit import record
from compliance.store.awards import Award
from compliance.store.concerns import Concern, concern_by_reference
from compliance.store.holidays import public_holidays
from compliance.store.people import people_with_role
from compliance.store.rule_changes import lifecycle_now

LONGEST = 1_000
FEWEST = 4
"""Letters that differ, of whichever script: with fewer nothing is said."""
SIGNS = 16
"""Of a reference: 80 bits, so that none can be guessed."""


class CaseDetailsError(InvalidError):
    """The text looks like details of a case; `details` say of which kinds."""

    def __init__(self, details: tuple[Detail, ...]) -> None:
        super().__init__("text", "case")
        self.details = details


@dataclass(frozen=True)
class Said:
    """What somebody says; `email` is empty for whoever stays unknown. `key` is the form's own, 32 hex digits."""

    about: About
    text: str
    email: str
    language: str
    key: str

    def checked(self) -> "Said":
        """Tidy. Raises InvalidError, CaseDetailsError."""
        text = self.text.strip()
        if not text:
            raise InvalidError("text", "Say what the company does not do.")
        if len(text) > LONGEST:
            raise InvalidError("text", "Use at most %(length)s characters.", length=LONGEST)
        if found := details_in(text):
            raise CaseDetailsError(found)
        if len({letter for letter in text.casefold() if letter.isalpha()}) < FEWEST:
            raise InvalidError("text", "Say what the company does not do.")
        return Said(self.about, text, self.email, self.language, self.key)


def days_of(session: Session, award: Award) -> ConcernDays:
    """The days of the award's edition, as they are in force."""
    rules = lifecycle_now(session, award.edition).complaint
    return ConcernDays(rules.acknowledge_working_days, rules.reply_working_days, rules.answer_within_days)


def may_be_raised(award: Award) -> bool:
    """About an award that is held today, also while it is suspended; what has ended promises nothing any more."""
    return award.standing(clock.today()) in HELD


def reference_for(key: str) -> str:
    """What opens the concern's page; the same form pressed twice leads to the same one."""
    return b32encode(hashlib.sha256(f"concern {key}".encode()).digest()).decode()[:SIGNS]


def raise_concern(session: Session, award_id: int, said: Said) -> Concern:
    """A new concern, or the one that the same form made before. Raises InvalidError, WrongStateError."""
    checked, award = said.checked(), session.get_one(Award, award_id)
    hold_company(session, award.company_id)
    before = concern_by_reference(session, reference_for(said.key))
    if before is not None:
        return before
    if not may_be_raised(award):
        raise WrongStateError("raise", "ended")
    today, days = clock.today(), days_of(session, award)
    made = Concern(
        company_id=award.company_id, award_id=award.id, about=checked.about, text=checked.text,
        reference=reference_for(said.key), email=checked.email, language=checked.language, raised_at=clock.now(),
        acknowledge_by=days.acknowledge_by(today, public_holidays(session)), answer_by=days.answer_by(today),
    )  # fmt: skip
    session.add(made)
    session.flush()
    record(session, clock.now(), SYSTEM, "public:concern:raised", "concern", made.id, about=made.about)
    notify(session, people_with_role(session, Role.REVIEWER), "concern_waiting", str(made.id), {"concern": made.id})
    tell_raiser(session, made, "concern_receipt")
    return made


def tell_raiser(session: Session, concern: Concern, kind: str) -> None:
    """A mail to whoever raised it and left an address."""
    notify(session, [], kind, str(concern.id), {"concern": concern.id}, also=concern.email, also_in=concern.language)
