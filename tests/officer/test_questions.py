"""One question: nothing typed is lost, nobody overwrites anybody in silence, refusals stand beside the field."""

import io
from html import unescape

import pytest
import sqlalchemy as sa

from compliance.domain.roles import CompanyRole
from compliance.store.answers import AnswerRow, answer_rows
from compliance.store.assessments import AnswerRevision
from compliance.store.base import db, transaction
from tests import helpers
from tests.actions import samples
from tests.officer.conftest import Bench, send

POLICY, POLICY_ADDRESS, SCOPE = "/question/gov_policy", "/question/gov_policy_public", "/question/prof_scope"


def stored(bench: Bench, question: str) -> AnswerRow | None:
    with bench.app.app_context():
        return answer_rows(db.session(), bench.assessment).get(question)


def with_a_policy(bench: Bench) -> None:
    """Where the policy can be read and when it was last looked at is asked of companies that have one."""
    send(bench.client, bench.path(POLICY), gov_policy="yes")


def test_the_page_says_why_what_is_good_and_warns(bench: Bench) -> None:
    page = bench.client.get(bench.path("/question/csam_procedure")).text
    for words in (
        "Why it matters",
        "What good looks like",
        "Two pages on the wall",
        "Never upload abuse material",
        "Essential",
    ):
        assert words in page
    assert page.index("Never upload abuse material") < page.index('type="file"')


def test_why_this_company_is_asked(bench: Bench) -> None:
    with_a_policy(bench)
    page = bench.client.get(bench.path("/question/gov_policy_public")).text
    assert "Asked because of the answer" in page
    assert "Asked because" not in bench.client.get(bench.path(POLICY)).text
    blank = unescape(bench.client.get(f"/en/company/{bench.company}/questionnaire").text)
    assert "Asked if: “Child protection policy” is answered “Yes, fully” or “Partly”" in blank


def test_a_small_business_reads_the_lighter_evidence(bench: Bench) -> None:
    assert "A one-page policy signed by the owner" not in bench.client.get(bench.path(POLICY)).text
    details = {
        "kinds": ["isp"],
        "workers": "3",
        "places": "1",
        "province": "kep",
        "name_km": "តូច",
        "name_latin": "Small",
    }
    send(bench.client, f"/en/company/{bench.company}/details", registration_number="123", **details)
    assert "A one-page policy signed by the owner" in bench.client.get(bench.path(POLICY)).text


def test_save_and_continue_leads_on_and_keeps_history(bench: Bench) -> None:
    first = send(bench.client, bench.path(POLICY), gov_policy="partial", act="continue")
    assert first.headers["Location"].endswith("/question/gov_policy_public")
    send(bench.client, bench.path(POLICY), gov_policy="yes", act="leave")
    page = bench.client.get(bench.path(POLICY)).text
    assert "History of this answer (2)" in page
    assert "Sok Dara" in page
    row = stored(bench, "gov_policy")
    assert row is not None
    assert (row.value, row.version) == ("yes", 2)


def test_the_same_answer_again_makes_no_history(bench: Bench) -> None:
    for _ in range(3):
        send(bench.client, bench.path(POLICY), gov_policy="yes", act="stay")
    with bench.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AnswerRevision)) == 1


@pytest.mark.parametrize(
    ("address", "data", "error", "kept"),
    [
        (POLICY_ADDRESS, {"gov_policy_public": "not an address"}, "web address", 'value="not an address"'),
        (POLICY, {"gov_policy": "maybe"}, "Choose one of the answers", ""),
        (SCOPE, {"prof_scope": "ខ្លី"}, "Write at least", "ខ្លី"),
        (
            "/question/gov_policy_review_date",
            {"gov_policy_review_date": ["31", "2", "2026"]},
            "real date",
            'value="31"',
        ),
        (
            "/question/gov_policy_review_date",
            {"gov_policy_review_date": ["1", "2", "2199"]},
            "later than today",
            "2199",
        ),
        (
            POLICY_ADDRESS,
            {"gov_policy_public__not_applicable": "y", "gov_policy_public__justification": "no"},
            "Explain in at least",
            ">\nno<",
        ),
        (POLICY, {"gov_policy": "yes", "gov_policy__comment": "x" * 4001}, "too long", "x" * 4001),
    ],
)
def test_a_failed_validation_keeps_what_was_typed(
    bench: Bench, address: str, data: dict[str, object], error: str, kept: str
) -> None:
    if address != POLICY:
        with_a_policy(bench)
    reply = send(bench.client, bench.path(address), act="continue", **data)
    assert reply.status_code == 422
    assert error in reply.text
    assert "There is a problem" in reply.text
    assert kept in reply.text.replace("\r", "")
    assert stored(bench, address.rsplit("/", 1)[1]) is None


