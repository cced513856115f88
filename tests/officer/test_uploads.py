"""Files sent with an answer: as large as the page says, busy moments, requests that are too large."""

import io
from collections import Counter

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from compliance.bounded import runner
from compliance.journeys.incoming import TEXT_BYTES
from compliance.journeys.officer.question import largest_evidence
from questionnaires import current
from tests.actions import samples
from tests.helpers import token
from tests.officer.conftest import Bench, send

POLICY = "/question/gov_policy"
MEGABYTE = 1_000_000


def padded_pdf(size: int) -> bytes:
    """A PDF of at least `size` bytes, as a scanner's padding makes it."""
    return samples.pdf() + b"\0" * size


def send_large(bench: Bench, files: list[bytes]) -> TestResponse:
    """An answer with files; the body is made here, for the client's own way leaves a temporary file open."""
    fields = {"gov_policy": "yes", "gov_policy__comment": "kept words", "csrf_token": token(bench.client.get("/en/"))}
    sent = [FileStorage(io.BytesIO(data), f"part{number}.pdf", "file") for number, data in enumerate(files)]
    boundary, body = encode_multipart(MultiDict([*fields.items(), *(("file", file) for file in sent)]))
    address, kind = bench.path(POLICY), f"multipart/form-data; boundary={boundary}"
    return bench.client.post(address, data=body, content_type=kind)


def test_two_large_files_at_once_are_taken(bench: Bench) -> None:
    reply = send_large(bench, [padded_pdf(7 * MEGABYTE), padded_pdf(6 * MEGABYTE)])
    assert reply.status_code == 302
    page = bench.client.get(bench.path(POLICY)).text
    assert "part0.pdf" in page
    assert "part1.pdf" in page


def test_as_many_files_as_an_answer_takes_fit_into_one_request(bench: Bench) -> None:
    rules = current().evidence
    assert largest_evidence() >= rules.max_files_per_question * rules.max_file_mb * MEGABYTE


def test_a_file_over_the_limit_is_named_beside_the_field_and_the_answer_stays(bench: Bench) -> None:
    reply = send_large(bench, [padded_pdf(10 * MEGABYTE)])
    assert reply.status_code == 422
    assert "part0.pdf: The file is larger than 10 MB." in reply.text
    assert "kept words" in reply.text


@pytest.mark.parametrize(("lang", "words"), [("en", "This file is too large"), ("km", "ឯកសារនេះធំពេក")])
def test_a_request_over_every_limit_gets_a_page_in_the_readers_language(bench: Bench, lang: str, words: str) -> None:
    address = bench.path(POLICY).replace("/en/", f"/{lang}/")
    length = str(largest_evidence() + TEXT_BYTES + 1)
    reply = bench.client.post(address, data=b"x", content_type="multipart/form-data; boundary=b",
                              environ_overrides={"CONTENT_LENGTH": length})  # fmt: skip
    assert reply.status_code == 413
    assert words in reply.text


def test_a_stranger_may_not_send_as_much(bench: Bench) -> None:
    stranger = bench.app.test_client()
    reply = stranger.post(bench.path(POLICY), data=b"x", content_type="multipart/form-data; boundary=b",
                          environ_overrides={"CONTENT_LENGTH": str(TEXT_BYTES + 1)})  # fmt: skip
    assert reply.status_code == 413


@pytest.mark.parametrize(("lang", "words"), [("en", "choose it again in a minute"), ("km", "ជ្រើសរើសវាម្តងទៀត")])
def test_when_too_many_files_are_looked_into_the_rest_is_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    monkeypatch.setattr(runner, "_held", Counter({"person 0": runner.RUNNING + runner.WAITING}))
    address = bench.path(POLICY).replace("/en/", f"/{lang}/")
    file = (io.BytesIO(samples.pdf()), "policy.pdf")
    reply = send(bench.client, address, gov_policy="yes", gov_policy__comment="kept words", file=file)
    assert reply.status_code == 503
    assert words in reply.text
    assert "kept words" in reply.text


def test_the_page_tells_the_browser_how_large_a_file_may_be(bench: Bench) -> None:
    page = bench.client.get(bench.path(POLICY)).text
    assert f'data-most="{10 * MEGABYTE}"' in page
    assert "larger than 10 MB" in page
    assert 'data-most="5000000"' in bench.client.get("/en/verify").text
