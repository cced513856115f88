"""A spot check on the reviewer's side: taken, told, read, closed."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SubmitField, TextAreaField

from compliance.actions import reviewing, spot_checking, spot_drawing
from compliance.actions.scorecards import snapshot_of
from compliance.actions.ties import require_no_tie
from compliance.clock import today
from compliance.domain.errors import InvalidError, NotFoundError, TakenError, WrongStateError
from compliance.domain.standing import HELD
from compliance.journeys.forms import PortalForm, readable, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.reviewer.blueprint import reviewer
from compliance.journeys.reviewer.forms import DeclarationForm
from compliance.journeys.reviewer.spot_forms import FindingForm, TellForm, found_in
from compliance.journeys.spot_check_view import answers_of
from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.people import names_of
from compliance.store.reviews import declaration_of
from compliance.store.spot_checks import SpotCheck
from questionnaires import edition


class OpenForm(PortalForm):
    """Why an award is looked at."""

    because = TextAreaField(
        _l("Why is it looked at?"),
        required(_l("Give a reason; only the Ministry reads it."), spot_drawing.LONGEST),
        [readable],
        description=_l("Only the Ministry reads this."),
        render_kw={"limit": spot_drawing.LONGEST},
    )
    submit = SubmitField(_l("Open a spot check"))


@reviewer.get("/spot-checks/<id:check_id>")
def spot_check(check_id: int) -> str:
    """Where it stands, and the one form that comes next for whoever holds it."""
    check = spot_checking.check_for_review(db.session(), current_actor(), check_id)
    return _page(check, TellForm(), FindingForm())


@reviewer.post("/spot-checks/<id:check_id>/take")
def take_check(check_id: int) -> str | tuple[str, int] | Response:
    """Ties first, once for the award's assessment, as for a review."""
    check = spot_checking.check_for_review(db.session(), current_actor(), check_id)
    form = DeclarationForm()
    known = declaration_of(db.session(), check.award.assessment_id, current_actor().user_id or 0)
    if known is None and not form.validate_on_submit():
        return _page(check, TellForm(), FindingForm(), declaration=form), 422
    tied = known is None and form.tie.data == "yes"
    try:
        with transaction() as session:
            if known is None:
                reviewing.declare(
                    session, current_actor(), check.award.assessment_id, has_tie=tied, tie=form.what.data or ""
                )
            if not tied:
                spot_checking.take(session, current_actor(), check_id)
            elif check.checker_id == current_actor().user_id:
                spot_checking.release(session, current_actor(), check_id)
    except InvalidError:
        form.refuse(InvalidError("what", _("Say which tie it is.")))
        return _page(check, TellForm(), FindingForm(), declaration=form), 422
    except TakenError as error:
        flash(_("%(name)s took it a moment before you.", name=error.name), "error")
        return redirect(url_for("reviewer.queue"))
    if tied:
        flash(_("Thank you. You have a tie, so this spot check is for somebody else."), "success")
        return redirect(url_for("reviewer.queue"))
    return redirect(url_for("reviewer.spot_check", check_id=check_id))


@reviewer.post("/spot-checks/<id:check_id>/release")
def release_check(check_id: int) -> Response:
    with transaction() as session:
        spot_checking.release(session, current_actor(), check_id)
    flash(_("Handed back to the queue."), "success")
    return redirect(url_for("reviewer.queue"))


@reviewer.post("/spot-checks/<id:check_id>/drop")
def drop_check(check_id: int) -> Response:
    """Of an award that has ended."""
    with transaction() as session:
        spot_checking.drop(session, current_actor(), check_id)
    flash(_("Closed: the award has ended."), "success")
    return redirect(url_for("reviewer.queue"))


