"""Heads that turn up after a restore which did not know them: what they ended is ended, and the loss is recorded."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from certificates import KeyringError
from certificates.keyring import Keyring
from compliance.cli import aftermath
from compliance.cli.app_context import application
from compliance.cli.settling import keep_ended
from compliance.jobs.heads import publish_head
from compliance.settings import Settings
from compliance.store import audit_heads, audit_proof, audit_restores
from compliance.store.audit import head, hold_tail
from compliance.store.audit_heads import Head
from compliance.store.audit_proof import Shown
from compliance.store.audit_restores import LEARNED, Restored, moment
from compliance.store.base import transaction
from compliance.store.errors import RestoreError
from compliance.store.keys import keyring
from compliance.store.signed_heads import sign_head


def learn(settings: Settings, given: Path) -> list[str]:
    """Accounts for the heads; returns the report. Raises RestoreError when they tell nothing that a restore lost."""
    with application(settings):
        try:
            keys = keyring(settings)
        except KeyringError as error:
            raise RestoreError(str(error)) from error
        heads, refused = audit_proof.heads_in(audit_proof.kept_elsewhere(given), keys)
        if refused:
            raise RestoreError(refused[0].why)
        with transaction() as session:
            hold_tail(session)
            restore, newest = _lost(session, heads, keys)
            said = _said(restore, newest, head(session)[0] + 1)
            known = aftermath.gather(None, heads, restore.after, restore.backup_made_at)
            audit_restores.record_restore(session, said, keys, LEARNED, {"ended": sorted(known.ended)})
            kept = [number for number in sorted(known.ended) if keep_ended(session, number, known, None)]
            if kept:
                sign_head(session, keys)
        audit_heads.keep(audit_heads.folder(settings), [(shown.head, shown.text) for shown in heads])
        publish_head(settings, always=True)
    return [audit_restores.told(said), " ".join([f"{len(kept)} awards are ended as those heads say.", *kept])]


def _lost(session: Session, heads: list[Shown], keys: Keyring) -> tuple[Restored, Head]:
    """The restore that lost them, and the newest of them."""
    restores, _unattested = audit_restores.attested(audit_restores.lines_of(session), keys)
    for shown, _why in sorted(audit_proof.contradicted(session, heads), key=lambda one: -one[0].head.seq):
        later = [said for said in restores if moment(said.at) >= moment(shown.head.at)]
        if later and later[0].lost_to < shown.head.seq and not any(said.explains(shown.head) for said in restores):
            return later[0], shown.head
    raise RestoreError("these heads tell nothing that a restore lost and that is not recorded")


def _said(restore: Restored, newest: Head, entry: int) -> Restored:
    return replace(
        restore,
        lost_to=newest.seq,
        lost_hash=newest.hash,
        lost_at=newest.at,
        lost=newest.seq - restore.after,
        complete=True,
        entry=entry,
    )
