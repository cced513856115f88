"""The queue of appeals; ties and a seat; one appeal with both voices; notes; the vote."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions import appeal_panel, reviewing
from compliance.actions.appeal_panel import lodged, readable
from compliance.actions.contested import figures_of, questionable
from compliance.actions.scorecards import snapshot_of
from compliance.actions.ties import ties_to
from compliance.domain.appeals import ASSESSED
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.journeys.appeal_view import about
from compliance.journeys.appeal_words import kind_name, outcome_name, part_name, would_mean
from compliance.journeys.evidence import as_download
from compliance.journeys.gate import current_actor
from compliance.journeys.ground_words import ground_name
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.panel.blueprint import panel
from compliance.journeys.panel.forms import BECAUSE, RIGHT, NoteForm, VoteForm, for_grounds
from compliance.journeys.reviewer.forms import REASON_WORDS, DeclarationForm
from compliance.journeys.working_days import days_left
from compliance.store.appeal_parts import parts_in
from compliance.store.appeals import (
    Appeal,
    AppealSeat,
    act_contested,
    decided_appeals,
    notes_of,
    open_appeals,
    seats_of,
)
from compliance.store.base import db, transaction
from compliance.store.errors import FileStoreError
from compliance.store.evidence_files import evidence_for
from compliance.store.hearings import statements_of
from compliance.store.people import names_of
from compliance.store.reviews import decisions

SHOWN_DAYS = timedelta(days=365)


@panel.get("/")
def show_queue() -> str:
    """Those that wait, the earliest due first; whose they cannot be says why; and what was decided in the last year."""
    session, actor = db.session(), current_actor()
    waiting = open_appeals(session)
    seats = seats_of(session, [one.id for one in waiting])
    ties = ties_to(session, actor, [one.company_id for one in waiting])
    rows = [_row(session, one, [seat for seat in seats if seat.appeal_id == one.id]) for one in waiting]
    for one, row in zip(waiting, rows, strict=True):
        row["tie"] = ties.get(one.company_id)
    decided = [
        (one, kind_name(one.kind), outcome_name(one)) for one in decided_appeals(session, clock.now() - SHOWN_DAYS)
    ]
    return render_template("panel/queue.html", rows=rows, decided=decided)


panel.add_url_rule("/queue", "queue", show_queue)


def _row(session: Session, appeal: Appeal, seats: list[AppealSeat]) -> dict[str, Any]:
    actor, size = current_actor(), figures_of(appeal.assessment.edition).panel
    part = parts_in(session, appeal).get(actor.user_id or 0)
    return {
        "appeal": appeal,
        "kind": kind_name(appeal.kind),
        "mine": any(seat.person_id == actor.user_id for seat in seats),
        "voted": any(seat.person_id == actor.user_id and seat.vote for seat in seats),
        "part": part_name(part) if part else "",
        "free": size - len(seats),
        "size": size,
        "take_up_left": days_left(appeal.take_up_by) if appeal.take_up_by and appeal.taken_up_at is None else None,
        "left": days_left(appeal.decide_by) if appeal.decide_by else None,
    }


@panel.route("/<id:appeal_id>/declare", methods=["GET", "POST"])
def declare(appeal_id: int) -> str | Response:
    """Ties first; without one a seat is taken in the same act."""
    session = db.session()
    appeal = lodged(session, appeal_id)
    appeal_panel.require_member(session, current_actor(), appeal)
    form = DeclarationForm()
    if form.validate_on_submit():
        has_tie = form.tie.data == "yes"
        try:
            with transaction() as writing:
                case, what = appeal.assessment_id, form.what.data or ""
                reviewing.declare(writing, current_actor(), case, has_tie=has_tie, tie=what)
                if not has_tie and appeal.open:
                    _sit(writing, appeal_id)
        except InvalidError:
            form.refuse(InvalidError("what", _("Say which tie it is.")))
        else:
            if has_tie:
                flash(_("Thank you. You have a tie, so this appeal is for somebody else."), "success")
                return redirect(url_for("panel.queue"))
            return redirect(url_for("panel.appeal", appeal_id=appeal_id))
    return render_template("panel/declare.html", form=form, appeal=appeal, kind=kind_name(appeal.kind))


def _sit(session: Session, appeal_id: int) -> None:
    """When all seats are taken it can be read all the same."""
    try:
        appeal_panel.sit(session, current_actor(), appeal_id)
    except WrongStateError as error:
        if error.state != "full":
            raise


@panel.route("/<id:appeal_id>", methods=["GET", "POST"])
def appeal(appeal_id: int) -> str | tuple[str, int] | Response:
    """Both voices on every ground, the panel beside them, and this member's vote."""
    session = db.session()
    try:
        found = readable(session, current_actor(), appeal_id)
    except ForbiddenError as error:
        if error.reason != "not_declared":
            raise
        return redirect(url_for("panel.declare", appeal_id=appeal_id))
    questions = list(found.grounds)
    form = for_grounds(found.kind, questions, appeal_panel.seen_of(session, found))
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                ballot = form.ballot(questions)
                appeal_panel.vote(writing, current_actor(), appeal_id, ballot, form.seen.data or "")
        except InvalidError as error:
            name = f"{BECAUSE}{error.field}" if error.field in questions else error.field
            form.refuse(InvalidError(name, error.message, **error.values))
        else:
            flash(_("Your vote is closed."), "success")
            return redirect(url_for("panel.appeal", appeal_id=appeal_id))
    return _shown(found, form), 422 if form.is_submitted() else 200


