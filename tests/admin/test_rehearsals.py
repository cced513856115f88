"""The administrator tries a draft on today's awards: chosen or uploaded, worked through by the worker, read."""

import io
import json
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from compliance import clock
from compliance.actions import rehearsals as acts
from compliance.domain.roles import Role
from compliance.jobs import rehearse as job
from compliance.jobs.rehearse import rehearse
from compliance.settings import Settings
from compliance.store import rehearsals as store
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.rehearsals import LEASE, RehearsalRun
from tests.actions.cases import case, to_award
from tests.helpers import person, sign_in, token

FIRST = Path("questionnaires/editions/2026")
RUBRIC = (FIRST / "rubric.yaml").read_text(encoding="utf-8")
PAGE = "/en/admin/rehearsals"


def harder() -> str:
    """No points suffice for bronze and above, and committed wants the impossible of whoever is no hosting firm."""
    text = RUBRIC
    for limit in (50, 70, 85):
        text = text.replace(f"total: {{at_least: {limit}}}", "total: {above: 100}")
    return text.replace("fact: improvement_plan_given, is: 'yes'", "fact: kinds, any_of: [hosting]")


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return made.getvalue()


def folder(below: str = "2027/") -> dict[str, bytes]:
    return {below + path.relative_to(FIRST).as_posix(): path.read_bytes() for path in FIRST.rglob("*.yaml")}


@pytest.fixture
def admin(app: Flask, client: FlaskClient, moment: datetime, settings: Settings) -> FlaskClient:
    """The administrator's browser; one café holds an award."""
    with app.app_context():
        case(settings, to_award)
        person("admin@ministry.example", Role.ADMINISTRATOR)
    sign_in(client, "admin@ministry.example")
    return client


def ask(
    client: FlaskClient, name: str = "", data: bytes | str = b"", what: str = "upload", page: str = PAGE
) -> TestResponse:
    content = data.encode() if isinstance(data, str) else data
    form = {"csrf_token": token(client.get(page)), "what": what, "draft": FileStorage(io.BytesIO(content), name)}
    boundary, body = encode_multipart(form)
    return client.post(page, input_stream=io.BytesIO(body), content_type=f"multipart/form-data; boundary={boundary}")


def worked(app: Flask) -> int:
    with app.app_context():
        return rehearse()


def run_of(app: Flask) -> RehearsalRun:
    with app.app_context():
        return store.rehearsals(db.session(), 1)[0]


def tried(app: Flask, client: FlaskClient, name: str = "", data: bytes | str = b"", what: str = "upload") -> str:
    """The page of the result."""
    answer = ask(client, name, data, what)
    assert answer.status_code == 302, re.findall(r'error-message">(.*?)</p>', answer.text, re.DOTALL)
    assert worked(app) == 1
    return client.get(answer.headers["Location"]).text


@pytest.mark.both_databases
def test_harder_rules_are_shown_with_the_rule_that_decided(app: Flask, admin: FlaskClient) -> None:
    page = tried(app, admin, "harder.yaml", harder())
    assert "Awards tried: 1. Rise: 0, fall: 1, capped: 0, could not be scored: 0." in page
    assert "Test Café" in page
    assert "COP-KH-2026-" in page
    rule = page.split("Rule that decided", 1)[1]
    assert re.search(r"<li>.*100.*</li>", rule), "the decisive limit is told in words"
    about = run_of(app).about
    assert (about["source"], about["file"], about["changed"], about["groups_changed"], about["levels_changed"]) == (
        "rubric",
        "harder.yaml",
        0,
        False,
        True,
    )
    khmer = admin.get(f"/km/admin/rehearsals/{run_of(app).id}").text
    assert "ហាងអ៊ីនធឺណិត តេស្ត" in khmer


def test_a_demand_that_caps_is_told_apart_from_points_that_fall(app: Flask, admin: FlaskClient) -> None:
    demand = "{fact: no_false_statement, is: 'yes', says: no_false_statement}"
    assert demand in RUBRIC
    page = tried(app, admin, "capped.yaml", RUBRIC.replace(demand, "{fact: kinds, any_of: [hosting]}"))
    assert "Rise: 0, fall: 0, capped: 1" in page
    assert "another demand of the level is not met" in page
    assert "Rise: 0, fall: 0, capped: 0" in tried(app, admin, "plain.yaml", RUBRIC)
    assert "the same rules" in admin.get(f"{PAGE}/{run_of(app).id}").text


