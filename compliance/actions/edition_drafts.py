"""Draft editions: uploaded, looked into outside this process, changed, let go."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.accounts import require_administrator
from compliance.actions.drafts import FIELD, printable, refusal, too_large, unreadable
from compliance.actions.two_people import close
from compliance.bounded.runner import CrashedError, Sender, TooHeavyError, ask_about_foreign
from compliance.domain.errors import InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.domain.roles import Actor
from compliance.store.audit import hold_tail, record
from compliance.store.awards import Outcome
from compliance.store.edition_drafts import EditionDraft, packed
from compliance.store.published_editions import published_from, unclosed_proposals
from questionnaires import Edition, EditionRefusedError
from questionnaires.folders import load_texts
from questionnaires.text import LANGS

MODULE = "compliance.inspection.edition_draft"
LONGEST_ID = 40
LARGEST_ZIP = 10_000_000
"""Bytes; an edition packed with its pictures."""


@dataclass(frozen=True)
class Looked:
    """A draft's files, and what was found in them: the columns of `EditionDraft` of the same names."""

    texts: Mapping[str, str]
    sha256: str
    name: str
    title: Mapping[str, str]
    mistakes: tuple[Mapping[str, Any], ...]
    wrong: int
    doubtful: int


def look_into_zip(data: bytes, sender: Sender) -> Looked:
    """The draft in an uploaded ZIP, with its mistakes. Raises InvalidError on `draft` when it is no edition at all,
    BusyError when too many files are looked into.
    """
    if not data:
        raise InvalidError(FIELD, "This file is empty.")
    if len(data) > LARGEST_ZIP:
        raise too_large(LARGEST_ZIP // 1_000_000)
    return _looked({"packed": True}, data, sender)


def look_at(texts: Mapping[str, str], sender: Sender) -> Looked:
    """The same for files in hand, as somebody edited them."""
    return _looked({"packed": False}, packed(texts).encode(), sender)


def _looked(request: Mapping[str, Any], data: bytes, sender: Sender) -> Looked:
    try:
        told, body = ask_about_foreign(MODULE, request, data, sender)
    except (TooHeavyError, CrashedError) as error:
        raise unreadable() from error
    if "refused" in told:
        raise refusal(told["refused"], told["values"])
    return Looked(
        texts=json.loads(body),
        sha256=told["sha256"],
        name=printable(told["name"])[:LONGEST_ID],
        title={lang: printable(text) for lang, text in told["title"].items()},
        mistakes=tuple({**one, **{lang: printable(one[lang]) for lang in LANGS}} for one in told["mistakes"]),
        wrong=told["wrong"],
        doubtful=told["doubtful"],
    )


def edition_of(draft: EditionDraft) -> Edition | None:
    """The draft as companies would have it; None while its files cannot be used."""
    return _loaded(draft.files)


@lru_cache(maxsize=4)
def _loaded(files: str) -> Edition | None:
    """Looked into before, outside this process: what was stored is bounded and can be read."""
    try:
        return load_texts(json.loads(files))
    except EditionRefusedError:
        return None


def upload(session: Session, actor: Actor, looked: Looked) -> EditionDraft:
    """A new draft, mistakes and all."""
    require_administrator(session, actor)
    moment, person = clock.now(), actor.user_id or 0
    draft = EditionDraft(uploaded_by=person, uploaded_at=moment)
    _fill(draft, actor, looked)
    session.add(draft)
    session.flush()
    record(session, moment, actor, "admin:edition_draft:uploaded", "edition_draft", draft.id, **_told(draft))
    return draft


def change(
    session: Session, actor: Actor, draft_id: int, looked: Looked, seen: int, texts: Sequence[str] = ()
) -> EditionDraft:
    """Puts other files in the place of a draft's. `seen`: the `version` that was shown when the change began. `texts`
    names those that were reworded, where nothing else was changed.

    Raises StaleError when somebody else changed it since, WrongStateError when it was let go.
    """
    require_administrator(session, actor)
    draft = open_draft(session, draft_id)
    if draft.version != seen:
        raise StaleError
    if draft.sha256 == looked.sha256 and draft.texts() == looked.texts:
        return draft
    before = draft.sha256
    _void_proposals(session, draft)
    _fill(draft, actor, looked)
    session.flush()
    told = _told(draft) | {"before": before} | ({"texts": list(texts)} if texts else {})
    record(session, clock.now(), actor, "admin:edition_draft:changed", "edition_draft", draft.id, **told)
    return draft


def let_go(session: Session, actor: Actor, draft_id: int) -> None:
    """Nobody sees it among the drafts any more; the same button pressed twice finds it done."""
    require_administrator(session, actor)
    draft = _locked(session, draft_id)
    if draft.let_go_at is not None:
        return
    _require_unpublished(session, draft)
    _void_proposals(session, draft)
    draft.let_go_by, draft.let_go_at = actor.user_id, clock.now()
    session.flush()
    record(session, clock.now(), actor, "admin:edition_draft:let_go", "edition_draft", draft.id, sha256=draft.sha256)


def open_draft(session: Session, draft_id: int) -> EditionDraft:
    """A draft that can be changed, held against other writers until the transaction ends."""
    draft = _locked(session, draft_id)
    if draft.let_go_at is not None:
        raise WrongStateError("change", "let_go")
    _require_unpublished(session, draft)
    return draft


def _require_unpublished(session: Session, draft: EditionDraft) -> None:
    if published_from(session, draft.id) is not None:
        raise WrongStateError("change", "published")


def _void_proposals(session: Session, draft: EditionDraft) -> None:
    """What was proposed was another draft: nobody confirms it any more."""
    waiting = unclosed_proposals(session, draft.id)
    close(session, waiting, Outcome.OVERTAKEN)


def _locked(session: Session, draft_id: int) -> EditionDraft:
    """Acts on drafts and editions wait for each other: two of them at once are two one after the other."""
    hold_tail(session)
    found = session.get(EditionDraft, draft_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def _fill(draft: EditionDraft, actor: Actor, looked: Looked) -> None:
    draft.name, draft.title = looked.name, dict(looked.title)
    draft.files, draft.sha256 = packed(looked.texts), looked.sha256
    draft.mistakes = json.dumps([dict(one) for one in looked.mistakes])
    draft.wrong, draft.doubtful = looked.wrong, looked.doubtful
    draft.changed_by, draft.changed_at = actor.user_id or 0, clock.now()


def _told(draft: EditionDraft) -> dict[str, Any]:
    return {"edition": draft.name, "sha256": draft.sha256, "wrong": draft.wrong}
