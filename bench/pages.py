"""P1–P4, P7, P8: the public's pages against the bare server, Flask's hello and a naive register, taking turns."""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).parents[1]
CLIENTS = 2
BATCH = 8
SERVE = (
    "import sys; from granian import Granian; from granian.constants import Interfaces; "
    "Granian('bench.pages_served:app', address='127.0.0.1', port=int(sys.argv[1]), interface=Interfaces.WSGI, "
    "workers=1, blocking_threads=4, log_enabled=False).serve()"
)


@dataclass(frozen=True)
class Asked:
    """A request of the benchmark; `{n}` in the address counts up, so that no two are alike."""

    address: str
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200


def run(*, companies: int = 10_000, seconds: float = 0.6, rounds: int = 7) -> list[Figure]:
    """Every contender and its references take turns; medians of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        made = _make(Path(folder) / "many", companies)
        with _server(made.folder) as port:
            page, tag = _get(port, Asked("/en/register"))
        (made.folder / "page.html").write_bytes(page)
        with _server(made.folder) as port:
            figures = _figures(port, made.number, tag, companies // 50, seconds, rounds)
        few = _make(Path(folder) / "few", companies // 10)
        figures.append(_growth(few, made, companies, seconds, rounds))
    return figures


@dataclass(frozen=True)
class Made:
    folder: Path
    number: str


def _make(folder: Path, companies: int) -> Made:
    folder.mkdir(parents=True)
    code = (
        f"from pathlib import Path; from bench.pages_data import make; print(make(Path({str(folder)!r}), {companies}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return Made(folder, done.stdout.split()[-1])


def _figures(port: int, number: str, tag: str, pages: int, seconds: float, rounds: int) -> list[Figure]:
    asked = {
        "kept": Asked("/en/register"),
        "unchanged": Asked("/en/register", (("If-None-Match", tag),), 304),
        "fresh": Asked(f"/fresh/en/register?page={{n}}&of={pages}"),
        "verify": Asked(f"/en/verify/{number}"),
        "api": Asked(f"/fresh/api/v1/companies?limit=50&page={{n}}&of={pages}"),
        "same": Asked("/same"),
        "bare": Asked("/bare"),
        "hello": Asked("/hello"),
        "naive": Asked(f"/naive/register?page={{n}}&of={pages}"),
    }
    rates = {name: [] for name in asked}  # type: dict[str, list[float]]
    for turn in range(rounds + 1):
        for name, request in asked.items():
            rate = _rate(port, request, seconds, pages)
            if turn:
                rates[name].append(rate)
    rate = {name: statistics.median(found) for name, found in rates.items()}
    return [
        _figure("P1", "register page, unchanged; the same bytes from a bare application", rate, "kept", "same", 0.6),
        _figure("P1", "register page, unchanged; naive", rate, "kept", "naive", 200),
        _figure("P2", "the same answered 304; bare hello", rate, "unchanged", "bare", 0.7),
        _figure(
            "P3", f"register page built afresh, {pages * 50:,} companies; Flask's hello", rate, "fresh", "hello", 0.3
        ),
        _figure("P3", f"register page built afresh, {pages * 50:,} companies; naive", rate, "fresh", "naive", 20),
        _figure("P7", "verify page, the database asked each time; Flask's hello", rate, "verify", "hello", 0.6),
        _figure("P8", "API list of 50, never kept; Flask's hello", rate, "api", "hello", 0.35),
    ]


def _growth(few: Made, many: Made, companies: int, seconds: float, rounds: int) -> Figure:
    """Ten times as many companies: how much slower a page is."""
    with _server(few.folder) as small, _server(many.folder) as large:
        sides: tuple[list[float], list[float]] = ([], [])
        for turn in range(rounds + 1):
            for side, port in zip(sides, (small, large), strict=True):
                rate = _rate(port, Asked("/fresh/en/register?page={n}"), seconds, 15)
                if turn:
                    side.append(rate)
    reference, contender = (1000 / statistics.median(side) for side in sides)
    ratio = contender / reference
    what = f"register page built afresh: {companies // 10:,} companies to {companies:,}"
    return Figure("P4", what, contender, reference, "ms", ratio, "≤ 1.15", ratio <= 1.15)


def _figure(id: str, what: str, rate: dict[str, float], ours: str, other: str, target: float) -> Figure:  # noqa: A002
    ratio = rate[ours] / rate[other]
    wanted = f"≥ {target:g} ×" if target >= 1 else f"≥ {target:.0%}"
    return Figure(id, what, rate[ours], rate[other], "a second", ratio, wanted, ratio >= target)


def _rate(port: int, asked: Asked, seconds: float, pages: int) -> float:
    """Answers a second over connections that stay open; where all answers are alike, several are asked for at once,
    so that it is the server that is measured and not this client."""
    alike = "{n}" not in asked.address
    with ThreadPoolExecutor(CLIENTS) as pool:
        begun = time.perf_counter()
        ask = _ask_alike if alike else _ask_each
        counts = list(pool.map(lambda client: ask(port, asked, begun + seconds, client, pages), range(CLIENTS)))
        return sum(counts) / (time.perf_counter() - begun)


def _request(asked: Asked, address: str) -> bytes:
    lines = [f"GET {address} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in asked.headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _ask_alike(port: int, asked: Asked, end: float, _client: int, _pages: int) -> int:
    count, request = 0, _request(asked, asked.address)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        size = len(_answer(connection, request, asked.status))
        while time.perf_counter() < end:
            connection.sendall(request * BATCH)
            left = size * BATCH
            while left:
                left -= len(connection.recv(min(left, 262_144)))
            count += BATCH
    return count


def _ask_each(port: int, asked: Asked, end: float, client: int, pages: int) -> int:
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.perf_counter() < end:
            address = asked.address.replace("{n}", str((count * CLIENTS + client) % pages + 1))
            _answer(connection, _request(asked, address), asked.status)
            count += 1
    return count


def _answer(connection: socket.socket, request: bytes, status: int = 200) -> bytes:
    """One whole answer, head and body."""
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65_536)
    head, _gap, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(f"HTTP/1.1 {status} ".encode()):
        raise RuntimeError(f"{request!r} answered {head[:80]!r}")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    left = int(length[1]) - len(body) if length and status != 304 else 0
    while left:
        more = connection.recv(min(left, 262_144))
        answer, left = answer + more, left - len(more)
    return answer


def _get(port: int, asked: Asked) -> tuple[bytes, str]:
    """The body of a page and its tag."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        head, _gap, body = _answer(connection, _request(asked, asked.address)).partition(b"\r\n\r\n")
    tag = re.search(rb"(?i)etag: (\S+)", head)
    return body, tag[1].decode() if tag else ""


@contextmanager
def _server(folder: Path) -> Iterator[int]:
    """One process of the server that the portal uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {**os.environ, "BENCH_FOLDER": str(folder)}
    with subprocess.Popen([sys.executable, "-c", SERVE, str(port)], cwd=ROOT, env=env) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _turn in range(600):
        try:
            _get(port, Asked("/bare"))
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server did not start within half a minute")
