"""Changes of what the register says of an awarded company: asked for by it, confirmed or declined by a reviewer."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from certificates.facts import Signatory
from compliance import clock
from compliance.actions.awarding import hold_company
from compliance.actions.likeness import alike
from compliance.actions.notifying import company_people, notify
from compliance.actions.reissuing import cover, issue_anew
from compliance.actions.scorecards import snapshot_of
from compliance.actions.ties import require_no_tie
from compliance.domain.errors import InvalidError, NotFoundError, WrongStateError
from compliance.domain.mail_domains import site_domain
from compliance.domain.roles import MAY_EDIT, Actor, Role
from compliance.settings import UNNAMED
from compliance.store.assessments import with_ministry
from compliance.store.audit import record
from compliance.store.changes import Answered, ChangeRequest, new_service_names, open_change
from compliance.store.companies import Company, public_details
from compliance.store.people import people_with_role
from compliance.store.register import refresh_entry
from compliance.store.signed_heads import portal_keys, sign_head


def wish(session: Session, actor: Actor, company: Company, after: Mapping[str, Any]) -> None:
    """All that the company wants to read otherwise: the request that waits says just that, or gives way."""
    waiting = open_change(session, company.id)
    if waiting is not None and waiting.after == after:
        return
    if waiting is not None:
        withdraw(session, actor, waiting.id)
    if after:
        ask(session, actor, company, after)


def wish_for(session: Session, actor: Actor, company: Company, name: str, value: Any) -> None:
    """One detail to read otherwise; what was wished besides still stands."""
    waiting = open_change(session, company.id)
    after = {**(waiting.after if waiting else {}), name: value}
    wish(session, actor, company, {name: said for name, said in after.items() if said != getattr(company, name)})


def wished(session: Session, company: Company) -> dict[str, Any]:
    """The public details as the company wants them, by column."""
    waiting = open_change(session, company.id)
    return public_details(company) | (waiting.after if waiting else {})


def require_kinds_free(session: Session, company: Company, kinds: Sequence[str]) -> None:
    """What a company does decides what it is asked: it stays while answers are with the Ministry.

    Raises InvalidError on `kinds`; what it was asked about, and what it wishes already, are no change.
    """
    case = with_ministry(session, company.id)
    if case is None:
        return
    known = company.kinds, wished(session, company)["kinds"], snapshot_of(session, case).facts.kinds
    if set(kinds) not in map(set, known):
        raise InvalidError(
            "kinds", "An assessment is with the Ministry: what the company does can change after the decision."
        )


def ask(session: Session, actor: Actor, company: Company, after: Mapping[str, Any]) -> ChangeRequest:
    """The company's wish, for a reviewer to answer."""
    actor.require_company(company.id, MAY_EDIT)
    outdate(company)
    asked = ChangeRequest(
        company_id=company.id,
        before={name: getattr(company, name) for name in after},
        after=dict(after),
        asked_by=actor.user_id or 0,
        asked_at=clock.now(),
        reason="",
    )
    session.add(asked)
    session.flush()
    record(session, clock.now(), actor, "officer:company:change_asked", "company", company.id, **after)
    notify(session, people_with_role(session, Role.REVIEWER), "change_waiting", str(asked.id), {"change": asked.id})
    return asked


def withdraw(session: Session, actor: Actor, request_id: int) -> ChangeRequest:
    """The company takes its wish back."""
    found = _held(session, request_id)
    actor.require_company(found.company_id, MAY_EDIT)
    if _is_done(found, actor, Answered.WITHDRAWN):
        return found
    outdate(found.company)
    _answer(session, actor, found, Answered.WITHDRAWN)
    record(session, clock.now(), actor, "officer:company:change_withdrawn", "company", found.company_id)
    return found


