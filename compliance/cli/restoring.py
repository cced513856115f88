"""Puts a backup back, as an act of its own: recorded, attested, and nothing that was ended comes back by itself."""

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from certificates import KeyringError
from certificates.keyring import Keyring, load_keyring, to_public
from compliance import clock
from compliance.cli import aftermath, interrupted, manifest, settling
from compliance.cli.aftermath import Aftermath, Present
from compliance.cli.database import migrate_database
from compliance.domain.standing import IN_FORCE, Standing
from compliance.settings import Settings
from compliance.store import audit_heads, audit_proof, audit_restores, copied, copying, newest_migration
from compliance.store.audit import canonical
from compliance.store.audit_proof import Shown
from compliance.store.audit_restores import Restored
from compliance.store.copied import CopiedAward
from compliance.store.errors import RestoreError
from compliance.store.files import file_store

LIVING = IN_FORCE | {Standing.WAITING}


@dataclass(frozen=True)
class Wanted:
    """What whoever restores has said: over a newer store too, heads kept elsewhere, awards ended that only people
    know of, and the digest of the list of awards that may come back."""

    force: bool = False
    heads: Path | None = None
    ended: Path | None = None
    awards: str = ""


class AwardsAskedError(RestoreError):
    """Nobody knows whether these awards were ended after the backup; `digest` names exactly this list."""

    def __init__(self, awards: Sequence[CopiedAward]) -> None:
        self.awards = awards
        self.digest = hashlib.sha256(canonical([award.number for award in awards]).encode()).hexdigest()[:12]
        super().__init__("it is not known which awards were revoked or suspended after the backup")


def restore(settings: Settings, folder: Path, wanted: Wanted) -> list[str]:
    """Checks every byte, then replaces store and files; returns what happened, line by line.

    Raises RestoreError before anything was changed. A stop after that is safe: nothing serves until it is run again.
    """
    backup = manifest.read(folder)
    _refuse_other_kind(settings, folder, backup)
    keys, keep_keys = _keys(settings, folder)
    present = _present(settings, folder, backup)
    heads, notes = _heads(settings, folder, wanted.heads, keys)
    _refuse_contradiction(folder, backup, heads, keys)
    if present and present.seq > backup.audit_seq and not wanted.force and not interrupted.known(settings.data_dir):
        raise RestoreError(
            f"the store here is newer: {present.lost} recorded acts would be lost. --force does it all the same"
        )
    known = settling.with_list(aftermath.gather(present, heads, backup.audit_seq, backup.made_at), wanted.ended)
    asked = _ask(folder, known, wanted.awards)
    store = present.to_json() if present else None
    interrupted.begin(settings.data_dir, {"backup": backup.audit_hash, "store": store})
    _put_back(settings, folder, heads, keep_keys=keep_keys)
    migrate_database(settings)
    report = settling.settle(settings, _said(folder, backup, known), known, present, asked)
    interrupted.end(settings.data_dir)
    return [f"Restored the backup of {backup.made_at}.", *report, *notes]


def _refuse_other_kind(settings: Settings, folder: Path, backup: manifest.Manifest) -> None:
    kind = "sqlite" if copying.sqlite_path(settings.database_url) else "postgresql"
    if backup.database != kind:
        raise RestoreError(f"the backup is of {backup.database}, this portal runs on {kind}")
    made, known = copied.revision(folder), newest_migration.newest()
    if made > known:
        raise RestoreError(f"the backup is of a newer version of the portal (migration {made}, this one knows {known})")


def _keys(settings: Settings, folder: Path) -> tuple[Keyring | None, bool]:
    """The keys that hold after the restore, and whether they are the ones here: those stay when they are the backup's
    own, perhaps with newer ones, so that no retired key signs again."""
    here, there = _loaded(settings, settings.keys_dir), None
    try:
        there = _loaded(settings, folder / "keys")
    except RestoreError:
        if here is None:
            raise
    if here is not None and (there is None or _continues(here, there)):
        return here, True
    return there, False


def _loaded(settings: Settings, folder: Path) -> Keyring | None:
    if not (folder / "keyring.json").exists():
        return None
    try:
        return load_keyring(folder, settings.keys_passphrase.encode() or None)
    except KeyringError as error:
        raise RestoreError(f"the keys cannot be opened; is KEYS_PASSPHRASE right? ({error})") from error


def _continues(here: Keyring, there: Keyring) -> bool:
    ours, theirs = to_public(here), to_public(there)
    return all(ours[kind].get(name) == pem for kind in theirs for name, pem in theirs[kind].items())


