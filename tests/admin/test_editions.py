"""The administrators' room of editions: a draft is uploaded, told its mistakes, tried out, published by two."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from compliance import clock
from compliance.actions import edition_drafts
from compliance.domain.roles import Role
from compliance.jobs.rehearse import rehearse
from compliance.store.base import db, transaction
from compliance.store.published_editions import published
from questionnaires import current
from tests.drafting import edition_texts, looked, proposed, uploaded
from tests.helpers import person, post, sign_in, token

PAGE = "/en/admin/editions"
CHANGED = (
    ("edition.yaml", "en: Partly", "en: In part"),
    ("rubric.yaml", "total: {at_least: 70}", "total: {at_least: 75}"),
    ("lifecycle.yaml", "review_working_days: 30", "review_working_days: 20"),
)


@pytest.fixture
def admins(app: Flask, moment: datetime) -> tuple[FlaskClient, FlaskClient]:
    """Two administrators' browsers."""
    clients = app.test_client(), app.test_client()
    for number, client in enumerate(clients):
        with app.app_context():
            person(f"admin{number}@ministry.example", Role.ADMINISTRATOR)
        sign_in(client, f"admin{number}@ministry.example")
    return clients


def draft_of(app: Flask) -> int:
    """A third administrator's draft."""
    with app.app_context():
        return uploaded(person("third@ministry.example", Role.ADMINISTRATOR).actor(), "2027", *CHANGED).id


