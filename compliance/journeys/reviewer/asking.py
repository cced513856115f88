"""The recommendation."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from compliance.actions import excusing, reviewing
from compliance.actions.covering import LONGEST_SCOPE
from compliance.actions.scorecards import seen_digest
from compliance.actions.under_review import under_review
from compliance.domain.errors import InvalidError, WrongStateError
from compliance.domain.khmer_order import has_khmer
from compliance.domain.lifecycle import State
from compliance.journeys import scorecard_view
from compliance.journeys.change_view import identity
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.blueprint import mine, readable, reviewer
from compliance.journeys.reviewer.forms import RecommendationForm, no_room
from compliance.journeys.reviewer.views import row
from compliance.store.base import db, transaction
from compliance.store.companies import coverable
from compliance.store.second_scorings import open_scoring


@reviewer.route("/<id:assessment_id>/recommend", methods=["GET", "POST"])
def recommend(assessment_id: int) -> str | Response:
    session = db.session()
    assessment = readable(session, assessment_id)
    if assessment.state is State.RECOMMENDED or open_scoring(session, assessment.id) is not None:
        return redirect(url_for("reviewer.assessment", assessment_id=assessment_id))
    if not mine(assessment):
        raise WrongStateError("recommend", assessment.state)
    found = under_review(session, assessment)
    scope = str(found.snapshot.replies["prof_scope"].value or "")
    form = RecommendationForm(**_proposed(scope), seen=seen_digest(session, assessment))
    company = assessment.company
    form.covered.choices = [(name, name) for name in coverable(company.brands, company.services)]
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                reviewing.recommend(
                    writing,
                    current_actor(),
                    assessment_id,
                    scope_km=form.scope_km.data or "",
                    scope_en=form.scope_en.data or "",
                    not_covered_km=form.not_covered_km.data or "",
                    not_covered_en=form.not_covered_en.data or "",
                    note=form.note.data or "",
                    seen=form.seen.data or "",
                    brands=form.covered.data or (),
                )
        except InvalidError as error:
            form.refuse(InvalidError(error.field, _refusal(error), **error.values))
        else:
            flash(_("Recommended. A different person decides."), "success")
            return redirect(url_for("reviewer.queue"))
    card, code, lang = found.verified, found.edition, current_language()
    return render_template(
        "reviewer/recommend.html",
        form=form,
        item=row(assessment),
        identity=identity(session, assessment),
        level=card.levels[scorecard_view.AWARD].reached,
        points=scorecard_view.total(card, lang),
        bars=scorecard_view.section_bars(code, card, lang),
        stopping=scorecard_view.stopping(card, lang),
        left=[code.question(question) for question in found.unruled],
        discretion_points=excusing.points(found),
        longest=LONGEST_SCOPE,
        said_scope=scope,
    )


def _proposed(scope: str) -> dict[str, str]:
    """The company's own words where they are short enough, in the language that they are in."""
    if not scope or len(scope) > LONGEST_SCOPE:
        return {}
    return {"scope_km" if has_khmer(scope) else "scope_en": scope}


def _refusal(error: InvalidError) -> str:
    if error.field == "covered" and error.message == "too_long":
        return no_room(error)
    if error.message == "same":
        return str(_("This is what the award covers. Write here what it does not cover."))
    if error.message == "too_long":
        return str(_("Write at most %(most)s characters; more does not fit on the certificate.", **error.values))
    words: dict[str, str] = {
        "scope_km": _("Enter the scope in Khmer."),
        "scope_en": _("Enter the scope in English."),
        "not_covered_km": _("Say in Khmer too what is left out."),
        "not_covered_en": _("Say in English too what is left out."),
        "rulings": _("Some answers have no ruling yet."),
    }
    if error.message == "undecided":
        return str(_("An essential point waits for your decision."))
    return words.get(error.field) or str(_("This is not possible here."))
