"""Checking a certificate: by its number, its code, or the file itself. The answer is never kept by any cache."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length

from certificates import CertificateFacts, KeyringError, NumberError, Words, parse, parse_code
from compliance import clock
from compliance.actions.seal_roots import SealRoot, seal_roots
from compliance.actions.verifying import Checked, check_file
from compliance.bounded.runner import BusyError, Sender
from compliance.clock import today
from compliance.journeys.forms import PortalForm
from compliance.journeys.gate import settings
from compliance.journeys.incoming import takes_files
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as lazy
from compliance.journeys.page_cache import cached
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.rows import OFF
from compliance.store.awards import Award, Certificate, certificate_by_code, certificate_by_number, successor_of
from compliance.store.base import abandon, db

LARGEST_FILE = 5_000_000
"""Ours are under one; reading more would only serve whoever wants to keep the portal busy."""


TOO_LARGE = lazy("The file is larger than any certificate of ours. Choose the PDF or the .json file.")


class VerifyForm(PortalForm):
    """A number or code, or a file."""

    number = StringField(
        lazy("Certificate number or code"),
        description=lazy("For example COP-KH-2026-00042-17, or the 26 characters of the code under the QR code."),
        validators=[Length(max=200)],
    )
    file = FileField(
        lazy("Or the certificate itself"),
        description=lazy("The PDF, or the credential file that ends in .json. It is compared and not kept."),
    )


@public.route("/verify", methods=["GET", "POST"])
@takes_files("file", most_bytes=lambda: 2 * LARGEST_FILE)
def verify() -> str | tuple[str, int] | Response:
    form = VerifyForm() if request.method == "POST" else VerifyForm(request.args, meta={"csrf": False})
    if request.method == "GET" and not request.args.get("number", "").strip():
        return _page(VerifyForm())
    if request.method == "POST" and not form.validate_on_submit():
        return _page(form)
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return _answer_file(form, upload)
    return _answer_number(form, (form.number.data or "").strip())


def _page(form: VerifyForm, checked: Checked | None = None, **about: Any) -> str:
    """The form, above it the answer for a file."""
    sizes = {"largest": LARGEST_FILE, "too_large": TOO_LARGE}
    return render_template("public/verify.html", form=form, checked=checked, roots=_roots(), **sizes, **about)


def _roots() -> tuple[SealRoot, ...]:
    try:
        return seal_roots(settings())
    except KeyringError:
        return ()


def _answer_number(form: VerifyForm, text: str) -> str | Response:
    """On to the page of the number, or back to the form with what is wrong with it."""
    if not text:
        form.number.errors = [_("Enter the number, or choose the file.")]
        return _page(form)
    try:
        return redirect(url_for("public.verify_number", number=parse(text.rpartition("/verify/")[2])))
    except NumberError as error:
        wrong = error
    try:
        certificate = certificate_by_code(db.session(), parse_code(text))
    except NumberError:
        certificate = None
    if certificate is not None:
        flash(_("This code belongs to the certificate below."), "success")
        return redirect(url_for("public.verify_number", number=certificate.number))
    messages = {
        "check": _(
            "This number cannot be right: its last two digits do not fit. Compare it with the certificate once more."
        ),
        "form": _("This is neither a certificate number nor a code. A number looks like COP-KH-2026-00042-17."),
    }
    form.number.errors = [messages[wrong.reason]]
    return _page(form)


def _answer_file(form: VerifyForm, upload: FileStorage) -> str | tuple[str, int]:
    with upload.stream:
        data = upload.stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        form.file.errors = [str(TOO_LARGE)]
        return _page(form)
    try:
        abandon()
        checked = check_file(db.session(), settings(), data, Sender(request.remote_addr or "", known=False))
    except BusyError:
        form.file.errors = [_("Many files are being looked into now. Try again in a minute, or enter the number.")]
        return _page(form), 503
    except KeyringError:
        form.file.errors = [_("Files cannot be checked for the moment. Enter the number instead.")]
        return _page(form)
    certificate = certificate_by_number(db.session(), checked.number) if checked.number else None
    return _page(VerifyForm(formdata=None), checked, **(about_certificate(certificate) if certificate else {}))


@dataclass(frozen=True)
class Replaced:
    """A certificate that another one took the place of: since when, and whom it named."""

    number: str
    on: date
    named: str


def about_certificate(certificate: Certificate) -> dict[str, Any]:
    """What the answer says today of a certificate and its award."""
    session, day = db.session(), today()
    award = session.get_one(Award, certificate.award_id)
    standing = award.standing(day)
    return {
        "number": certificate.number,
        "replaced": _replaced(certificate),
        "award": award,
        "names": {"name_km": award.company.name_km, "name_en": award.company.name_latin, "level": award.level},
        "standing": standing,
        "in_force": standing not in OFF,
        "issued_as": "" if certificate.replaced_at else _issued_as(award, certificate),
        "acted": clock.day_of(award.acted_at),
        "successor": successor_of(session, award, day),
        "certificate_ready": certificate.pdf_sha256 is not None,
    }


def _replaced(certificate: Certificate) -> Replaced | None:
    if certificate.replaced_at is None:
        return None
    printed = CertificateFacts.from_json(certificate.facts).company
    return Replaced(certificate.number, clock.day_of(certificate.replaced_at), f"{printed.km} · {printed.en}")


def _issued_as(award: Award, certificate: Certificate) -> str:
    """The names on the certificate, when the company is called otherwise since."""
    printed = CertificateFacts.from_json(certificate.facts).company
    now = Words(award.company.name_km, award.company.name_latin)
    return "" if printed == now else f"{printed.km} · {printed.en}"


@public.get("/verify/<number>")
@cached
def verify_number(number: str) -> str | Response | tuple[str, int]:
    """What holds at this moment; no cache but ours, which asks the database each time, may keep the answer."""
    try:
        exact = parse(number)
    except NumberError as error:
        return render_template("public/verify_unknown.html", number=number[:60], reason=error.reason), 404
    if exact != number:
        return redirect(url_for("public.verify_number", number=exact))
    certificate = certificate_by_number(db.session(), exact)
    if certificate is None:
        return render_template("public/verify_unknown.html", number=exact, reason="unknown"), 404
    page = make_response(render_template("public/verify_number.html", **about_certificate(certificate)))
    page.headers["Cache-Control"] = "no-store"
    return page
