"""Facts → the page's HTML: Khmer first, every value escaped, long texts stepped down so that one page holds them."""

import datetime as dt
import re
from collections.abc import Callable
from functools import cache
from math import ceil
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from certificates import khmer
from certificates.assets import HOME
from certificates.facts import NOT_COVERED, CertificateFacts, Words
from certificates.number import grouped

PHNOM_PENH = dt.timezone(dt.timedelta(hours=7))
# The body's frame in millimetres, its sizes in points (certificate.css), and how wide a letter is, measured on the
# first edition's texts: millimetres for each point of size.
BODY_WIDTH, BODY_HEIGHT = 226, 24.6
BODY_SIZES = {"roomy": 10, "tight": 9.1, "full": 8, "dense": 6.9}
KHMER_WIDTH, LATIN_WIDTH = 0.21, 0.142
MILLIMETRES = 25.4 / 72
_TWO_LINES: dict[tuple[Callable[[str], float], str], int] = {
    (khmer.width, "s"): 50,
    (khmer.width, "xs"): 72,
    (khmer.latin_width, "s"): 100,
    (khmer.latin_width, "xs"): 160,
}
"""Letters that one of two lines holds."""
_OUTLINES = {
    "committed": "រាងក្រពុំឈូក",
    "bronze": "រាងពេជ្រ",
    "silver": "រាងប្រាំបីជ្រុង",
    "gold": "រាងផ្កាឈូករីក",
}


def page(facts: CertificateFacts) -> str:
    """The certificate as HTML, ready for the layout engine."""
    address = printed_address(facts.verify_url)
    return template().render(
        facts=facts,
        stamp=stamp(facts).isoformat(),
        not_covered=NOT_COVERED,
        address=address,
        step=_steps(facts) | {"address": _step(len(address), {46: "", 62: "small"}, "smallest")},
        outline=_OUTLINES[facts.level.id],
    )


def stamp(facts: CertificateFacts) -> dt.datetime:
    """The one time the file carries: nine in the morning of the day of issue."""
    return dt.datetime.combine(facts.issued, dt.time(9), PHNOM_PENH)


def printed_address(url: str) -> str:
    """The address as a person types it."""
    parts = urlsplit(url)
    return parts.netloc + parts.path.rstrip("/")


@cache
def template(name: str = "certificate.html") -> Template:
    """One of the certificate's own templates, with what words need for print."""
    environment = Environment(
        loader=FileSystemLoader(HOME), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters |= {
        "km": _khmer,
        "km_name": lambda name, step: _on_two_lines(_khmer(name), khmer.width, step),
        "name": lambda name, step: _on_two_lines(escape(khmer.printable(name)), khmer.latin_width, step),
        "printable": khmer.printable,
        "digits": khmer.khmer_digits,
        "khmer_date": khmer.khmer_date,
        "english_date": khmer.english_date,
        "grouped": grouped,
    }
    return environment.get_template(name)


def _khmer(text: str) -> Markup:
    """Khmer for the page, breakable between words."""
    return escape(khmer.line_breaks(khmer.printable(text)))


def _on_two_lines(name: Markup, width: Callable[[str], float], step: str) -> Markup:
    """A name set for two lines ends the first where both are most alike: at a space, else between words."""
    for gap in (" ", "\u200b"):
        places = [found.start() for found in re.finditer(gap, name)]
        if not places:
            continue
        place = min(places, key=lambda at: abs(width(name[:at]) - width(name[at:])))
        longer = max(width(name[:place]), width(name[place:]))
        if longer <= _TWO_LINES.get((width, step), 0):
            return name[:place] + Markup("<br>") + name[place + 1 :]
    return name


def _steps(facts: CertificateFacts) -> dict[str, str]:
    """CSS classes by length. Names: l (one short line), m (one), s (two), xs (more)."""
    return {
        "km": _step(khmer.width(facts.company.km), {22: "l", 32: "m", 84: "s"}, "xs"),
        "en": _step(khmer.latin_width(facts.company.en), {50: "l", 68: "m", 156: "s"}, "xs"),
        "body": _body_step(facts),
    }


def _step(length: float, steps: dict[int, str], beyond: str) -> str:
    return next((name for most, name in steps.items() if length <= most), beyond)


def _body_step(facts: CertificateFacts) -> str:
    """The largest size at which meaning, kinds and scope end above the emblem."""
    beside = facts.not_covered and Words(*(f"{NOT_COVERED[lang]} {facts.not_covered[lang]}" for lang in ("km", "en")))
    meaning, said = facts.level.meaning, [*facts.kinds, facts.scope, *([beside] if beside else [])]
    brands = [f"Brands {' · '.join(facts.brands)}"] if facts.brands else []
    khmer_line = [*(words.km for words in said), *brands]
    lines = [
        (khmer.width(meaning.km) * KHMER_WIDTH, 1.05, 1.5),
        (khmer.latin_width(meaning.en) * LATIN_WIDTH, 1.1, 1.15),
        ((sum(khmer.width(text) for text in khmer_line) + 24) * KHMER_WIDTH, 0.92, 1.45),
        ((sum(khmer.latin_width(words.en) for words in said) + 24) * LATIN_WIDTH, 0.98, 1.1),
    ]
    for name, size in BODY_SIZES.items():
        height = sum(ceil(width * em * size / BODY_WIDTH) * em * size * leading for width, em, leading in lines)
        if height * MILLIMETRES <= BODY_HEIGHT:
            return name
    return list(BODY_SIZES)[-1]
