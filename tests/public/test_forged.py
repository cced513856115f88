"""What a forger makes of a certificate and its credential is told for what it is; what an old key closed holds."""

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certificates import signing
from certificates.demonstration import make_keyring
from certificates.keyring import Keyring
from compliance import clock
from compliance.clock import now, today
from compliance.settings import Settings
from tests.public.certified import PLAIN_PDF, Issued, certify, check

GENUINE = "This file is genuine"
Forge = Callable[[bytes, Keyring], bytes]


def rewritten(pdf: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """As an editor saves it."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(output)
    return output.getvalue()


def _page_more(pdf: bytes, _stranger: Keyring) -> bytes:
    return rewritten(pdf, lambda document: document.add_blank_page())


def _page_appended(pdf: bytes, _stranger: Keyring) -> bytes:
    update, output = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    page = update.root["/Pages"]["/Kids"][0].get_object()
    update.insert_page(generic.DictionaryObject({key: page.raw_get(key) for key in page if key != "/Parent"}))  # type: ignore[no-untyped-call]
    update.write(output)
    return output.getvalue()


def _other_credential(pdf: bytes, _stranger: Keyring) -> bytes:
    def put(document: pikepdf.Pdf) -> None:
        document.attachments["credential.json"] = b'{"credentialSubject": {"name": "Somebody else"}}'

    return rewritten(pdf, put)


def _signed_anew(pdf: bytes, stranger: Keyring) -> bytes:
    """Our seal cut out, a stranger's in its place."""
    return signing.sign(rewritten(pdf, _without_seal), stranger, now())


def _without_seal(document: pikepdf.Pdf) -> None:
    del document.Root.AcroForm, document.Root.Perms, document.pages[0].Annots


def _two_in_one(pdf: bytes, stranger: Keyring) -> bytes:
    return signing.sign(PLAIN_PDF, stranger, now()) + pdf


FORGERIES: dict[str, Forge] = {
    "a page more": _page_more,
    "a page appended": _page_appended,
    "another's credential": _other_credential,
    "one behind the other": _two_in_one,
}


@pytest.fixture
def issued(app: Flask, numbers: dict[str, str]) -> Issued:
    return certify(app, numbers["fast-turtle-fibre"])


def test_no_forgery_is_genuine(client: FlaskClient, issued: Issued, strangers: Keyring) -> None:
    for name, forge in FORGERIES.items():
        page = check(client, forge(issued.pdf, strangers))
        assert GENUINE not in page, name
        assert ">Changed<" in page, name
    page = check(client, _signed_anew(issued.pdf, strangers))
    assert GENUINE not in page
    assert ">Changed<" not in page, "nothing of ours is left in it"
    claim = json.loads(issued.credential)
    claim["credentialSubject"]["name"] = "Somebody else"
    assert GENUINE not in check(client, json.dumps(claim).encode(), "c.json")


@pytest.fixture
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return make_keyring(tmp_path_factory.mktemp("stranger"), today=today())


def test_new_keys_and_time_leave_old_files_genuine(client: FlaskClient, issued: Issued, settings: Settings) -> None:
    later = now() + timedelta(days=200)
    make_keyring(settings.keys_dir, today=later.date())
    for data, name in ((issued.pdf, "c.pdf"), (issued.credential, "c.json")):
        assert GENUINE in check(client, data, name), name
    with clock.held(now() + timedelta(days=12 * 365)):
        for data, name in ((issued.pdf, "c.pdf"), (issued.credential, "c.json")):
            page = check(client, data, name)
            assert GENUINE in page, name
            assert "valid today" not in page, "the file is ours, its award long over"
            assert "is-off" in page, name
