"""Certificate files, credentials, the keys that check them, and what a QR code leads to."""

import json
from io import BytesIO

import segno
from flask import abort, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from werkzeug.wrappers import Response as AnyResponse

from certificates import KeyringError, NumberError, parse
from compliance import clock
from compliance.actions import publishing
from compliance.actions.seal_roots import seal_roots
from compliance.journeys.api.blueprint import answer, api
from compliance.journeys.api.described import BYTES, described, ref
from compliance.journeys.api.fields import TEXT
from compliance.journeys.api.openapi import heads
from compliance.journeys.gate import settings
from compliance.journeys.language import preferred_language
from compliance.journeys.moved import address_asked
from compliance.store.audit_head_pages import lines_after, newest_line
from compliance.store.audit_heads import LATEST, folder
from compliance.store.awards import Certificate, certificate_by_number
from compliance.store.base import db
from compliance.store.certificate_places import revoked_places, suspended_places
from compliance.store.files import file_store
from compliance.store.register import change_number

RETRY_SECONDS = 20
HEADS_A_PAGE = 500
CREDENTIAL = "application/vc+ld+json"
SIGNED = {CREDENTIAL: ref("Anything")}
ANYTHING = {"application/json": ref("Anything")}


def _certificate(number: str) -> Certificate:
    """The certificate of a number; a page that says there is none otherwise."""
    try:
        certificate = certificate_by_number(db.session(), parse(number))
    except NumberError:
        certificate = None
    if certificate is None:
        abort(404)
    return certificate


def _not_made(certificate: Certificate) -> AnyResponse:
    """One that was replaced before it was made never will be: on to the page that says so."""
    if certificate.replaced_at is not None:
        return redirect(url_for("api.verify_any_language", number=certificate.number))
    return _being_made()


def _being_made() -> Response:
    response = make_response(render_template("public/being_made.html"), 503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


@api.get("/certificates/<number>.pdf")
@described("The certificate as it was sealed", {"application/pdf": BYTES}, takes=None, statuses=(302, 503))
def certificate_pdf(number: str) -> AnyResponse:
    """The file as it was sealed, also one that was replaced, or of an award that is suspended, revoked or over: it is a
    record of the day it was issued, copies of it are about, and only the portal says what holds today. The pages that
    lead here say so."""
    certificate = _certificate(number)
    if certificate.pdf_sha256 is None:
        return _not_made(certificate)
    data = file_store(settings()).get(certificate.pdf_sha256)
    name = f'inline; filename="{certificate.number}.pdf"'
    response = answer(data, "application/pdf", Content_Disposition=name, ETag=f'"{certificate.pdf_sha256}"')
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response.make_conditional(request)


@api.get("/credentials/<number>.json")
@described("The credential of a certificate, signed", SIGNED, takes=None, statuses=(302, 503))
def credential(number: str) -> AnyResponse:
    certificate = _certificate(number)
    if certificate.credential is None:
        return _not_made(certificate)
    return answer(certificate.credential, CREDENTIAL)


@api.get("/.well-known/did.json")
@described("The keys that sign credentials", {"application/did+json": ref("Anything")}, takes=None, statuses=(503,))
def did() -> Response:
    try:
        return answer(publishing.did_document(settings(), address_asked()), "application/did+json")
    except KeyringError:
        return _being_made()


@api.get("/.well-known/award-seal.pem")
@described("The roots of the seals on certificates", {"application/x-pem-file": TEXT}, takes=None, statuses=(503,))
def award_seal() -> Response:
    """For readers of PDF files; the page that checks certificates tells the fingerprints and how to use it."""
    try:
        roots = seal_roots(settings())
    except KeyringError:
        return _being_made()
    name = 'attachment; filename="award-seal.pem"'
    return answer("".join(root.pem for root in roots), "application/x-pem-file", Content_Disposition=name)


@api.get("/credentials/status/<any(revocation, suspension):purpose>.json")
@described("Which credentials hold no more, signed", SIGNED, takes=None, statuses=(503,))
def status_list(purpose: str) -> Response:
    """Signed anew when the register changes and every day, so that a revocation is in the next answer."""
    session, day = db.session(), clock.today()
    places = revoked_places(session, day) if purpose == "revocation" else suspended_places(session)
    try:
        signed = publishing.status_list(settings(), address_asked(), purpose, places, change_number(session))
    except KeyringError:
        return _being_made()
    return answer(signed, CREDENTIAL)


@api.get("/.well-known/audit-head.json")
@described("The newest signed head of the audit trail", ANYTHING, takes=None, statuses=(404, 503))
def audit_head() -> Response:
    """The signed head of the audit trail, for whoever wants to keep a copy and hold us to it."""
    line = newest_line(db.session(), folder(settings()))
    if line is None:
        abort(503 if (folder(settings()) / LATEST).exists() else 404)
    return answer(line, "application/json")


@api.get("/.well-known/audit-heads.json")
@described("Every signed head of the audit trail", ANYTHING, takes=None, lets_be=heads)
def audit_heads() -> Response:
    """Every published head, the oldest first; `after` names the last one that the reader has."""
    after = request.args.get("after", "")
    lines = lines_after(folder(settings()), after, HEADS_A_PAGE + 1)
    shown = lines[:HEADS_A_PAGE]
    more = shown[-1].name if len(lines) > HEADS_A_PAGE else None
    address = f"{settings().public_url}{url_for('api.audit_heads', after=more)}" if more else None
    listed = ",".join(line.text for line in shown)
    body = f'{{"heads":[{listed}],"next":{json.dumps(address)}}}'
    return answer(body, "application/json")


@api.get("/verify/<number>")
@described("The address in the code of a certificate", {}, takes=None, statuses=(302,))
def verify_any_language(number: str) -> AnyResponse:
    """The address in the QR code: on to the reader's language."""
    return redirect(url_for("public.verify_number", lang=preferred_language(), number=number))


@api.get("/verify/<number>/qr.svg")
@described("The code that leads to the check of a certificate", {"image/svg+xml": TEXT}, takes=None)
def qr(number: str) -> Response:
    """The code that leads to the check of a certificate; drawn for numbers that can exist."""
    try:
        exact = parse(number)
    except NumberError:
        abort(404)
    output = BytesIO()
    code = segno.make(f"{settings().public_url}/verify/{exact}", error="m", micro=False)
    code.save(output, kind="svg", scale=4, border=2, dark="#1E2042", light="#FFFDF8", xmldecl=False)
    return answer(output.getvalue(), "image/svg+xml", Cache_Control="public, max-age=86400")
