"""Where services take reports of harm, as the public reads it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from compliance.actions.checking_in import rules
from compliance.domain.reporting import WAYS
from compliance.domain.standing import IN_FORCE
from compliance.journeys.harm_words import only_for
from compliance.journeys.public.rows import kind_names
from compliance.store.companies import service_name
from compliance.store.register import RegisterEntry


def services_shown(
    entry: RegisterEntry, services: Iterable[Mapping[str, Any]], lang: str, day: date
) -> list[dict[str, Any]]:
    """Services of the entry with their names, kind, whether the award covers each, and where it takes reports."""
    return [
        {
            **names_first(one, lang),
            "kind": kind_names(entry.edition, [one["kind"]], lang),
            "covered": service_name(one) in entry.covered,
            "page": safe_page(one["page"]),
            "telephone": one["telephone"],
            "tel": "".join(mark for mark in one["telephone"] if mark.isdecimal() or mark == "+"),
            "menu": one["menu"],
            "only": {way: only_for(one.get("harms", {}), way) for way in WAYS},
            "checked": _checked(entry, one, day),
            "since": date.fromisoformat(one["since"]) if one["since"] else None,
        }
        for one in services
    ]


def _checked(entry: RegisterEntry, service: Mapping[str, Any], day: date) -> date | None:
    """The day on which the company tried all these ways; None once that is too long ago, or the award not in force."""
    days = still_checked(entry, service, day)
    return min(days.values()) if days and all(way in days for way in WAYS if service[way]) else None


def still_checked(entry: RegisterEntry, service: Mapping[str, Any], day: date) -> dict[str, date]:
    """By way that the service has, the day it was tried; left out once too long ago, empty with no award in force."""
    if entry.standing(day) not in IN_FORCE:
        return {}
    figures, said = rules(entry.edition), service.get("checked", {})
    tried = {way: date.fromisoformat(said[way]) for way in WAYS if service[way] and way in said}
    return {way: checked for way, checked in tried.items() if day < figures.unchecked_from(checked)}


def names_first(service: Mapping[str, Any], lang: str) -> dict[str, str]:
    """The name in the reader's script first; a service may have one name only."""
    names = [service["km"], service["latin"]] if lang == "km" else [service["latin"], service["km"]]
    shown = [name for name in names if name]
    return {"name": shown[0], "other": shown[1] if len(shown) > 1 else ""}


def safe_page(address: str) -> dict[str, str] | None:
    """A page on which reports are taken: where it leads, and its address without what every address begins with."""
    known = safe_website(address)
    return {"href": address, "text": address.partition("://")[2].rstrip("/")} if known else None


def safe_website(address: str) -> dict[str, str] | None:
    """The company's own site, only as a plain web address; with what to show of it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "\\" in address:
        return None
    return {"href": address, "text": parts.hostname}
