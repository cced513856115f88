"""Commands on the transparency log: verify it, seal it now, print its checkpoint, add what a witness signed."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates import CertificateError
from certificates.note import (
    Checkpoint,
    Verifier,
    read_checkpoint,
    read_verifier,
    signature_line,
    signed_by,
    verifier_of,
)
from compliance.cli.app_context import application
from compliance.domain.merkle import leaf_hash, root
from compliance.jobs.seal import contradiction, seal
from compliance.settings import Settings
from compliance.store import log_copies
from compliance.store.base import db, transaction
from compliance.store.keys import keyring
from compliance.store.transparency import (
    LogCheckpoint,
    LogCosignature,
    LogEntry,
    checkpoint_text,
    leaves_of,
    newest_checkpoint,
    untold,
)


def register(commands: Any) -> None:
    """Adds this file's commands."""
    log = commands.add_parser("log", help="the transparency log: verify, seal, checkpoint, cosign")
    acts = log.add_subparsers(dest="act", required=True)
    check = acts.add_parser("verify", help="every entry and every checkpoint; exit code 1 when one does not hold")
    check.add_argument("kept", type=Path, nargs="*", help="checkpoints that somebody kept: the log must continue them")
    check.set_defaults(run=lambda chosen: _inside(verify, chosen))
    acts.add_parser("seal", help="sign a checkpoint now").set_defaults(run=lambda chosen: _inside(seal_now, chosen))
    show = acts.add_parser("checkpoint", help="print the newest checkpoint, for a witness or to keep")
    show.set_defaults(run=lambda chosen: _inside(show_checkpoint, chosen))
    cosign = acts.add_parser("cosign", help="add the signature of a witness to a checkpoint")
    cosign.add_argument("file", type=Path, help="the checkpoint with the line of the witness")
    cosign.add_argument("--witness", required=True, help="the public key of the witness: name+number+key")
    cosign.set_defaults(run=lambda chosen: _inside(add_cosignature, chosen))


def _inside(act: Any, chosen: argparse.Namespace) -> int:
    settings = Settings.from_env()
    with application(settings):
        try:
            return int(act(settings, chosen))
        except (CertificateError, OSError, UnicodeDecodeError) as error:
            print(error, file=sys.stderr)
            return 2


def verify(settings: Settings, chosen: argparse.Namespace) -> int:
    """Says where the log does not hold."""
    session = db.session()
    sealed = newest_checkpoint(session)
    ours = [verifier_of(sealed.origin, key) for key in keyring(settings).keys] if sealed else []
    wrong = list(_wrong_entries(session))
    kept = log_copies.kept(log_copies.folder(settings))
    wrong += [said for said in [contradiction(session, sealed, kept)] if said]
    leaves = leaves_of(session, 2**31 - 1)
    published = list(session.scalars(sa.select(LogCheckpoint).order_by(LogCheckpoint.size)))
    wrong += [said for one in published for said in _wrong(f"checkpoint {one.size}", one.text, leaves, ours)]
    wrong += [said for path in chosen.kept for said in _wrong(str(path), path.read_text(), leaves, ours)]
    wrong += [f"the log tells nothing of award {number}: ./portal rebuild-register" for number in untold(session)]
    for said in wrong:
        print(f"BROKEN: {said}")
    holds = "BROKEN" if wrong else "the log holds"
    print(f"{len(leaves)} entries, {len(published)} checkpoints and {len(chosen.kept)} kept ones checked: {holds}")
    return 1 if wrong else 0


def _wrong_entries(session: Session) -> Iterator[str]:
    """Entries that are missing, or whose hash is of another text."""
    rows = session.execute(sa.select(LogEntry.position, LogEntry.content, LogEntry.leaf).order_by(LogEntry.position))
    for expected, (position, content, leaf) in enumerate(rows):
        if position != expected:
            yield f"entry {expected} is missing"
            return
        if leaf_hash(content.encode()) != leaf:
            yield f"entry {position} is not the text that its hash was made of"


def _wrong(name: str, text: str, leaves: list[bytes], ours: list[Verifier]) -> Iterator[str]:
    """Why a checkpoint is not one of this log."""
    try:
        read = read_checkpoint(text)
    except CertificateError as error:
        yield f"{name}: {error}"
        return
    if not any(signed_by(read, one) for one in ours):
        yield f"{name} was not signed by a key of this log"
    elif read.size > len(leaves):
        yield f"{name} is over {read.size} entries, the log has only {len(leaves)}"
    elif root(leaves[: read.size]) != read.root:
        yield f"{name} is over other entries than those of the log"


def seal_now(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Seals what was added; says when there is nothing new."""
    print(
        "Sealed." if seal(settings) else "Nothing was sealed: nothing is new, or the log contradicts what was sealed."
    )
    return 0


def show_checkpoint(_settings: Settings, _chosen: argparse.Namespace) -> int:
    """Prints the newest."""
    found = newest_checkpoint(db.session())
    if found is None:
        print("There is no checkpoint yet.", file=sys.stderr)
        return 1
    print(checkpoint_text(db.session(), found), end="")
    return 0


def add_cosignature(_settings: Settings, chosen: argparse.Namespace) -> int:
    """Adds the line of a witness that signed exactly what we sealed."""
    witness, read = read_verifier(chosen.witness), read_checkpoint(chosen.file.read_text())
    with transaction() as session:
        ours = session.get(LogCheckpoint, read.size)
        if ours is None or read_checkpoint(ours.text).signed != read.signed:
            print("this is no checkpoint of this log", file=sys.stderr)
            return 1
        if not signed_by(read, witness):
            print("the witness did not sign this checkpoint", file=sys.stderr)
            return 1
        if session.get(LogCosignature, (read.size, witness.name)) is None:
            session.add(LogCosignature(size=read.size, witness=witness.name, line=_line(read, witness)))
    return 0


def _line(read: Checkpoint, witness: Verifier) -> str:
    mine = (data for name, data in read.signatures if name == witness.name and data[:4] == witness.id)
    return signature_line(witness, next(mine)[4:])
