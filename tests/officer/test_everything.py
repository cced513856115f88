"""Everything a company entered, to take home: nothing of its own is forgotten, nothing of others is in it."""

import io
import json
import random
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.actions import checking_in, declaring
from compliance.actions.checking_in import Entered
from compliance.actions.declaring import Told
from compliance.actions.inspecting import Inspected
from compliance.actions.uploading import keep, quarantine, upload
from compliance.cli.demonstration import acts
from compliance.domain.entry_names import entry_name
from compliance.domain.roles import CompanyRole, Role
from compliance.journeys.officer import export
from compliance.journeys.officer.archive_page import TITLES
from compliance.settings import Settings
from compliance.store.awards import awards_of
from compliance.store.base import Base, db, transaction
from compliance.store.belongings import LEFT, TAKEN, WITHHELD, columns_of
from compliance.store.change_declarations import ChangeKind, ReportedTo
from compliance.store.evidence_files import EvidenceFile
from compliance.store.files import file_store
from compliance.store.people import Membership, person_by_email
from questionnaires import Reply
from tests import helpers
from tests.actions import samples
from tests.actions.cases import case, reload, to_award, to_review
from tests.officer.conftest import OWNER, Bench, send

WORDS = "ពាក្យរបស់យើង"


def fetched(bench: Bench) -> zipfile.ZipFile:
    sent = bench.client.get(f"/en/company/{bench.company}/everything.zip", buffered=True)
    assert sent.status_code == 200
    assert sent.mimetype == "application/zip"
    return zipfile.ZipFile(io.BytesIO(sent.data))


def test_every_column_of_every_table_is_taken_or_stays_for_a_reason() -> None:
    decided = {name: {*TAKEN[name].split(), *WITHHELD.get(name, {})} for name in TAKEN}
    tables = {name: set(table.c.keys()) for name, table in Base.metadata.tables.items() if name not in LEFT}
    assert decided == tables, "say in compliance/store/belongings.py what of it is the company's"
    assert set(LEFT) <= set(Base.metadata.tables)
    assert not {name for name in TAKEN for column in columns_of(name) if column.name in WITHHELD.get(name, {})}
    assert list(TITLES) == list(TAKEN), "every record has a name on the archive's page"


@pytest.mark.both_databases
def test_the_archive_holds_records_pages_in_both_languages_and_the_files(bench: Bench) -> None:
    content = samples.pdf()
    send(
        bench.client, bench.path("/question/gov_policy"), gov_policy="yes", gov_policy__comment=f"=1+1 <b>{WORDS}</b>",
        file=(io.BytesIO(content), "គោលនយោបាយ #1.pdf"),
    )  # fmt: skip
    send(bench.client, bench.path("/question/gov_policy"), gov_policy="partial", gov_policy__comment="Later")
    with fetched(bench) as bundle:
        assert bundle.testzip() is None
        found = {name: bundle.read(name) for name in bundle.namelist()}
    assert found["files/1-គោលនយោបាយ #1.pdf"] == content
    assert {entry.date_time[0] for entry in bundle.infolist()} == {2026}
    answers, history = (json.loads(found[f"data/{name}.json"]) for name in ("answers", "answer_revisions"))
    assert [one["value"] for one in answers] == ["partial"]
    assert [one["content"]["comment"] for one in history] == [f"=1+1 <b>{WORDS}</b>", "Later"]
    assert json.loads(found["data/evidence_files.json"])[0]["sha256"] in found["index.km.html"].decode()
    about = json.loads(found["data/about.json"])["records"]
    assert about.keys() == TAKEN.keys()
    assert (about["answers"], about["answer_revisions"], about["memberships"]) == (1, 2, 1)
    table = found["answers.csv"].decode("utf-8-sig")
    assert "Partly" in table
    for lang, said in (("km", "មួយផ្នែក"), ("en", "Partly")):
        page = found[f"index.{lang}.html"].decode()
        assert said in page
        assert f"=1+1 &lt;b&gt;{WORDS}&lt;/b&gt;" in page
        assert "files/1-%E1%9E%82" in page
        assert "Sok Dara" in page
        assert {"km": "រាជធានីភ្នំពេញ", "en": "Phnom Penh"}[lang] in page
        assert "http" not in page.partition("<body>")[2].replace("http://www.w3.org", "")


@pytest.mark.sqlite_only
def test_the_archive_unpacks_with_other_programs_under_names_that_every_system_takes(
    bench: Bench, tmp_path: Path
) -> None:
    for name in ("CON.pdf", "a:b*?.pdf", "ក" * 110 + ".pdf"):
        send(
            bench.client, bench.path("/question/gov_policy"), gov_policy="yes",
            file=(io.BytesIO(samples.pdf(Lang=name)), name),
        )  # fmt: skip
    sent = bench.client.get(f"/en/company/{bench.company}/everything.zip", buffered=True)
    name = sent.headers["Content-Disposition"].partition("=")[2].strip('"')
    assert entry_name(name) == name
    assert name.endswith("-everything.zip"), "a company called CON is no device"
    (tmp_path / "all.zip").write_bytes(sent.data)
    with zipfile.ZipFile(tmp_path / "all.zip") as bundle:
        names = bundle.namelist()
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(part.encode()) <= 140 for name in names for part in name.split("/"))
    assert not [name for name in names if set(name) & set('<>:"|?*\\') or name.startswith("/")]
    done = subprocess.run(["unzip", "-q", "-o", "all.zip", "-d", "out"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out" / "files").iterdir())) == 3


def test_only_an_owner_takes_everything_and_two_archives_at_a_time_are_packed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/en/company/{bench.company}/everything.zip"
    for role in (CompanyRole.EDITOR, CompanyRole.VIEWER, CompanyRole.SIGNATORY):
        colleague = bench.colleague(role)
        assert colleague.get(address).status_code == 403
        assert "everything.zip" not in colleague.get(f"/en/company/{bench.company}").text
    assert bench.stranger().get(address).status_code == 404
    taken = [export._places.acquire(blocking=False) for _place in range(export.AT_ONCE)]
    assert all(taken)
    assert bench.client.get(address).status_code == 503
    for _place in taken:
        export._places.release()
    for _again in range(export.AT_ONCE + 1):
        assert bench.client.get(address, buffered=True).status_code == 200


def test_a_file_that_is_locked_away_or_lost_is_named_and_not_enclosed(bench: Bench, settings: Settings) -> None:
    for number in (1, 2, 3):
        send(
            bench.client, bench.path("/question/gov_policy"), gov_policy="yes",
            file=(io.BytesIO(samples.pdf(Lang=str(number))), f"{number}.pdf"),
        )  # fmt: skip
    with bench.app.app_context():
        first, second = db.session.scalars(sa.select(EvidenceFile.sha256).order_by(EvidenceFile.id)).all()[:2]
        reviewer = helpers.person("reviewer@ministry.example", Role.REVIEWER).actor()
        with transaction() as session:
            quarantine(session, reviewer, file_store(settings), first, "")
    file_store(settings)._place(second).unlink()
    with fetched(bench) as bundle:
        files = [name for name in bundle.namelist() if name.startswith("files/")]
        assert files == ["files/3-3.pdf", "files/2-2.pdf.missing.txt"]
        assert second in bundle.read(files[1]).decode()
        assert first in bundle.read("index.en.html").decode()


def test_the_archive_is_sent_in_pieces(bench: Bench, settings: Settings) -> None:
    made = Inspected("big.pdf", "application/pdf", random.Random(7).randbytes(3_000_000))
    with bench.app.app_context(), transaction() as session:
        owner = person_by_email(session, OWNER).actor()
        upload(session, owner, bench.assessment, "gov_policy", keep(file_store(settings), made))
    sent = bench.client.get(f"/en/company/{bench.company}/everything.zip")
    pieces: Iterator[bytes] = sent.iter_encoded()
    sizes = [len(piece) for piece in pieces]
    sent.close()
    assert max(sizes) <= export.CHUNK + 70_000
    assert len(sizes) > 10


def test_who_left_the_company_keeps_the_address_of_today_to_themselves(bench: Bench) -> None:
    bench.colleague(CompanyRole.EDITOR)
    with bench.app.app_context(), transaction() as session:
        left = person_by_email(session, "editor@isp.example")
        session.execute(sa.update(Membership).where(Membership.person_id == left.id).values(ended_at=clock.now()))
        left.email, left.full_name = "editor@another.example", "Left Editor"
    with fetched(bench) as bundle:
        found = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert not [name for name, text in found.items() if "editor@another.example" in text]
    assert "Left Editor" in found["index.en.html"]
    assert OWNER in found["data/people.json"]


def test_declarations_and_check_ins_are_there_to_read(app: Flask, settings: Settings, moment: datetime) -> None:
    with app.app_context():
        one = case(settings)
        to_award(one)
        told = Told(ChangeKind.INCIDENT, clock.today(), "A filter failed.", "It is mended.", (ReportedTo.HOTLINE,))
        with transaction() as session:
            declaring.declare(session, reload(one.hands.owner), one.company_id, told, "1" * 32)
            due = awards_of(session, one.company_id)[0].starts.replace(year=moment.year + 1)
        with clock.held(datetime.combine(due, time(10), clock.PHNOM_PENH)), transaction() as session:
            entered = Entered({"stat_csam_reports": Reply(41)}, changed="A new filter.")
            checking_in.save(session, reload(one.hands.owner), one.company_id, entered, (str(due), 0))
        client = app.test_client()
    helpers.sign_in(client, "owner@cafe.example")
    sent = client.get(f"/en/company/{one.company_id}/everything.zip", buffered=True)
    with zipfile.ZipFile(io.BytesIO(sent.data)) as bundle:
        page = bundle.read("index.en.html").decode()
    for words in ("A filter failed.", "It is mended.", "The internet hotline", "A new filter.", "41", "Not sent yet"):
        assert words in page


def test_what_the_ministry_found_is_told_once_it_is_decided(app: Flask, settings: Settings, moment: object) -> None:
    with app.app_context():
        one = case(settings)
        to_review(one)
        acts.ask(one.hands, one.assessment_id, 0)
        client = app.test_client()
        company = one.company_id
    helpers.sign_in(client, "owner@cafe.example")

    def told() -> dict[str, list[dict[str, object]]]:
        sent = client.get(f"/en/company/{company}/everything.zip", buffered=True)
        with zipfile.ZipFile(io.BytesIO(sent.data)) as bundle:
            assert "reviewer@" not in "".join(bundle.read(name).decode(errors="replace") for name in bundle.namelist())
            return {name: json.loads(bundle.read(f"data/{name}.json")) for name in TAKEN}

    found = told()
    assert len(found["clarifications"]) == 1
    assert not found["rulings"]
    assert not found["decisions"]
    assert len(found["submissions"]) == 1
    assert found["submissions"][0]["content_read"]
    assert unescape(str(found["people"][0]["email"])) == "owner@cafe.example"
