"""Facts → the page's HTML: Khmer first, every value escaped, long texts stepped down so that one page holds them."""

import datetime as dt
from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from certificates import khmer
from certificates.assets import HOME
from certificates.facts import CertificateFacts
from certificates.number import grouped

PHNOM_PENH = dt.timezone(dt.timedelta(hours=7))
_EMBLEM_WORDS = {
    "committed": "ក្រពុំឈូក",
    "bronze": "រាងពេជ្រ និងផ្កាឈូកបីត្របក",
    "silver": "រាងប្រាំបីជ្រុង និងផ្កាឈូកប្រាំត្របក",
    "gold": "ផ្កាឈូករីកពេញប្រាំបីត្របក",
}


def page(facts: CertificateFacts) -> str:
    """The certificate as HTML, ready for the layout engine."""
    address = printed_address(facts.verify_url)
    return _template().render(
        facts=facts,
        stamp=stamp(facts).isoformat(),
        address=address,
        step=_steps(facts) | {"address": _step(len(address), {46: "", 62: "small"}, "smallest")},
        emblem_words=_EMBLEM_WORDS[facts.level.id],
    )


def stamp(facts: CertificateFacts) -> dt.datetime:
    """The one time the file carries: nine in the morning of the day of issue."""
    return dt.datetime.combine(facts.issued, dt.time(9), PHNOM_PENH)


def printed_address(url: str) -> str:
    """The address as a person types it."""
    parts = urlsplit(url)
    return parts.netloc + parts.path.rstrip("/")


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HOME), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters |= {
        "km": lambda text: khmer.line_breaks(khmer.printable(text)),
        "printable": khmer.printable,
        "digits": khmer.khmer_digits,
        "khmer_date": khmer.khmer_date,
        "english_date": khmer.english_date,
        "grouped": grouped,
    }
    return environment.get_template("certificate.html")


def _steps(facts: CertificateFacts) -> dict[str, str]:
    """CSS classes by length: names l (one short line), m (one), s (two), xs (more); body tight, then full."""
    km = khmer.width(facts.company.km)
    en = len(facts.company.en)
    said = [facts.level.meaning, facts.scope, *facts.kinds]
    text = max(sum(len(words.km) for words in said), sum(len(words.en) for words in said))
    return {
        "km": _step(km, {22: "l", 32: "m", 84: "s"}, "xs"),
        "en": _step(en, {46: "l", 64: "m", 150: "s"}, "xs"),
        "body": _step(text, {250: "", 380: "tight"}, "full"),
    }


def _step(length: int, steps: dict[int, str], beyond: str) -> str:
    return next((name for most, name in steps.items() if length <= most), beyond)
