"""The receipt: the company's own truth of what it submitted, on a page, on paper and as the frozen text."""

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pikepdf import Pdf

from compliance import clock
from compliance.cli.demonstration import acts
from compliance.domain.roles import Role
from compliance.settings import Settings
from compliance.store.base import transaction
from compliance.store.companies import Company
from questionnaires import current
from tests import helpers
from tests.actions.cases import Case, case, person
from tests.drafting import confirmed, proposed, uploaded
from tests.officer.conftest import signed_in

ROOT = Path(__file__).parents[2]


def submit(one: Case) -> None:
    acts.submit(one.hands, one.assessment_id, 0)


@pytest.fixture
def one(app: Flask, client: FlaskClient, settings: Settings, moment: datetime) -> Case:
    """A café that has submitted; its owner is signed in."""
    with app.app_context():
        made = case(settings, submit)
    helpers.sign_in(client, "owner@cafe.example")
    return made


def path(one: Case, rest: str, lang: str = "en") -> str:
    return f"/{lang}/company/assessment/{one.assessment_id}{rest}"


def said(pdf: bytes, tmp_path: Path) -> str:
    """The text that a reader takes out of a PDF."""
    (tmp_path / "receipt.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", tmp_path / "receipt.pdf", "-"]
    return re.sub(r"\s+", " ", subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def test_the_paper_tells_every_answer_and_file_and_says_the_same_when_printed_after_a_change_of_name(
    one: Case, app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    first = client.get(path(one, "/receipt.pdf"))
    taken = client.get(path(one, "/submission.json")).data
    with app.app_context(), transaction() as session:
        company = session.get_one(Company, one.company_id)
        company.name_latin, company.brands = "Quite Another", ["Other"]
    assert first.headers["Content-Disposition"].endswith(f'"receipt-{one.assessment_id}-1-en.pdf"')
    assert first.headers["Cache-Control"] == "no-store"
    again = client.get(path(one, "/receipt.pdf"))
    assert again.data == first.data, "the same frozen text gives the same bytes"
    assert "Test Café" in client.get(path(one, "/receipt")).text
    text = said(first.data, tmp_path)
    with Pdf.open(io.BytesIO(first.data)) as pdf:
        assert pdf.attachments["submission-1-1.json"].get_file().read_bytes() == taken
    content = json.loads(taken)
    digests = (hashlib.sha256(taken).hexdigest(), content["scorecard_sha256"], current().sha256)
    for part in (*digests, "Test Café", "Director", "Phnom Penh"):
        assert part in text
    for question, files in content["evidence"].items():
        assert " ".join(current().question(question).text.en.split()) in text
        assert all(file["name"] in text and file["sha256"] in text for file in files)


def test_the_frozen_text_has_the_digest_of_the_receipt_and_strangers_have_neither(
    one: Case, app: Flask, client: FlaskClient
) -> None:
    taken = client.get(path(one, "/submission.json"))
    digest = hashlib.sha256(taken.data).hexdigest()
    assert digest in client.get(path(one, "/receipt")).text
    with app.app_context():
        helpers.company(helpers.person("stranger@other.example"))
    stranger = signed_in(app, "stranger@other.example")
    for rest in ("/receipt", "/receipt.pdf", "/submission.json"):
        assert stranger.get(path(one, rest)).status_code == 404, rest
        for wrong in ("?round=2", "?round=0", "?round=-1"):
            assert client.get(path(one, rest + wrong)).status_code == 404, rest + wrong


def archive(client: FlaskClient, one: Case, folder: Path) -> Path:
    place = folder / "everything.zip"
    place.write_bytes(client.get(f"/en/company/{one.company_id}/everything.zip", buffered=True).data)
    return place


def changed(place: Path, name: str, old: bytes, new: bytes) -> Path:
    """A copy of the archive in which one entry, the first whose name begins so, differs."""
    target = place.with_name("changed.zip")
    with zipfile.ZipFile(place) as source, zipfile.ZipFile(target, "w") as copy:
        chosen = next(entry for entry in source.namelist() if entry.startswith(name))
        for entry in source.namelist():
            data = source.read(entry)
            assert entry != chosen or old in data
            copy.writestr(entry, data.replace(old, new, 1) if entry == chosen else data)
    return target


def checked(place: Path) -> tuple[int, str]:
    """What a stranger's machine says of an archive: it has no settings and no database."""
    command = [sys.executable, "-m", "compliance.cli", "check-archive", str(place)]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": "/usr/bin"}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_stranger_checks_the_archive_and_finds_every_change(one: Case, client: FlaskClient, tmp_path: Path) -> None:
    place = archive(client, one, tmp_path)
    digest = hashlib.sha256(client.get(path(one, "/submission.json")).data).hexdigest()
    code, told = checked(place)
    assert code == 0, told
    assert digest in told
    assert "same: claimed score worked out anew, round 1" in told
    assert "none differs" in told
    for name, old, new, found in (
        ("data/submissions.json", b"Director", b"Janitor!", "DIFFERENT: submission, round 1"),
        ("files/", b"%PDF", b"%PdF", "DIFFERENT: file"),
    ):
        code, told = checked(changed(place, name, old, new))
        assert (code, found in told) == (1, True), told
    (tmp_path / "no.zip").write_text("no archive")
    assert checked(tmp_path / "no.zip")[0] == 2


def test_an_edition_that_was_published_here_travels_with_the_answers_to_it(
    app: Flask, client: FlaskClient, settings: Settings, moment: datetime, tmp_path: Path
) -> None:
    first = date(2027, 1, 1)
    with app.app_context():
        wish, said = (person(f"{name}@ministry.example", Role.ADMINISTRATOR) for name in ("wish", "said"))
        confirmed(said, proposed(wish, uploaded(wish, "2027"), first))
        with clock.held(clock.midnight(first)):
            one = case(settings, submit)
    with clock.held(clock.midnight(first)):
        helpers.sign_in(client, "owner@cafe.example")
        place = archive(client, one, tmp_path)
    code, told = checked(place)
    assert (code, "same: claimed score worked out anew, round 1" in told) == (0, True), told