def test_a_whole_edition_and_a_published_one(app: Flask, admin: FlaskClient) -> None:
    page = tried(app, admin, "2027.zip", packed(folder()))
    assert "Rise: 0, fall: 0" in page
    assert run_of(app).about["source"] == "edition"
    assert "Rise: 0, fall: 0" in tried(app, admin, what="2026")
    assert run_of(app).about["source"] == "published"


def test_mistakes_stand_beside_the_field_with_their_place(app: Flask, admin: FlaskClient) -> None:
    answer = ask(admin, "mine.yaml", RUBRIC.replace("unanswered: 0", "unansered: 0", 1) + "\nlevls: {}\n")
    assert answer.status_code == 200
    assert re.search(r'id="draft-error".*?Mistakes in it: \d', answer.text, re.DOTALL)
    assert re.search(r"mine\.yaml:\d+:\d+: .*Did you mean &#39;unanswered&#39;\?", answer.text)
    khmer = ask(
        admin, "mine.yaml", RUBRIC.replace("unanswered: 0", "unansered: 0", 1), page=PAGE.replace("/en/", "/km/")
    )
    assert re.search(r"mine\.yaml:\d+:\d+: .*មិនស្គាល់ឈ្មោះនេះទេ.*តើអ្នកចង់សរសេរ &#39;unanswered&#39; មែនទេ", khmer.text)
    broken = {**folder(), "2027/sections/governance.yaml": b"id: governance\ntitle: [\n"}
    answer = ask(admin, "2027.zip", packed(broken))
    assert re.search(r"sections/governance\.yaml:\d+:\d+: ", answer.text)
    assert worked(app) == 0


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("", b"", "Choose a file."),
        ("draft.pdf", b"%PDF", "Choose a rubric file"),
        ("draft.yaml", b"", "This file is empty"),
        ("draft.yaml", b"\xff\xfe", "UTF-8"),
        ("draft.yaml", BOMB.encode(), "too many values"),
        ("draft.json", b'{"rubric": "x", "rubric": "y"}', "twice"),
        ("draft.yaml", b"rubric: x\nversion: '1'\ncriteria: {}\n", "no levels called"),
        ("draft.zip", b"PK\x03\x04 no", "cannot be read"),
        ("draft.zip", packed({"readme.txt": b"x"}), "no edition.yaml"),
        ("draft.zip", packed({"e/edition.yaml": b"x", "e/../../../up.yaml": b"y"}), "cannot be read"),
        ("draft.zip", packed({"edition.yaml": b"x", **{f"s/{n}.yaml": b"0" * 999_999 for n in range(9)}}), "too large"),
        ("draft.yaml", b"#" * 4_000_001, "too large"),
        ("\0\u202e<script>.yaml", b"rubric: [", "YAML"),
    ],
)
def test_what_is_no_draft_is_refused_with_a_reason(
    app: Flask, admin: FlaskClient, name: str, data: bytes, said: str
) -> None:
    answer = ask(admin, name, data)
    assert answer.status_code == 200
    errors = answer.text.split('id="draft-error"', 1)[1]
    assert said in errors
    assert "<script>" not in errors.split("</form>")[0]
    with app.app_context():
        assert store.unfinished(db.session()) == 0


