"""One answer on one page: what a ruling would do, what was said in the cycle before, and nothing typed is lost."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance import clock
from compliance.actions import answering, asking, noting, renewing, replacing, reviewing, uploading
from compliance.actions.inspecting import Inspected
from compliance.actions.judging import Judgement
from compliance.actions.under_review import UnderReview, under_review
from compliance.actions.uploading import NO_DATES
from compliance.actions.weighing import deciding
from compliance.cli.demonstration import acts
from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.journeys.reviewer.rewording import rewordings, word_changes
from compliance.settings import Settings
from compliance.store.answers import answer_rows
from compliance.store.assessments import latest_submission
from compliance.store.base import db, transaction
from compliance.store.belongings import LEFT, TAKEN
from compliance.store.evidence_files import EvidenceFile
from compliance.store.review_notes import internal_notes, to_ask
from compliance.store.reviews import Verdict, standing_rulings
from questionnaires import Reply, Text, current
from tests import helpers
from tests.actions.cases import CAFE, Case, case, person, reload, to_award

QUESTION = "gov_policy"
SECRET = "between us: looks copied"


def address(one: Case, question: str = QUESTION) -> str:
    return f"/en/review/{one.assessment_id}/answer/{question}"


def send(client: FlaskClient, one: Case, question: str = QUESTION, page: str = "", **data: object) -> TestResponse:
    """As the page shows its form, with what somebody chose and typed."""
    shown = page or client.get(address(one, question)).text
    hidden = dict(re.findall(r'<input id="(?:csrf_token|seen)" name="(csrf_token|seen)"[^>]*value="([^"]*)"', shown))
    return client.post(address(one, question), data={**hidden, **data})


def ruled(one: Case, question: str = QUESTION) -> Verdict | None:
    standing = standing_rulings(db.session(), one.assessment_id).get(question)
    db.session.rollback()
    return standing.verdict if standing else None


def read(one: Case) -> UnderReview:
    return under_review(db.session(), one.assessment)


def test_while_nothing_is_ruled_the_card_is_the_claimed_one(app: Flask, one: Case) -> None:
    with app.app_context():
        found = read(one)
        assert not found.rulings
        assert {name: node.value for name, node in found.so_far.nodes.items()} == {
            name: node.value for name, node in found.claimed.nodes.items()
        }


def test_what_is_ruled_counts_and_what_is_not_counts_as_claimed(app: Flask, one: Case) -> None:
    with app.app_context():
        before = read(one).so_far.nodes["governance"].value
        with transaction() as session:
            said = Judgement(Verdict.NOT_SUPPORTED, reason="not_found", note="No such policy.")
            reviewing.rule(session, reload(one.hands.reviewer), one.assessment_id, QUESTION, said)
        found = read(one)
        assert before is not None
        assert (found.so_far.nodes["governance"].value or 0) < before
        assert found.so_far.nodes["csam"].value == found.claimed.nodes["csam"].value
        assert found.so_far.levels["award"].reached is None


def test_each_verdict_says_what_it_would_do(client: FlaskClient, one: Case) -> None:
    page = client.get(address(one)).text
    effects = [
        " ".join(re.sub(r"<[^>]+>", " ", text).split())
        for text in re.findall(r'class="m-fx">(.*?)</label>', page, re.S)
    ]
    assert "no award: an essential" in effects[-2]
    assert re.search(r"part [\d.]+ → [\d.]+", effects[-2])
    assert not any("→" in text for text in effects[:1])
    assert re.search(r"<option[^>]*>Partly[^<]* · [\d.]+ → [\d.]+ · ", page)


def test_what_decides_the_level_comes_first(app: Flask, client: FlaskClient, one: Case) -> None:
    with app.app_context():
        hangs = deciding(read(one))
    listed = re.findall(
        rf"/review/{one.assessment_id}/answer/(\w+)", client.get(f"/en/review/{one.assessment_id}").text
    )
    order = list(dict.fromkeys(listed[1:]))
    assert set(order[: len(hangs)]) == hangs
    assert 0 < len(hangs) < len(order)


def test_one_press_confirms_and_accepts_and_twice_is_once(app: Flask, client: FlaskClient, one: Case) -> None:
    page = client.get(address(one)).text
    there = send(client, one, page=page, act="quick")
    assert there.status_code == 302
    assert QUESTION not in there.headers["Location"].partition("?")[0]
    assert send(client, one, page=page, act="quick").status_code == 302
    with app.app_context():
        standing = standing_rulings(db.session(), one.assessment_id)[QUESTION]
        assert (standing.verdict, standing.evidence_accepted) == (Verdict.CONFIRM, True)
        assert len(standing_rulings(db.session(), one.assessment_id)) == 1


def test_what_is_typed_for_another_ruling_is_neither_sent_nor_lost(app: Flask, client: FlaskClient, one: Case) -> None:
    typed = {"verdict": "not_supported", "reason": "not_found", "note": "Nothing of it is there."}
    answer = send(client, one, act="quick", **typed)
    assert answer.status_code == 422
    assert "Nothing of it is there." in answer.text
    with app.app_context():
        assert ruled(one) is None


SCOPE = "Only the café by the river, nothing else."
ADJUSTED: dict[str, tuple[list[str], object, list[str]]] = {
    "stat_staff_trained": (["៧៧"], "77", ["many"]),
    "prof_scope": ([SCOPE], SCOPE, ["x"]),
    "gov_policy_review_date": (["1", "6", "2025"], "2025-06-01", ["1", "", "2025"]),
    "ur_report_quality": (["in_khmer"], ["in_khmer"], ["nothing we know"]),
    QUESTION: (["partial"], "partial", [""]),
}


def test_every_kind_of_answer_can_be_adjusted(app: Flask, client: FlaskClient, one: Case) -> None:
    said = {"verdict": "adjust", "reason": "not_complete", "note": "As the paper says.", "evidence": "yes"}
    for question, (typed, stored, wrong) in ADJUSTED.items():
        refused = send(client, one, question, adjusted=wrong, **said)
        assert refused.status_code == 422, question
        assert "As the paper says." in refused.text, "what was typed is there"
        assert "govuk-error-message" in refused.text
        assert send(client, one, question, adjusted=typed, **said).status_code == 302, question
        with app.app_context():
            assert standing_rulings(db.session(), one.assessment_id)[question].adjusted == stored
        again = unescape(client.get(address(one, question)).text)
        assert all(
            re.search(rf'value="{text}"|>\s*{text}', again)
            for text in (typed if len(typed) > 1 else [typed[0] if isinstance(stored, list) else stored])
        )


def test_an_adjustment_to_the_claim_is_none(app: Flask, client: FlaskClient, one: Case) -> None:
    said = {"verdict": "adjust", "adjusted": "yes", "reason": "other", "note": "Hm.", "evidence": "yes"}
    assert "This is what the company claims" in send(client, one, **said).text
    with app.app_context():
        assert ruled(one) is None


def test_a_reply_meanwhile_and_another_window_are_not_ruled_unseen(app: Flask, client: FlaskClient, one: Case) -> None:
    old = client.get(address(one)).text
    assert send(client, one, act="quick").status_code == 302
    late = send(client, one, page=old, verdict="not_supported", reason="other", note="My long reasons.")
    assert late.status_code == 422
    assert "changed since you opened this page" in late.text
    assert "My long reasons." in late.text
    with app.app_context():
        assert ruled(one) is Verdict.CONFIRM


@pytest.mark.parametrize("what", ["asked", "handed on"])
def test_nothing_typed_is_lost_when_the_assessment_left_ones_hands(
    app: Flask, client: FlaskClient, one: Case, what: str
) -> None:
    page = client.get(address(one)).text
    with app.app_context():
        other = person("second.reviewer@ministry.example", Role.REVIEWER)
        with transaction() as session:
            if what == "asked":
                asking.ask(session, reload(one.hands.reviewer), one.assessment_id, {"gov_lead": "Who is it?"})
            else:
                reviewing.release(session, reload(one.hands.reviewer), one.assessment_id, one.assessment.version)
                reviewing.declare(session, other, one.assessment_id, has_tie=False)
                reviewing.claim(session, other, one.assessment_id, one.assessment.version)
    typed = {"verdict": "not_supported", "reason": "other", "note": "My long reasons.", "internal": SECRET}
    answer = send(client, one, page=page, **typed)
    assert answer.status_code == 409
    assert "My long reasons." in answer.text
    assert SECRET in answer.text
    with app.app_context():
        assert ruled(one) is None
        assert not internal_notes(db.session(), one.assessment_id, QUESTION), "all of it or nothing"


def test_a_question_waits_for_the_round_until_the_answer_is_ruled(app: Flask, client: FlaskClient, one: Case) -> None:
    there = send(client, one, verdict="ask", note="Who signed it?")
    assert "/answer/" in there.headers["Location"]
    with app.app_context():
        assert one.assessment.state is State.IN_REVIEW, "nothing is sent yet"
        assert to_ask(db.session(), one.assessment_id)[QUESTION].text == "Who signed it?"
    assert "Who signed it?" in client.get(address(one)).text
    assert "To be asked" in client.get(f"/en/review/{one.assessment_id}").text
    assert send(client, one, act="quick", verdict="ask", note="Who signed it? And when?").status_code == 422
    assert send(client, one, act="quick", verdict="ask", note="Who signed it?").status_code == 302
    with app.app_context():
        assert not to_ask(db.session(), one.assessment_id)


def test_an_internal_note_stays_in_the_ministry(app: Flask, client: FlaskClient, one: Case) -> None:
    """It is read by whoever reviews next, and by no page, archive, letter or mail of the company or the public."""
    kept = send(client, one, act="note", internal=SECRET, verdict="ask", note="half a question")
    assert "half a question" in kept.text, "keeping the note alone loses nothing"
    send(client, one, act="note", internal=SECRET)
    with app.app_context():
        assert [note.text for note in internal_notes(db.session(), one.assessment_id, QUESTION)] == [SECRET]
        acts.rule(one.hands, one.assessment_id, 0)
        acts.recommend(CAFE, one.hands, one.assessment_id, 0)
        acts.decide(one.hands, one.assessment_id, 0)
    assert SECRET in client.get(address(one)).text
    owner = app.test_client()
    helpers.sign_in(owner, "owner@cafe.example")
    base = f"/en/company/assessment/{one.assessment_id}"
    pages = [
        "/en/company/",
        base,
        f"{base}/decision",
        f"{base}/question/{QUESTION}",
        f"{base}/receipt",
        "/register.json",
    ]
    for page in (*pages, f"/en/company/{one.company_id}/history", f"{base}/answers"):
        assert SECRET not in owner.get(page, follow_redirects=True).text, page
    assert "review_notes" in LEFT
    assert "review_notes" not in TAKEN


def first_files(one: Case) -> dict[str, int]:
    """The first piece of each answer as the first cycle submitted it."""
    submission = latest_submission(db.session(), one.assessment_id)
    assert submission is not None
    return {name: pieces[0]["id"] for name, pieces in json.loads(submission.content)["evidence"].items() if pieces}


def second_cycle(one: Case) -> int:
    """In which one answer differs from the first cycle."""
    with transaction() as session:
        draft, owner = renewing.start(session, reload(one.hands.owner), one.company_id), reload(one.hands.owner)
        acts.answer_all(session, CAFE, one.hands, draft)
        version = answer_rows(session, draft.id)[QUESTION].version
        answering.save(session, owner, draft.id, QUESTION, Reply("partial", comment="No longer approved."), version)
        stored = uploading.keep(one.hands.files, Inspected("newer.pdf", "application/pdf", b"%PDF-1.7 newer"))
        replacing.replace(session, owner, draft.id, first_files(one)[QUESTION], stored, NO_DATES)
        number = draft.id
    acts.submit(one.hands, number, 0)
    acts.claim(one.hands, number, 0)
    return number


def test_a_renewal_shows_the_cycle_before(app: Flask, moment: datetime, settings: Settings) -> None:
    with app.app_context():
        with clock.held(datetime(2026, 12, 31, 17, 30, tzinfo=UTC)):
            one = case(settings, to_award)
        with clock.held(clock.now() + timedelta(days=600)):
            new = second_cycle(one)
    client = app.test_client()
    helpers.sign_in(client, "reviewer@ministry.example")
    changed = client.get(f"/en/review/{new}/answer/{QUESTION}").text
    kept = client.get(f"/en/review/{new}/answer/gov_lead").text
    for page in (changed, kept):
        assert "first assessment" not in page
        assert "Last cycle, 2027" in page, "the year of Phnom Penh"
        assert "Ruled: confirmed." in page
    assert "Answer changed" in changed
    assert "Answer unchanged" in kept
    with app.app_context():
        was = first_files(one)
        old = was[QUESTION]
        same = next(name for name, file in was.items() if file != old)
        digest = db.session.get_one(EvidenceFile, old).sha256
    assert "Evidence changed" in changed
    place, pages = f"/en/evidence/{new}/{old}", f"/en/evidence/{new}/{old}/page/1"
    assert f'src="{pages}.webp"' in changed
    page = client.get(f"/en/review/{new}/answer/{same}").text
    assert "Evidence unchanged" in page
    assert "The same as now" in page
    with client.get(place) as sent:
        assert sent.status_code == client.get(pages).status_code == client.get(f"{pages}.webp").status_code == 200
    stranger = app.test_client()
    helpers.sign_in(stranger, "approver@ministry.example")
    with app.app_context():
        assert stranger.get(place).status_code == 404, "who declared for the cycle before only reads that one"
        with transaction() as session:
            uploading.quarantine(session, reload(one.hands.reviewer), one.hands.files, digest, "")
    locked = client.get(f"/en/review/{new}/answer/{QUESTION}").text
    assert "Locked away" in locked
    assert place not in locked
    assert {client.get(path).status_code for path in (place, pages, f"{pages}.webp")} == {404}


WORDINGS = [
    ("Is there a policy that protects children?", "Is there a written policy that protects children?"),
    ("តើមានគោលនយោបាយការពារកុមារដែរឬទេ?", "តើមានគោលនយោបាយជាលាយលក្ខណ៍អក្សរការពារកុមារដែរឬទេ?"),
    ("", "all  new\nwords"),
    ("one two", "one two"),
]


def test_a_rewording_is_marked_word_by_word() -> None:
    for old, new in WORDINGS:
        was, now = word_changes(old, new)
        assert "".join(run.text for run in was) == old
        assert "".join(run.text for run in now) == new
        kept = [[run.text for run in runs if not run.moved] for runs in (was, now)]
        assert "".join(kept[0]).split() == "".join(kept[1]).split()
        assert not [run for run in was if run.moved], "nothing went"
        assert bool([run for run in now if run.moved]) == (old != new)
        came = "".join(run.text for run in now if run.moved)
        assert len(came) <= len(new) - len(old) + 1, "only what came is marked"


def test_texts_of_a_question_that_differ_are_told_in_the_language_in_which_they_do() -> None:
    new = current().question(QUESTION)
    asked = Text(km=new.text.km, en=new.text.en.replace("?", " today?"))
    found = rewordings(new.model_copy(update={"text": asked, "options": new.options[:-1]}), new, "km")
    assert [(one.part, one.lang) for one in found] == [
        ("the question itself", "en"),
        ("the answers to choose from", "km"),
    ]
    assert [run.text for run in found[0].was if run.moved] == ["today"]
    assert rewordings(new, new, "km") == []


def test_notes_are_read_by_the_next_reviewer(app: Flask, one: Case) -> None:
    with app.app_context():
        with transaction() as session:
            noting.note(session, reload(one.hands.reviewer), one.assessment_id, QUESTION, SECRET)
        other = person("second.reviewer@ministry.example", Role.REVIEWER)
        with transaction() as session:
            reviewing.declare(session, other, one.assessment_id, has_tie=False)
    client = app.test_client()
    helpers.sign_in(client, "second.reviewer@ministry.example")
    assert SECRET in client.get(address(one)).text
