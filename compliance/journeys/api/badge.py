"""A badge for a company's own page: the standing of the day, in Khmer or English, without a cookie."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from flask import abort, current_app, request
from flask.wrappers import Response
from markupsafe import Markup

from certificates import NumberError, parse
from compliance.clock import today
from compliance.domain.standing import IN_FORCE, Standing
from compliance.journeys.api.blueprint import answer, api
from compliance.journeys.api.described import described
from compliance.journeys.api.fields import TEXT
from compliance.journeys.api.openapi import drawing
from compliance.journeys.language import KHMER, LANGUAGES, show_date, speaking
from compliance.store.awards import Award, award_by_number, awards_of, counting_award
from compliance.store.base import db
from compliance.store.companies import company_by_slug
from questionnaires import edition

COLOURS = {"committed": "#232660", "bronze": "#8A4A2B", "silver": "#566072", "gold": "#7A5208"}
OFF_COLOUR = "#575471"
LONGEST_SLUG = 80
SVG = {"image/svg+xml": TEXT}
# The family of emblems in its simplest: bud, diamond, octagon, eight-pointed flower.
MARKS = {
    "committed": "M27 10C38 22 38 34 27 46C16 34 16 22 27 10Z",
    "bronze": "M27 9L46 28L27 47L8 28Z",
    "silver": "M19.5 10H34.5L45 20.5V35.5L34.5 46H19.5L9 35.5V20.5Z",
    "gold": "M27 7L32 16L42 13L39 23L48 28L39 33L42 43L32 40L27 49L22 40L12 43L15 33L6 28L15 23L12 13L22 16Z",
}
# A picture on somebody's page can fetch nothing: a Khmer badge brings its letters along (translations/badge_font.py).
LETTERS = "static/fonts/badge-khmer-600.woff2"


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
    """How the company stands today, under whichever number."""
    award = counting_award(awards_of(db.session(), company_id), today())
    if award is None:
        abort(404)
    lang = request.args.get("lang", KHMER)
    lang = lang if lang in LANGUAGES else KHMER
    return answer(draw(award, lang), "image/svg+xml", Content_Security_Policy=policy(lang))


@cache
def style(lang: str) -> Markup:
    """The style inside the picture: its own letters in Khmer, the reader's own elsewhere."""
    if lang != KHMER:
        return Markup("")
    data = base64.b64encode(Path(current_app.root_path, LETTERS).read_bytes()).decode()
    return Markup("@font-face{{font-family:B;src:url(data:font/woff2;base64,{})}}").format(data)


@cache
def policy(lang: str) -> str:
    """What the picture may do when it is opened alone: nothing but show those letters."""
    digest = base64.b64encode(hashlib.sha256(style(lang).encode()).digest()).decode()
    return f"default-src 'none'; font-src data:; style-src 'sha256-{digest}'" if style(lang) else "default-src 'none'"


def draw(award: Award, lang: str) -> str:
    """The badge as SVG: level, standing and the day until which it counts, in words for screen readers too."""
    standing = award.standing(today())
    on = standing in IN_FORCE
    level = edition(award.edition).level(award.level)
    with speaking(lang):
        macro = current_app.jinja_env.get_template("components/standing.html").module.standing_name  # type: ignore[attr-defined]
        said = str(macro(standing)).strip()
        until = show_date(award.term.grace_ends if standing is Standing.IN_GRACE else award.ends, lang)
    colour = COLOURS.get(award.level, OFF_COLOUR) if on else OFF_COLOUR
    template = current_app.jinja_env.get_template("public/badge.svg")
    return template.render(
        lang=lang,
        letters=Markup("<style>{}</style>").format(style(lang)) if style(lang) else "",
        level=level.title[lang],
        said=f"{said} · {until}" if on else said,
        colour=colour,
        on=on,
        mark=MARKS.get(award.level, MARKS["committed"]),
    )