def packed(texts: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in texts.items():
            bundle.writestr(f"2027/{name}", text)
    return made.getvalue()


def send(client: FlaskClient, data: bytes, to: str = PAGE, page: str = PAGE, **fields: str) -> TestResponse:
    form = {"csrf_token": token(client.get(page)), "draft": FileStorage(io.BytesIO(data), "2027.zip"), **fields}
    boundary, body = encode_multipart(form)
    return client.post(to, input_stream=io.BytesIO(body), content_type=f"multipart/form-data; boundary={boundary}")


def text_of(answer: TestResponse) -> str:
    return unescape(re.sub(r"<[^>]+>|\s+", " ", answer.text))


def test_a_draft_with_mistakes_is_kept_told_with_places_and_mended(app: Flask, admins: tuple[FlaskClient, ...]) -> None:
    one, _other = admins
    wrong = edition_texts("2027", ("sections/governance.yaml", "    help:\n", "    hlep:\n"))
    answer = send(one, packed(wrong))
    assert answer.status_code == 302
    page = one.get(answer.location)
    said = text_of(page)
    assert "sections/governance.yaml line 14, column 5" in " ".join(said.split())
    assert "this is missing; add it" in said
    assert "this key is not known here" in said
    assert "To mend: 2. To look at: 0." in said
    assert "Publish it" not in said
    assert "Preview as a company" not in said
    khmer = one.get(answer.location.replace("/en/", "/km/")).text
    assert "ខ្វះ" in khmer
    assert "this is missing" not in khmer
    home = answer.location.rpartition("/")[2]
    mended = send(one, packed(edition_texts("2027")), f"{answer.location}/files", answer.location, seen="1")
    assert mended.status_code == 302
    said = text_of(one.get(answer.location))
    assert "Nothing is wrong with it." in said
    assert "Publish it" in said
    late = send(one, packed(edition_texts("2028")), f"{answer.location}/files", answer.location, seen="1")
    assert late.status_code == 409, "a page from before the change replaces nothing"
    packed_again = one.get(f"{answer.location}.zip")
    with zipfile.ZipFile(io.BytesIO(packed_again.data)) as bundle:
        assert bundle.read("2027/edition.yaml").decode() == edition_texts("2027")["edition.yaml"]
    assert post(one, f"{answer.location}/let-go", form=answer.location).status_code == 302
    assert "There is no draft." in text_of(one.get(PAGE))
    assert "Let go" in text_of(one.get(answer.location)), home


def test_what_is_no_edition_is_refused_beside_the_field(admins: tuple[FlaskClient, ...]) -> None:
    one = admins[0]
    for data, words in ((b"", "This file is empty."), (packed({"a.yaml": "a"}), "no edition.yaml")):
        answer = send(one, data)
        assert answer.status_code == 422
        assert re.search(rf'id="draft-error"[^>]*>.*?{words}', answer.text, re.DOTALL)


def test_two_publish_it_and_it_is_in_force_on_its_day(app: Flask, admins: tuple[FlaskClient, ...]) -> None:
    one, other = admins
    draft = f"{PAGE}/drafts/{draft_of(app)}"
    page = one.get(draft)
    form = {"csrf_token": token(page), "seen": "1", "begins": ["1", "1", "2027"], "grace_days": "៦០", "reason": "Law"}
    for wrong, words in (
        ({"begins": ["23", "11", "2026"]}, "Choose a day after today."),
        ({"begins": ["", "", ""]}, "Enter a day."),
        ({"grace_days": ""}, "Enter a number, for example 90."),
        ({"grace_days": "999"}, "Enter a number from 0 to 366."),
    ):
        answer = one.post(f"{draft}/propose", data={**form, **wrong})
        assert answer.status_code == 422
        assert words in unescape(answer.text), wrong
    assert one.post(f"{draft}/propose", data={**form, "seen": "7"}).status_code == 409
    assert one.post(f"{draft}/propose", data=form).status_code == 302
    assert "Another administrator confirms it." in text_of(one.get(draft))
    assert "Editions that wait for a second administrator: 1." in text_of(other.get("/en/admin/"))
    confirm = re.search(r"/en/admin/editions/proposals/\d+/confirm", other.get(draft).text)
    assert confirm
    assert post(one, confirm[0], form=draft).status_code == 403
    assert post(other, confirm[0], form=draft).status_code == 302
    assert post(other, confirm[0], form=draft).status_code == 302, "the same button pressed twice"
    said = text_of(one.get(PAGE))
    assert re.search(r"To come.*Edition 2027.*1 January 2027", said)
    assert "Published, in force from 1 January 2027" in text_of(one.get(draft))
    with clock.held(clock.midnight(date(2027, 1, 1))), app.app_context():
        assert current().id == "2027"
        assert published(db.session())[0].grace_days == 60, "typed in Khmer digits"
    answer = post(one, f"{draft}/call-back", {"reason": "A law comes first."}, form=draft)
    assert answer.status_code == 302
    confirm = re.search(r"/en/admin/editions/proposals/\d+/confirm", other.get(draft).text)
    assert confirm
    assert post(other, confirm[0], form=draft).status_code == 302
    with app.app_context():
        assert published(db.session()) == []
    assert re.search(r"Drafts.*2027", text_of(one.get(PAGE)))


def test_it_is_compared_previewed_and_rehearsed(app: Flask, admins: tuple[FlaskClient, ...]) -> None:
    one = admins[0]
    draft = f"{PAGE}/drafts/{draft_of(app)}"
    said = text_of(one.get(f"{draft}/compare"))
    assert "Length of a review (working days) 30 20" in " ".join(said.split())
    assert "“Overall” needs at least 75" in said
    assert "Partly In part" in " ".join(said.split())
    khmer = " ".join(text_of(one.get(f"{draft.replace('/en/', '/km/')}/compare")).split())
    assert "រយៈពេលពិនិត្យ (ថ្ងៃធ្វើការ) ៣០ ២០" in khmer
    preview = f"{draft}/preview"
    assert "Choose at least one kind of company." in post(one, preview).text
    first = post(one, preview, {"kind": "isp", "evidence": "1"})
    assert "0 of " in text_of(first)
    assert "No level yet" in first.text
    best = post(one, preview, {"kind": "isp", "best": "1"})
    assert "Gold" in text_of(best)
    carried = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', best.text))
    assert carried
    wrong = post(one, preview, {"kind": "isp", "shown": "profile", "section": "governance", "prof_workers": "many"})
    assert wrong.status_code == 200
    assert post(one, f"{draft}/rehearse", form=draft).status_code == 302
    with app.app_context():
        assert rehearse() == 1
    assert "Changed since it was rehearsed" not in one.get(draft).text
    assert "These files were not rehearsed." not in one.get(draft).text
    with app.app_context():
        who = person("fourth@ministry.example", Role.ADMINISTRATOR).actor()
        with transaction() as session:
            row = edition_drafts.change(session, who, int(draft.rpartition("/")[2]), looked("2027"), 1)
        proposed(who, row, date(2027, 1, 1))
    assert "Changed since it was rehearsed" in one.get(draft).text
    assert "These files were not rehearsed." in one.get(draft).text
