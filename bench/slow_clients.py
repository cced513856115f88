"""Which server keeps answering while 400 clients send one byte a second? python -m bench.slow_clients [seconds]

Not part of `bench`: it needs gunicorn beside granian (pip install gunicorn) and tells which server to run, not whether
the portal is fast. The result is kept in docs/running.md.
"""

import importlib.util
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
CLIENTS = 400
HELLO = """
from compliance.serving.server import Server
def app(environ, start):
    environ['wsgi.input'].read()
    start('200 OK', [('Content-Type', 'text/plain')])
    return [b'ok']
portal = Server(app, [], {False: 2_000_000, True: 2_000_000}, "session")
"""
SERVERS = {
    "portal": "granian --interface rsgi --workers 2 --port {port} hello:portal",
    "granian": "granian --interface wsgi --workers 2 --blocking-threads 8 --port {port} hello:app",
    "gunicorn": "gunicorn --workers 2 --threads 8 --bind 127.0.0.1:{port} hello:app",
}


def main(seconds: float) -> None:
    """Prints one line a server."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    for name, command in SERVERS.items():
        if importlib.util.find_spec(command.split()[0]) is None:
            print(f"{name:<10} not installed")
            continue
        with served(command) as port, slow_clients(port) as drip:
            answered, times = probe(port, seconds, drip)
        middle = f"median {statistics.median(times) * 1000:.0f} ms" if times else "no answer at all"
        print(f"{name:<10} {answered:.0%} of probes answered while {CLIENTS} clients drip; {middle}", flush=True)


@contextmanager
def served(command: str) -> Iterator[int]:
    """A server with a page that does nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [sys.executable, "-m", *command.format(port=port).split()]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "hello.py").write_text(HELLO)
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        server = subprocess.Popen(arguments, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                with suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                    break
                time.sleep(0.05)
            yield port
        finally:
            server.terminate()
            server.wait()


class Drip:
    """Many connections, each of which has always more of its request to send."""

    def __init__(self, port: int) -> None:
        self.sockets: list[socket.socket] = []
        self.port = port
        for _ in range(CLIENTS):
            with suppress(OSError):
                one = socket.create_connection(("127.0.0.1", port), timeout=2)
                one.sendall(b"POST / HTTP/1.1\r\nHost: slow\r\nContent-Length: 100000\r\n\r\n")
                one.setblocking(False)
                self.sockets.append(one)

    def drop(self) -> None:
        """One byte from everybody."""
        for one in self.sockets:
            with suppress(OSError):
                one.send(b"x")


@contextmanager
def slow_clients(port: int) -> Iterator[Drip]:
    drip = Drip(port)
    try:
        yield drip
    finally:
        for one in drip.sockets:
            one.close()


def probe(port: int, seconds: float, drip: Drip) -> tuple[float, list[float]]:
    """The share of ordinary requests answered within two seconds, and how long they took."""
    times, asked, end = [], 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        drip.drop()
        begun = time.perf_counter()
        asked += 1
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
            times.append(time.perf_counter() - begun)
        time.sleep(max(0.0, 0.25 - (time.perf_counter() - begun)))
    return len(times) / asked, times


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 15)
