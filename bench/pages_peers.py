"""P3, P6, P8: the same entries in Django and in Datasette, and search in 100,000 of them."""

import importlib.util
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from bench.figure import Figure
from bench.serving import SERVE, Asked, free_port, medians, process, ratio, server

COLUMNS = "award_id, slug, name_km, name_latin, level, kinds_text, province, number, scope_km, scope_en, starts, ends"
WORDS = {"Latin": "urtle Fib", "Khmer": "ណ្តើក"}
PAGE = 50
PATIENT = ("--setting", "sql_time_limit_ms", "5000")


def figures(few: Path, many: Path, seconds: float, rounds: int) -> list[Figure]:
    """Stores of ten and of a hundred thousand entries. Peers that are not installed are named, not measured."""
    missing = [name for name in ("datasette", "django") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"  not measured beside {' and '.join(missing)}: pip install -r requirements/bench.in")
    return [
        *_pages(few, "datasette" not in missing, "django" not in missing, seconds, rounds),
        *_search(many, "datasette" not in missing, seconds, rounds),
    ]


def _pages(folder: Path, datasette: bool, django: bool, seconds: float, rounds: int) -> list[Figure]:
    pages = 200
    with server(folder) as ours, _datasette(folder, datasette) as theirs, _django(folder, django) as minimal:
        asked = {
            "page": (ours, Asked("/fresh/en/register?page={n}", pages=pages)),
            "api": (ours, Asked("/fresh/api/v1/companies?limit=50&page={n}", pages=pages)),
            "datasette page": (theirs, Asked(f"/entries/entries?_size={PAGE}&_next={{n}}", pages=pages)),
            "datasette api": (
                theirs,
                Asked(f"/entries/entries.json?_size={PAGE}&_next={{n}}", pages=pages),
            ),
            "django": (minimal, Asked("/?page={n}", pages=pages)),
        }
        rates = medians({name: pair for name, pair in asked.items() if pair[0]}, seconds, rounds)
    figures = []
    if django:
        figures.append(ratio("P3", "register page built afresh; minimal Django", rates, "page", "django", 15))
    if datasette:
        figures.append(ratio("P3", "register page built afresh; Datasette's page", rates, "page", "datasette page", 15))
        figures.append(ratio("P8", "API list of 50, built afresh; Datasette's JSON", rates, "api", "datasette api", 5))
    return figures


def _search(folder: Path, datasette: bool, seconds: float, rounds: int) -> list[Figure]:
    with server(folder) as ours, _datasette(folder, datasette) as theirs:
        asked = {"hello": (ours, Asked("/hello"))}
        for script, word in WORDS.items():
            asked[script] = (ours, Asked(f"/fresh/en/register?q={quote(word)}+{{n}}", pages=900))
            address = f"/entries/entries?_size={PAGE}&_search={quote(word)}+{{n}}&_searchmode=raw"
            asked[f"{script}, Datasette"] = (theirs, Asked(address, pages=900))
        rates = medians({name: pair for name, pair in asked.items() if pair[0]}, seconds, rounds)
    what = "search in 100,000 entries by a part of a {} word"
    figures = [ratio("P6", f"{what.format(script)}; Flask's hello", rates, script, "hello", 0.2) for script in WORDS]
    if datasette:
        figures += [
            ratio("P6", f"{what.format(script)}; Datasette's search", rates, script, f"{script}, Datasette", 15)
            for script in WORDS
        ]
    return figures


def _peers_store(folder: Path) -> Path:
    """The register's entries in a store of their own, with the index that Datasette searches in."""
    path = folder / "entries.sqlite"
    if not path.exists():
        with closing(sqlite3.connect(path)) as store:
            store.execute("ATTACH ? AS portal", (str(folder / "portal.sqlite"),))
            store.execute(f"CREATE TABLE entries AS SELECT {COLUMNS} FROM portal.register_entries ORDER BY key_latin")
            store.execute("CREATE UNIQUE INDEX by_award ON entries (award_id)")
            names = "name_km, name_latin, scope_km, scope_en, number"
            store.execute(f"CREATE VIRTUAL TABLE entries_fts USING fts5({names}, content=entries, tokenize=trigram)")
            store.execute("INSERT INTO entries_fts (entries_fts) VALUES ('rebuild')")
            store.commit()
    return path


@contextmanager
def _datasette(folder: Path, installed: bool) -> Iterator[int]:
    """Its port; 0 when it is not installed."""
    if not installed:
        yield 0
        return
    port, store = free_port(), str(_peers_store(folder))
    command = [sys.executable, "-m", "datasette", "serve", store, "--port", str(port), *PATIENT]
    with process(command, port, "/-/versions.json", dict(os.environ)):
        yield port


@contextmanager
def _django(folder: Path, installed: bool) -> Iterator[int]:
    """The same server as ours, one process; 0 when Django is not installed."""
    if not installed:
        yield 0
        return
    port, env = free_port(), {**os.environ, "BENCH_ENTRIES": str(_peers_store(folder))}
    code = SERVE.replace("bench.pages_served:app", "bench.pages_django:app")
    with process([sys.executable, "-c", code, str(port)], port, "/", env):
        yield port
