"""Change declarations: an awarded company tells of an incident, a new owner or a new service; a reviewer sees it."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.awarding import hold_company
from compliance.actions.notifying import notify
from compliance.actions.ties import require_no_tie
from compliance.domain.errors import InvalidError, NotFoundError, WrongStateError, raise_together
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Actor, Role
from compliance.domain.standing import LIVE
from compliance.store.audit import canonical, record
from compliance.store.awards import Award, awards_of, counting_award
from compliance.store.change_declarations import ChangeDeclaration, ChangeKind, ReportedTo, declaration_with
from compliance.store.people import people_with_role

MAY_DECLARE = MAY_EDIT | MAY_SIGN
LONGEST = 2000
ADDRESS = re.compile(r"\w+://|\bwww\.\w|\b\w[\w-]*\.(com|org|net|kh|onion|io|me|ly)\b", re.IGNORECASE)
"""What leads somewhere: of an incident the portal takes words in general, never the way to material."""
EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(days=366)
"""A new owner or service may be told of before it comes."""


@dataclass(frozen=True)
class Told:
    """What a company says; `checked` gives it back tidy or raises InvalidError."""

    kind: ChangeKind
    since: date
    what: str
    done: str = ""
    reported_to: tuple[ReportedTo, ...] = ()

    def checked(self, today: date) -> "Told":
        incident = self.kind is ChangeKind.INCIDENT
        tidy = Told(
            self.kind, self.since, self.what.strip(), self.done.strip(), self.reported_to if incident else ()
        )  # fmt: skip
        raise_together(tidy.refusals(today))
        return tidy

    def refusals(self, today: date) -> list[InvalidError]:
        """All that the rules refuse of it, each beside its field."""
        return [*self._day(today), *self._texts(), *(self._incident() if self.kind is ChangeKind.INCIDENT else ())]

    def _day(self, today: date) -> Iterator[InvalidError]:
        if not EARLIEST <= self.since <= today + AHEAD:
            yield InvalidError("since", "Enter a day that can be right.")
        elif self.kind is ChangeKind.INCIDENT and self.since > today:
            yield InvalidError("since", "Enter the day it happened or became known; it cannot be in the future.")

    def _texts(self) -> Iterator[InvalidError]:
        for field in ("what", "done"):
            if len(getattr(self, field)) > LONGEST:
                yield InvalidError(field, "Use at most %(length)s characters.", length=LONGEST)
        if not self.what.strip():
            yield InvalidError("what", "Say in general what happened or changed.")

    def _incident(self) -> Iterator[InvalidError]:
        if not self.done.strip():
            yield InvalidError("done", "Say what your company has done about it.")
        for field in ("what", "done"):
            if ADDRESS.search(getattr(self, field)):
                yield InvalidError(field, "Write no web or mail address here: it can lead to material or to a child.")
        if not self.reported_to:
            yield InvalidError("reported_to", "Choose to whom it was reported, or that it was reported to nobody yet.")
        if ReportedTo.NOBODY in self.reported_to and len(self.reported_to) > 1:
            yield InvalidError("reported_to", "“Nobody yet” cannot stand beside another choice.")


def declared_under(session: Session, company_id: int) -> Award | None:
    """The award a company has to tell of changes under: one that counts today, also while it is suspended."""
    return under(awards_of(session, company_id), clock.today())


def under(awards: Sequence[Award], today: date) -> Award | None:
    """Of a company's awards the one it has to tell of changes under on a day."""
    award = counting_award(awards, today)
    return award if award is not None and award.standing(today) in LIVE else None


def declare(session: Session, actor: Actor, company_id: int, told: Told, key: str) -> ChangeDeclaration:
    """A new declaration, or the one that the same form with the same words made before. No award changes by it.

    Raises WrongStateError without an award, InvalidError for what cannot be.
    """
    actor.require_company(company_id, MAY_DECLARE)
    hold_company(session, company_id)
    checked = told.checked(clock.today())
    name = hashlib.sha256(f"{key} {canonical(_said(checked))}".encode()).hexdigest()
    before = declaration_with(session, company_id, name)
    if before is not None:
        return before
    award = declared_under(session, company_id)
    if award is None:
        raise WrongStateError("declare", "no_award")
    made = _written(session, actor, award, checked, name)
    about = {"declaration": made.id, "kind": made.kind, "award": award.id, "digest": made.digest}
    record(session, made.declared_at, actor, "officer:company:change_declared", "company", company_id, **about)
    reviewers = people_with_role(session, Role.REVIEWER)
    notify(session, reviewers, "declaration_waiting", str(made.id), {"declaration": made.id})
    return made


def _written(session: Session, actor: Actor, award: Award, told: Told, key: str) -> ChangeDeclaration:
    moment = clock.now()
    about = {"company": award.company_id, "award": award.number, "by": actor.user_id, "at": moment.isoformat()}
    made = ChangeDeclaration(
        company_id=award.company_id,
        award_id=award.id,
        key=key,
        declared_by=actor.user_id or 0,
        declared_at=moment,
        digest=hashlib.sha256(canonical({**about, **_said(told)}).encode()).hexdigest(),
        **{**asdict(told), "reported_to": list(told.reported_to)},
    )
    session.add(made)
    session.flush()
    return made


def _said(told: Told) -> dict[str, object]:
    return {**asdict(told), "since": str(told.since)}


def own_declaration(session: Session, actor: Actor, declaration_id: int) -> ChangeDeclaration:
    """A declaration of the actor's own company. Raises NotFoundError for strangers."""
    found = session.get(ChangeDeclaration, declaration_id)
    if found is None:
        raise NotFoundError
    actor.require_company(found.company_id)
    return found


def declaration_for_review(
    session: Session, actor: Actor, declaration_id: int, *, hold: bool = False
) -> ChangeDeclaration:
    """A declaration, for a reviewer without a tie to its company. Raises ForbiddenError, NotFoundError."""
    actor.require(Role.REVIEWER)
    lock = {"of": ChangeDeclaration} if hold else None
    found = session.get(ChangeDeclaration, declaration_id, with_for_update=lock, populate_existing=hold)
    if found is None:
        raise NotFoundError
    require_no_tie(session, actor, found.company_id)
    return found


def see(session: Session, actor: Actor, declaration_id: int) -> ChangeDeclaration:
    """A reviewer has read it; of two, the first is kept."""
    found = declaration_for_review(session, actor, declaration_id, hold=True)
    if found.seen_at is None:
        found.seen_by, found.seen_at = actor.user_id, clock.now()
        session.flush()
        about = {"declaration": found.id, "digest": found.digest}
        record(session, clock.now(), actor, "reviewer:company:declaration_seen", "company", found.company_id, **about)
    return found
