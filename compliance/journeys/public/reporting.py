"""Where to report harm: the national services, then services of companies in force, by kind of harm and by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import make_response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from compliance.clock import today
from compliance.domain.harms import Harm, narrowed
from compliance.domain.reporting import WAYS
from compliance.domain.search import fold
from compliance.journeys.harm_words import first_steps, harm_names
from compliance.journeys.headers import POLICY
from compliance.journeys.language import current_language
from compliance.journeys.page_cache import cached
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.channels import services_shown
from compliance.journeys.public.home import card
from compliance.store.base import db
from compliance.store.register import RegisterEntry
from compliance.store.register_search import GOOD, LONGEST_TEXT, Search, find

MOST = 500
"""Companies in one list."""
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""Browsers that know it let it count over X-Frame-Options."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for; `unknown` when it names a kind of harm that is none: then everything is shown."""

    harm: Harm | None = None
    words: str = ""
    unknown: bool = False

    @property
    def query(self) -> str:
        """What narrows the list as part of an address."""
        parts = {"harm": self.harm or "", "q": self.words}
        return urlencode({name: value for name, value in parts.items() if value})


def read_address(args: MultiDict[str, str]) -> Asked:
    """Words are cut where they are too long to mean anything."""
    named, words = args.get("harm", ""), args.get("q", "")[:LONGEST_TEXT]
    harm = Harm(named) if named in set(Harm) else None
    return Asked(harm, "".join(mark for mark in words if mark.isprintable()).strip(), bool(named) and harm is None)


@public.get("/where-to-report")
@cached
def where_to_report() -> str | tuple[str, int]:
    asked = read_address(request.args)
    services, silent = doors(current_language(), asked)
    page = render_template("public/where_to_report.html", services=services, silent=silent, **_told(asked))
    return (page, 400) if asked.unknown else page


@public.get("/where-to-report/list")
@cached
def where_to_report_list() -> Response:
    """The list alone, for a page of somebody else to show inside it; nobody's cookie changes it, nothing is posted."""
    asked = read_address(request.args)
    services, _silent = doors(current_language(), asked)
    page = render_template("public/where_to_report_list.html", services=services, **_told(asked))
    response = make_response(page, 400 if asked.unknown else 200)
    response.headers["Content-Security-Policy"] = FRAMED
    return response


def _told(asked: Asked) -> dict[str, Any]:
    chosen = asked.harm
    return {
        "asked": asked,
        "harms": harm_names(),
        "harm": harm_names()[chosen] if chosen else "",
        "first": first_steps().get(chosen, "") if chosen else "",
    }


def entries_found(asked: Asked, lang: str) -> Iterator[tuple[RegisterEntry, list[Mapping[str, Any]]]]:
    """Companies in force whose name or services hold the words, each with its services as they were asked for."""
    for entry in find(db.session(), Search(standing=GOOD), today(), 0, MOST, lang):
        services = [narrowed(one, asked.harm or "") for one in entry.services if _is_meant(entry, one, asked.words)]
        if services or not asked.words:
            yield entry, [one for one in services if any(one[way] for way in WAYS)]


def _is_meant(entry: RegisterEntry, service: Mapping[str, Any], words: str) -> bool:
    names = (entry.name_km, entry.name_latin, *entry.brands, service["km"], service["latin"])
    text = fold("\n".join(names))
    return all(word in text for word in fold(words).split())


def doors(lang: str, asked: Asked) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Where services take reports, and the companies none of whose services says it in a way that is asked for."""
    found = [
        (card(entry, lang), services_shown(entry, services, lang, today()))
        for entry, services in entries_found(asked, lang)
    ]
    told: dict[str, Any] = {"only": {}} if asked.harm else {}  # what is asked for is told once, above all of them
    shown = [{**company, **one, "company": company, **told} for company, services in found for one in services]
    return shown, [company for company, services in found if not services]