def _present(settings: Settings, folder: Path, backup: manifest.Manifest) -> Present | None:
    """What the store tells that is about to go; after a stop half-way, what it told before."""
    before = interrupted.known(settings.data_dir)
    if before is not None:
        if before["backup"] != backup.audit_hash:
            raise RestoreError("the restore of another backup was stopped half-way; run that one again first")
        return Present(**before["store"]) if before["store"] else None
    numbers = {award.code: award.number for award in copied.awards(folder)}
    return aftermath.look(settings.database_url, backup.audit_seq, backup.audit_hash, numbers)


def _heads(settings: Settings, folder: Path, given: Path | None, keys: Keyring | None) -> tuple[list[Shown], list[str]]:
    """Every head that can be believed: of the backup, here, and given. A given one that cannot be is refused."""
    if given is not None and not given.exists():
        raise RestoreError(f"there are no heads at {given}")
    if keys is None:
        return [], ["There is no key: the restore is recorded and nobody attests it."]
    elsewhere, refused = audit_proof.heads_in(audit_proof.kept_elsewhere(given), keys)
    if refused:
        raise RestoreError(f"{refused[0].why}. Without that file the rest can be used")
    if given is not None and not elsewhere:
        raise RestoreError(f"there are no heads at {given}")
    own, damaged = audit_proof.heads_in([folder / "audit-heads", audit_heads.folder(settings)], keys)
    return [*elsewhere, *own], [f"Not believed: {found.why}." for found in damaged]


def _refuse_contradiction(
    folder: Path, backup: manifest.Manifest, heads: Sequence[Shown], keys: Keyring | None
) -> None:
    """A backup that was changed, or that is another portal's, does not hold what was published."""
    hashes = copied.entry_hashes(folder)
    restores = audit_restores.attested(copied.restore_lines(folder), keys)[0] if keys else []
    for shown in heads:
        if not 0 < shown.head.seq <= backup.audit_seq or hashes.get(shown.head.seq) == shown.head.hash:
            continue
        if not any(said.explains(shown.head) for said in restores):
            raise RestoreError(f"the backup does not hold entry {shown.head.seq} as {shown.place} published it")


def _ask(folder: Path, known: Aftermath, answer: str) -> str:
    """Raises AwardsAskedError when awards would come back and nobody knows whether they were ended."""
    today = clock.today()
    coming = [
        award
        for award in copied.awards(folder)
        if copied.standing_of(award, today) in LIVING and award.number not in known.ended
    ]
    if known.complete or not coming:
        return ""
    asked = AwardsAskedError(coming)
    if answer != asked.digest:
        raise asked
    return asked.digest


def _put_back(settings: Settings, folder: Path, heads: Sequence[Shown], *, keep_keys: bool) -> None:
    copying.copy_in(settings.database_url, folder)
    if (folder / "files").is_dir():
        files = file_store(settings)
        files.copy_in(folder / "files", files.locked())
    if not keep_keys:
        _replace_keys(settings, folder)
    own = audit_heads.folder(settings)
    there = {text.strip() for _name, text in audit_proof.texts(own)}
    audit_heads.keep(own, [(shown.head, shown.text) for shown in heads if shown.text.strip() not in there])
    if (folder / "secret").exists() and not (settings.data_dir / "secret").exists():
        shutil.copy2(folder / "secret", settings.data_dir / "secret")


def _replace_keys(settings: Settings, folder: Path) -> None:
    """Keys of another portal step aside, and what they signed with them."""
    stamp = clock.now().strftime("%Y-%m-%dT%H%M%S")
    if (settings.keys_dir / "keyring.json").exists():
        for path in (settings.keys_dir, audit_heads.folder(settings)):
            if path.exists():
                path.rename(path.with_name(f"{path.name}-before-{stamp}"))
    if (folder / "keys").is_dir():
        shutil.copytree(folder / "keys", settings.keys_dir, dirs_exist_ok=True)


def _said(folder: Path, backup: manifest.Manifest, known: Aftermath) -> Restored:
    """What is recorded of the restore."""
    last = copied.entry_moment(folder, backup.audit_seq)
    return Restored(
        at=clock.now().isoformat(),
        backup_made_at=backup.made_at,
        after=backup.audit_seq,
        after_hash=backup.audit_hash,
        after_at=last.isoformat() if last else backup.made_at,
        lost_to=known.lost_to,
        lost_hash=known.lost_hash,
        lost_at=known.lost_at,
        lost=known.lost,
        complete=known.complete,
        entry=known.lost_to + 1,
    )
