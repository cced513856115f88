"""What is true of a notice at the moment its mail is written; the outbox holds only what it is about."""

from compliance.jobs.facts.now import Told, told_now

__all__ = ["Told", "told_now"]
