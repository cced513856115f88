"""When each job of the worker ran last, and what stopped it: one row a job, written by the worker."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import String, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime

LONGEST = 2000


class JobRun(Base):
    """The newest good run and the newest failed one, with what stopped it. `failures` counts those since the last good
    one."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    ran_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(Text, default="")
    failures: Mapped[int] = mapped_column(default=0)

    @property
    def ill(self) -> bool:
        """Whether it failed and has not succeeded since."""
        return self.failures > 0


def note_run(session: Session, name: str, moment: datetime, failure: str = "") -> None:
    """One statement, so that two workers never trip over each other."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    good = {"ran_at": moment, "failures": 0}
    bad = {"failed_at": moment, "failure": failure[:LONGEST], "failures": JobRun.failures + 1}
    row = {"name": name, "failures": 1 if failure else 0, "failure": failure[:LONGEST]}
    row["failed_at" if failure else "ran_at"] = moment  # type: ignore[assignment]
    added = insert(JobRun).values(**row)
    session.execute(added.on_conflict_do_update(index_elements=["name"], set_=bad if failure else good))


def job_runs(session: Session) -> list[JobRun]:
    """Every job that ever ran, by name."""
    return list(session.scalars(sa.select(JobRun).order_by(JobRun.name)))
