"""Hotlines: the lines at the foot of every page, their words in both languages, their order."""

from collections.abc import Callable
from dataclasses import asdict

from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, SubmitField
from wtforms.validators import Length

from compliance.actions import hotlines as acts
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import PortalForm, refusal_text, required, squeeze
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.settings import Hotline
from compliance.store.base import db, transaction
from compliance.store.hotlines import LONGEST_NAME, LONGEST_TEL, LONGEST_TEXT, LONGEST_URL
from questionnaires.typed import digits


class LineForm(PortalForm):
    """One line, in both languages."""

    name_km = StringField(_l("Name in Khmer"), required(_l("Enter the name in Khmer."), LONGEST_NAME), [squeeze])
    name_en = StringField(_l("Name in English"), required(_l("Enter the name in English."), LONGEST_NAME), [squeeze])
    text_km = StringField(_l("Short text in Khmer"), [Length(max=LONGEST_TEXT)], [squeeze])
    text_en = StringField(
        _l("Short text in English"), [Length(max=LONGEST_TEXT)], [squeeze],
        description=_l("Shown beside the number; or what the link to the address says."),
    )  # fmt: skip
    tel = StringField(
        _l("Telephone number"), [Length(max=LONGEST_TEL)], [squeeze, lambda text: digits(text) if text else text]
    )
    url = StringField(_l("Or web address"), [Length(max=LONGEST_URL)], [squeeze])
    seen = HiddenField(validators=[Length(max=16)])
    submit = SubmitField(_l("Save"))

    def line(self) -> Hotline:
        fields = (self.name_km, self.name_en, self.text_km, self.text_en, self.tel, self.url)
        return Hotline(*(field.data or "" for field in fields))


@admin.get("/hotlines")
def hotlines() -> str:
    """The lines as they are shown."""
    lines = acts.kept(db.session())
    return render_template(
        "admin/hotlines.html", lines=list(enumerate(lines, 1)), seen=acts.version(lines), full=len(lines) >= acts.MOST
    )


@admin.route("/hotlines/<id:place>", methods=["GET", "POST"])
def hotline(place: int) -> str | tuple[str, int] | Response:
    """One line, by its place; one past the end is a new one."""
    lines, form = acts.kept(db.session()), LineForm()
    if place > len(lines) + 1 or place > acts.MOST:
        raise NotFoundError
    known = lines[place - 1] if place <= len(lines) else None
    if not form.is_submitted():
        form = LineForm(data={**(asdict(known) if known else {}), "seen": acts.version(lines)})
    elif form.validate():
        try:
            _change(lambda session: acts.put(session, current_actor(), form.seen.data or "", place, form.line()))
        except InvalidError as error:
            form.refuse(error)
            form.seen.data = acts.version(acts.kept(db.session()))
        else:
            flash(_("Saved. Every page shows it from now on."), "success")
            return redirect(url_for("admin.hotlines"))
    page = render_template("admin/hotline.html", form=form, known=known, place=place)
    return page, 422 if form.is_submitted() else 200


@admin.post("/hotlines/<id:place>/up")
def move_hotline(place: int) -> Response:
    """One place up."""
    return _pressed(lambda session, seen: acts.move_up(session, current_actor(), seen, place))


@admin.post("/hotlines/<id:place>/remove")
def remove_hotline(place: int) -> Response:
    """The line goes; the last one stays."""
    return _pressed(lambda session, seen: acts.remove(session, current_actor(), seen, place))


def _pressed(act: Callable[[Session, str], None]) -> Response:
    seen = request.form.get("seen", "")[:16]
    try:
        _change(lambda session: act(session, seen))
    except InvalidError as error:
        flash(refusal_text(error), "error")
    else:
        flash(_("Saved. Every page shows it from now on."), "success")
    return redirect(url_for("admin.hotlines"))


def _change(act: Callable[[Session], None]) -> None:
    with transaction() as session:
        act(session)
    current_app.extensions["hotlines"].forget()