def _shown(found: Appeal, form: VoteForm, notes: NoteForm | None = None) -> str:
    session, actor = db.session(), current_actor()
    seats, parts, written = seats_of(session, [found.id]), parts_in(session, found), notes_of(session, found.id)
    seated = {seat.person_id for seat in seats}
    people = {*parts, *seated, *(one.person_id for one in written)}
    mine = next((seat for seat in seats if seat.person_id == actor.user_id), None)
    return render_template(
        "panel/appeal.html",
        form=form,
        note_form=notes or NoteForm(formdata=None),
        names=names_of(session, people),
        seats=seats,
        size=figures_of(found.assessment.edition).panel,
        mine=mine,
        me=actor.user_id,
        out=[(person, part_name(part)) for person, part in parts.items() if person not in seated],
        notes=written,
        grounds=[_ground(session, found, name, form) for name in found.grounds],
        decision=_contested_words(session, found),
        act=_contested_act(session, found),
        meaning=would_mean(found.kind),
        public=found.kind not in ASSESSED,
        **about(found),
    )


def _ground(session: Session, found: Appeal, question: str, form: VoteForm) -> dict[str, Any]:
    """One ground: the ruling contested, the company's words and files, the fields for a finding."""
    reply = snapshot_of(session, found.assessment).replies.get(question)
    ruling = questionable(session, found.assessment_id).get(question)
    return {
        "id": question,
        "reply": reply,
        "ruling": ruling,
        "reason": REASON_WORDS.get(ruling.reason, "") if ruling else "",
        "given": evidence_for(session, found.assessment_id).get(question, []),
        "right": form[f"{RIGHT}{question}"],
        "because": form[f"{BECAUSE}{question}"],
    }


def _contested_act(session: Session, found: Appeal) -> dict[str, Any] | None:
    """What an act on an award was founded on, what everybody reads, and what the company stated about it."""
    made = act_contested(session, found)
    if made is None:
        return None
    two, said = {made.proposed_by, made.decided_by}, statements_of(session, made.award_id)
    stated = [one for one, about in said if about.act is made.act and {about.proposed_by, about.closed_by} == two]
    public = made.public_km if current_language() == "km" else made.public_en
    return {"ground": ground_name(made.ground), "public": public, "stated": stated}


def _contested_words(session: Session, found: Appeal) -> str:
    """What the Ministry said when it decided."""
    made = act_contested(session, found)
    if made is not None:
        return made.reason
    return next((one.reason for one in decisions(session, found.assessment_id) if one.id == found.decision_id), "")


@panel.post("/<id:appeal_id>/notes")
def note(appeal_id: int) -> str | tuple[str, int] | Response:
    """Adds to what the panel keeps of its meeting with the company."""
    session, form = db.session(), NoteForm()
    found = readable(session, current_actor(), appeal_id)
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                appeal_panel.note(writing, current_actor(), appeal_id, form.met_on.data, form.text.data or "")
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("The note is kept."), "success")
            return redirect(url_for("panel.appeal", appeal_id=appeal_id))
    vote = for_grounds(found.kind, list(found.grounds), appeal_panel.seen_of(session, found))
    return _shown(found, vote, form), 422


@panel.post("/<id:appeal_id>/leave")
def leave(appeal_id: int) -> Response:
    """Gives the seat back, with a tie too; pressing twice is the same as once."""
    with transaction() as session:
        appeal_panel.stand_up(session, current_actor(), appeal_id)
    flash(_("You have left the panel. The seat is free for somebody else."), "success")
    return redirect(url_for("panel.queue"))


@panel.get("/<id:appeal_id>/files/<id:file_id>")
def file(appeal_id: int, file_id: int) -> Response:
    """A file of the appeal or of the assessment, to be saved and not shown."""
    found = appeal_panel.file_for_panel(db.session(), current_actor(), appeal_id, file_id)
    try:
        return as_download(found)
    except FileStoreError as error:
        raise NotFoundError from error
