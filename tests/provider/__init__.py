"""An independent OpenID Connect provider (npm `oidc-provider`) in a process of its own, and who signs in there."""

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests

FOLDER = Path(__file__).parent
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
"""Whom Debian trusts; Node alone trusts the list it was built with."""
CLIENT_ID, CLIENT_SECRET = "portal", "a secret of the tests, more than thirty-two letters long"


class NotFetchedError(Exception):
    """The packages of the lock cannot be had here; says why."""


def install() -> None:
    """The packages of the lock, once; also when several test processes begin at the same time.

    Raises NotFetchedError where the registry of npm does not answer.
    """
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    stamp = FOLDER / "node_modules" / ".lock-sha256"
    with (Path(tempfile.gettempdir()) / f"portal-provider-{wanted[:16]}.lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            _fetch()
            stamp.write_text(wanted)


def _fetch() -> None:
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]
    trusted = {"NODE_EXTRA_CA_CERTS": str(AUTHORITIES)} if AUTHORITIES.exists() else {}
    try:
        subprocess.run(
            [tool("npm"), *words, "--fetch-timeout=30000"],
            cwd=FOLDER, check=True, timeout=120, env={**trusted, **os.environ}, capture_output=True, text=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise NotFetchedError(error.stderr[-400:]) from error
    except subprocess.TimeoutExpired as error:
        raise NotFetchedError("npm did not end within two minutes") from error


def tool(name: str) -> str:
    """Node and npm come with the locked packages; the machine needs none."""
    return str(Path(sysconfig.get_path("scripts")) / name)


@dataclass
class Provider:
    """The running provider. `people` are claims by subject."""

    issuer: str
    process: subprocess.Popen[str]
    people: dict[str, dict[str, Any]] = field(default_factory=dict)

    def knows(self, subject: str, email: str, *, verified: object = True, **claims: Any) -> str:
        """Somebody has an account there from now on, or another address; returns the subject."""
        self.people[subject] = {"email": email, "email_verified": verified, "name": "សុខ ដារ៉ា", **claims}
        self._tell(people=self.people)
        return subject

    @contextmanager
    def erring(self, **how: Any) -> Iterator[None]:
        """Inside the block it errs: in `claims`, `signature`, `discovery` or `userinfo`; or is `slow` (ms)."""
        self._tell(err=how)
        try:
            yield
        finally:
            self._tell()

    def _tell(self, **what: Any) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        assert "told\n" in self.process.stdout, "the provider ended"  # reads on: it prints hints, too

    def visit(self, address: str, subject: str = "", *, browser: requests.Session | None = None) -> str:
        """A browser goes to `address` at the provider and signs in as `subject`, or (empty) refuses to.

        Returns the address that it is sent back to.
        """
        browser = browser or requests.Session()
        answer = browser.get(address, allow_redirects=False, timeout=10)
        while True:
            while "Location" in answer.headers:
                where = answer.headers["Location"]
                where = where if "://" in where else f"{self.issuer}{where}"
                if not where.startswith(self.issuer):
                    return where
                answer = browser.get(where, allow_redirects=False, timeout=10)
            assert answer.status_code == 200, answer.text
            form = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
            abort = re.search(r'href="([^"]+/abort)"', answer.text)
            assert form, answer.text
            assert abort, answer.text
            if subject:
                data = {"prompt": "login", "login": subject, "password": "any"}
                answer = browser.post(unescape(form.group(1)), data=data, allow_redirects=False, timeout=10)
            else:
                answer = browser.get(unescape(abort.group(1)), allow_redirects=False, timeout=10)


@contextmanager
def running(*redirect_uris: str) -> Iterator[Provider]:
    """One provider process. Skips the tests that ask for it, with the reason, where it cannot be had."""
    try:
        install()
    except NotFetchedError as error:
        pytest.skip(f"the packages of npm oidc-provider cannot be fetched here: {error}")
    command = [tool("node"), "server.js", *redirect_uris]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=FOLDER, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        issuer = next((line.strip() for line in process.stdout if line.startswith("http://")), "")
        assert issuer, "the provider did not start"
        yield Provider(issuer, process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)