@reviewer.post("/spot-checks/<id:check_id>/tell")
def tell_company(check_id: int) -> str | tuple[str, int] | Response:
    check, form = spot_checking.check_for_review(db.session(), current_actor(), check_id), TellForm()

    def act() -> None:
        with transaction() as session:
            chosen = tuple(form.questions.data or ())
            spot_checking.tell(session, current_actor(), check_id, chosen, form.asked.data or "", form.due_on.data)

    if (refused := _tried(form, act)) is not None:
        return _page(check, form, FindingForm(), refused=refused), 422
    flash(_("The company has been told by email."), "success")
    return redirect(url_for("reviewer.spot_check", check_id=check_id))


@reviewer.post("/spot-checks/<id:check_id>/outcome")
def check_outcome(check_id: int) -> str | tuple[str, int] | Response:
    check, form = spot_checking.check_for_review(db.session(), current_actor(), check_id), FindingForm()

    def act() -> None:
        with transaction() as session:
            spot_checking.find(session, current_actor(), check_id, found_in(form, check.questions, request.form))

    try:
        refused = _tried(form, act)
    except WrongStateError as error:
        if error.state != "proposed":
            raise
        refused = _("Another proposal about this company's awards is open. Wait until it is decided.")
    if refused is not None:
        return _page(check, TellForm(), form, refused=refused), 422
    flash(_("Recorded. The company has been told."), "success")
    return redirect(url_for("reviewer.spot_check", check_id=check_id))


def _tried(form: PortalForm, act: Callable[[], None]) -> str | None:
    """What stands against it, in words; "" where it stands beside a field. None when it is done."""
    if not form.validate_on_submit():
        return ""
    try:
        act()
    except InvalidError as error:
        form.refuse(error)
        return ""
    return None


def open_page(award_id: int, back: str) -> str | tuple[str, int] | Response:
    """A check that somebody of the Ministry opens with a reason, for reviewers and approvers."""
    session, form = db.session(), OpenForm()
    award = session.get(Award, award_id)
    if award is None:
        raise NotFoundError
    require_no_tie(session, current_actor(), award.company_id)
    if award.standing(today()) not in HELD:
        raise WrongStateError("spot_check", award.standing(today()))
    if form.validate_on_submit():
        with transaction() as writing:
            spot_drawing.open_spot_check(writing, current_actor(), award_id, form.because.data or "")
        flash(_("Opened. It waits in the queue of the reviewers."), "success")
        return redirect(url_for(back))
    page = render_template("reviewer/open_check.html", form=form, award=award, back=url_for(back))
    return page, 422 if form.is_submitted() else 200


@reviewer.route("/awards/<id:award_id>/spot-check", methods=["GET", "POST"])
def open_check(award_id: int) -> str | tuple[str, int] | Response:
    return open_page(award_id, "reviewer.queue")


def _page(
    check: SpotCheck,
    tell: TellForm,
    finding: FindingForm,
    *,
    declaration: DeclarationForm | None = None,
    refused: str = "",
) -> str:
    session, actor, lang = db.session(), current_actor(), current_language()
    code = edition(check.award.edition)
    people = {one for one in (check.checker_id, check.opened_by, check.found_by) if one is not None}
    snapshot = snapshot_of(session, session.get_one(Assessment, check.award.assessment_id))
    tell.questions.choices = [(name, code.question(name).title[lang]) for name in snapshot.asked]
    if not tell.is_submitted():
        tell.due_on.data = spot_checking.proposed_due(session, check)
    return render_template(
        "reviewer/spot_check.html",
        check=check,
        mine=check.checker_id == actor.user_id and check.closed_at is None,
        ended=check.award.standing(today()) not in HELD,
        declared=declaration_of(session, check.award.assessment_id, actor.user_id or 0),
        declaration=declaration or DeclarationForm(),
        tell=tell,
        finding=finding,
        form=tell if tell.is_submitted() and not check.told_at else finding,
        refused=refused,
        typed=request.form,
        answers=answers_of(check, snapshot.replies, lang),
        names=names_of(session, people),
        on=today(),
    )
