"""Evidence of an answer: links, the days of documents, one piece for several answers, newer in place of older."""

import io
import re
import socket
from datetime import timedelta
from functools import cache

import pikepdf
import pytest
from werkzeug.test import TestResponse

from compliance import clock
from compliance.domain.roles import CompanyRole
from compliance.store.base import db
from compliance.store.evidence_files import EvidenceFile, evidence_for
from tests.actions import samples
from tests.officer.conftest import Bench, send

TERMS = "/question/csam_terms"  # takes documents, pictures and links, and is in force
MINUTES = "/question/gov_leadership_review"  # documents, proof of practice
DAY = ["3", "2", "2026"]


@cache
def document(name: str) -> bytes:
    """The same bytes for the same name, others for another."""
    return samples.pdf(Lang=pikepdf.String(name))


def give(bench: Bench, question: str, name: str = "minutes.pdf", **more: object) -> TestResponse:
    return send(bench.client, bench.path(question), act="stay", file=(io.BytesIO(document(name)), name), **more)


def given(bench: Bench) -> dict[str, list[EvidenceFile]]:
    with bench.app.app_context():
        return evidence_for(db.session(), bench.assessment)


def piece_page(bench: Bench, number: int) -> str:
    return bench.path(f"/evidence/{number}")


def today() -> list[int]:
    day = clock.today()
    return [day.day, day.month, day.year]


def test_a_link_is_evidence_and_nobody_fetches_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *name, **_more: asked.append(name))
    address = "http://www.example.com.kh/rules?a=1"
    typed = {"link_title": "House <rules>", "link_address": address, "link_seen": today()}
    assert send(bench.client, bench.path(TERMS), csam_terms="yes", act="stay", **typed).status_code == 302
    page = bench.client.get(bench.path(TERMS)).text
    bench.client.get(bench.path("/score"))
    assert not asked
    assert f'href="{address}" rel="noopener noreferrer nofollow external">House &lt;rules&gt;</a>' in page
    assert f'cp-address">{address}</span>' in page, "the address is written out"
    (piece,) = given(bench)["csam_terms"]
    assert (piece.address, piece.seen_on, piece.size, len(piece.sha256)) == (address, clock.today(), 0, 64)
    assert "no evidence for this answer" not in bench.client.get(bench.path("/check")).text.lower()


@pytest.mark.parametrize(
    ("title", "address", "seen", "said"),
    [
        ("Rules", "javascript:alert(1)", "today", "Enter a full web address"),
        ("Rules", "ftp://example.com/rules", "today", "Enter a full web address"),
        ("Rules", "https://user:secret@example.com/", "today", "Enter a full web address"),
        ("", "https://example.com/rules", "today", "Say in a few words"),
        ("R" * 121, "https://example.com/rules", "today", "at most 120 characters"),
        ("Rules", "https://example.com/rules", ["31", "2", "2026"], "Not a valid date"),
        ("Rules", "https://example.com/rules", ["", "", ""], "Enter the day on which you saw"),
        ("Rules", "https://example.com/rules", ["1", "1", "2999"], "This day has not come yet"),
    ],
)
def test_a_link_with_a_fault_is_told_beside_its_field_and_kept_as_typed(
    bench: Bench, title: str, address: str, seen: object, said: str
) -> None:
    typed = {"link_title": title, "link_address": address, "link_seen": today() if seen == "today" else seen}
    page = send(bench.client, bench.path(TERMS), csam_terms="yes", csam_terms__comment="kept words", **typed)
    assert page.status_code == 422
    assert said in page.text
    assert "kept words" in page.text
    assert address in page.text
    assert "csam_terms" not in given(bench)


def test_the_edition_says_which_kinds_a_question_takes(bench: Bench) -> None:
    typed = {"link_title": "Minutes", "link_address": "https://example.com/m", "link_seen": today()}
    refused = send(bench.client, bench.path(MINUTES), gov_leadership_review="yearly", **typed)
    assert "Links are not accepted for this question" in refused.text
    assert 'name="link_title"' not in bench.client.get(bench.path(MINUTES)).text
    send(bench.client, bench.path(TERMS), csam_terms="yes", act="stay", **typed)
    (link,) = given(bench)["csam_terms"]
    again = send(bench.client, bench.path(MINUTES), gov_leadership_review="yearly", known_file=link.id)
    assert "Links are not accepted for this question" in again.text


def test_a_day_is_kept_with_the_file_and_a_wrong_one_loses_no_file(bench: Bench) -> None:
    assert give(bench, MINUTES, dated=DAY, gov_leadership_review="yearly").status_code == 302
    assert "dated 3 February 2026" in bench.client.get(bench.path(MINUTES)).text
    for wrong, said in ((["31", "2", "2026"], "Not a valid date"), (["1", "1", "2999"], "This day has not come yet")):
        page = give(bench, MINUTES, "second.pdf", dated=wrong, gov_leadership_review="yearly")
        assert page.status_code == 422
        assert said in page.text
        assert f'value="{wrong[0]}"' in page.text
        assert "second.pdf" in page.text, "the file was taken; only its day waits"
        waiting = re.search(r'name="undated"[^>]*value="([\d,]+)"', page.text)[1]
        right = {"undated": waiting, "dated": ["4", "2", "2026"], "gov_leadership_review": "yearly", "act": "stay"}
        assert send(bench.client, bench.path(MINUTES), **right).status_code == 302
        assert [str(one.dated) for one in given(bench)["gov_leadership_review"]] == ["2026-02-03", "2026-02-04"]
    lost = send(bench.client, bench.path(MINUTES), dated=DAY, gov_leadership_review="never", act="stay")
    assert lost.status_code == 422
    assert "Choose the file that bears this day" in lost.text
    saved = bench.client.post(
        bench.path(f"{MINUTES}/autosave"),
        data={"gov_leadership_review": "yearly", "version": "9", "dated": ["3", "", ""], "csrf_token": ""},
    )
    assert saved.status_code != 422, "a day half typed holds up no answer"


