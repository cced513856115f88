"""A draft becomes an edition, from a day on: one administrator proposes, another confirms; so is it called back."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.accounts import require_administrator
from compliance.actions.edition_drafts import LONGEST_ID, edition_of, open_draft
from compliance.actions.notifying import notify
from compliance.actions.second_administrator import require_proposer
from compliance.actions.two_people import close, is_confirmed_by, locked, require_second, to_withdraw
from compliance.domain.errors import InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.domain.roles import Actor, Role
from compliance.store.audit import hold_tail, record
from compliance.store.awards import Outcome
from compliance.store.edition_drafts import EditionDraft
from compliance.store.edition_shelf import PUBLISHED, forget
from compliance.store.people import people_with_role
from compliance.store.published_editions import (
    EditionAct,
    EditionProposal,
    PublishedEdition,
    published,
    unclosed_proposals,
)
from questionnaires import catalogue
from questionnaires.folders import digest_of

LONGEST_REASON = 2_000
LATEST = timedelta(days=3 * 366)
MOST_GRACE = 366
USUAL_GRACE = 90
"""Days that a form proposes."""


@dataclass(frozen=True)
class Wish:
    """From when an edition shall hold, for how many days drafts of earlier ones can still be submitted, and why."""

    begins: date
    grace_days: int
    reason: str


def propose(session: Session, actor: Actor, draft_id: int, wish: Wish, seen: int) -> EditionProposal:
    """A draft shall be published. `seen`: its `version` as it was shown.

    Raises InvalidError on `begins`, `grace_days` or the whole, StaleError when the draft changed since.
    """
    require_administrator(session, actor)
    hold_tail(session)
    draft = open_draft(session, draft_id)
    if draft.version != seen:
        raise StaleError
    _require_fit(session, draft, wish.begins)
    if not 0 <= wish.grace_days <= MOST_GRACE:
        raise InvalidError("grace_days", "From 0 to %(most)s days.", most=MOST_GRACE)
    return _open(session, actor, EditionAct.PUBLISH, draft, wish)


def propose_call_back(session: Session, actor: Actor, edition_id: int, reason: str) -> EditionProposal:
    """An edition whose day has not come shall be a draft again."""
    require_administrator(session, actor)
    hold_tail(session)
    edition = _to_come(session, edition_id)
    if not reason.strip():
        raise InvalidError("reason", "Write why it is called back.")
    draft = session.get_one(EditionDraft, edition.draft_id)
    wish = Wish(edition.begins, edition.grace_days, reason)
    return _open(session, actor, EditionAct.CALL_BACK, draft, wish)


def confirm(session: Session, actor: Actor, proposal_id: int) -> EditionProposal:
    """Another administrator makes it so; the same button pressed twice finds it done.

    Raises WrongStateError when it is no longer open, ForbiddenError for its own proposer and when that one is no
    administrator any more, StaleError when the draft is not what was proposed, InvalidError when it fits no more.
    """
    require_administrator(session, actor)
    hold_tail(session)
    proposal = locked(session, EditionProposal, proposal_id)
    if is_confirmed_by(proposal, actor):
        return proposal
    require_second(proposal, actor)
    require_proposer(session, proposal.proposed_by)
    close(session, [proposal], Outcome.CONFIRMED, actor)
    if proposal.act is EditionAct.PUBLISH:
        _publish(session, actor, proposal)
    else:
        _call_back(session, actor, proposal)
    forget()
    _tell(session, actor, proposal, "edition_confirmed")
    return proposal


def withdraw(session: Session, actor: Actor, proposal_id: int) -> EditionProposal:
    """Whoever proposed takes it back; the same button pressed twice finds it done."""
    require_administrator(session, actor)
    hold_tail(session)
    proposal = locked(session, EditionProposal, proposal_id)
    if to_withdraw(proposal, actor):
        close(session, [proposal], Outcome.WITHDRAWN, actor)
        _record(session, actor, proposal, "proposal_withdrawn")
    return proposal


def _publish(session: Session, actor: Actor, proposal: EditionProposal) -> None:
    draft = open_draft(session, proposal.draft_id)
    if not draft.sha256 == proposal.sha256 == digest_of(draft.texts()):
        raise StaleError
    _require_fit(session, draft, proposal.begins)
    edition = PublishedEdition(
        name=draft.name,
        title=draft.title,
        files=draft.files,
        sha256=draft.sha256,
        begins=proposal.begins,
        grace_days=proposal.grace_days,
        draft_id=draft.id,
        published_by=actor.user_id or 0,
        published_at=clock.now(),
    )
    session.add(edition)
    session.flush()
    told = {"begins": edition.begins.isoformat(), "grace_days": edition.grace_days, "proposal": proposal.id}
    content = {"edition": edition.name, "sha256": edition.sha256, **told}
    record(session, clock.now(), actor, PUBLISHED, "edition", edition.id, **content)


def _call_back(session: Session, actor: Actor, proposal: EditionProposal) -> None:
    found = next((one for one in published(session) if one.draft_id == proposal.draft_id), None)
    edition = _to_come(session, found.id if found else 0)
    edition.called_back_by, edition.called_back_at = actor.user_id, clock.now()
    session.flush()
    content = {"edition": edition.name, "sha256": edition.sha256, "proposal": proposal.id, "reason": proposal.reason}
    record(session, clock.now(), actor, "admin:edition:called_back", "edition", edition.id, **content)


def _to_come(session: Session, edition_id: int) -> PublishedEdition:
    """Raises NotFoundError, and WrongStateError once its day has come or when it was called back."""
    edition = session.get(PublishedEdition, edition_id, with_for_update=True, populate_existing=True)
    if edition is None:
        raise NotFoundError
    if edition.called_back_at is not None or edition.begins <= clock.today():
        raise WrongStateError("call_back", "in_force" if edition.called_back_at is None else "called_back")
    return edition


def _require_fit(session: Session, draft: EditionDraft, begins: date) -> None:
    """What can be published on a day: no mistakes, a name of its own, after every other edition."""
    if draft.wrong:
        raise InvalidError("", "The draft has mistakes. Mend them first.")
    edition = edition_of(draft)
    if edition is None or edition.id != draft.name:
        raise InvalidError("", "The id of the edition is too long: at most %(most)s characters.", most=LONGEST_ID)
    others = published(session)
    if draft.name in catalogue.carried() or any(one.name == draft.name for one in others):
        raise InvalidError("", "There is an edition %(name)s already. Give the draft another id.", name=draft.name)
    if begins <= clock.today():
        raise InvalidError("begins", "Choose a day after today.")
    if begins > clock.today() + LATEST:
        raise InvalidError("begins", "Choose a day within three years.")
    if others and begins <= others[-1].begins:
        raise InvalidError("begins", "Edition %(name)s begins on that day or later.", name=others[-1].name)


def _open(session: Session, actor: Actor, act: EditionAct, draft: EditionDraft, wish: Wish) -> EditionProposal:
    unclosed = unclosed_proposals(session, draft.id)
    if any(one.open for one in unclosed):
        raise InvalidError("", "Something is proposed here already: confirm or withdraw that first.")
    close(session, unclosed, Outcome.LAPSED)
    proposal = EditionProposal(
        act=act,
        draft_id=draft.id,
        sha256=draft.sha256,
        begins=wish.begins,
        grace_days=wish.grace_days,
        reason=wish.reason.strip()[:LONGEST_REASON],
        proposed_by=actor.user_id or 0,
        proposed_at=clock.now(),
    )
    session.add(proposal)
    session.flush()
    _record(session, actor, proposal, f"{act}_proposed")
    _tell(session, actor, proposal, "edition_waiting")
    return proposal


def _record(session: Session, actor: Actor, proposal: EditionProposal, done: str) -> None:
    content = {"proposal": proposal.id, "sha256": proposal.sha256, "begins": proposal.begins.isoformat()}
    tag = f"admin:edition_draft:{done}"
    record(session, clock.now(), actor, tag, "edition_draft", proposal.draft_id, **content, reason=proposal.reason)


def _tell(session: Session, actor: Actor, proposal: EditionProposal, kind: str) -> None:
    """The other administrators hear of it."""
    others = [one for one in people_with_role(session, Role.ADMINISTRATOR) if one.id != actor.user_id]
    notify(session, others, kind, str(proposal.id), {"proposal": proposal.id})