def confirm(
    session: Session,
    actor: Actor,
    request_id: int,
    *,
    public_url: str,
    signatory: Signatory = UNNAMED,
    covered: Sequence[str] = (),
) -> ChangeRequest:
    """A reviewer without a tie makes it so: the register shows it at once, the old name stays findable, certificates
    that say something else are issued anew, lead to `public_url` and name `signatory`. Where brands or services change,
    `covered` are those that the company's awards cover from now on.

    Raises InvalidError when another company took the registration number meanwhile, while answers for other kinds are
    with the Ministry, or for brands that it has not or that no certificate has room for.
    """
    found = _for_reviewer(session, actor, request_id)
    if _is_done(found, actor, Answered.CONFIRMED):
        return found
    company = found.company
    _require_free_number(session, found)
    _require_same_kinds(session, company, found)
    for name, value in found.after.items():
        setattr(company, name, value)
    _answer(session, actor, found, Answered.CONFIRMED)
    said = dict(found.after)
    if {"brands", "services"} & found.after.keys():
        cover(session, company, covered)
        said["covered"] = list(covered)
    record(session, clock.now(), actor, "reviewer:company:change_confirmed", "company", company.id, **said)
    sign_head(session, portal_keys())
    anew = issue_anew(session, actor, company, public_url, signatory)
    told = {"change": found.id, "numbers": [certificate.number for certificate in anew]}
    notify(session, company_people(session, company.id), "change_confirmed", str(found.id), told)
    refresh_entry(session, company.id)
    return found


def _require_free_number(session: Session, found: ChangeRequest) -> None:
    number = found.after.get("registration_number")
    same = sa.func.lower(Company.registration_number) == (number or "").lower()
    if number and session.scalar(sa.select(Company.id).where(same, Company.id != found.company_id)) is not None:
        raise InvalidError("registration_number", "taken")


def _require_same_kinds(session: Session, company: Company, found: ChangeRequest) -> None:
    other = set(found.after.get("kinds", company.kinds)) != set(company.kinds)
    if other and with_ministry(session, company.id) is not None:
        raise InvalidError("kinds", "under_review")


def decline(session: Session, actor: Actor, request_id: int, reason: str) -> ChangeRequest:
    """A reviewer says no, and why; the company is told."""
    found = _for_reviewer(session, actor, request_id)
    if _is_done(found, actor, Answered.DECLINED):
        return found
    if not reason.strip():
        raise InvalidError("reason", "required")
    found.reason = reason.strip()
    outdate(found.company)
    _answer(session, actor, found, Answered.DECLINED)
    record(session, clock.now(), actor, "reviewer:company:change_declined", "company", found.company_id)
    notify(session, company_people(session, found.company_id), "change_declined", str(found.id), {"change": found.id})
    return found


def resembling(session: Session, found: ChangeRequest) -> list[Company]:
    """Other companies whose name, registration number or website equals or resembles what is asked for."""
    names = [found.after[name] for name in ("name_km", "name_latin") if name in found.after]
    names += [brand for brand in found.after.get("brands", ()) if brand not in found.before["brands"]]
    names += new_service_names(found)
    site = site_domain(found.after.get("website", ""))
    return alike(session, found.company_id, names, found.after.get("registration_number", ""), site)


def _held(session: Session, request_id: int) -> ChangeRequest:
    """The company first, as its edit holds it, then the request: two who take turns never wait for each other."""
    company_id = session.scalar(sa.select(ChangeRequest.company_id).where(ChangeRequest.id == request_id))
    if company_id is None:
        raise NotFoundError
    hold_company(session, company_id)
    return session.get_one(ChangeRequest, request_id, with_for_update={"of": ChangeRequest}, populate_existing=True)


def _for_reviewer(session: Session, actor: Actor, request_id: int) -> ChangeRequest:
    actor.require(Role.REVIEWER)
    found = _held(session, request_id)
    require_no_tie(session, actor, found.company_id)
    return found


def outdate(company: Company) -> None:
    """The form shows what is asked for: one that was opened before is refused as stale."""
    flag_modified(company, "kinds")


def _is_done(found: ChangeRequest, actor: Actor, answer: Answered) -> bool:
    """Whether the actor gave this answer already: the button pressed twice. Raises WrongStateError for another."""
    if (found.answered, found.answered_by) == (answer, actor.user_id):
        return True
    if found.answered is not None:
        raise WrongStateError(answer, found.answered)
    return False


def _answer(session: Session, actor: Actor, found: ChangeRequest, answered: Answered) -> None:
    found.answered, found.answered_by, found.answered_at = answered, actor.user_id, clock.now()
    session.flush()
