"""A certificate as the worker leaves it, and a file chosen on the page that checks it."""

import dataclasses
import io

import pikepdf
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from certificates import CertificateFacts
from certificates import credential as credentials
from certificates.signing import sign
from compliance.clock import now
from compliance.journeys.gate import settings as chosen
from compliance.store.awards import Award, holding_certificate
from compliance.store.base import transaction
from compliance.store.files import file_store
from tests.keys import lay_keys


def plain_pdf() -> bytes:
    """A page with nothing on it."""
    output = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(output, static_id=True)
    return output.getvalue()


PLAIN_PDF = plain_pdf()


@dataclasses.dataclass(frozen=True)
class Issued:
    number: str
    code: str
    pdf: bytes
    credential: bytes


def certify(app: Flask, number: str) -> Issued:
    """The certificate of an award: sealed, signed, stored."""
    with app.app_context(), transaction() as session:
        keys = lay_keys(chosen().keys_dir)
        award = session.scalars(sa.select(Award).where(Award.number == number)).one()
        certificate = holding_certificate(session, award.id)
        facts = CertificateFacts.from_json(certificate.facts)
        signed = credentials.issue(facts, keys, credentials.Issuer(chosen().public_url), certificate.id)
        pdf = sign(PLAIN_PDF, keys, now())
        certificate.pdf_sha256 = file_store(chosen()).put(pdf)
        certificate.credential = signed.decode()
        return Issued(award.number, award.code, pdf, signed)


def check(client: FlaskClient, data: bytes, name: str = "c.pdf", number: str = "") -> str:
    client.application.config["WTF_CSRF_ENABLED"] = False
    file = FileStorage(io.BytesIO(data), filename=name)
    body, _length, boundary = stream_encode_multipart({"number": number, "file": file}, use_tempfile=False)
    kind = f"multipart/form-data; boundary={boundary}"
    response = client.post("/en/verify", data=body.read(), content_type=kind)
    assert response.status_code == 200
    return response.text
