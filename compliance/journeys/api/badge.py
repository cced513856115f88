"""A badge for a company's own page: the standing of the day, in Khmer or English, for light and dark pages, without a
cookie."""

import hashlib
from datetime import date
from typing import Any

from flask import abort, current_app, request
from flask.wrappers import Response

from certificates import NumberError, parse
from compliance import clock
from compliance.clock import today
from compliance.domain.standing import Standing
from compliance.journeys.api.badge_drawing import Badge, draw, policy
from compliance.journeys.api.blueprint import answer, api
from compliance.journeys.api.described import described
from compliance.journeys.api.fields import TEXT
from compliance.journeys.api.openapi import drawing
from compliance.journeys.language import KHMER, LANGUAGES, show_date, speaking
from compliance.journeys.language import gettext as _
from compliance.store.awards import Award, award_by_number, awards_of, counting_award
from compliance.store.base import db
from compliance.store.companies import company_by_slug
from questionnaires import edition

LONGEST_SLUG = 80
SVG = {"image/svg+xml": TEXT}


@api.get("/badge/<number>.svg")
@described("The badge of a company, by a certificate number", SVG, takes=None, lets_be=drawing)
def badge(number: str) -> Response:
    """By the number of any certificate of the company, also of one that has been replaced."""
    try:
        award = award_by_number(db.session(), parse(number))
    except NumberError:
        award = None
    if award is None:
        abort(404)
    return _of(award.company_id)


@api.get("/badge/company/<slug>.svg")
@described("The badge of a company", SVG, takes=None, lets_be=drawing)
def company_badge(slug: str) -> Response:
    """The badge that a company puts on its page once: it follows from award to award."""
    if len(slug) > LONGEST_SLUG or "\0" in slug:
        abort(404)
    return _of(company_by_slug(db.session(), slug).id)


def _of(company_id: int) -> Response:
    """How the company stands today, under whichever number. A cache must ask each time whether its copy holds."""
    award = counting_award(awards_of(db.session(), company_id), today())
    if award is None:
        abort(404)
    lang = request.args.get("lang", KHMER)
    lang = lang if lang in LANGUAGES else KHMER
    drawn = draw(badge_of(award, lang), dark=request.args.get("theme") == "dark")
    tag = hashlib.sha256(drawn.encode()).hexdigest()[:32]
    response = answer(drawn, "image/svg+xml", Content_Security_Policy=policy(drawn), ETag=f'"{tag}"')
    response.make_conditional(request)
    return response


def badge_of(award: Award, lang: str) -> Badge:
    """What the badge of an award says today."""
    standing = award.standing(today())
    level = edition(award.edition).level(award.level)
    name = award.company.name_km if lang == KHMER else award.company.name_latin
    with speaking(lang):
        return Badge(
            lang=lang,
            award=_("Champion Companies, child protection"),
            ministry=_("Ministry of Post and Telecommunications"),
            company=name,
            emblem=award.level,
            level=level.title[lang],
            standing=standing,
            standing_name=_standing_name(standing),
            state=_state(standing, award, lang),
        )


def _standing_name(standing: Standing) -> str:
    macros: Any = current_app.jinja_env.get_template("components/standing.html").module
    return str(macros.standing_name(standing.value)).strip()


def _state(standing: Standing, award: Award, lang: str) -> str:
    def told(day: date) -> str:
        return show_date(day, lang)

    acted = clock.day_of(award.acted_at)
    return {
        Standing.IN_GRACE: lambda: _("In grace until %(day)s", day=told(award.term.grace_ends)),
        Standing.SUSPENDED: lambda: _("since %(day)s", day=told(acted)),
        Standing.REVOKED: lambda: _("on %(day)s", day=told(acted)),
        Standing.SUPERSEDED: lambda: _("on %(day)s", day=told(acted)),
        Standing.EXPIRED: lambda: _("on %(day)s", day=told(award.ends)),
        Standing.WAITING: lambda: _("from %(day)s", day=told(award.starts)),
    }.get(standing, lambda: _("Valid to %(day)s", day=told(award.ends)))()
