"""Killed, and answering again: no crash loop, however often; and memory that does not grow with people."""

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from compliance.settings import Settings
from tests.failures.served import FORM, Web, ask, officers, web
from tests.helpers import PASSWORD, person

pytestmark = pytest.mark.sqlite_only
BACK_WITHIN = 8.0
"""Two seconds on a machine that does nothing else (`bench.start` measures that); tests share theirs."""
PEOPLE, AT_ONCE = 60, 16
MOST_MEGABYTES = 240


def answers_again(server: Web) -> float:
    """Seconds until a page is there."""
    asked = time.monotonic()
    while server.status("/km/") != 200:
        assert time.monotonic() - asked < BACK_WITHIN, "nobody answers any more"
        time.sleep(0.02)
    return time.monotonic() - asked


def test_killed_again_and_again(app: Flask, settings: Settings) -> None:
    with web(settings) as server:
        (officer,) = officers(app, server.port, 1)
        for turn in range(1, 5):
            for worker in server.workers():
                os.kill(worker, signal.SIGKILL)
            answers_again(server)
            assert officer.save(server.port, turn) == 200, "the session lives on"
        assert server.process is not None
        assert server.process.poll() is None


def megabytes(server: Web) -> float:
    """Of all its processes; what they share counts once."""
    assert server.process is not None
    every = [server.process.pid, *server.workers()]
    told = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in every]
    return sum(int(re.findall(r"(?m)^Pss:\s+(\d+)", text)[0]) for text in told) / 1000


@pytest.mark.usefixtures("full_hashing")
def test_memory_does_not_grow_with_people(app: Flask, settings: Settings) -> None:
    """A password takes 19 MB to hash; that goes back when it is done, whichever thread did it."""
    emails = [f"p{number}@company.example" for number in range(PEOPLE)]
    with app.app_context():
        for email in emails:
            person(email)

    def sign_in(email: str) -> int:
        _status, page, cookies = ask(server.port, "GET", "/en/account/sign-in", {})
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found
        form = {"csrf_token": found.group(1), "email": email, "password": PASSWORD}
        headers = {"Content-Type": FORM, "Cookie": cookies[0].partition(";")[0]}
        return ask(server.port, "POST", "/en/account/sign-in", headers, form)[0]

    with web(settings) as server, ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = set(pool.map(sign_in, emails))
        assert statuses == {302}
        used = megabytes(server)
        assert used < MOST_MEGABYTES
