"""P1–P10: pages against the bare server, Flask's hello, a naive register, Django and Datasette, taking turns."""

import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import page_bytes, pages_peers, pages_signed_in
from bench.figure import Figure
from bench.pages_data import write_saves
from bench.serving import Asked, get, medians, ratio, run_python, server

SAVES_A_SECOND = 50


@dataclass(frozen=True)
class Made:
    """A store of many companies; the number of one certificate in it."""

    folder: Path
    companies: int
    number: str

    @property
    def pages(self) -> int:
        return self.companies // 50


def run(*, companies: int = 10_000, seconds: float = 0.4, rounds: int = 5) -> list[Figure]:
    """Every contender and its references take turns; medians of the rounds. About four minutes."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        made = _make(Path(folder) / "many", companies)
        with server(made.folder) as port:
            head, page = get(port, Asked("/en/register"))
        (made.folder / "page.html").write_bytes(page)
        with server(made.folder) as port:
            figures += _public(port, made, _tag(head), seconds, rounds)
            figures += _beside_saves(port, made, seconds * 2, rounds)
        large = _make(Path(folder) / "large", companies * 10)
        figures.append(_growth(made, large, seconds, rounds))
        figures += pages_peers.figures(made.folder, large.folder, seconds, rounds)
        figures += pages_signed_in.figures(Path(folder) / "people", seconds, rounds)
    return sorted([*figures, *page_bytes.figures()], key=lambda figure: int(figure.id[1:]))


def _make(folder: Path, companies: int) -> Made:
    folder.mkdir(parents=True)
    code = (
        f"from pathlib import Path; from bench.pages_data import make; print(make(Path({str(folder)!r}), {companies}))"
    )
    return Made(folder, companies, run_python(code).split()[-1])


def _tag(head: bytes) -> str:
    line = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"etag:"))
    return line.partition(b":")[2].strip().decode()


def _public(port: int, made: Made, tag: str, seconds: float, rounds: int) -> list[Figure]:
    pages = made.pages
    asked = {
        "unchanged": Asked("/en/register"),
        "not modified": Asked("/en/register", (("If-None-Match", tag),), 304),
        "fresh": Asked("/fresh/en/register?page={n}", pages=pages),
        "verify": Asked(f"/en/verify/{made.number}"),
        "api": Asked("/fresh/api/v1/companies?limit=50&page={n}", pages=pages),
        "same": Asked("/same"),
        "bare": Asked("/bare"),
        "hello": Asked("/hello"),
        "naive": Asked("/naive/register?page={n}", pages=pages),
    }
    rates = medians({name: (port, request) for name, request in asked.items()}, seconds, rounds)
    afresh = f"register page built afresh, {made.companies:,} entries"
    return [
        ratio(
            "P1", "register page, unchanged; the same bytes from a bare application", rates, "unchanged", "same", 0.9
        ),
        ratio("P1", "register page, unchanged; naive", rates, "unchanged", "naive", 500),
        ratio("P2", "the same answered 304; bare hello", rates, "not modified", "bare", 0.85),
        ratio("P3", f"{afresh}; Flask's hello", rates, "fresh", "hello", 0.2),
        ratio("P3", f"{afresh}; naive", rates, "fresh", "naive", 40),
        ratio("P7", "verify page, the database asked each time; Flask's hello", rates, "verify", "hello", 0.6),
        ratio("P8", "API list of 50, built afresh; Flask's hello", rates, "api", "hello", 0.25),
    ]


def _beside_saves(port: int, made: Made, seconds: float, rounds: int) -> list[Figure]:
    """The unchanged page while a second process saves into the same store."""
    saving = subprocess.Popen(write_saves(made.folder, SAVES_A_SECOND), stdout=subprocess.DEVNULL)
    try:
        time.sleep(1)
        both = {"unchanged": (port, Asked("/en/register")), "bare": (port, Asked("/bare"))}
        rates = medians(both, seconds, rounds)
        if saving.poll() is not None:
            raise RuntimeError("nobody saves any more: nothing was compared")
    finally:
        saving.terminate()
        saving.wait()
    what = f"unchanged page beside {SAVES_A_SECOND} saves a second in the same store; bare hello"
    return [ratio("P5", what, rates, "unchanged", "bare", 0.3)]


def _growth(few: Made, many: Made, seconds: float, rounds: int) -> Figure:
    """Ten times as many companies: how much slower a page is."""
    with server(few.folder) as small, server(many.folder) as large:
        asked = Asked("/fresh/en/register?page={n}", pages=few.pages)
        for port in (small, large):
            get(port, Asked("/fresh/en/register"))  # what is made once for all pages
        rates = medians({"few": (small, asked), "many": (large, asked)}, seconds, rounds)
    slower = rates["few"] / rates["many"]
    what = f"register page built afresh: {few.companies:,} entries to {many.companies:,}"
    return Figure("P4", what, 1000 / rates["many"], 1000 / rates["few"], "ms", slower, "≤ 1.15 ×", slower <= 1.15)
