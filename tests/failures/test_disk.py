"""The disk is full: pages are still read, a save is refused kindly and not half stored, and room is enough to go on."""

import resource
from pathlib import Path

import pytest
from flask import Flask

from compliance.settings import Settings
from tests.failures.served import Web, officers, web
from tests.failures.test_killed import check

UNLIMITED = resource.RLIM_INFINITY


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: on PostgreSQL the disk is another server's."""
    (tmp_path / "portal.sqlite").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{tmp_path / 'portal.sqlite'}"


def allow(server: Web, size: int) -> None:
    """No file of the web server may grow beyond `size` bytes: what a full disk looks like from inside."""
    assert server.process is not None
    for number in (server.process.pid, *server.workers()):
        resource.prlimit(number, resource.RLIMIT_FSIZE, (size, UNLIMITED))


def test_full_and_back_without_a_restart(app: Flask, settings: Settings) -> None:
    with web(settings) as server:
        (officer,) = officers(app, server.port, 1)
        assert officer.save(server.port, 1) == 200
        allow(server, 1)
        refused = {officer.save(server.port, turn) for turn in (2, 3, 5, 6)}
        assert refused <= {503, 507}, refused
        for page in ("/en/", "/km/register", "/en/account/sign-in"):
            assert server.status(page) == 200
        allow(server, UNLIMITED)
        assert officer.save(server.port, 3) == 200
        check(app, [officer])
        assert len(officer.acknowledged) == 2
