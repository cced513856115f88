"""The editions published here, as every process reads them: looked up again every few seconds, each file checked once
against the digest that was published and the trail that says so.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from time import monotonic

import sqlalchemy as sa
from flask import current_app, has_app_context
from sqlalchemy.orm import Session

from compliance import clock
from compliance.store.audit import AuditEntry
from compliance.store.base import db
from compliance.store.published_editions import PublishedEdition
from questionnaires import catalogue
from questionnaires.errors import TamperedEditionError
from questionnaires.folders import digest_of, load_texts
from questionnaires.model import Edition

log = logging.getLogger(__name__)

PUBLISHED = "admin:edition:published"
SECONDS = 5.0
"""For so long a process may not know what another one published. Nothing begins before the next day."""
STATE = "portal.editions"


@dataclass(frozen=True)
class Entry:
    """What is known of an edition without reading its files."""

    id: int
    name: str
    sha256: str
    begins: date
    grace_days: int


@dataclass
class _Known:
    entries: tuple[Entry, ...] = ()
    until: float = -1.0
    loaded: dict[Entry, Edition] = field(default_factory=dict)
    tampered: dict[Entry, bool] = field(default_factory=dict)


def entries(session: Session) -> tuple[Entry, ...]:
    """Those that hold, the first to begin first, as they stand in the database now."""
    row = PublishedEdition
    query = sa.select(row.id, row.name, row.sha256, row.begins, row.grace_days).where(row.called_back_at.is_(None))
    return tuple(Entry(*found) for found in session.execute(query.order_by(row.begins)))


def tampered(session: Session, entry: Entry) -> bool:
    """Whether the files are not those that two people published, or others came under the same name with the code."""
    packed = session.scalar(sa.select(PublishedEdition.files).where(PublishedEdition.id == entry.id))
    told = session.scalar(
        sa.select(AuditEntry.content).where(
            AuditEntry.tag == PUBLISHED, AuditEntry.subject == "edition", AuditEntry.subject_id == entry.id
        )
    )
    try:
        same = digest_of(json.loads(packed or "{}")) == entry.sha256 == json.loads(told or "{}").get("sha256")
    except (ValueError, AttributeError, TypeError):
        same = False
    return not same or catalogue.carried().get(entry.name, entry.sha256) != entry.sha256


def known_entries() -> tuple[Entry, ...]:
    """The same as this process knows them, without any that is not as it was published."""
    known = _fresh()
    return tuple(one for one in known.entries if not _is_tampered(known, one))


def forget() -> None:
    """After something was published or called back: this process asks at once."""
    _known().until = -1.0


class Shelf:
    """What the catalogue asks for editions that did not come with the code."""

    def begun(self) -> Mapping[str, bool]:
        """Every edition that holds and is as it was published, and whether its day has come; in the order of days."""
        if not has_app_context():
            return {}
        today = clock.today()
        return {one.name: one.begins <= today for one in known_entries()}

    def find(self, edition_id: str) -> Edition | None:
        """The edition; None when none of that name holds. Raises TamperedEditionError."""
        if not has_app_context():
            return None
        known = _fresh()
        entry = _named(known, edition_id)
        if entry is None:
            forget()  # another process may have published it a moment ago
            entry = _named(known := _fresh(), edition_id)
        if entry is None:
            return None
        if entry not in known.loaded:
            if _is_tampered(known, entry):
                raise TamperedEditionError(edition_id)
            known.loaded[entry] = load_texts(_texts(entry))
        return known.loaded[entry]


def _named(known: _Known, edition_id: str) -> Entry | None:
    return next((one for one in known.entries if one.name == edition_id), None)


def _known() -> _Known:
    found: _Known = current_app.extensions.setdefault(STATE, _Known())
    return found


def _fresh() -> _Known:
    known = _known()
    if monotonic() >= known.until:
        known.entries, known.until = entries(db.session()), monotonic() + SECONDS
    return known


def _is_tampered(known: _Known, entry: Entry) -> bool:
    """Read once: what this process loaded stays in its memory as it was published."""
    if entry not in known.tampered:
        known.tampered[entry] = tampered(db.session(), entry)
        if known.tampered[entry]:
            log.critical("edition %s is not as it was published: it is not used", entry.name)
    return known.tampered[entry]


def _texts(entry: Entry) -> dict[str, str]:
    packed = db.session.scalar(sa.select(PublishedEdition.files).where(PublishedEdition.id == entry.id))
    found: dict[str, str] = json.loads(packed or "{}")
    return found
