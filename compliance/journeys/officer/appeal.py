"""Appeals of a company: written ground by ground, lodged and signed; the receipt with its course; taken back."""

from functools import cache

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compliance.actions import appealing
from compliance.actions.appealing import MAY_WRITE
from compliance.actions.contested import Contested, questionable
from compliance.actions.scorecards import snapshot_of
from compliance.bounded.runner import BusyError
from compliance.domain.appeals import ASSESSED
from compliance.domain.errors import InvalidError, StaleError, WrongStateError
from compliance.domain.roles import MAY_SIGN
from compliance.journeys.appeal_view import about
from compliance.journeys.appeal_words import kind_name
from compliance.journeys.forms import whole_number
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.incoming import takes_files
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.appeal_form import GROUND, AppealForm, grounded
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.refusals import file_refusal
from compliance.journeys.officer.words import reader
from compliance.store.appeals import Appeal, act_contested, files_of_appeal, seats_of
from compliance.store.assessments import assessment_of, open_assessment
from compliance.store.awards import Award
from compliance.store.base import abandon, db, transaction
from compliance.store.files import file_store
from questionnaires import catalogue, editions

LATE = "lapsed"


@cache
def largest_file() -> int:
    """Bytes, by the most generous edition."""
    return max(catalogue.edition(name).evidence.max_file_mb for name in editions()) * 1_000_000


@officer.route(f"{ASSESSMENT}/appeal", methods=["GET", "POST"])
@takes_files("file", most_bytes=largest_file, signed_in=True)
def contest(assessment_id: int) -> str | tuple[str, int] | Response:
    """Against the decision on an assessment."""
    return _page(assessment_id, None)


@officer.route(f"{ASSESSMENT}/award/<id:award_id>/appeal", methods=["GET", "POST"])
@takes_files("file", most_bytes=largest_file, signed_in=True)
def contest_act(assessment_id: int, award_id: int) -> str | tuple[str, int] | Response:
    """Against a suspension or revocation of its award."""
    return _page(assessment_id, award_id)


def _page(assessment_id: int, award_id: int | None) -> str | tuple[str, int] | Response:
    """The draft; what is lodged already has a page of its own."""
    session, actor = db.session(), current_actor()
    assessment_of(session, actor, assessment_id, MAY_WRITE)
    found = appealing.target(session, actor, assessment_id, award_id)
    appeal = appealing.begun(session, found)
    if appeal is not None and appeal.lodged_at is not None:
        return redirect(url_for("officer.appeal", appeal_id=appeal.id))
    form, differing = _form(found, appeal), False
    if form.validate_on_submit():
        try:
            done = _done(form, found)
        except StaleError:
            differing = True
        except WrongStateError as error:
            if error.state != LATE:
                return redirect(request.path)  # a colleague lodged it meanwhile
            form.form_errors.append(_("The last day to appeal has passed, so nothing was lodged or saved."))
        else:
            if done is not None:
                return done
    return _shown(found, form, differing=differing)


def _form(found: Contested, appeal: Appeal | None) -> AppealForm:
    session = db.session()
    assessment = assessment_of(session, current_actor(), found.assessment_id)
    questions = tuple(questionable(session, found.assessment_id)) if found.kind in ASSESSED else ()
    return grounded(catalogue.edition(assessment.edition), questions, appeal, reader())


def _done(form: AppealForm, found: Contested) -> Response | None:
    """Saves what was typed whatever was pressed, then does that; None when the form has something to say."""
    try:
        with transaction() as session:
            actor, about = current_actor(), (found.assessment_id, found.award_id)
            appeal_id = appealing.write(session, actor, *about, form.grounds, form.version.seen, form.signed).id
    except InvalidError as error:
        form.refuse(InvalidError(_field(form, error.field), error.message, **error.values))
        return None
    form.version.data = str(db.session().get_one(Appeal, appeal_id).draft_version)
    here = redirect(request.path)
    if (removed := whole_number(request.form.get("remove"))) is not None:
        with transaction() as session:
            appealing.detach(session, current_actor(), appeal_id, removed)
        return here
    sent = request.files.get("file")
    if sent is not None and sent.filename and not _attached(form, found, appeal_id):
        return None
    if form.lodge.data:
        return _lodged(form, appeal_id)
    flash(_("The draft is saved. It is not lodged yet."), "success")
    return here


def _field(form: AppealForm, name: str) -> str:
    return f"{GROUND}{name}" if name in form.ground_fields() else name


