"""Draft editions for tests: a copy of the first edition under another id, as if it had been looked into."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from compliance.actions import edition_drafts, edition_publishing
from compliance.actions.edition_drafts import Looked
from compliance.actions.edition_publishing import Wish
from compliance.domain.roles import Actor
from compliance.store.base import transaction
from compliance.store.edition_drafts import EditionDraft
from compliance.store.published_editions import EditionProposal
from questionnaires.folders import digest_of, texts_in

FIRST = Path("questionnaires/editions/2026")
TITLE = {"km": "កំណែសាកល្បង", "en": "A test edition"}
Edit = tuple[str, str, str]
"""A file, a text in it, and what takes its place."""


@cache
def _first() -> Mapping[str, str]:
    return texts_in(FIRST)


def edition_texts(name: str, *edits: Edit) -> dict[str, str]:
    """The first edition's files with another id, and other texts in places."""
    texts = dict(_first())
    for file, old, new in (("edition.yaml", "id: '2026'", f"id: '{name}'"), *edits):
        assert old in texts[file], f"{file} has no {old!r}"
        texts[file] = texts[file].replace(old, new, 1)
    return texts


def looked(name: str, *edits: Edit, wrong: int = 0) -> Looked:
    """What looking into these files gives when it finds nothing wrong, or is said to have found something."""
    texts = edition_texts(name, *edits)
    return Looked(texts, digest_of(texts), name, TITLE, (), wrong, 0)


def uploaded(actor: Actor, name: str, *edits: Edit, wrong: int = 0) -> EditionDraft:
    with transaction() as session:
        return edition_drafts.upload(session, actor, looked(name, *edits, wrong=wrong))


def proposed(actor: Actor, draft: EditionDraft, begins: date, grace_days: int = 30) -> EditionProposal:
    with transaction() as session:
        wish = Wish(begins, grace_days, "The law changed.")
        return edition_publishing.propose(session, actor, draft.id, wish, draft.version)


def confirmed(actor: Actor, proposal: EditionProposal) -> None:
    with transaction() as session:
        edition_publishing.confirm(session, actor, proposal.id)
