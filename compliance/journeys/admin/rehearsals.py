"""A draft edition or rubric tried on all awards that are held: asked for, watched, read."""

import json
from collections.abc import Iterable
from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import RadioField, SubmitField

from compliance.actions import rehearsals as acts
from compliance.actions.drafts import ENDINGS, DraftRefusedError, published, read_upload
from compliance.actions.rehearsing import Draft
from compliance.bounded.runner import Sender
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import PortalForm, whole_number
from compliance.journeys.gate import current_actor
from compliance.journeys.incoming import takes_files
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits, lazy_gettext
from compliance.store import rehearsals as store
from compliance.store.base import db, transaction
from compliance.store.edition_drafts import EditionDraft
from compliance.store.edition_files import edition_files
from compliance.store.rehearsals import RehearsalRun
from questionnaires import current, editions
from scoring.text import Text

UPLOAD = "upload"
SHOWN_BEFORE = 20
SHOWN_MISTAKES = 40
A_PAGE = 50
LARGEST_DRAFT = 10_000_000
"""Bytes; an edition packed with its pictures."""
LOOK_AGAIN_SECONDS = 3
KINDS = {
    acts.FALLS: lazy_gettext("Falls"),
    acts.CAPPED: lazy_gettext("Capped"),
    acts.RISES: lazy_gettext("Rises"),
    acts.FAILED: lazy_gettext("Could not be scored"),
}
SOURCES = {
    "rubric": lazy_gettext("A rubric file: rules alone"),
    "edition": lazy_gettext("A draft of a whole edition"),
    "published": lazy_gettext("A published edition"),
    "draft": lazy_gettext("A draft edition of the portal"),
}


class RehearsalForm(PortalForm):
    """What to try: a file of one's own, or an edition that is published already."""

    what = RadioField(lazy_gettext("What do you want to try?"), default=UPLOAD)
    draft = FileField(
        lazy_gettext("The draft"),
        description=lazy_gettext(
            "A rubric file (.yaml or .json, at most 4 MB), or an edition's folder packed as .zip. It is only read."
        ),
        render_kw={"accept": ",".join(ENDINGS)},
    )
    submit = SubmitField(lazy_gettext("Rehearse"))

    def __init__(self) -> None:
        super().__init__()
        ready = [(name, _("Edition %(edition)s, published", edition=name)) for name in editions()]
        self.what.choices = [(UPLOAD, _("A draft from this device")), *ready]


@admin.route("/rehearsals", methods=["GET", "POST"])
@takes_files("draft", most_bytes=lambda: LARGEST_DRAFT, signed_in=True)
def rehearsals() -> str | Response:
    form = RehearsalForm()
    if form.validate_on_submit() and (asked := _asked(form)) is not None:
        return redirect(url_for("admin.rehearsal", rehearsal_id=asked, follow=1))
    return render_template("admin/rehearsals.html", form=form, earlier=store.rehearsals(db.session(), SHOWN_BEFORE))


def _asked(form: RehearsalForm) -> int | None:
    """The new rehearsal's id; None when the form has to be shown again."""
    try:
        draft, source, file = _chosen(form)
        with transaction() as session:
            return acts.request(session, current_actor(), draft, source, file).id
    except InvalidError as error:
        form.refuse(error)
    except DraftRefusedError as error:
        form.draft.errors = _mistakes(error.mistakes)
    return None


def _chosen(form: RehearsalForm) -> tuple[Draft, str, str]:
    if form.what.data != UPLOAD:
        return published(form.what.data), "published", ""
    sent = form.draft.data
    if not sent or not sent.filename:
        raise InvalidError("draft", "Choose a file.")
    with sent.stream as stream:
        beside = edition_files(db.session(), current().id)
        sender = Sender(f"person {current_actor().user_id}", known=True)
        draft = read_upload(sent.filename, stream.read(), beside, sender)
    return draft, "edition" if sent.filename.lower().endswith(".zip") else "rubric", sent.filename


def _mistakes(found: tuple[Text, ...]) -> list[str]:
    """How many there are, and each with its place in the file."""
    lines = [_("This draft cannot be used. Mistakes in it: %(count)s.", count=km_digits(len(found)))]
    lines += [one[g.lang] for one in found[:SHOWN_MISTAKES]]
    if len(found) > SHOWN_MISTAKES:
        lines.append(_("And %(count)s more.", count=km_digits(len(found) - SHOWN_MISTAKES)))
    return lines


@admin.get("/rehearsals/<id:rehearsal_id>")
def rehearsal(rehearsal_id: int) -> Response:
    run = db.session.get(RehearsalRun, rehearsal_id)
    if run is None:
        raise NotFoundError
    found = json.loads(run.result) if run.result else []
    draft = db.session.get(EditionDraft, run.about["draft_id"]) if "draft_id" in run.about else None
    if run.finished_at is not None:
        page = render_template("admin/rehearsal.html", run=run, draft=draft, sources=SOURCES, **_shown(found))
        return make_response(page)
    follow = request.args.get("follow") == "1"
    response = make_response(render_template("admin/rehearsal_running.html", run=run, sources=SOURCES, follow=follow))
    if follow:
        response.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def _shown(found: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The matrices, and one page of the kind of changes that is asked for (else the first kind there is)."""
    parts = list(found)
    lines: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for part in parts:
        for move in part["moves"]:
            lines[move["kind"]].append(move)
        lines[acts.FAILED] += part["failures"]
    asked = request.args.get("show", "")
    show = asked if asked in KINDS else next((kind for kind in KINDS if lines[kind]), acts.FALLS)
    pages = max(1, -(-len(lines[show]) // A_PAGE))
    page = min(whole_number(request.args.get("page")) or 1, pages)
    return {
        "parts": parts,
        "kinds": KINDS,
        "counts": {kind: sum(part["counts"].get(kind, 0) for part in parts) for kind in KINDS},
        "listed": len(lines[show]),
        "scored": sum(part["scored"] for part in parts),
        "show": show,
        "page": page,
        "pages": pages,
        "lines": lines[show][(page - 1) * A_PAGE : page * A_PAGE],
    }


@admin.post("/rehearsals/<id:rehearsal_id>/remove")
def remove_rehearsal(rehearsal_id: int) -> Response:
    """Forgets it; one that still runs stops."""
    with transaction() as session:
        acts.remove(session, current_actor(), rehearsal_id)
    flash(_("The rehearsal is removed."), "success")
    return redirect(url_for("admin.rehearsals"))