def test_the_same_bytes_stand_once_at_an_answer_however_often_they_are_sent(bench: Bench) -> None:
    link = {"link_title": "Our rules", "link_address": "https://www.isp.example/rules", "link_seen": today()}
    for _click in range(2):
        assert give(bench, TERMS, csam_terms="yes").status_code == 302
        assert send(bench.client, bench.path(TERMS), csam_terms="yes", act="stay", **link).status_code == 302
    again = give(bench, TERMS, csam_terms="yes", dated=DAY)
    assert again.status_code == 302
    found = given(bench)["csam_terms"]
    assert [one.name for one in found] == ["minutes.pdf", "Our rules"]
    assert str(found[0].dated) == "2026-02-03", "chosen again with its day, it gets the day"


def test_what_has_ended_or_is_too_old_is_told_beside_it_and_on_the_check_page(bench: Bench) -> None:
    yesterday = clock.today() - timedelta(days=1)
    ended = [yesterday.day, yesterday.month, yesterday.year]
    give(bench, TERMS, "terms.pdf", csam_terms="yes", dated=["1", "1", "2020"], valid_until=ended)
    give(bench, MINUTES, gov_leadership_review="yearly", dated=["1", "1", "2020"])
    assert ">Expired<" in bench.client.get(bench.path(TERMS)).text
    assert ">Too old<" in bench.client.get(bench.path(MINUTES)).text
    check = bench.client.get(bench.path("/check")).text
    assert "The evidence “terms.pdf” has expired" in check
    assert "The evidence “minutes.pdf” is too old" in check
    number = given(bench)["csam_terms"][0].id
    send(bench.client, piece_page(bench, number), act="dates", dated=["1", "1", "2020"], valid_until=today())
    assert ">Expired<" not in bench.client.get(bench.path(TERMS)).text, "it holds on its last day"
    wrong = send(bench.client, piece_page(bench, number), act="dates", dated=today(), valid_until=["1", "1", "2020"])
    assert "A document does not end before it begins" in wrong.text
    undated = give(bench, MINUTES, "new.pdf", gov_leadership_review="yearly")
    assert undated.status_code == 302
    assert "Its date is missing" in bench.client.get(bench.path(MINUTES)).text


def test_one_piece_supports_several_answers_and_newer_takes_its_place_at_all_of_them(bench: Bench) -> None:
    give(bench, "/question/csam_procedure", "procedure.pdf", csam_procedure="yes")
    number = given(bench)["csam_procedure"][0].id
    page = piece_page(bench, number)
    several = ["csam_procedure", "csam_report_authority"]
    assert send(bench.client, page, act="answers", shown="csam_procedure", answers=several).status_code == 302
    assert send(bench.client, page, act="answers", shown=" ".join(several), answers=[]).status_code == 422
    again = {"file": (io.BytesIO(samples.pdf(Lang="km")), "procedure-2.pdf"), "act": "replace"}
    reply = send(bench.client, page, **again)
    assert reply.status_code == 302
    found = given(bench)
    newer = found["csam_procedure"][0]
    assert newer.name == found["csam_report_authority"][0].name == "procedure-2.pdf"
    assert newer.replaces_id == number
    assert "Took the place of: procedure.pdf" in bench.client.get(bench.path("/question/csam_procedure")).text
    old = bench.client.get(page).text
    assert "It supports no answer at the moment" in old, "the old one is kept"
    assert bench.client.get(f"/en/company/file/{number}", buffered=True).status_code == 200
    refused = send(bench.client, page, act="replace", file=(io.BytesIO(samples.pdf()), "late.pdf"))
    assert refused.status_code == 409
    assert len(given(bench)["csam_procedure"]) == 1
    assert "Replaced" in bench.client.get(f"/en/company/{bench.company}/evidence").text


def test_a_colleague_who_reads_and_a_stranger_change_nothing(bench: Bench) -> None:
    give(bench, MINUTES, gov_leadership_review="yearly")
    page = piece_page(bench, given(bench)["gov_leadership_review"][0].id)
    viewer, stranger = bench.colleague(CompanyRole.VIEWER), bench.stranger()
    assert 'name="act"' not in viewer.get(page).text
    assert viewer.get(page).status_code == 200
    assert stranger.get(page).status_code == 404
    for visitor, codes in ((viewer, {403}), (stranger, {404})):
        token = {"csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', visitor.get("/en/").text or "")}
        data = {"act": "dates", "dated": DAY, "csrf_token": token["csrf_token"][1] if token["csrf_token"] else ""}
        assert visitor.post(page, data=data).status_code in codes
    assert given(bench)["gov_leadership_review"][0].dated is None
