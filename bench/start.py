"""T1 and T2: what a web process carries, and how soon the second `./portal run` shows its first page."""

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).parents[1]
HEAVY = ("weasyprint", "fontTools", "pyhanko", "openbadgeslib", "apscheduler")
EAGER = """
import importlib, pkgutil
for package in ("scoring", "questionnaires", "certificates", "compliance"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""
MEASURE = (
    "import resource, sys; u = resource.getrusage(resource.RUSAGE_SELF); print(u.ru_utime + u.ru_stime, u.ru_maxrss); "
)
LOADED = f"print([name for name in {HEAVY!r} if name in sys.modules])"


def run(*, rounds: int = 5) -> list[Figure]:
    """Imports in fresh processes, alternating; starts on a store made for the purpose."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "PORTAL_MODE": "demonstration", "PORTAL_DATA": folder}
        pairs = [(_import("", env), _import(EAGER, env)) for _ in range(rounds)]
        lean = [statistics.median(values) for values in zip(*(pair[0][:2] for pair in pairs), strict=True)]
        eager = [statistics.median(values) for values in zip(*(pair[1][:2] for pair in pairs), strict=True)]
        subprocess.run(
            [sys.executable, "-m", "compliance.cli", "prepare"],
            cwd=ROOT,
            env=env,
            check=True,
            stderr=subprocess.DEVNULL,
        )
        _start(env)
        seconds = statistics.median(_start(env) for _ in range(3))
    cpu, memory = lean[0] / eager[0], lean[1] / eager[1]
    loaded = pairs[0][0][2]
    return [
        Figure(
            "T1",
            "CPU to import a web process; reference: everything imported",
            lean[0],
            eager[0],
            "s",
            cpu,
            "≤ 0.5",
            cpu <= 0.5,
        ),
        Figure(
            "T1",
            "memory of a web process; reference: everything imported",
            lean[1],
            eager[1],
            "KiB",
            memory,
            "≤ 0.5",
            memory <= 0.5,
        ),
        Figure(
            "T1",
            f"heavy libraries in a web process: {loaded or 'none'}",
            len(loaded),
            0,
            "",
            len(loaded),
            "none",
            not loaded,
        ),
        Figure("T2", "second ./portal run to the first page", seconds, 3, "s", seconds / 3, "< 3 s", seconds < 3),
    ]


def _import(first: str, env: dict[str, str]) -> tuple[float, float, list[str]]:
    code = f"{first}\nimport wsgi; {MEASURE}{LOADED}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    figures, names = done.stdout.splitlines()[-2:]
    seconds, memory = figures.split()
    return float(seconds), float(memory), re.findall(r"\w+", names)


def _start(env: dict[str, str]) -> float:
    port, mail = _free_port(), _free_port()
    command = ["./portal", "run", "--port", str(port), "--mail-port", str(mail)]
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as portal:
        try:
            while time.perf_counter() - begun < 60:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/km/", timeout=5):
                        return time.perf_counter() - begun
                except urllib.error.HTTPError:
                    raise
                except OSError:
                    time.sleep(0.01)
            raise TimeoutError("the portal did not start within a minute")
        finally:
            portal.send_signal(signal.SIGINT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
