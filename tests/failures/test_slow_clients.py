"""Clients that send their body slowly, or never, hold no thread: without a proxy in front everybody else is served."""

import http.client
import shutil
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask

from compliance.settings import Settings
from tests.conftest import settings_for
from tests.failures.served import FORM, Web, ask, officers, web

pytestmark = pytest.mark.sqlite_only

MANY = 400
SOON = 2.0
READS_BODY = ("/en/account/sign-in", "/km/verify", "/km/try", "/en/account/register")


def slow(port: int, number: int) -> socket.socket:
    """A connection that has promised a body and sent one byte of it; each fourth sends none."""
    client = socket.create_connection(("127.0.0.1", port), timeout=5)
    address = READS_BODY[number % len(READS_BODY)]
    head = f"POST {address} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\nContent-Length: 90000\r\n\r\n"
    client.sendall(head.encode() + (b"a" if number % 4 else b""))
    return client


@contextmanager
def slow_clients(port: int) -> Iterator[list[socket.socket]]:
    clients = [slow(port, number) for number in range(MANY)]
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


def drip(clients: list[socket.socket]) -> None:
    for client in clients:
        with suppress(OSError):
            client.send(b"a")


def test_others_are_served(app: Flask, settings: Settings) -> None:
    with web(settings) as portal:
        (officer,) = officers(app, portal.port, 1)
        with slow_clients(portal.port) as clients:
            for turn in range(1, 6):
                drip(clients)
                for method, path in (("GET", "/km/"), ("GET", "/en/verify"), ("GET", "/healthz")):
                    asked = time.monotonic()
                    assert ask(portal.port, method, path, {})[0] == 200
                    assert time.monotonic() - asked < SOON, path
                asked = time.monotonic()
                assert officer.save(portal.port, turn) == 200
                assert time.monotonic() - asked < SOON, "a save waits for strangers"
                time.sleep(0.3)


@pytest.fixture(scope="module")
def portal(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("slow")
    shutil.copy(sqlite_template, folder)
    with web(settings_for(folder, f"sqlite:///{folder / sqlite_template.name}")) as server:
        yield server


def raw(port: int, request: bytes, *, hang_up: bool = False) -> bytes:
    """What comes back for these bytes, until the server closes or is silent for two seconds."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=2)) as client:
        client.sendall(request)
        if hang_up:
            client.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(TimeoutError, ConnectionError):
            while more := client.recv(65536):
                answer += more
        return answer


def test_bodies_that_are_none(portal: Web) -> None:
    """Cut off, without a length, badly chunked, far too large, sent with a page that takes none: never 5xx."""
    start = b"POST /en/account/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + FORM.encode() + b"\r\n"
    assert b"HTTP/1.1 400" in raw(portal.port, start + b"Content-Length: 10\r\n\r\nabc", hang_up=True)[:20]
    assert b" 411 " in raw(portal.port, start + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc")[:20]
    assert b" 411 " in raw(portal.port, start + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n")[:20]
    assert b" 413 " in raw(portal.port, start + b"Content-Length: 9000000000\r\n\r\nabc")[:20]
    assert b" 400 " in raw(portal.port, start + b"Content-Length: abc\r\n\r\nabc")[:20]
    large = b"email=" + b"a" * 3_000_000
    assert b" 413 " in raw(portal.port, start + b"Content-Length: %d\r\n\r\n" % len(large) + large)[:20]
    get = b"GET /en/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
    assert b" 200 " in raw(portal.port, get)[:20]
    assert portal.status("/km/") == 200


def test_answers_are_what_the_application_says(portal: Web) -> None:
    """Heads without bodies, cookies one by one, addresses in Khmer, unchanged pages, and long answers in pieces."""
    with closing(http.client.HTTPConnection("127.0.0.1", portal.port, timeout=10)) as connection:

        def fetch(method: str, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

        for path in ("/en/", "/en/", "/static/app.css", "/en/account/sign-in", "/register.csv"):
            status, told, body = fetch("HEAD", path)
            assert (status, body) == (200, b""), path
            got = fetch("GET", path)
            assert got[0] == 200
            assert "csrf" in path or told["Content-Length"] in {str(len(got[2])), None, "0"}, path
        page = fetch("GET", "/en/")
        assert fetch("GET", "/en/", **{"If-None-Match": page[1]["ETag"]})[0] == 304
        packed = fetch("GET", "/en/", **{"Accept-Encoding": "gzip"})
        assert packed[1]["Content-Encoding"] == "gzip"
        assert fetch("GET", "/km/register/%E1%9E%80")[0] == 404
        assert fetch("GET", "/km/%FF%00")[0] == 404
        assert fetch("GET", "/km/register?q=%E1%9E%80%FF")[0] == 200
        status, told, _body = fetch("GET", "/en/account/sign-in", Cookie="other=1")
        assert len(told.get_all("Set-Cookie") or []) == 1


def test_letters_that_came_as_they_are_mean_the_same(portal: Web) -> None:
    """Programs send Khmer in a query without encoding it, as a person types it."""
    for typed, encoded in (("ក", "%E1%9E%80"), ("é", "%C3%A9"), ("a%20b+c&page=1", "a%20b+c&page=1")):
        for path, status in (("/en/register?q=", 200), ("/api/v1/companies?level=", 400), ("/km/verify?x=", 200)):
            asked = [
                f"GET {path}{one} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" for one in (typed, encoded)
            ]
            first, second = (raw(portal.port, one.encode()) for one in asked)
            assert f" {status} ".encode() in first[:20], path + typed
            if path != "/km/verify?x=":  # has a form of its own for each visit
                assert first.partition(b"\r\n\r\n")[2] == second.partition(b"\r\n\r\n")[2]


def test_a_slow_reader_keeps_nobody_waiting(portal: Web) -> None:
    """Asks for a page four hundred times and reads nothing of it."""
    clients = [socket.create_connection(("127.0.0.1", portal.port), timeout=5) for _number in range(MANY)]
    try:
        with ThreadPoolExecutor(8) as pool:
            request = b"GET /en/code HTTP/1.1\r\nHost: localhost\r\n\r\n" * 5
            list(pool.map(lambda client: client.sendall(request), clients))
        asked = time.monotonic()
        assert portal.status("/healthz") == 200
        assert time.monotonic() - asked < SOON
    finally:
        for client in clients:
            client.close()


def test_no_second_protocol_is_spoken(portal: Web) -> None:
    """HTTP/2 by prior knowledge would carry hundreds of requests on one connection past the proxy's limits."""
    answer = raw(portal.port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