def _attached(form: AppealForm, found: Contested, appeal_id: int) -> bool:
    """Whether the file was taken. No transaction is open while it is looked into."""
    session, actor, sent = db.session(), current_actor(), request.files["file"]
    edition = assessment_of(session, actor, found.assessment_id).edition
    question = form.about.data if form.about.data in form.ground_fields() else ""
    abandon()
    try:
        files = file_store(settings())
        stored = appealing.receive(files, actor, edition, question, str(sent.filename), sent.read())
        with transaction() as writing:
            appealing.attach(writing, current_actor(), appeal_id, question, stored)
    except (InvalidError, BusyError) as error:
        form.file.errors = [*form.file.errors, f"{sent.filename}: {file_refusal(error)}"]
        return False
    return True


def _signed(form: AppealForm) -> bool:
    """Whether nothing of the signature is missing; all that is missing is said at once."""
    missing = {
        form.name: (form.name.data, _("Enter the name of the person who signs.")),
        form.position: (form.position.data, _("Enter the position of this person.")),
        form.agreed: (form.agreed.data, _("Tick the box to lodge the appeal.")),
    }
    for field, (given, said) in missing.items():
        if not given:
            field.errors = [*field.errors, said]
    return all(given for given, _said in missing.values())


def _lodged(form: AppealForm, appeal_id: int) -> Response | None:
    if not _signed(form):
        return None
    try:
        with transaction() as session:
            appealing.lodge(session, current_actor(), appeal_id, form.signed, form.version.seen)
    except InvalidError as error:
        form.refuse(error)
        return None
    return redirect(url_for("officer.appeal", appeal_id=appeal_id))


def _shown(found: Contested, form: AppealForm, *, differing: bool) -> tuple[str, int]:
    session, actor = db.session(), current_actor()
    assessment = assessment_of(session, actor, found.assessment_id, MAY_WRITE)
    appeal = appealing.begun(session, found)
    if differing and appeal is not None:
        form.version.data = str(appeal.draft_version)
    page = render_template(
        "officer/contest.html",
        form=form,
        found=found,
        appeal=appeal,
        assessment=assessment,
        edition=catalogue.edition(assessment.edition),
        rulings=questionable(session, assessment.id),
        replies=snapshot_of(session, assessment).replies,
        files=files_of_appeal(session, appeal.id) if appeal else [],
        kind=kind_name(found.kind),
        may_sign=actor.companies[found.company_id] in MAY_SIGN,
        begun=open_assessment(session, found.company_id) if found.kind in ASSESSED else None,
        theirs=appeal if differing else None,
        own_words=words_against(appeal) if differing else "",
    )
    return page, 409 if differing else 422 if form.errors else 200


def words_against(appeal: Appeal | None) -> str:
    """All that a draft says, to be read beside what is typed."""
    return "\n\n".join([appeal.general, *appeal.grounds.values()]).strip() if appeal else ""


@officer.get("/appeals/<id:appeal_id>")
def appeal(appeal_id: int) -> str | Response:
    """The receipt of what was lodged, how it goes on, and the panel's decision."""
    session, actor = db.session(), current_actor()
    found = appealing.own_appeal(session, actor, appeal_id)
    if found.lodged_at is None:
        return redirect(address_of_draft(found))
    return render_template(
        "officer/appeal.html",
        may_sign=actor.companies[found.company_id] in MAY_SIGN,
        overtaken=_overtaken(found),
        **about(found),
    )


def _overtaken(found: Appeal) -> bool:
    """Whether the act contested was no more the last one when the panel decided: it gave nothing back then."""
    made = act_contested(db.session(), found)
    if made is None:
        return False
    after = [one for one in db.session().get_one(Award, made.award_id).acts if one.id > made.id]
    panel = {seat.person_id for seat in seats_of(db.session(), [found.id])}
    return not after or after[0].decided_by not in panel


def address_of_draft(found: Appeal) -> str:
    """Where a draft is written."""
    made = act_contested(db.session(), found)
    if made is None:
        return url_for("officer.contest", assessment_id=found.assessment_id)
    return url_for("officer.contest_act", assessment_id=found.assessment_id, award_id=made.award_id)


@officer.route("/appeals/<id:appeal_id>/withdraw", methods=["GET", "POST"])
def withdraw_appeal(appeal_id: int) -> str | Response:
    """Asks once, then takes it back."""
    found = appealing.own_appeal(db.session(), current_actor(), appeal_id)
    current_actor().require_company(found.company_id, MAY_SIGN)
    if request.method == "POST":
        with transaction() as session:
            appealing.withdraw(session, current_actor(), appeal_id)
        flash(_("The appeal is withdrawn."), "success")
        return redirect(url_for("officer.appeal", appeal_id=appeal_id))
    if not found.open:  # a draft has nothing to withdraw; what is decided stays
        return redirect(url_for("officer.appeal", appeal_id=appeal_id))
    return render_template("officer/withdraw_appeal.html", appeal=found, kind=kind_name(found.kind))
