"""Commands on the audit trail: verify it, publish its head, export it."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates import CertificateError
from compliance import clock
from compliance.actions.trail import line_of
from compliance.cli.app_context import application
from compliance.jobs.heads import publish_head
from compliance.settings import Settings
from compliance.store import audit_heads, audit_proof, audit_restores, signed_heads
from compliance.store.audit import AuditEntry, Break, unguarded, verify
from compliance.store.audit_proof import Shown
from compliance.store.audit_restores import Restored
from compliance.store.base import db
from compliance.store.keys import keyring


def register(commands: Any) -> None:
    """Adds this file's commands."""
    audit = commands.add_parser("audit", help="the audit trail: verify, head (publish now), export")
    acts = audit.add_subparsers(dest="act", required=True)
    check = acts.add_parser("verify", help="every entry, the chain, and every published head; exit code 1 on a break")
    check.add_argument("--heads", type=Path, help="published heads kept elsewhere (a directory or a file), checked too")
    check.set_defaults(run=lambda chosen: _inside(verify_trail, chosen))
    head = acts.add_parser("head", help="sign and publish the present head")
    head.set_defaults(run=lambda chosen: _inside(show_head, chosen))
    export = acts.add_parser("export", help="all entries as JSON lines")
    export.add_argument("--subject", help="only this kind of subject, for example assessment")
    export.add_argument("--id", type=int, help="only this one")
    export.set_defaults(run=lambda chosen: _inside(export_trail, chosen))


def _inside(act: Any, chosen: argparse.Namespace) -> int:
    settings = Settings.from_env()
    with application(settings):
        return int(act(settings, chosen))


def verify_trail(settings: Settings, chosen: argparse.Namespace) -> int:
    """Says where the trail does not hold."""
    session = db.session()
    heads, breaks = _published(settings, chosen.heads)
    restores, unattested = _restores(session, settings)
    count = 0
    try:
        breaks = [*verify(session, gaps=audit_restores.gaps(restores)), *unguarded(session), *unattested, *breaks]
        contradicted = audit_proof.contradicted(session, heads)
        breaks += audit_restores.unexplained(contradicted, restores)
        breaks += audit_proof.unpublished(session, heads, clock.now())
        lost = {shown.head.digest for shown, _why in contradicted}
        breaks += _unsigned(session, settings, [shown for shown in heads if shown.head.digest not in lost])
        count = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    except sa.exc.SQLAlchemyError as error:
        breaks.append(Break(0, f"the trail cannot be read ({error.__cause__ or error})"))
    if not heads:
        breaks.append(Break(count, "no published head was found: nothing shows that the end was not cut"))
    for said in {(said.at, said.after): said for said in restores}.values():
        print(audit_restores.told(said))
    for found in breaks:
        print(f"BROKEN at entry {found.seq}: {found.why}")
    distinct = len({shown.head.digest for shown in heads})
    print(f"{count} entries and {distinct} published heads checked: {'BROKEN' if breaks else 'the trail holds'}")
    return 1 if breaks else 0


def _published(settings: Settings, elsewhere: Path | None) -> tuple[list[Shown], list[Break]]:
    """Every head that can be believed, and what is wrong with the files of heads."""
    own = audit_heads.folder(settings)
    try:
        keys = keyring(settings)
    except CertificateError as error:
        return [], [Break(0, f"no head can be checked without the keys ({error})")]
    heads, breaks = audit_proof.heads_in([own, *audit_proof.kept_elsewhere(elsewhere)], keys)
    if elsewhere and not elsewhere.exists():
        breaks.append(Break(0, f"there are no heads at {elsewhere}"))
    return heads, [*breaks, *audit_proof.missing_heads(heads), *audit_proof.stale_latest(own, heads, keys)]


def _restores(session: Session, settings: Settings) -> tuple[list[Restored], list[Break]]:
    """What restores said they lost; without keys none can be believed, which is said of the heads already."""
    try:
        return audit_restores.attested(audit_restores.lines_of(session), keyring(settings))
    except CertificateError:
        return [], []


def _unsigned(session: Session, settings: Settings, heads: Sequence[Shown]) -> list[Break]:
    """Changes of awards that no signed head stands over; without keys nothing can be said."""
    try:
        keys = keyring(settings)
    except CertificateError:
        return []
    return list(signed_heads.unsigned(session, keys, max((shown.head.seq for shown in heads), default=0)))


def show_head(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Publishes and prints the head: to be kept where nobody with access to the database can change it."""
    publish_head(settings, always=True)
    latest = audit_heads.folder(settings) / "latest.json"
    print(latest.read_text().strip())
    print(f"Published in {latest.parent}", file=sys.stderr)
    return 0


def export_trail(_settings: Settings, chosen: argparse.Namespace) -> int:
    """Everything that the chain seals, so that another program can verify it."""
    query = sa.select(AuditEntry).order_by(AuditEntry.seq)
    if chosen.subject:
        query = query.where(AuditEntry.subject == chosen.subject)
    if chosen.id is not None:
        query = query.where(AuditEntry.subject_id == chosen.id)
    print(json.dumps({"exported_at": clock.now().isoformat(timespec="seconds"), "format": 1}))
    for entry in db.session.scalars(query.execution_options(yield_per=500)):
        print(json.dumps(line_of(entry), ensure_ascii=False))
    return 0