def test_khmer_errors_on_khmer_pages(bench: Bench) -> None:
    with_a_policy(bench)
    reply = send(bench.client, bench.path(POLICY_ADDRESS, "km"), gov_policy_public="x y")
    assert "សូមបញ្ចូលអាសយដ្ឋានគេហទំព័រពេញលេញ" in reply.text


def test_lines_and_invisible_characters_count_as_they_do_in_the_browser(bench: Bench) -> None:
    """Browsers send two characters for a new line; Khmer keyboards put spaces that nobody sees between words."""
    for most in ("x\r\n" * 2000, "ក\u200b" * 4000, "e\u0301" * 4000, "x" * 3999 + "😀", " " * 9000 + "x"):
        assert send(bench.client, bench.path(POLICY), gov_policy="yes", gov_policy__comment=most).status_code == 302
    for more, count in (
        ("x\r\ny\r\n" * 1000 + "z", "4001"),
        ("x" * 4000 + "😀", "4001"),
        ("\u200bx" + "\u200b" * 9000, "4501"),
    ):
        refused = send(bench.client, bench.path(POLICY), gov_policy="yes", gov_policy__comment=more)
        assert refused.status_code == 422
        assert f"it has {count} characters. Write at most 4000." in refused.text
    khmer = send(bench.client, bench.path(POLICY, "km"), gov_policy="yes", gov_policy__comment="ក" * 4012)
    assert "អត្ថបទវែងពេក៖ មាន ៤០១២ តួអក្សរ" in khmer.text


def test_what_was_typed_comes_back_when_the_answers_closed_meanwhile(bench: Bench) -> None:
    page = bench.client.get(bench.path(POLICY))
    with bench.app.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE assessments SET state = 'submitted'"))
    data = {"csrf_token": helpers.token(page), "version": "0", "gov_policy__comment": "we have begun in May"}
    closed = bench.client.post(bench.path(POLICY), data=data, headers={"Origin": "http://localhost"})
    assert closed.status_code == 409
    assert "we have begun in May" in closed.text


@pytest.mark.both_databases
def test_two_colleagues_both_texts_are_shown_and_the_person_chooses(bench: Bench) -> None:
    other = bench.colleague(CompanyRole.EDITOR)
    mine = bench.client.get(bench.path(POLICY))
    send(other, bench.path(POLICY), gov_policy="no", gov_policy__comment="not yet")
    data = {"csrf_token": helpers.token(mine), "version": "0", "gov_policy": "yes", "gov_policy__comment": "since May"}
    met = bench.client.post(bench.path(POLICY), data=data)
    assert met.status_code == 409
    assert "not yet" in met.text
    assert "since May" in met.text
    again = {**data, "csrf_token": helpers.token(met), "version": "1", "met": "1"}
    unchosen = bench.client.post(bench.path(POLICY), data=again)
    assert unchosen.status_code == 409
    assert "Choose which of the two texts stays" in unchosen.text
    assert bench.client.post(bench.path(POLICY), data={**again, "keep": "theirs"}).status_code == 302
    assert stored(bench, "gov_policy")[1] == "no"
    assert bench.client.post(bench.path(POLICY), data={**again, "keep": "mine"}).status_code == 302
    row = stored(bench, "gov_policy")
    assert (row.value, row.comment, row.version) == ("yes", "since May", 2)


