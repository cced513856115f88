"""The API, version 1: companies, one company, one award; what it offers is described at openapi.json."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import abort, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session

from certificates import NumberError, parse
from compliance.clock import today
from compliance.domain.standing import Standing
from compliance.journeys.api.asked import number_asked
from compliance.journeys.api.blueprint import api, as_json, as_json_with
from compliance.journeys.api.described import described, json_of
from compliance.journeys.api.entries import entry_data, fill_json
from compliance.journeys.api.openapi import description, parameters
from compliance.journeys.gate import settings
from compliance.journeys.ground_words import is_public
from compliance.journeys.page_cache import cached
from compliance.journeys.public.register import found_of, read_address
from compliance.store.awards import (
    Award,
    AwardDecision,
    Certificate,
    award_by_number,
    awards_of,
    certificates_of,
    successor_of,
)
from compliance.store.base import db
from compliance.store.register import RegisterEntry, entry_by_slug
from compliance.store.register_search import ready_entries

MOST = 100


@api.get("/api/v1/companies")
@cached
@described("Companies with an award, by name", json_of("Companies"), takes=parameters)
def companies() -> Response:
    session, day, asked = db.session(), today(), read_address(request.args)
    limit, page = number_asked("limit", 50, MOST), number_asked("page", 1, 999_999)
    found = found_of(asked.search, "en")
    awards = found.awards
    total, wanted = len(awards), awards[(page - 1) * limit : page * limit]
    ready = ready_entries(session, wanted, day, "json")
    public_url = settings().public_url
    more = page * limit < total
    link = url_for("api.companies") + asked.address(limit=limit, page=page + 1)
    head = {
        "on": day.isoformat(),
        "total": total,
        "page": page,
        "limit": limit,
        "next": public_url + link if more else None,
        "by_sound": found.by_sound,
    }
    return as_json_with(head, "companies", fill_json(ready, day, public_url))


@api.get("/api/v1/companies/<slug>")
@cached
@described("One company, with every award and decision", json_of("WholeCompany"))
def company(slug: str) -> Response:
    session, day = db.session(), today()
    entry = entry_by_slug(session, slug, day) if len(slug) <= 80 and "\0" not in slug else None
    if entry is None:
        abort(404)
    return as_json(whole_entry(session, entry, day))


def whole_entry(session: Session, entry: RegisterEntry, day: date) -> Mapping[str, Any]:
    """An entry with every award and decision behind it."""
    awards = [award_data(session, award, day) for award in awards_of(session, entry.company_id)]
    return {**entry_data(entry, day, settings().public_url), "history": awards}


def award_data(session: Session, award: Award, day: date) -> dict[str, Any]:
    """One award with its decisions, its certificates, and the number of the award that took or will take its place."""
    successor = successor_of(session, award, day)
    return {
        "number": award.number,
        "company": award.company.slug,
        "level": award.level,
        "edition": award.edition,
        "starts": award.starts.isoformat(),
        "ends": award.ends.isoformat(),
        "grace_ends": award.term.grace_ends.isoformat(),
        "standing": award.standing(day).value,
        "standing_on": day.isoformat(),
        "successor": successor.number if successor else None,
        "certificates": [_certificate_data(one) for one in certificates_of(session, [award.id])],
        "decisions": [_decision_data(award, act) for act in award.acts],
    }


def _decision_data(award: Award, act: AwardDecision) -> dict[str, Any]:
    """An act with its ground and its reason for everybody; null where there is none."""
    why = {"ground": act.ground or None, "km": act.public_km, "en": act.public_en} if is_public(award, act) else None
    return {"act": act.act.value, "at": act.decided_at.isoformat(timespec="seconds"), "reason": why}


def _certificate_data(certificate: Certificate) -> dict[str, str | None]:
    replaced = certificate.replaced_at
    return {
        "number": certificate.number,
        "issued_at": certificate.issued_at.isoformat(timespec="seconds") if certificate.issued_at else None,
        "replaced_at": replaced.isoformat(timespec="seconds") if replaced else None,
    }


@api.get("/api/v1/awards/<number>")
@described("One award by its certificate number, with its standing today", json_of("Award"))
def award(number: str) -> Response:
    """By the number of any of its certificates; a replaced one holds no more and leads to the one that does."""
    session, day = db.session(), today()
    try:
        exact = parse(number)
    except NumberError:
        abort(404)
    found = award_by_number(session, exact)
    if found is None:
        abort(404)
    told = award_data(session, found, day)
    if exact != found.number:
        gone = told["standing"] == Standing.SUPERSEDED
        leads_to = told["successor"] if gone else found.number
        told |= {"number": exact, "standing": Standing.SUPERSEDED.value, "successor": leads_to}
    return as_json(told)


@api.get("/api/v1/openapi.json")
@cached
@described("This description", json_of("Anything"))
def openapi() -> Response:
    return as_json(description(settings().public_url))
