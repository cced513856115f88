"""Who changed what when: everything that the company's people did here, and what was decided about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from compliance.journeys.change_view import Line
from compliance.journeys.forms import whole_number
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.blueprint import officer
from compliance.journeys.officer.trail_words import DETAILS, KINDS, SENTENCES, Names, changed_lines, sentence
from compliance.store.base import db
from compliance.store.companies import company_of
from compliance.store.company_trail import Happening, happenings
from compliance.store.evidence_files import EvidenceFile
from compliance.store.people import Invitation, Membership, names_of

PAGE = 30


@dataclass(frozen=True)
class Told:
    """One line of the page."""

    at: datetime
    who: str
    actor_id: int
    text: str
    lines: list[Line]


@officer.get("/<id:company_id>/history")
def company_history(company_id: int) -> str:
    """The newest first, by person and kind; everybody who works for the company reads it."""
    session = db.session()
    company = company_of(session, current_actor(), company_id)
    kind, who = request.args.get("kind", ""), whole_number(request.args.get("who"))
    kind = kind if kind in KINDS else ""
    found = _told(session, company_id, kind)
    people = {one.actor_id: one.who for one in found}
    shown = [one for one in found if who is None or one.actor_id == who]
    pages = max(1, -(-len(shown) // PAGE))
    page = min(max(whole_number(request.args.get("page")) or 1, 1), pages)
    here = url_for("officer.company_history", company_id=company_id, kind=kind or None, who=who)
    return render_template(
        "officer/company_history.html",
        company=company,
        told=shown[(page - 1) * PAGE : page * PAGE],
        kinds=KINDS,
        kind=kind,
        people=sorted(people.items(), key=lambda one: one[1]),
        who=who,
        page=page,
        pages=pages,
        address=f"{here}{'&' if '?' in here else '?'}page=",
    )


def _told(session: Session, company_id: int, kind: str) -> list[Told]:
    """The newest first. What a detail was before an act is what the acts before it made of it."""
    wanted = {tag for tag, said in SENTENCES.items() if said.kind == kind or not kind}
    found = happenings(session, company_id, wanted | DETAILS)
    names = _names(session, company_id)
    told, state = list[Told](), dict[str, Any]()
    for one in found:
        if one.tag in wanted:
            who = _who(one, names)
            told.append(Told(one.at, who[1], who[0], sentence(one, names), changed_lines(one, state)))
        if one.tag in DETAILS and one.tag != "officer:company:change_asked":
            state |= one.content
        elif one.tag == "officer:service:listed":
            state["services"] = one.content["services"]
    return told[::-1]


def _names(session: Session, company_id: int) -> Names:
    members = set(session.scalars(sa.select(Membership.person_id).where(Membership.company_id == company_id)))
    files = sa.select(EvidenceFile.id, EvidenceFile.name).where(EvidenceFile.company_id == company_id)
    emails = sa.select(Invitation.id, Invitation.email).where(Invitation.company_id == company_id)
    return Names(
        people=names_of(session, members),
        files={row.id: row.name for row in session.execute(files)},
        emails={row.id: row.email for row in session.execute(emails)},
    )


def _who(one: Happening, names: Names) -> tuple[int, str]:
    """Who acted; of the Ministry nobody is named."""
    name = names.people.get(one.actor_id or 0)
    if SENTENCES[one.tag].ministry or name is None:
        return 0, str(_("The Ministry"))
    return one.actor_id or 0, name
