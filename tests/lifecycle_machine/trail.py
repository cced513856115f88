"""What the audit trail tells by itself: replayed entry by entry, it must lead to the states that are stored."""

import json
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.domain.lifecycle import STEPS
from compliance.store.audit import GENESIS, AuditEntry
from tests.lifecycle_machine.model import Model

TAGS = {step.tag: step for step in STEPS.values()}


@dataclass
class Trail:
    """As far as it was read: the last entry, and the states that entries led to."""

    seq: int = 0
    hash: str = GENESIS
    states: dict[int, str] = field(default_factory=dict)
    heads: list[tuple[int, str]] = field(default_factory=list)

    def read(self, session: Session, actors: set[int]) -> None:
        """All that is new was recorded in the name of one of `actors` or of the system, and follows what was there."""
        for entry in session.scalars(sa.select(AuditEntry).where(AuditEntry.seq > self.seq).order_by(AuditEntry.seq)):
            assert (entry.seq, entry.previous) == (self.seq + 1, self.hash)
            assert entry.actor_id in {None, *actors}, f"{entry.tag} in the name of {entry.actor_id}"
            self.seq, self.hash = entry.seq, entry.hash
            if entry.tag == "officer:assessment:opened":
                self.states[entry.subject_id] = "draft"
            if entry.tag in TAGS:
                self._follow(entry)
        self.heads.append((self.seq, self.hash))

    def _follow(self, entry: AuditEntry) -> None:
        told, step = json.loads(entry.content), TAGS[entry.tag]
        assert told["before"] == self.states[entry.subject_id]
        assert told["before"] in step.starts
        assert told["after"] == step.to
        self.states[entry.subject_id] = told["after"]

    def agrees(self, model: Model) -> None:
        """No state without its entry, and no entry without its state."""
        assert self.states == {one.id: one.state for one in model.assessments.values()}
