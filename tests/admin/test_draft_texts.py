"""Texts of a draft, side by side: what is typed is kept and nothing else changes, whoever else writes at the time."""

import json
import re
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import edition_drafts
from compliance.actions.draft_texts import told as told_of
from compliance.actions.edition_drafts import Looked
from compliance.bounded.runner import Sender
from compliance.domain.roles import Actor, Role
from compliance.inspection.edition_draft import look
from compliance.journeys.admin import draft_texts
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.edition_drafts import EditionDraft
from compliance.store.people import person_by_email
from questionnaires.catalogue import DIRECTORY
from questionnaires.folders import texts_in
from tests.drafting import confirmed, proposed
from tests.helpers import person, sign_in

PAGE = "/en/admin/editions/drafts/1/texts"
TERMS, NOTICE = f"{PAGE}/question-csam_terms", f"{PAGE}/document-notice"
DAY = date(2027, 6, 1)
FILE = "sections/csam.yaml"
SAME = "  - id: csam_terms\n    kind: yes_partial_no\n    title:\n"
Fields = dict[str, str]


@cache
def looked() -> Looked:
    """An edition in which one title has no Khmer of its own."""
    texts = texts_in(DIRECTORY / "2026")
    start = texts[FILE].index(SAME) + len(SAME)
    lines = texts[FILE][start:].split("\n", 2)
    texts[FILE] = f"{texts[FILE][:start]}      km: Ban in the terms of service\n{lines[1]}\n{lines[2]}"
    first = texts["edition.yaml"].replace("id: '2026'", "id: '2027'")
    several = "prose:\n  staff: &staff {km: បុគ្គលិក, en: staff}\n  men: *staff\n"
    texts["edition.yaml"] = first.replace("prose:\n", several)
    found = look(texts)
    return Looked(texts=texts, **{**found, "mistakes": tuple(found["mistakes"])})


@pytest.fixture
def draft(app: Flask, client: FlaskClient, moment: datetime) -> FlaskClient:
    """Signed in beside the draft."""
    with app.app_context():
        person("one@ministry.example", Role.ADMINISTRATOR)
        person("two@ministry.example", Role.ADMINISTRATOR)
        person("approver@ministry.example", Role.APPROVER)
        with transaction() as session:
            by = person_by_email(session, "one@ministry.example")
            assert by
            edition_drafts.upload(session, by.actor(), looked())
    sign_in(client, "one@ministry.example")
    return client


@pytest.fixture
def other(app: Flask, draft: FlaskClient) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "two@ministry.example")
    return client


def fields(page: str) -> Fields:
    """What a browser would send back of the page's form."""
    form = page[page.index('<form method="post" action="/en/admin/editions') :]
    found = {
        unescape(name): unescape(value).replace("\n", "\r\n")
        for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    }
    for tag in re.findall(r"<input[^>]+>", form):
        name, value = (re.search(rf' {key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and value and ('type="hidden"' in tag or " checked" in tag):
            found[unescape(name[1])] = unescape(value[1])
    return found


def shown(client: FlaskClient, page: str = TERMS) -> Fields:
    return fields(client.get(page).text)


def texts(app: Flask) -> dict[str, str]:
    with app.app_context():
        found = db.session.get(EditionDraft, 1)
        assert found
        return found.texts()


def trail(app: Flask) -> list[tuple[str, object]]:
    with app.app_context():
        rows = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject == "edition_draft"))
        told = [(row.tag, json.loads(row.content)) for row in rows]
        return [(tag, one.get("texts", one.get("to_check"))) for tag, one in told]


def test_what_is_typed_is_what_the_draft_says_and_nothing_else_changes(app: Flask, draft: FlaskClient) -> None:
    before, sent = texts(app), shown(draft)
    assert sent["text:title:km"] == "Ban in the terms of service"
    new = {
        "text:title:km": "ការហាមឃាត់៖ «#១»",
        "text:help:en": "One: two\r\n\r\n- 'three' # \U0001f33a ",
        "check:text": "y",
    }
    answer = draft.post(TERMS, data={**sent, **new})
    assert (answer.status_code, answer.location) == (302, TERMS)
    after = texts(app)
    assert [name for name in after if after[name] != before[name]] == [FILE]
    assert shown(draft)["text:title:km"] == "ការហាមឃាត់៖ «#១»"
    assert shown(draft)["text:help:en"] == "One: two\r\n\r\n- 'three' # \U0001f33a"
    assert {line for line in before[FILE].splitlines() if "#" in line} <= set(after[FILE].splitlines())
    page = draft.get(TERMS).text
    assert "In the edition in force" in page
    assert 'name="check:text" type="checkbox" value="y" checked' in page
    assert trail(app)[1:] == [
        ("admin:edition_draft:changed", ["question-csam_terms.help en", "question-csam_terms.title km"]),
        ("admin:edition_draft:marked", ["question-csam_terms.text"]),
    ]
    again = draft.post(TERMS, data=shown(draft))
    assert again.status_code == 302
    assert len(trail(app)) == 3, "a page that nobody changed saves nothing"
    assert texts(app) == after


