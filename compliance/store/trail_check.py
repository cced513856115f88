"""A look at the audit trail in bounded time: its chain from a number on, and the newest heads that were published."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from sqlalchemy.orm import Session

from certificates import CertificateError
from compliance.settings import Settings
from compliance.store import audit_heads, audit_proof, audit_restores
from compliance.store.audit import Break, Part, head, unguarded, verify_part
from compliance.store.audit_proof import Shown
from compliance.store.keys import keyring

NEWEST_HEADS = 200
MOST_BREAKS = 50
SECONDS = 3.0


@dataclass(frozen=True)
class Checked:
    """What was read, what is wrong, and against how many published heads it was held."""

    part: Part
    last: int
    hash: str
    seconds: float
    heads: int
    newest: Shown | None
    breaks: tuple[Break, ...]

    @property
    def holds(self) -> bool:
        return not self.breaks


def check(session: Session, settings: Settings, after: int) -> Checked:
    """The entries behind `after`, as many as SECONDS allow. Raises LookupError when there is no entry `after`."""
    began = monotonic()
    shown, restores, breaks = _published(session, settings)
    part = verify_part(session, after, audit_restores.gaps(restores), lambda: monotonic() - began > SECONDS)
    if part is None:
        raise LookupError(after)
    breaks += [*unguarded(session), *part.breaks]
    breaks += audit_restores.unexplained(audit_proof.contradicted(session, shown), restores)
    last, digest = head(session)
    newest = max(shown, key=lambda one: one.head.seq, default=None)
    if newest is None:
        breaks.append(Break(last, "no published head was found: nothing shows that the end was not cut"))
    elif newest.head.seq > last:
        breaks.append(Break(newest.head.seq, "the end of the trail was cut"))
    return Checked(part, last, digest, monotonic() - began, len(shown), newest, tuple(breaks[:MOST_BREAKS]))


def _published(
    session: Session, settings: Settings
) -> tuple[Sequence[Shown], Sequence[audit_restores.Restored], list[Break]]:
    """The newest heads that one of our keys signed, and the restores that explain what they contradict."""
    folder = audit_heads.folder(settings)
    newest = [path for path in (folder / audit_heads.LATEST,) if path.exists()]
    try:
        keys = keyring(settings)
        shown, breaks = audit_proof.heads_in([*newest, *audit_heads.published(folder)[-NEWEST_HEADS:]], keys)
        restores, unattested = audit_restores.attested(audit_restores.lines_of(session), keys)
    except CertificateError as error:
        return [], [], [Break(0, f"no head can be checked without the keys ({error})")]
    return shown, restores, [*breaks, *unattested]
