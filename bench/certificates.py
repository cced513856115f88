"""Certificates measured: C1 one, C2 many and sealed, C3 text that comes back, C4 memory. `run()` gives the figures."""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.certificates_data import credential, facts

PASSPHRASE = b"bench"
SEALED_AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured ratio. `unit` says what contender and reference count; `holds` whether the target is met."""

    id: str
    what: str
    contender: float
    reference: float
    unit: str
    ratio: float
    target: str
    holds: bool


def run(*, rounds: int = 5, many: int = 120, naive_many: int = 5) -> list[Figure]:
    """All figures. C2 is measured on `many` and `naive_many` certificates and given for a thousand."""
    with tempfile.TemporaryDirectory() as folder:
        from certificates.demonstration import make_keyring

        keys = Path(folder) / "keys"
        make_keyring(keys, PASSPHRASE, today=date(2026, 11, 21))
        return [_one(rounds), _thousand(keys, many, naive_many), *_text(), _memory()]


def _one(rounds: int) -> Figure:
    """Two processes, asked in turn, so that neither's patches or caches reach the other."""
    with _worker() as ours, _worker() as naive:
        ours(_time_ours, 0), naive(_time_naive, 0)
        pairs = [(ours(_time_ours, turn), naive(_time_naive, turn)) for turn in range(1, rounds + 1)]
    contender, reference = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = reference / contender
    what = "one certificate with attachment, text layer, PDF/A-3a and UA, unsigned; naive without them"
    return Figure("C1", what, contender, reference, "s", ratio, "≥ 3 times as fast as naive", ratio >= 3)


def _thousand(keys: Path, many: int, naive_many: int) -> Figure:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_sealed_ours, [(str(keys), turn) for turn in range(4)]))
        begun = time.perf_counter()
        list(pool.map(_sealed_ours, [(str(keys), turn) for turn in range(many)], chunksize=5))
        contender = (time.perf_counter() - begun) / many * 1000
    with _worker() as naive:
        naive(_sealed_naive, (str(keys), 0))
        begun = time.perf_counter()
        for turn in range(naive_many):
            naive(_sealed_naive, (str(keys), turn))
        reference = (time.perf_counter() - begun) / naive_many * 1000
    ratio = contender / reference
    what = "1,000 sealed certificates in two processes; naive in one"
    return Figure("C2", what, contender, reference, "s", ratio, "≤ 1/5 of naive", ratio <= 0.2)


def _text() -> Iterator[Figure]:
    from bench.pdf_text import READERS, come_back
    from certificates import render

    with _worker() as naive:
        drawn = [(each, render.pdf(each), naive(_draw_naive, turn)) for turn, each in enumerate(map(facts, range(6)))]
    for name, reader in READERS.items():
        contender, reference = (
            statistics.mean(come_back(each, reader(files[side])) for each, *files in drawn) for side in (0, 1)
        )
        what = f"texts that come back letter for letter in {name}"
        ratio = contender / reference if reference else float("inf")
        yield Figure("C3", what, contender, reference, "share", ratio, "all of them", contender == 1)


def _memory() -> Figure:
    with _worker() as ours:
        reference, contender = ours(_resident, 60), ours(_resident, 180)
    ratio = contender / reference
    what = "memory of a long-lived renderer after 240 certificates, against after 60"
    return Figure("C4", what, contender, reference, "MiB", ratio, "≤ 1.1 times", ratio <= 1.1)


@contextmanager
def _worker() -> Iterator[Callable[..., Any]]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield lambda work, *given: pool.submit(work, *given).result()


def _time_ours(turn: int) -> float:
    from certificates import render

    each = facts(turn)
    begun = time.perf_counter()
    render.pdf(each, credential(each))
    return time.perf_counter() - begun


def _time_naive(turn: int) -> float:
    begun = time.perf_counter()
    _draw_naive(turn)
    return time.perf_counter() - begun


def _draw_naive(turn: int) -> bytes:
    from bench import certificates_naive

    return certificates_naive.pdf(facts(turn))


_keyrings: dict[str, Any] = {}


def _sealed_ours(given: tuple[str, int]) -> None:
    from certificates import render, signing
    from certificates.keyring import load_keyring

    folder, turn = given
    if folder not in _keyrings:
        _keyrings[folder] = load_keyring(Path(folder), PASSPHRASE)
    each = facts(turn)
    signing.sign(render.pdf(each, credential(each)), _keyrings[folder], SEALED_AT)


def _sealed_naive(given: tuple[str, int]) -> None:
    from bench import certificates_naive

    folder, turn = given
    certificates_naive.sign(_draw_naive(turn), next(Path(folder).glob("*.p12")), PASSPHRASE)


def _resident(count: int) -> float:
    """Draw so many, then what the process holds, in MiB."""
    for turn in range(count):
        _time_ours(turn)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    for figure in run():
        mark = "holds" if figure.holds else "MISSED"
        print(
            f"{figure.id}  {figure.what}\n    {figure.contender:.3f} against {figure.reference:.3f} {figure.unit}, "
            f"ratio {figure.ratio:.2f}, target {figure.target}: {mark}"
        )
