"""The ministry's logo and seal: proposed with a preview of the certificate, put in use by a second administrator."""

from collections.abc import Mapping
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import RadioField, SubmitField

from compliance.actions import marking as acts
from compliance.actions.signing_for import signatory_now
from compliance.bounded.runner import BusyError
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.sample import drawn, pictures_in_use, sender
from compliance.journeys.evidence_pages import SANDBOX
from compliance.journeys.forms import PortalForm, refusal_text, required, shown_values
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.incoming import takes_files
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.refusals import BUSY
from compliance.store.base import abandon, db, transaction
from compliance.store.certificate_marks import CertificateMark, MarkKind, marks, marks_in_use, open_marks
from compliance.store.people import names_of

LISTED = 20
KINDS: Mapping[MarkKind, Any] = {MarkKind.LOGO: _l("The Ministry's logo"), MarkKind.SEAL: _l("The Ministry's seal")}
REFUSALS = {
    "mark_size": _l("Choose a file with a picture in it, of at most %(most)s MB."),
    "mark_type": _l("This is no PNG picture and no SVG drawing. Save it as one of the two."),
    "mark_reaches": _l(
        "The drawing holds more than shapes: something that runs, is loaded from elsewhere or is a picture in itself. "
        "Save it as plain SVG, or as PNG."
    ),
    "mark_doctype": _l("The drawing begins with a document type (DOCTYPE). Save it as plain SVG, or as PNG."),
    "mark_letters": _l("The drawing holds letters. Turn them into paths first: we may not have their font."),
    "mark_empty": _l("Nothing can be seen in this picture."),
    "mark_small": _l("The picture is too small to print well. Its longer side needs at least %(least)s dots."),
    "mark_shape": _l("The picture is too long or too high for its place on the certificate."),
    "file_damaged": _l("The picture is damaged or not complete. Save it again and choose it once more."),
    "file_type": _l("A picture that moves cannot be printed. Save it as a plain PNG."),
    "file_bomb": _l("The picture needs more room or time than we give to one. Save it smaller or simpler."),
}


class MarkForm(PortalForm):
    """Which of the two, and the picture."""

    kind = RadioField(_l("What is it?"), required(_l("Choose what the picture is.")))
    picture = FileField(
        _l("The picture"),
        description=_l(
            "SVG of shapes alone, or PNG with a clear ground; at most 1 MB. It is drawn anew, so that nothing hidden "
            "stays."
        ),
        render_kw={"accept": ".svg,.png"},
    )
    look = SubmitField(_l("Look at the certificate first"))
    submit = SubmitField(_l("Propose to a second administrator"))

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = [(kind.value, text) for kind, text in KINDS.items()]


@admin.route("/marks", methods=["GET", "POST"])
@takes_files("picture", most_bytes=lambda: acts.LARGEST, signed_in=True)
def certificate_marks() -> str | tuple[str, int] | Response:
    """What certificates show, what somebody proposes, and the form: the one button draws, the other proposes."""
    form = MarkForm()
    if form.validate_on_submit():
        try:
            return _taken(form)
        except InvalidError as error:
            form.picture.errors = [_refused(error)]
        except BusyError:
            form.picture.errors = [str(BUSY)]
    session = db.session()
    rows = marks(session, LISTED)
    people = {one.proposed_by for one in rows} | {one.confirmed_by for one in rows if one.confirmed_by}
    page = render_template(
        "admin/marks.html",
        form=form,
        kinds=KINDS,
        now=marks_in_use(session),
        waiting=open_marks(session),
        me=current_actor().user_id,
        rows=rows,
        names=names_of(session, people),
    )
    return page, 422 if form.is_submitted() else 200


def _taken(form: MarkForm) -> Response:
    """The picture is looked into, then drawn on a sample or proposed."""
    kind, sent = MarkKind(form.kind.data), form.picture.data
    if not sent or not sent.filename:
        raise InvalidError(acts.FIELD, "Choose a file.")
    with sent.stream as stream:
        data = stream.read(acts.LARGEST + 1)
    whose = sender()
    abandon()  # no transaction waits while a file is looked into
    picture = acts.looked_into(data, whose)
    if form.look.data:
        return drawn(signatory_now(db.session(), settings()), pictures_in_use() | {kind.value: picture})
    with transaction() as session:
        acts.propose(session, current_actor(), kind, sent.filename, picture)
    flash(_("Proposed. Certificates show it when another administrator confirms it."), "success")
    return redirect(url_for("admin.certificate_marks"))


def _refused(error: InvalidError) -> str:
    found = REFUSALS.get(error.message)
    return str(found) % shown_values(error) if found else refusal_text(error)


@admin.get("/marks/sample.pdf")
def marks_sample() -> Response:
    """A certificate as it is printed today, or as all that waits would have it (`of=proposal`)."""
    pictures = pictures_in_use()
    if request.args.get("of") == "proposal":
        for kind, one in open_marks(db.session()).items():
            pictures[kind.value] = one.picture
    return drawn(signatory_now(db.session(), settings()), {name: data for name, data in pictures.items() if data})


@admin.get("/marks/<id:mark_id>.png")
def mark_picture(mark_id: int) -> Response:
    """One picture, as it is printed."""
    found = db.session.get(CertificateMark, mark_id)
    if found is None or not found.sha256:
        raise NotFoundError
    response = make_response(found.picture)
    response.headers["Content-Type"] = "image/png"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


@admin.post("/marks/<any(logo, seal):kind>/none")
def print_no_mark(kind: str) -> Response:
    """Proposed, too: certificates would show none from then on."""
    try:
        with transaction() as session:
            acts.propose(session, current_actor(), MarkKind(kind), "", b"")
    except InvalidError as error:
        flash(_refused(error), "error")
    else:
        flash(_("Proposed. Certificates show none when another administrator confirms it."), "success")
    return redirect(url_for("admin.certificate_marks"))


@admin.post("/marks/<id:mark_id>/confirm")
def confirm_mark(mark_id: int) -> Response:
    """The second administrator makes it so."""
    with transaction() as session:
        acts.confirm(session, current_actor(), mark_id)
    flash(_("Confirmed. What is granted from now on shows it; certificates before stay as they are."), "success")
    return redirect(url_for("admin.certificate_marks"))


@admin.post("/marks/<id:mark_id>/withdraw")
def withdraw_mark(mark_id: int) -> Response:
    """Taken back, or declined by the other one."""
    with transaction() as session:
        acts.withdraw(session, current_actor(), mark_id)
    flash(_("The proposal is withdrawn."), "success")
    return redirect(url_for("admin.certificate_marks"))