def test_long_work_shows_how_far_it_is(app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    where = ask(admin, what="2026").headers["Location"]
    waiting = admin.get(where)
    assert "waits for its turn" in waiting.text
    assert waiting.headers["Refresh"] == "3"
    plain = admin.get(where.partition("?")[0])
    assert "Refresh" not in plain.headers
    assert "Look again by itself" in plain.text

    seen: list[str] = []

    def slowly(_session: object, _run: object, told: job.Told) -> str:
        told(1, 40)
        seen.append(admin.get(where).text)
        return "[]"

    monkeypatch.setattr(job, "work_through", slowly)
    assert worked(app) == 1
    assert "1 of 40 awards tried" in seen[0]
    assert "Nobody holds an award" in admin.get(where).text


@pytest.mark.both_databases
def test_a_killed_worker_loses_nothing_and_a_bad_end_is_said(
    app: Flask, admin: FlaskClient, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ask(admin, what="2026").headers["Location"]
    with app.app_context(), transaction() as session:
        assert store.claim(session, clock.now()) is not None
    assert worked(app) == 0, "another worker has it"
    with clock.held(moment + LEASE + timedelta(seconds=1)):
        assert worked(app) == 1
        assert "Awards tried: 1." in admin.get(where).text

    def broken(*_args: object) -> str:
        raise RuntimeError("broken")

    monkeypatch.setattr(job, "work_through", broken)
    later = moment + timedelta(minutes=5)
    with clock.held(later):
        where = ask(admin, what="2026").headers["Location"]
    for turn in range(store.ATTEMPTS):
        with clock.held(later + turn * (LEASE + timedelta(seconds=1))):
            assert worked(app) == int(turn == store.ATTEMPTS - 1)
    with clock.held(later + timedelta(minutes=10)):
        assert "stopped before its end" in admin.get(where).text


def test_a_removed_rehearsal_stops(app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    where = ask(admin, what="2026").headers["Location"].partition("?")[0]
    page = admin.get(where)

    def meanwhile(_session: object, _run: object, told: job.Told) -> str:
        assert admin.post(f"{where}/remove", data={"csrf_token": token(page)}).status_code == 302
        told(1, 2)
        raise AssertionError("it should have stopped")

    monkeypatch.setattr(job, "work_through", meanwhile)
    assert worked(app) == 0
    assert admin.get(where).status_code == 404


@pytest.mark.both_databases
def test_few_wait_at_once_and_each_is_in_the_audit_trail(app: Flask, admin: FlaskClient) -> None:
    for _turn in range(acts.MOST_WAITING):
        assert ask(admin, what="2026").status_code == 302
    answer = ask(admin, what="2026")
    assert "3 rehearsals are waiting already" in answer.text
    with app.app_context():
        query = sa.select(sa.func.count()).where(AuditEntry.tag == "admin:rehearsal:requested")
        assert db.session.scalar(query) == acts.MOST_WAITING


def test_changes_are_shown_a_page_at_a_time(app: Flask, admin: FlaskClient) -> None:
    where = ask(admin, what="2026").headers["Location"].partition("?")[0]
    move = {
        "km": "ក",
        "latin": "K",
        "kind": "rises",
        "before": None,
        "after": "gold",
        "why": {"km": ["ព"], "en": ["p"]},
    }
    part = {
        "edition": "2026", "scored": 120, "before": [None], "after": [None, "gold"], "matrix": [[0, 120]],
        "moves": [{**move, "number": f"N-{n}"} for n in range(120)],
        "counts": {"rises": 9000, "failed": 1},
        "failures": [{"number": "N-x", "why": {"km": "<i>", "en": "<b>"}}],
    }  # fmt: skip
    with app.app_context(), transaction() as session:
        run = session.get_one(RehearsalRun, int(where.rsplit("/", 1)[1]))
        store.claim(session, clock.now())
        session.refresh(run)
        assert store.complete(session, run.id, run.attempts, clock.now(), result=json.dumps([part]), failure="")
    first, last = admin.get(where).text, admin.get(f"{where}?show=rises&page=3").text
    assert ("N-0<" in first, "N-119<" in first) == (True, False)
    assert ("N-0<" in last, "N-119<" in last) == (False, True)
    assert "&lt;b&gt;" in admin.get(f"{where}?show=failed").text
    assert "&lt;i&gt;" in admin.get(f"{where.replace('/en/', '/km/')}?show=failed").text
    assert "Rises (9,000)" in first
    assert "Only the first 120 are listed." in first
    for strange in ("-1", "0", "999999", "x", "២", "9" * 5000):
        assert admin.get(f"{where}?show=rises&page={strange}").status_code == 200
