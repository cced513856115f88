"""The worker as a process: killed in the middle of its work, told to stop, two at once; every mail arrives."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from compliance import clock
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice, counts
from tests.jobs.world import MailServer, queue

ROOT = Path(__file__).parents[2]
MANY = 60


@pytest.fixture
def start(settings: Settings, server: MailServer) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a worker; all are ended when the test is."""
    env = {
        **os.environ,
        "PORTAL_MODE": "test",
        "PORTAL_DATA": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        "PUBLIC_URL": settings.public_url,
    }
    workers: list[subprocess.Popen[bytes]] = []

    def one() -> subprocess.Popen[bytes]:
        workers.append(subprocess.Popen([sys.executable, "-m", "compliance.cli", "worker"], cwd=ROOT, env=env))
        return workers[-1]

    yield one
    for worker in workers:
        worker.kill()
        worker.wait()


def until(true: Callable[[], bool], seconds: float = 150) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.1)


def waiting() -> int:
    db.session.rollback()
    return counts(db.session())["waiting"]


def end_leases() -> None:
    """As if the five minutes were over."""
    with transaction() as session:
        past = clock.now() - timedelta(seconds=1)
        change = sa.update(Notice).where(Notice.sent_at.is_(None)).values(claimed_until=past)
        session.execute(change.execution_options(synchronize_session=False))


@pytest.mark.night
@pytest.mark.usefixtures("in_app")
def test_killed_told_to_stop_and_two_at_once(start: Callable[[], subprocess.Popen[bytes]], server: MailServer) -> None:
    queue(MANY)
    killed = start()
    until(lambda: len(server.messages) >= 7)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    end_leases()
    told, other = start(), start()
    until(lambda: len(server.messages) >= 20)
    told.terminate()
    assert told.wait(60) == 0, "it finishes what it began and ends well"
    until(lambda: waiting() == 0)
    assert other.poll() is None
    ids = [message["Message-ID"] for message in server.messages]
    assert counts(db.session())["sent"] == len(set(ids)) == MANY
    assert len(ids) <= MANY + 1, "at the most the one mail that was on its way when the worker was killed"
