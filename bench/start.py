"""T1 and T2: what web processes carry, how soon the second `./portal run` and a killed worker answer."""

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figure import Figure
from bench.serving import ROOT, Asked, free_port, get, process

HEAVY = ("weasyprint", "fontTools", "pyhanko", "openbadgeslib", "apscheduler")
EAGER = """
import importlib, pkgutil
for package in ("scoring", "questionnaires", "certificates", "compliance"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""
CPU = f"""
import wsgi, resource, sys
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
print([name for name in {HEAVY!r} if name in sys.modules])
"""
WORKERS = 2


def run(*, rounds: int = 5) -> list[Figure]:
    """Imports in fresh processes, alternating; starts on a store made for the purpose. About a minute."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "PORTAL_MODE": "demonstration", "PORTAL_DATA": folder}
        pairs = [(_import("", env), _import(EAGER, env)) for _ in range(rounds)]
        lean, eager = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
        quiet = subprocess.DEVNULL
        subprocess.run([sys.executable, "-m", "compliance.cli", "prepare"], cwd=ROOT, env=env, check=True, stderr=quiet)
        (Path(folder) / "demonstration.rest").unlink()  # nothing plays while it is timed
        light, heavy = _memory("", env), _memory(EAGER, env)
        killed = statistics.median(_killed(env) for _ in range(3))
        _start(env)
        seconds = statistics.median(_start(env) for _ in range(3))
    loaded = pairs[0][0][1]
    cpu, memory = lean / eager, light / heavy
    return [
        Figure("T1", "CPU to import a web process; everything imported", lean, eager, "s", cpu, "≤ 0.5", cpu <= 0.5),
        Figure("T1", f"memory of master + {WORKERS} (PSS); everything imported", light, heavy, "KiB", memory, "≤ 0.5",
               memory <= 0.5),
        Figure("T1", f"heavy libraries in a web process: {loaded or 'none'}", len(loaded), 0, "", len(loaded), "none",
               not loaded),
        Figure("T2", "second ./portal run to the first page", seconds, 3, "s", seconds / 3, "< 3 s", seconds < 3),
        Figure("T2", "killed worker to answering again", killed, 2, "s", killed / 2, "< 2 s", killed < 2),
    ]  # fmt: skip


def _import(first: str, env: dict[str, str]) -> tuple[float, list[str]]:
    """Seconds of processor, and which heavy libraries are loaded then."""
    done = subprocess.run(
        [sys.executable, "-c", first + CPU], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    )
    seconds, names = done.stdout.splitlines()[-2:]
    return float(seconds), re.findall(r"\w+", names)


@contextmanager
def _web(first: str, workers: int, env: dict[str, str]) -> Iterator[tuple[int, int]]:
    """The portal's web server; its port and its master's process id. `first` runs in every process."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sitecustomize.py").write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{first}")
        paths = {"PYTHONPATH": folder} if first else {}
        command = [sys.executable, "-m", "compliance.cli", "web", "--port", str(port), "--processes", str(workers)]
        with process(command, port, "/healthz", {**env, **paths}, patience=60) as started:
            yield port, started


def _tree(master: int) -> list[int]:
    """A process and all below it."""
    below = [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]
    return [master, *(pid for child in below for pid in _tree(child))]


def _memory(first: str, env: dict[str, str]) -> float:
    """KiB of the master and its workers, shared pages counted once, after some pages were served."""
    with _web(first, WORKERS, env) as (port, master):
        for _turn in range(20):
            get(port, Asked("/km/register"))
        shares = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in _tree(master)]
    return float(sum(int(re.findall(r"(?m)^Pss:\s+(\d+)", share)[0]) for share in shares))


def _killed(env: dict[str, str]) -> float:
    """Seconds from the end of the only worker to the next page."""
    with _web("", 1, env) as (port, master):
        get(port, Asked("/km/"))
        os.kill(_tree(master)[-1], signal.SIGKILL)
        begun = time.perf_counter()
        while time.perf_counter() - begun < 30:
            try:
                get(port, Asked("/km/"))
            except OSError:
                time.sleep(0.01)
            else:
                return time.perf_counter() - begun
    raise TimeoutError("the worker did not come back")


def _start(env: dict[str, str]) -> float:
    port, mail = free_port(), free_port()
    begun = time.perf_counter()
    with process(["./portal", "run", "--port", str(port), "--mail-port", str(mail)], port, "/km/", env, patience=60):
        return time.perf_counter() - begun
