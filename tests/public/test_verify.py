"""Checking a certificate: numbers however typed, codes, and the files themselves."""

import io
import random
import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa
from asn1crypto import pem, x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask
from flask.testing import FlaskClient
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certificates import credential as credentials
from certificates import mint
from certificates.demonstration import make_keyring
from compliance.clock import now, today
from compliance.journeys.gate import settings as chosen
from compliance.settings import Settings
from compliance.store.awards import Award
from compliance.store.base import transaction
from compliance.store.keys import keyring
from tests import examples
from tests.certificates.lists import read_status_list
from tests.public.certified import PLAIN_PDF, Issued, certify, check

SLUG = "fast-turtle-fibre"


@pytest.fixture
def issued(app: Flask, numbers: dict[str, str]) -> Issued:
    return certify(app, numbers[SLUG])


def test_a_number_is_found_however_it_is_typed(client: FlaskClient, numbers: dict[str, str]) -> None:
    number = numbers[SLUG]
    for typed in (
        number,
        number.lower(),
        number.replace("-", " "),
        number.translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")),
    ):
        response = client.get("/en/verify", query_string={"number": typed})
        assert response.location == f"/en/verify/{number}", typed
    assert client.get(f"/km/verify/{number.lower()}").location == f"/km/verify/{number}"
    page = client.get(f"/en/verify/{number}")
    assert "valid today" in page.text
    assert page.headers["Cache-Control"] in {"no-cache", "no-store"}


def test_a_wrong_number_is_told_what_is_wrong(client: FlaskClient, numbers: dict[str, str]) -> None:
    number = numbers[SLUG]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "do not fit" in client.get("/en/verify", query_string={"number": wrong}).text
    assert "neither a certificate number nor a code" in client.get("/en/verify?number=hello").text
    assert client.get(f"/en/verify/{wrong}").status_code == 404
    assert "never issued" in client.get(f"/en/verify/{mint(2019, 1)}").text
    for odd in ("x" * 5000, "\u202e", "<b>", "%00", "' OR 1=1 --"):
        assert client.get(f"/en/verify/{odd}").status_code in {404, 308}
        assert client.get("/en/verify", query_string={"number": odd}).status_code == 200


def test_a_code_leads_to_its_certificate_and_a_guess_to_none(client: FlaskClient, issued: Issued) -> None:
    found = client.get("/en/verify", query_string={"number": issued.code.lower()})
    assert found.location == f"/en/verify/{issued.number}"
    assert client.get("/en/verify", query_string={"number": "0" * 26}).status_code == 200


@pytest.mark.both_databases
def test_the_genuine_file_is_genuine(client: FlaskClient, issued: Issued) -> None:
    marked = b"\xef\xbb\xbf" + issued.credential  # as some editors save it
    for data, name in ((issued.pdf, "x.pdf"), (issued.credential, "x.json"), (marked, "x.json")):
        page = check(client, data, name)
        assert "This file is genuine" in page
        assert issued.number in page


@pytest.mark.night
def test_a_changed_file_never_is(client: FlaskClient, issued: Issued) -> None:
    chance = random.Random(7)
    for data, name in ((issued.pdf, "x.pdf"), (issued.credential, "x.json")):
        for _ in range(500 if examples.at_night() else 20):
            at, other = chance.randrange(len(data)), bytes([chance.randrange(256)])
            changed = data[:at] + other + data[at + 1 :]
            if changed.strip() == data.strip():
                continue
            page = check(client, changed, name)
            if "This file is genuine" in page:  # a credential may be spelled anew: it must still say the same
                assert name == "x.json"
                assert changed.split() == data.split()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"{",
        b"{}",
        b'{"proof": {"verificationMethod": 1}}',
        b"[" * 100_000,
        b"\xff" * 9000,
        b'{"a":' * 50_000,
        PLAIN_PDF,
        b"%PDF /ByteRange [0 1 2 3]",
    ],
)
def test_other_files_are_not_ours(client: FlaskClient, issued: Issued, data: bytes) -> None:
    page = check(client, data)
    assert "This file is genuine" not in page


def test_a_file_too_large_to_be_ours_is_not_read(client: FlaskClient, issued: Issued) -> None:
    assert "larger than any certificate" in check(client, b"x" * 5_000_001)


def test_files_need_a_form_of_ours(client: FlaskClient, issued: Issued) -> None:
    sent = {"file": (io.BytesIO(issued.pdf), "c.pdf")}
    assert client.post("/en/verify", data=sent, content_type="multipart/form-data").status_code == 400


def test_without_keys_the_form_says_so(client: FlaskClient, numbers: dict[str, str], settings: Settings) -> None:
    shutil.rmtree(settings.keys_dir)
    assert "cannot be checked for the moment" in check(client, b"%PDF-1.7")


def test_files_are_given_out_as_they_were_sealed(client: FlaskClient, issued: Issued) -> None:
    pdf = client.get(f"/certificates/{issued.number}.pdf")
    assert (pdf.status_code, pdf.data, pdf.mimetype) == (200, issued.pdf, "application/pdf")
    assert pdf.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(f"/certificates/{issued.number}.pdf", headers={"If-None-Match": pdf.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    credential = client.get(f"/credentials/{issued.number}.json")
    assert credential.data == issued.credential
    assert client.get("/.well-known/did.json").json["id"].startswith("did:web:")
    assert "Certificate (PDF)" in client.get(f"/en/register/{SLUG}").text


def test_the_root_of_the_seal_is_published_and_is_the_one_that_seals(
    client: FlaskClient, issued: Issued, tmp_path: Path
) -> None:
    """Checked with another library, and the fingerprint with the command that the page names."""
    file = tmp_path / "award-seal.pem"
    file.write_bytes(client.get("/.well-known/award-seal.pem").data)
    command = ["openssl", "x509", "-in", file, "-noout", "-fingerprint", "-sha256"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().partition("=")[2]
    for lang in ("km", "en"):
        assert told in client.get(f"/{lang}/verify").text
    roots = [x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(file.read_bytes(), multiple=True)]
    stranger = x509.Certificate.load(
        make_keyring(tmp_path / "stranger", today=today()).seal.chain[0].public_bytes(Encoding.DER)
    )
    (seal,) = PdfFileReader(io.BytesIO(issued.pdf)).embedded_signatures
    for trusted, expected in ((roots, True), ([stranger], False)):
        context = ValidationContext(trust_roots=trusted, moment=now(), allow_fetching=False)
        assert validate_pdf_signature(seal, context).trusted is expected


def test_a_certificate_in_the_making_asks_for_patience(
    client: FlaskClient, numbers: dict[str, str], settings: Settings
) -> None:
    shutil.rmtree(settings.keys_dir)
    for address in (
        f"/certificates/{numbers[SLUG]}.pdf",
        f"/credentials/{numbers[SLUG]}.json",
        "/.well-known/did.json",
    ):
        response = client.get(address)
        assert response.status_code == 503
        assert response.headers["Retry-After"]


@pytest.mark.both_databases
def test_status_lists_name_who_is_revoked_and_who_suspended(
    app: Flask, client: FlaskClient, numbers: dict[str, str], issued: Issued
) -> None:
    with app.app_context(), transaction() as session:
        ids = {award.number: award.id for award in session.scalars(sa.select(Award))}
        keys, issuer = keyring(chosen()), credentials.Issuer(chosen().public_url)
    for purpose, slug in (("revocation", "red-lantern-apps"), ("suspension", "sleepy-buffalo-cloud")):
        signed = client.get(f"/credentials/status/{purpose}.json").data
        assert read_status_list(signed, purpose, keys, issuer) == {ids[numbers[slug]]}
