"""Seals the transparency log: a signed checkpoint whenever entries were added, never over a log that was rewritten."""

import logging
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from certificates.note import write_checkpoint
from compliance import clock
from compliance.domain.merkle import root
from compliance.settings import Settings
from compliance.store import log_copies
from compliance.store.base import abandon, db, transaction
from compliance.store.keys import keyring
from compliance.store.register import bump
from compliance.store.transparency import LogCheckpoint, contents_of, leaves_of, log_size, newest_checkpoint

log = logging.getLogger(__name__)


def seal(settings: Settings) -> bool:
    """Whether there is a new checkpoint. A log that contradicts the last one is not sealed: what is wrong goes to the
    log of the process, and `./portal log verify` says more. Raises KeyringError without a key that can sign."""
    sealed = _is_sealed(db.session())
    abandon()
    if sealed:
        return False
    with transaction() as session:
        if _is_sealed(session):
            return False  # another worker was faster
        size, last = log_size(session), newest_checkpoint(session)
        wrong = contradiction(session, last, log_copies.kept(log_copies.folder(settings)))
        if wrong:
            log.error("the transparency log is not sealed: %s", wrong)
            return False
        _write(session, settings, size, last)
        return True


def _is_sealed(session: Session) -> bool:
    last = newest_checkpoint(session)
    return log_size(session) == (last.size if last else 0)


def contradiction(session: Session, last: LogCheckpoint | None, kept: list[str]) -> str:
    """How the log differs from its last checkpoint or from the copy outside the database; empty when it continues
    them."""
    if last and root(leaves_of(session, last.size)) != last.root:
        return f"the first {last.size} entries are not those that were sealed"
    if contents_of(session, 0, len(kept)) != kept:
        return f"it does not hold the {len(kept)} entries of the copy in the data directory"
    return ""


def _write(session: Session, settings: Settings, size: int, last: LogCheckpoint | None) -> None:
    origin = last.origin if last else origin_of(settings)
    digest = root(leaves_of(session, size))
    log_copies.keep(session, log_copies.folder(settings), size)
    text = write_checkpoint(origin, size, digest, keyring(settings).key)
    session.add(LogCheckpoint(size=size, origin=origin, root=digest, text=text, sealed_at=clock.now()))
    bump(session)  # pages say which entries are sealed


def origin_of(settings: Settings) -> str:
    """The name of a new log; an old one keeps its own when the portal moves."""
    return f"{urlsplit(settings.public_url).netloc}/log"