def test_autosave_tells_the_new_version(bench: Bench) -> None:
    page = bench.client.get(bench.path(POLICY))
    data = {"csrf_token": helpers.token(page), "version": "0", "gov_policy": "partial"}
    first = bench.client.post(bench.path(f"{POLICY}/autosave"), data=data)
    assert first.json == {"saved": "Saved at 10:00", "version": "1"}
    assert bench.client.post(bench.path(f"{POLICY}/autosave"), data={**data, "gov_policy": "no"}).status_code == 409
    assert stored(bench, "gov_policy").value == "partial"
    wrong = bench.client.post(bench.path(f"{POLICY}/autosave"), data={**data, "version": "1", "gov_policy": "x"})
    assert wrong.status_code == 422
    assert "gov_policy" in wrong.json["errors"]
    assert bench.client.post(bench.path(f"{POLICY}/autosave"), data={"version": "1"}).status_code == 400


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 30, "1e9", "៣"])
def test_a_strange_version_never_overwrites(bench: Bench, version: str) -> None:
    send(bench.client, bench.path(POLICY), gov_policy="yes")
    assert send(bench.client, bench.path(POLICY), gov_policy="no", version=version).status_code == 409
    assert stored(bench, "gov_policy").value == "yes"


def test_files_are_taken_even_when_the_answer_is_wrong(bench: Bench) -> None:
    with_a_policy(bench)
    reply = send(
        bench.client,
        bench.path(POLICY_ADDRESS),
        gov_policy_public="nothing",
        file=[(io.BytesIO(samples.pdf()), "គោលនយោបាយ.pdf"), (io.BytesIO(b"MZ not a document"), "tool.exe")],
    )
    assert reply.status_code == 422
    assert "គោលនយោបាយ.pdf" in reply.text
    assert "tool.exe: This kind of file is not accepted" in reply.text
    assert 'value="nothing"' in reply.text


@pytest.mark.both_databases
def test_a_file_is_used_twice_removed_and_downloaded(bench: Bench) -> None:
    send(bench.client, bench.path(POLICY), gov_policy="yes", file=(io.BytesIO(samples.pdf()), "policy.pdf"))
    send(bench.client, bench.path("/question/csam_procedure"), csam_procedure="yes", known_file="1")
    page = bench.client.get(f"/en/company/{bench.company}/evidence").text
    assert "Child protection policy" in page
    assert "Procedure for abuse material" in page
    assert send(bench.client, bench.path(POLICY), gov_policy="yes", remove="1").status_code == 302
    assert "Child protection policy" not in bench.client.get(f"/en/company/{bench.company}/evidence").text
    with bench.client.get("/en/company/file/1") as sent:
        assert sent.data.startswith(b"%PDF")
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert bench.stranger().get("/en/company/file/1").status_code == 404


def test_a_file_question_is_answered_by_its_file(bench: Bench) -> None:
    pledge = "/question/gov_pledge"
    send(bench.client, bench.path(pledge), act="stay")
    assert stored(bench, "gov_pledge") is None or stored(bench, "gov_pledge").value is None
    send(bench.client, bench.path(pledge), file=(io.BytesIO(samples.pdf()), "pledge.pdf"))
    assert stored(bench, "gov_pledge").value == "given"
    send(bench.client, bench.path(pledge), remove="1")
    assert stored(bench, "gov_pledge").value is None


@pytest.mark.both_databases
def test_one_save_needs_few_statements(bench: Bench) -> None:
    page = bench.client.get(bench.path(POLICY))
    data = {"csrf_token": helpers.token(page), "version": "0", "gov_policy": "partial"}
    seen: list[str] = []
    with bench.app.app_context():
        engine = db.engine
    listen = lambda *args: seen.append(args[2])  # noqa: E731
    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        assert bench.client.post(bench.path(f"{POLICY}/autosave"), data=data).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)
    assert sum("answers" in statement for statement in seen) <= 4, seen
    assert len(seen) <= 9, seen
