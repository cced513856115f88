"""The nginx of the manual lets an office work and lets through what the portal takes."""

import re
from pathlib import Path

from compliance.app import create_app
from compliance.journeys.incoming import most_bytes
from tests.conftest import settings_for
from tests.house_rules.tree import ROOT

MANUAL = (ROOT / "docs" / "running.md").read_text()
PEOPLE = 500
PAGES_IN_A_SECOND = 3
"""Each of them opens: the page where everybody begins work at nine, its sign-in, and what follows."""


def number(pattern: str) -> int:
    found = re.search(pattern, MANUAL)
    assert found, pattern
    return int(found.group(1))


def test_an_office_behind_one_address_is_not_refused() -> None:
    at_once = number(r"burst=(\d+) nodelay") + number(r"rate=(\d+)r/s")
    assert at_once >= PEOPLE * PAGES_IN_A_SECOND
    assert number(r"limit_conn open (\d+)") >= 2 * PEOPLE, "browsers open several connections"
    assert "limit_req_status 429" in MANUAL
    assert "limit_conn_status 429" in MANUAL


def test_the_largest_body_passes(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'portal.sqlite'}"))
    assert number(r"client_max_body_size (\d+)m") * 1024 * 1024 >= most_bytes(app)[True]


def test_the_unit_starts_the_portal_again_however_often_it_ends() -> None:
    for line in ("Restart=always", "RestartSec=1", "StartLimitIntervalSec=0"):
        assert line in MANUAL
