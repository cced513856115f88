"""Editions: the one in force, those to come, drafts and earlier ones; a draft is uploaded here."""

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SubmitField

from compliance import clock
from compliance.actions import edition_drafts as acts
from compliance.actions.edition_drafts import LARGEST_ZIP, Looked
from compliance.bounded.runner import BusyError, Sender
from compliance.domain.errors import InvalidError
from compliance.domain.roles import Role
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import PortalForm
from compliance.journeys.gate import current_actor
from compliance.journeys.incoming import takes_files
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.responses import error_page
from compliance.store.base import db, transaction
from compliance.store.edition_shelf import entries, tampered
from compliance.store.people import names_of, people_with_role
from compliance.store.published_editions import PublishedEdition, open_drafts, published, unclosed_proposals
from questionnaires import Text, catalogue

ACCEPTED = ".zip,application/zip"


class UploadForm(PortalForm):
    """An edition's folder, packed."""

    draft = FileField(
        _l("The draft"),
        description=_l("The edition's folder packed as .zip, at most 10 MB. Mistakes in it are told with their place."),
        render_kw={"accept": ACCEPTED},
    )
    submit = SubmitField(_l("Upload"))


@dataclass(frozen=True)
class Shown:
    """One published edition as the list shows it. `draft_id` leads to its page; those of the code have none."""

    name: str
    title: Text
    begins: date | None
    sha256: str
    draft_id: int | None
    whole: bool = True


@admin.route("/editions", methods=["GET", "POST"])
@takes_files("draft", most_bytes=lambda: LARGEST_ZIP, signed_in=True)
def editions() -> str | tuple[str, int] | Response:
    form = UploadForm()
    if form.validate_on_submit():
        try:
            looked = looked_into(form)
            with transaction() as session:
                draft = acts.upload(session, current_actor(), looked)
        except InvalidError as error:
            form.refuse(error)
        except BusyError:
            return error_page(503)
        else:
            flash(_("The draft is uploaded."), "success")
            return redirect(url_for("admin.edition_draft", draft_id=draft.id))
    session, today = db.session(), clock.today()
    known, drafts = shown(session), open_drafts(session)
    begun = [one for one in known if one.begins is None or one.begins <= today]
    page = render_template(
        "admin/editions.html",
        form=form,
        in_force=begun[-1],
        to_come=[one for one in known if one not in begun],
        earlier=begun[-2::-1],
        drafts=drafts,
        waiting={one.draft_id for one in unclosed_proposals(session) if one.open},
        names=names_of(session, {one.changed_by for one in drafts}),
        alone=len(people_with_role(session, Role.ADMINISTRATOR)) < 2,
    )
    return page, 422 if form.is_submitted() else 200


def looked_into(form: PortalForm) -> Looked:
    """What is in the file that was sent. Raises InvalidError beside the field, BusyError."""
    sent = form["draft"].data
    if not sent or not sent.filename:
        raise InvalidError("draft", "Choose a file.")
    with sent.stream as stream:
        return acts.look_into_zip(stream.read(), Sender(f"person {current_actor().user_id}", known=True))


def shown(session: Session) -> list[Shown]:
    """Every published edition, oldest first; one that was tampered with is told, never read."""
    rows = {one.name: one for one in published(session)}
    broken = {one.name for one in entries(session) if tampered(session, one)}
    own = [_of_the_code(name, sha256) for name, sha256 in catalogue.carried().items() if name not in rows]
    return [*own, *(_published(row, whole=row.name not in broken) for row in rows.values())]


def _of_the_code(name: str, sha256: str) -> Shown:
    return Shown(name, catalogue.edition(name).texts.title, None, sha256, None)


def _published(row: PublishedEdition, *, whole: bool) -> Shown:
    title = Text(km=row.title["km"], en=row.title["en"])
    return Shown(row.name, title, row.begins, row.sha256, row.draft_id, whole)