def test_two_translators_at_once_lose_nothing(
    draft: FlaskClient, other: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = shown(draft), shown(other)
    looks: list[int] = []

    def late(texts: dict[str, str], sender: Sender) -> Looked:
        looks.append(1)
        if len(looks) == 1:
            sent = {**theirs, "text:title:km": "របស់ពួកគេ", "text:help:km": "ជំនួយរបស់ពួកគេ"}
            assert other.post(TERMS, data=sent).status_code == 302
        return edition_drafts.look_at(texts, sender)

    monkeypatch.setattr(draft_texts, "look_at", late)
    kept = draft.post(TERMS, data={**mine, "text:title:en": "My title", "text:example:km": "ឧទាហរណ៍របស់ខ្ញុំ"})
    assert kept.status_code == 302, "other texts, and the other language of the same text, do not meet"
    assert len(looks) == 3, "once for each save, and once more for what both changed: theirs came in the middle of mine"
    now = shown(draft)
    assert [now[f"text:{name}"] for name in ("title:km", "title:en", "example:km")] == [
        "របស់ពួកគេ",
        "My title",
        "ឧទាហរណ៍របស់ខ្ញុំ",
    ]
    met = draft.post(TERMS, data={**mine, "text:title:km": "របស់ខ្ញុំ", "text:text:en": "And this?"})
    assert met.status_code == 409
    assert "Somebody else saved this meanwhile" in met.text
    assert "របស់ពួកគេ" in met.text
    again = fields(met.text)
    assert (again["text:title:km"], again["text:text:en"]) == ("របស់ខ្ញុំ", "And this?")
    assert shown(draft)["text:title:km"] == "របស់ពួកគេ", "nothing was saved"
    assert draft.post(TERMS, data=again).status_code == 302, "who has seen both texts decides"
    now = shown(draft)
    assert (now["text:title:km"], now["text:text:en"]) == ("របស់ខ្ញុំ", "And this?")
    assert now["text:title:en"] == "My title"


def test_words_for_a_text_that_is_gone_come_back(app: Flask, draft: FlaskClient) -> None:
    sent = {**shown(draft), "text:gone:km": "ពាក្យដែលបាត់"}
    answer = draft.post(TERMS, data={**sent, "text:title:km": "ថ្មី"})
    assert answer.status_code == 409
    assert "ពាក្យដែលបាត់" in answer.text
    assert fields(answer.text)["text:title:km"] == "ថ្មី"
    assert draft.get(f"{PAGE}/question-none").status_code == 404
    assert draft.get("/en/admin/editions/drafts/2/texts").status_code == 404


def test_what_is_wrong_is_told_beside_its_box_and_stays(app: Flask, draft: FlaskClient) -> None:
    wrong = {
        TERMS: {
            "text:title:km": (" \u200b ", ""),
            "text:title:en": ("x" * 201, "Shorten this to 200 characters."),
            "text:help:km": ("{company} ហាម", "Take out {company}: nothing is filled in there."),
            "text:help:en": ("x" * 400_000, "Shorten this to 4000 characters."),
        },
        NOTICE: {},
        f"{PAGE}/rules": {
            "text:consistency_checks.features_match_kind.message:en": (
                "Choose one of {features}, {kinds}", "Write {kind} too: the portal fills it in."
            ),
            "text:consistency_checks.features_match_kind.message:km": (
                "{kind} {features} {", "A brace { or } stands alone."
            ),
        },
    }  # fmt: skip
    wrong[NOTICE] = {
        name: ("No name", "Write {company} too: the portal fills it in.")
        for name, text in shown(draft, NOTICE).items()
        if "{company}" in text
    }
    assert wrong[NOTICE]
    before = texts(app)
    for page, cases in wrong.items():
        answer = draft.post(page, data={**shown(draft, page), **{name: text for name, (text, _said) in cases.items()}})
        assert answer.status_code == 422, page
        again = fields(answer.text)
        for name, (text, said) in cases.items():
            assert again[name].strip("\r\n") == text, name
            assert said in unescape(answer.text), (name, said)
        assert answer.text.count("govuk-error-message") == len(cases), page
    assert texts(app) == before
    assert shown(draft)["text:title:en"] == "Ban in the terms of service"


def test_all_parts_are_listed_with_what_is_left_to_do(draft: FlaskClient) -> None:
    page = draft.get(PAGE).text
    for part in ("section-csam", "question-csam_terms", "document-policy", "edition", "award", "lifecycle", "rules"):
        assert f'href="{PAGE}/{part}"' in page, part
    assert counted(page, "same") == 1
    assert counted(page, "changed") == 3, "two texts are new, one is worded otherwise"
    draft.post(TERMS, data={**shown(draft), "check:help": "y"})
    page = draft.get(f"{PAGE}?show=check").text
    assert counted(page, "check") == 1
    assert page.count(f'href="{TERMS}#') == 1
    for word, found in (("ban in THE terms", True), ("នីតិវិធីចំពោះ csam", True), ("no such words", False)):
        assert ("No text was found." in draft.get(PAGE, query_string={"q": word}).text) is not found, word
    assert draft.get(PAGE, query_string={"q": "e", "page": "999"}).status_code == 200
    assert "អត្ថបទ" in draft.get(PAGE.replace("/en/", "/km/")).text


def test_texts_that_cannot_be_changed_here_are_shown_and_said_to_be(app: Flask, draft: FlaskClient) -> None:
    page = draft.get(f"{PAGE}/edition").text
    assert page.count("Written once and used in several places of edition.yaml") == 2
    assert 'name="text:prose.staff:km"' not in page
    before = texts(app)
    tried = {**fields(page), "text:prose.staff:km": "x", "seen:prose.staff:km": "x"}
    assert draft.post(f"{PAGE}/edition", data=tried).status_code == 302
    assert texts(app) == before
    with app.app_context(), transaction() as session:
        by = person_by_email(session, "one@ministry.example")
        assert by
        broken = replace(looked(), texts={**looked().texts, "rules.yaml": "a: ["})
        edition_drafts.upload(session, by.actor(), broken)
    listed = draft.get(PAGE.replace("/1/", "/2/")).text
    assert "their texts are not here: rules.yaml" in listed
    assert "/question-csam_terms" in listed
    assert draft.get(f"{PAGE.replace('/1/', '/2/')}/rules").status_code == 404


def counted(page: str, state: str) -> int:
    found = re.search(rf'show={state}"[^>]*>[^<]*<span class="n">([0-9]+)', page)
    assert found
    return int(found[1])


def test_what_was_proposed_is_void_and_what_was_published_is_not_touched(app: Flask, draft: FlaskClient) -> None:
    preview = fields(draft.get(TERMS).text)
    seen = draft.post("/en/admin/editions/drafts/1/preview", data=preview)
    assert 'id="q-csam_terms"' in seen.text, "the question as a company will see it"
    told = "Saving another text makes the proposal void."
    mended = {**shown(draft), "text:title:km": "ការហាមឃាត់"}
    assert draft.post(TERMS, data=mended).status_code == 302
    with app.app_context():
        one, two = (actor(name) for name in ("one", "two"))
        proposed(one, db.session.get_one(EditionDraft, 1), DAY)
    assert told in draft.get(TERMS).text
    assert told in draft.get(PAGE).text
    assert draft.post(TERMS, data={**shown(draft), "text:title:km": "ចំណងជើងថ្មី"}).status_code == 302
    assert told not in draft.get(TERMS).text
    with app.app_context():
        confirmed(two, proposed(one, db.session.get_one(EditionDraft, 1), DAY))
    assert [draft.get(page).status_code for page in (PAGE, TERMS)] == [409, 409]
    here = {"Referer": f"http://localhost{TERMS}"}
    late = draft.post(TERMS, data={**preview, "text:title:km": "យឺតពេល"}, headers=here)
    assert late.status_code == 409
    assert "យឺតពេល" in late.text, "the words come back"
    with app.app_context(), clock.held(clock.midnight(DAY)):
        with transaction() as session:
            edition_drafts.upload(session, two, looked())
        found = told_of(db.session(), looked().texts, ())
    title = next(one for one in found if one.passage.id == "question-csam_terms.title")
    assert title.before is not None
    assert title.before.words["km"] == "ចំណងជើងថ្មី", "the edition in force is the one that was published here"
    assert sum("changed" in one.states for one in found) == 1


def actor(name: str) -> Actor:
    found = person_by_email(db.session(), f"{name}@ministry.example")
    assert found
    return found.actor()


def test_only_administrators_read_and_write_texts(app: Flask, draft: FlaskClient) -> None:
    stranger = app.test_client()
    sign_in(stranger, "approver@ministry.example")
    for page in (PAGE, TERMS):
        assert stranger.get(page).status_code == 403
    assert stranger.post(TERMS, data={"text:title:km": "x"}).status_code in {400, 403}
