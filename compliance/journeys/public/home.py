"""The first page, and the pages that explain: the Code, for companies, and the small print."""

from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.bounded.runner import Sender
from compliance.clock import today
from compliance.domain.provinces import province_name
from compliance.journeys.language import current_language, show_number
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import cached
from compliance.journeys.printing import kinds_of, public_facts, questionnaire_pdf
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.company import minimum
from compliance.journeys.public.rows import kind_names
from compliance.store.base import db
from compliance.store.register import RegisterEntry
from compliance.store.register_search import GOOD, Search, count_by_level, newest, provinces_covered
from compliance.store.rule_changes import lifecycle_now
from questionnaires import current

CARDS = 6
MINISTRY = {"href": "https://mptc.gov.kh/", "text": "mptc.gov.kh"}


def card(entry: RegisterEntry, lang: str) -> dict[str, str]:
    """A company in a teaser."""
    return {
        "name_km": entry.name_km,
        "name_en": entry.name_latin,
        "href": f"/{lang}/register/{entry.slug}",
        "level": entry.level,
        "kind": kind_names(entry.edition, entry.kinds[:1], lang),
        "province": province_name(entry.province, lang),
    }


def levels(lang: str) -> list[dict[str, Any]]:
    """The levels in words, lowest first."""
    edition = current()
    number = show_number(sum(question.essential for question in edition.questions), lang)
    return [
        {
            "level": level.id,
            "name": level.title[lang],
            "text": level.meaning[lang],
            "points": minimum(edition, level.id),
            "needs": "" if minimum(edition, level.id) else _("Up to %(number)s essentials, all met", number=number),
        }
        for level in edition.levels
    ]


def counts(session: Session) -> dict[str, int]:
    """How many awards stand today."""
    in_force = Search(standing=GOOD)
    by_level = count_by_level(session, in_force, today())
    champions = sum(by_level.get(level.id, 0) for level in current().levels if level.champion)
    return {
        "awards": sum(by_level.values()),
        "champions": champions,
        "provinces": provinces_covered(session, in_force, today()),
    }


@public.get("/")
@cached
def home() -> str:
    lang, session = current_language(), db.session()
    best = tuple(level.id for level in current().levels if level.champion)
    champions = newest(session, Search(standing=GOOD, levels=best), today(), CARDS)
    return render_template(
        "public/home.html",
        champions=[card(entry, lang) for entry in champions],
        counts=counts(session),
        levels=levels(lang),
    )


@public.get("/code")
@cached
def code() -> str:
    """Its deadlines are those in force, which administrators may have moved."""
    edition = current()
    return render_template("public/code.html", edition=edition, life=lifecycle_now(db.session(), edition.id))


@public.get("/award")
@cached
def award() -> str:
    """What the award means and does not mean, read in a minute."""
    return render_template("public/award.html", levels=levels(current_language()))


@public.get("/code/questionnaire.pdf")
def questionnaire() -> Response:
    """What is asked of companies of some kinds, on paper, for everybody."""
    sender = Sender(request.remote_addr or "", known=False)
    return questionnaire_pdf(public_facts(kinds_of(current(), request.args.getlist("kind"))), sender)


@public.get("/for-companies")
@cached
def for_companies() -> str:
    return render_template("public/for_companies.html", edition=current(), levels=levels(current_language()))


@public.get("/privacy")
@cached
def privacy() -> str:
    return render_template("public/privacy.html")


@public.get("/accessibility")
@cached
def accessibility() -> str:
    return render_template("public/accessibility.html")


@public.get("/contact")
@cached
def contact() -> str:
    return render_template("public/contact.html", ministry=MINISTRY)
