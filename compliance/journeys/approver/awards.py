"""Awards in force: suspended, reinstated and revoked by two people."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions import hearing, proposing
from compliance.actions.after_acts import rests_too_long
from compliance.actions.ties import ties_to
from compliance.domain.errors import InvalidError, NotFoundError, WrongStateError
from compliance.domain.standing import AwardAct
from compliance.journeys.approver.blueprint import approver
from compliance.journeys.approver.forms import ACT_WORDS, ActForm, ConfirmForm, DeclineForm
from compliance.journeys.gate import current_actor
from compliance.journeys.ground_words import ground_name
from compliance.journeys.language import gettext as _
from compliance.journeys.paging import page_stored
from compliance.store.awards import Award, AwardProposal, named_awards, open_proposals
from compliance.store.base import db, transaction
from compliance.store.hearings import Hearing, hearings_about, statements_of
from compliance.store.people import names_of
from compliance.store.rule_changes import lifecycle_now
from compliance.store.spot_checks import open_check
from compliance.store.ties import Tie
from questionnaires.typed import one_line

LONGEST_TEXT = 100


@dataclass(frozen=True)
class Waiting:
    """A proposal as the page shows it: what it changes, whose it is, until when it can be confirmed."""

    proposal: AwardProposal
    covered: list[Award]
    seen: str
    proposer: str
    own: bool
    tie: Tie | None
    until: date
    ground: str
    hearing: Hearing | None
    waits: bool


def waiting(session: Session, company_id: int | None = None) -> list[Waiting]:
    """The open proposals about the awards of one company, or of all."""
    proposals, actor = open_proposals(session, company_id), current_actor()
    names = names_of(session, {one.proposed_by for one in proposals})
    ties = ties_to(session, actor, [one.award.company_id for one in proposals])
    asked = hearings_about(session, [one.id for one in proposals])
    shown = []
    for one in proposals:
        covered = proposing.covered(session, one.award, one.act)
        shown.append(
            Waiting(
                proposal=one,
                covered=covered,
                seen=proposing.numbers(covered),
                proposer=names[one.proposed_by],
                own=one.proposed_by == actor.user_id,
                tie=ties.get(one.award.company_id),
                until=clock.day_of(one.lapses_at),
                ground=ground_name(one.ground),
                hearing=asked.get(one.id),
                waits=hearing.waits(asked.get(one.id), clock.today()),
            )
        )
    return shown


@approver.get("/awards")
def awards() -> str:
    """A page of them, the newest first; those whose number or company holds what is looked for."""
    session, today = db.session(), clock.today()
    text = one_line(request.args.get("q", ""))[:LONGEST_TEXT]
    page = page_stored(session, "page", named_awards(text))
    shown = [
        {"award": award, "standing": award.standing(today), "over": rests_too_long(award, today)}
        for award in page.lines
    ]
    return render_template("approver/awards.html", awards=shown, page=page, text=text, proposals=waiting(session))


@approver.route("/awards/<id:award_id>", methods=["GET", "POST"])
def award(award_id: int) -> str | Response:
    session = db.session()
    found = session.get(Award, award_id)
    if found is None:
        raise NotFoundError
    form, possible = ActForm(), proposing.possible_acts(session, found)
    form.offer(possible)
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                proposing.propose(writing, current_actor(), award_id, AwardAct(form.act.data), form.why)
        except WrongStateError as error:
            form.act.errors = [*form.act.errors, _not_now(error)]
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Proposed. A second person has to confirm it."), "success")
            return redirect(url_for("approver.awards"))
    return render_template(
        "approver/award.html",
        form=form,
        award=found,
        standing=found.standing(clock.today()),
        possible=possible,
        unsent=[form.reason.data, form.public_km.data, form.public_en.data] if form.is_submitted() else [],
        notice_days=lifecycle_now(session, found.edition).suspension.notice_days,
        acts=_acts(found),
        statements=statements_of(session, award_id),
        proposals=waiting(session, found.company_id),
        tie=ties_to(session, current_actor(), [found.company_id]).get(found.company_id),
        check=open_check(session, award_id),
        also=[one for one in proposing.covered(session, found, AwardAct.REVOKED) if one.id != award_id],
    )


def _acts(award: Award) -> list[dict[str, Any]]:
    """What was decided on the award, the newest first, with the reasons of the Ministry's people."""
    shown = [one for one in award.acts if one.act in ACT_WORDS]
    return [{"act": one, "title": ACT_WORDS[one.act], "ground": ground_name(one.ground)} for one in reversed(shown)]


def _not_now(error: WrongStateError) -> str:
    if error.state == proposing.PROPOSED:
        return str(
            _("Something is proposed for this company already. It is to be confirmed, declined or withdrawn first.")
        )
    return str(_("This is not possible for the award as it stands."))


@approver.post("/awards/proposals/<id:proposal_id>/confirm")
def confirm(proposal_id: int) -> Response:
    """Makes it real; a second click finds it done."""
    form = ConfirmForm()
    with transaction() as session:
        proposing.confirm(session, current_actor(), proposal_id, form.seen.data or "")
    flash(_("Done. The register shows it from now on."), "success")
    return redirect(url_for("approver.awards"))


@approver.route("/awards/proposals/<id:proposal_id>/decline", methods=["GET", "POST"])
def decline(proposal_id: int) -> str | Response:
    """A second person says no, with a reason for whoever proposed."""
    session, form = db.session(), DeclineForm()
    found = session.get(AwardProposal, proposal_id)
    if found is None:
        raise NotFoundError
    if form.validate_on_submit():
        with transaction() as writing:
            proposing.decline(writing, current_actor(), proposal_id, form.reason.data or "")
        flash(_("Declined. Nothing has changed, and whoever proposed it is told."), "success")
        return redirect(url_for("approver.award", award_id=found.award_id))
    shown = next((one for one in waiting(session, found.award.company_id) if one.proposal.id == proposal_id), None)
    return render_template("approver/decline.html", form=form, award=found.award, shown=shown)


@approver.post("/awards/proposals/<id:proposal_id>/withdraw")
def withdraw(proposal_id: int) -> Response:
    """Whoever proposed takes it back."""
    with transaction() as session:
        proposing.withdraw(session, current_actor(), proposal_id)
    flash(_("The proposal is withdrawn."), "success")
    return redirect(url_for("approver.awards"))
