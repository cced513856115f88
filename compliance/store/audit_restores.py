"""Restores in the audit trail: what each says it lost, attested by a key, so that no cut can be dressed as one."""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates.keyring import Keyring, Signature, sign_bytes, verify_bytes
from compliance import clock
from compliance.domain.roles import SYSTEM
from compliance.store.audit import AuditEntry, Break, append, canonical
from compliance.store.audit_heads import UNREADABLE, Head
from compliance.store.audit_proof import Shown

RESTORED = "system:store:restored"
LEARNED = "system:store:loss_learned"
PURPOSE = "restore"


@dataclass(frozen=True)
class Restored:
    """A restore at `at`: entries up to `after` came back, later ones up to `lost_to` are known to have been lost.

    `lost` counts them (0 when none is known); `complete` says whether it was known how far the trail had come.
    `entry` is the number of the entry that says so: numbers that were lost are never given again.
    """

    at: str
    backup_made_at: str
    after: int
    after_hash: str
    after_at: str
    lost_to: int
    lost_hash: str
    lost_at: str
    lost: int
    complete: bool
    entry: int

    def explains(self, head: Head) -> bool:
        """Whether the head was published of entries that this restore says it lost."""
        if not self.after < head.seq <= self.lost_to or moment(head.at) > moment(self.at):
            return False
        return head.seq < self.lost_to or head.hash == self.lost_hash


class Line(NamedTuple):
    """What of an entry tells a restore."""

    seq: int
    previous: str
    tag: str
    content: str


def moment(text: str) -> datetime:
    """The moment in a signed text. Raises ValueError."""
    return datetime.fromisoformat(text)


def record_restore(
    session: Session, said: Restored, keyring: Keyring | None, tag: str, content: dict[str, Any]
) -> None:
    """Records it under its number, signed when there is a key; `content` is told beside it."""
    attested: dict[str, Any] = {"said": asdict(said)}
    if keyring is not None:
        signature = sign_bytes(canonical(asdict(said)).encode(), keyring, purpose=PURPOSE)
        attested |= {"key": signature.key_id, "signature": base64.b64encode(signature.value).decode()}
    append(session, moment(said.at), SYSTEM, tag, ("store", 0), attested | content, number=said.entry)


def lines_of(session: Session) -> list[Line]:
    """The entries that tell of restores. What cannot be read is a finding of `verify`."""
    query = sa.select(AuditEntry.seq, AuditEntry.previous, AuditEntry.tag, AuditEntry.content)
    try:
        found = session.execute(query.where(AuditEntry.tag.in_((RESTORED, LEARNED))).order_by(AuditEntry.seq))
        return [Line(*row) for row in found]
    except sa.exc.SQLAlchemyError:
        return []


def attested(lines: Iterable[Line], keyring: Keyring) -> tuple[list[Restored], list[Break]]:
    """The restores that one of our keys signed for exactly their place in the trail; the others are findings."""
    found: list[Restored] = []
    breaks: list[Break] = []
    for line in lines:
        if '"said"' not in line.content:  # of the first version, which explained nothing
            continue
        said = _said(line, keyring)
        if said is not None and _in_place(line, said, found):
            found.append(said)
        else:
            breaks.append(Break(line.seq, "tells of a restore that no key of this portal attests"))
    return found, breaks


def _said(line: Line, keyring: Keyring) -> Restored | None:
    try:
        tree = json.loads(line.content)
        said = Restored(**tree["said"])
        signature = Signature(str(tree["key"]), base64.b64decode(tree["signature"]))
        sealed = canonical(asdict(said)).encode()
    except UNREADABLE:
        return None
    return said if verify_bytes(sealed, signature, keyring, purpose=PURPOSE) else None


def _in_place(line: Line, said: Restored, earlier: Sequence[Restored]) -> bool:
    if said.entry != line.seq:
        return False
    if line.tag == LEARNED:
        return any((one.at, one.after, one.after_hash) == (said.at, said.after, said.after_hash) for one in earlier)
    return line.previous == said.after_hash and said.lost_to == said.entry - 1


def gaps(restores: Sequence[Restored]) -> frozenset[tuple[int, int]]:
    """The entries before and after the numbers that restores lost."""
    return frozenset((said.after, said.entry) for said in restores)


def unexplained(contradicted: Iterable[tuple[Shown, str]], restores: Sequence[Restored]) -> list[Break]:
    """Heads that the trail contradicts and that no restore explains."""
    return [
        Break(shown.head.seq, f"the entry published in {shown.place} {why}{_after_restore(shown.head, restores)}")
        for shown, why in contradicted
        if not any(said.explains(shown.head) for said in restores)
    ]


def _after_restore(head: Head, restores: Sequence[Restored]) -> str:
    """A head may prove that a restore lost more than it knew."""
    late = [said for said in restores if said.lost_to < head.seq and moment(head.at) <= moment(said.at)]
    if not late:
        return ""
    return f"; the restore of {late[-1].at[:10]} did not know of it: ./portal restored --heads DIRECTORY"


def told(said: Restored) -> str:
    """A restore in one sentence, in Phnom Penh's time."""
    sentence = f"Restored on {_shown(said.at)} from the backup of {_shown(said.backup_made_at)}: "
    if said.lost_to > said.after:
        between = f"between {_shown(said.after_at)} and {_shown(said.lost_at)}"
        sentence += f"{said.lost} entries ({said.after + 1} to {said.lost_to}) {between} were lost"
    else:
        sentence += f"no entry after {said.after} is known to have been lost"
    return sentence + ("." if said.complete else "; how far the trail had come was not known.")


def _shown(text: str) -> str:
    return f"{moment(text).astimezone(clock.PHNOM_PENH):%Y-%m-%d %H:%M}" if text else "an unknown time"
