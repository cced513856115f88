"""A server process like the portal's, and a client that keeps it busy: what the benchmarks of pages share."""

import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).parents[1]
CLIENTS = 2
BATCH, QUICK = 8, 0.05
"""So many requests are sent at once while answers to them take no longer, in seconds: slow ones would never end."""
SERVE = (
    "import sys; from granian import Granian; from granian.constants import Interfaces; "
    "Granian('bench.pages_served:app', address='127.0.0.1', port=int(sys.argv[1]), interface=Interfaces.WSGI, "
    "workers=1, blocking_threads=4, workers_kill_timeout=2, log_enabled=False).serve()"
)
"""Told to end, a worker may wait for ever; the portal's own are ended too, after longer."""


@dataclass(frozen=True)
class Asked:
    """A request of the benchmark; `{n}` in the address counts up to `pages`, so that no two in a row are alike."""

    address: str
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    pages: int = 200


def ratio(id: str, what: str, rates: Mapping[str, float], ours: str, other: str, target: float) -> Figure:  # noqa: A002
    """How many times as many answers a second as the reference; `target` is the least."""
    measured = rates[ours] / rates[other]
    wanted = f"≥ {target:g} ×" if target >= 1 else f"≥ {target:.0%}"
    return Figure(id, what, rates[ours], rates[other], "a second", measured, wanted, measured >= target)


def medians(asked: Mapping[str, tuple[int, Asked]], seconds: float, rounds: int) -> dict[str, float]:
    """Answers a second by name: all take turns, each (port, request), and the median of the rounds counts."""
    rates: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(rounds + 1):
        for name, (port, request) in asked.items():
            measured = rate(port, request, seconds)
            if turn:
                rates[name].append(measured)
    return {name: statistics.median(measured) for name, measured in rates.items()}


def rate(port: int, asked: Asked, seconds: float) -> float:
    """Answers a second over connections that stay open; several are asked for at once, so that it is the server that
    is measured and not this client."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        begun = time.perf_counter()
        counts = list(pool.map(lambda client: _ask(port, asked, begun + seconds, client), range(CLIENTS)))
        return sum(counts) / (time.perf_counter() - begun)


def _request(asked: Asked, address: str) -> bytes:
    lines = [f"GET {address} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in asked.headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _ask(port: int, asked: Asked, end: float, client: int) -> int:
    count, size = 0, 1
    with closing(Answers(port)) as answers:
        while (begun := time.perf_counter()) < end:
            numbers = [(count + n) * CLIENTS + client for n in range(size)]
            answers.ask(asked, [asked.address.replace("{n}", str(n % asked.pages + 1)) for n in numbers])
            for _number in numbers:
                answers.next(asked.status)
            count += size
            size = min(BATCH, size * 2) if time.perf_counter() - begun < QUICK else 1
    return count


class Answers:
    """What a server answers over one connection, in turn."""

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.buffer = b""

    def ask(self, asked: Asked, addresses: Sequence[str]) -> None:
        self.connection.sendall(b"".join(_request(asked, address) for address in addresses))

    def next(self, status: int) -> tuple[bytes, bytes]:
        """Head and body of the next answer. Raises RuntimeError when it has another status."""
        while (gap := self.buffer.find(b"\r\n\r\n")) < 0:
            self._receive()
        head = self.buffer[:gap]
        if not head.startswith(b"HTTP/1.1 %d " % status):
            raise RuntimeError(f"{head[:200]!r}")
        end = self._end(head, gap + 4) if status != 304 else gap + 4
        body, self.buffer = self.buffer[gap + 4 : end], self.buffer[end:]
        return head, body

    def _end(self, head: bytes, start: int) -> int:
        """Where the body that begins at `start` ends; it is in the buffer by then."""
        if b"chunked" in head.lower():
            while (last := self.buffer.find(b"\r\n0\r\n\r\n", start)) < 0:
                self._receive()
            return last + 7
        length = re.search(rb"(?i)content-length: (\d+)", head)
        end = start + (int(length[1]) if length else 0)
        while len(self.buffer) < end:
            self._receive()
        return end

    def _receive(self) -> None:
        more = self.connection.recv(262_144)
        if not more:
            raise ConnectionError("the server has closed the connection")
        self.buffer += more

    def close(self) -> None:
        self.connection.close()


def get(port: int, asked: Asked) -> tuple[bytes, bytes]:
    """The head and the body of one answer, as they were on the wire."""
    with closing(Answers(port)) as answers:
        answers.ask(asked, [asked.address])
        return answers.next(asked.status)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(folder: Path) -> Iterator[int]:
    """One process of the server that the portal uses, on the store in `folder`; its port."""
    port = free_port()
    env = {**os.environ, "BENCH_FOLDER": str(folder)}
    with process([sys.executable, "-c", SERVE, str(port)], port, "/bare", env):
        yield port


@contextmanager
def process(command: list[str], port: int, address: str, env: Mapping[str, str], patience: float = 30) -> Iterator[int]:
    """A server of any kind, until the block ends; its process id.

    Raises TimeoutError when it does not answer in `patience` seconds.
    """
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=quiet, stderr=quiet) as started:
        try:
            _wait(port, address, time.monotonic() + patience)
            yield started.pid
        finally:
            started.terminate()


def _wait(port: int, address: str, end: float) -> None:
    while time.monotonic() < end:
        try:
            get(port, Asked(address))
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server does not answer")


def run_python(code: str) -> str:
    """What a Python process of its own prints: contenders must not share what is already imported."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout
