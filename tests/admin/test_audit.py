"""The audit trail as administrators read it: searched, verified, exported; its words are never markup."""

import ast
import csv
import io
import json
import re
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pikepdf import Pdf

from compliance import clock
from compliance.domain.roles import SYSTEM, Role
from compliance.jobs.heads import publish_head
from compliance.journeys.admin.trail_words import BEGINNINGS, OWN
from compliance.journeys.officer.trail_words import SENTENCES
from compliance.settings import Settings
from compliance.store.audit import AuditEntry, entry_hash, record
from compliance.store.base import db, transaction
from tests.helpers import company, person, sign_in, token
from tests.house_rules.tree import sources

PAGE = "/en/admin/audit"
HOSTILE = "=1+1 <script>alert(1)</script> {{7*7}} ' OR 1=1 -- %"


@pytest.fixture
def administrator(app: Flask, client: FlaskClient, moment: datetime) -> FlaskClient:
    with app.app_context():
        person("admin@ministry.example", Role.ADMINISTRATOR, name="Chan Dara")
        owner = person("owner@company.example", name="Srey Neang")
        company(owner, name_latin="Green Gecko", name_km="តុកកែបៃតង")
        with transaction() as session:
            record(session, clock.now(), SYSTEM, "system:test:done", "thing", 7, words=HOSTILE)
    sign_in(client, "admin@ministry.example")
    return client


def page(client: FlaskClient, **asked: str) -> str:
    return client.get(PAGE, query_string=asked).text


def export(client: FlaskClient, **asked: str) -> str:
    sent = {"csrf_token": token(client.get(PAGE)), **asked}
    return client.post(f"{PAGE}/export", data=sent).text


def test_entries_are_found_by_who_what_about_and_when(administrator: FlaskClient) -> None:
    assert "Registered the company." in page(administrator)
    for about in ("Green Gecko", "green", "តុកកែបៃតង", "company:1"):
        found = page(administrator, about=about)
        assert "Registered the company." in found, about
        assert "Another act." not in found, about
    assert "Another act." in page(administrator, who="-")
    assert "Registered the company." in page(administrator, who="neang")
    assert "No entry is like this." in page(administrator, who="Chan Dara", kind="details")
    assert "Registered the company." in page(administrator, kind="details", since="2026-11-23", until="2026-11-23")
    assert "No entry is like this." in page(administrator, until="2026-11-22")
    assert "thing 7" in page(administrator, text="OR 1=1")


def test_what_cannot_be_understood_is_told_beside_its_field_and_kept(administrator: FlaskClient) -> None:
    for asked, said in (
        ({"since": "2026-02-30"}, "Enter a day as year-month-day"),
        ({"until": "0001-01-01"}, "Enter a day as year-month-day"),
        ({"since": "2026-12-01", "until": "2026-11-01"}, "The last day is before the first."),
        ({"about": "Nobody & Sons"}, "No company, number or thing is called so."),
        ({"about": "thing:99999999999999999999"}, "No company, number or thing is called so."),
    ):
        found = page(administrator, **asked)
        assert said in found, asked
        assert 'aria-invalid="true"' in found, asked
    for odd in ({"before": "x"}, {"before": "9" * 30}, {"kind": "<b>"}, {"subject": "company", "id": "9" * 30}):
        assert administrator.get(PAGE, query_string=odd).status_code == 200, odd


def test_words_of_others_are_never_markup(administrator: FlaskClient) -> None:
    found = page(administrator, text=HOSTILE, who=HOSTILE, about=HOSTILE)
    assert "<script>alert" not in found + page(administrator)
    assert "{{7*7}}" in page(administrator)


def test_pages_of_the_trail_lead_on_to_the_first_entry(app: Flask, administrator: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        for number in range(60):
            record(session, clock.now(), SYSTEM, "system:test:done", "thing", 100 + number)
    first = page(administrator)
    assert "50 shown of 6" in first
    with app.app_context():
        last = db.session.scalar(sa.select(sa.func.max(AuditEntry.seq))) or 0
    assert f"before={last - 49}" in first
    assert "Registered the company." in page(administrator, before=str(last - 49))


def test_taking_the_trail_away_is_an_entry_and_the_file_proves_itself(app: Flask, administrator: FlaskClient) -> None:
    head, *lines = [json.loads(line) for line in export(administrator, format="jsonl").splitlines()]
    assert head["format"] == 1
    assert lines[-1]["tag"] == "admin:trail:exported"
    for line in lines:
        moment = datetime.fromtimestamp(line["at_microseconds"] / 1e6, clock.PHNOM_PENH)
        about = f"{line['subject']}:{line['subject_id']}"
        sealed = (line["previous"], line["seq"], moment, line["actor_id"], line["tag"], about, line["content"])
        assert entry_hash(*sealed) == line["hash"]
    rows = list(csv.DictReader(io.StringIO(export(administrator, format="csv", who="-").lstrip("\ufeff"))))
    assert [row["tag"] for row in rows] == ["system:test:done"]
    with app.app_context():
        taken = db.session.scalars(sa.select(AuditEntry.content).where(AuditEntry.tag == "admin:trail:exported"))
        assert [json.loads(one)["asked"] for one in taken] == [{}, {"who": "-"}]


def test_on_paper_it_says_what_was_done_to_what_and_holds_the_lines_that_prove_it(
    app: Flask, administrator: FlaskClient
) -> None:
    with app.app_context(), transaction() as session:
        record(session, clock.now(), SYSTEM, "reviewer:assessment:ruled", "assessment", 7, question="gov_lead")
        record(session, clock.now(), SYSTEM, "account:invitation:accepted", "invitation", 7, role="editor")
        record(session, clock.now(), SYSTEM, "account:invitation:accepted", "invitation", 8, role=["no", "role"])
    said = page(administrator, who="-")
    for words in ("Responsible senior manager", "Accepted the invitation as Editor.", "Accepted the invitation as …."):
        assert words in said
    sent = {"csrf_token": token(administrator.get(PAGE)), "format": "pdf", "who": "-"}
    answer = administrator.post(f"{PAGE}/export", data=sent)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    with Pdf.open(io.BytesIO(answer.data)) as paper:
        (lines,) = (one.get_file().read_bytes().decode().splitlines() for one in paper.attachments.values())
    assert [json.loads(line)["tag"] for line in lines] == [
        "system:test:done",
        "reviewer:assessment:ruled",
        "account:invitation:accepted",
        "account:invitation:accepted",
    ]


def test_cells_of_the_file_are_no_formulas(app: Flask, administrator: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        record(session, clock.now(), SYSTEM, "=1+1", "=thing", 8)
    cells = [cell for row in csv.reader(io.StringIO(export(administrator, format="csv"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_verifying_says_until_where_it_read(
    app: Flask, administrator: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No published head was found" in administrator.get(f"{PAGE}/verify").text
    with app.app_context():
        publish_head(settings, always=True)
        db.session.remove()
        with transaction() as session:
            for number in range(150):
                record(session, clock.now(), SYSTEM, "system:test:done", "thing", 200 + number)
    assert "The trail is whole" in administrator.get(f"{PAGE}/verify").text
    assert administrator.get(f"{PAGE}/verify?after=99999").status_code == 404
    monkeypatch.setattr("compliance.store.trail_check.SECONDS", -1.0)
    part = administrator.get(f"{PAGE}/verify").text
    assert "It holds as far as it was read" in part
    assert "verify?after=100" in part
    assert "This part holds, up to the end" in administrator.get(f"{PAGE}/verify?after=100").text


def test_an_edited_entry_is_found(app: Flask, administrator: FlaskClient, settings: Settings) -> None:
    with app.app_context():
        publish_head(settings, always=True)
        db.session.remove()
        with transaction() as session:
            session.execute(sa.text("DROP TRIGGER audit_entries_no_update"))
            session.execute(sa.text("UPDATE audit_entries SET content = '{}' WHERE tag = 'system:test:done'"))
    found = administrator.get(f"{PAGE}/verify").text
    assert "The trail does not hold" in found
    assert "It was changed after it was written." in found
    assert "audit_entries_no_update" in found


def test_every_act_has_a_sentence() -> None:
    """A new act of the Ministry is told in words, not as "another act"."""
    tag = re.compile(r"^(?:account|admin|administrator|approver|officer|panel|reviewer|staff|system):[a-z_]+:[a-z_]+$")
    written = {
        node.value
        for _path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and tag.match(node.value)
    }
    known = SENTENCES.keys() | OWN.keys()
    assert {one for one in written - known if not one.startswith(tuple(BEGINNINGS))} <= {
        "officer:assessment:plan", "system:award:kept_",
    }  # fmt: skip


def test_only_administrators_read_it(app: Flask, moment: datetime) -> None:
    for role in (Role.REVIEWER, Role.APPROVER, Role.OBSERVER, Role.PANEL_MEMBER):
        with app.app_context():
            person(f"{role}@ministry.example", role)
        client = app.test_client()
        sign_in(client, f"{role}@ministry.example")
        assert [client.get(f"{PAGE}{end}").status_code for end in ("", "/verify")] == [403, 403]
        assert client.get("/en/admin/outbox").status_code == 403


def test_a_session_of_somebody_else_is_seen_and_ended(app: Flask, administrator: FlaskClient) -> None:
    with app.app_context():
        person("reviewer@ministry.example", Role.REVIEWER, name="Nget Sophal")
    other = app.test_client()
    sign_in(other, "reviewer@ministry.example")
    listed = administrator.get("/en/admin/sessions").text
    assert "Nget Sophal" in listed
    assert "Srey Neang" not in listed
    with app.app_context():
        reviewer = db.session.scalar(sa.text("SELECT id FROM people WHERE email = 'reviewer@ministry.example'"))
    sent = {"csrf_token": token(administrator.get("/en/admin/sessions")), "browser": "", "q": ""}
    assert administrator.post("/en/admin/sessions/99999/end", data=sent).status_code == 404
    assert administrator.post(f"/en/admin/sessions/{reviewer}/end", data=sent).status_code == 302
    assert other.get("/en/account/").status_code == 302
    assert "Signed somebody out of their browsers." in page(administrator)
    assert administrator.get("/en/admin/sessions").status_code == 200
