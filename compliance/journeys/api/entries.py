"""A register entry as data: the same words in CSV, JSON and the API."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from flask import Flask

from compliance.domain.harms import taken
from compliance.domain.provinces import province_name
from compliance.domain.reporting import WAYS
from compliance.store.companies import service_name
from compliance.store.register import JSON_WRITER, RegisterEntry
from compliance.store.register_search import ReadyEntry
from questionnaires import catalogue

GAP, ESCAPED_GAP = "\x1f", '"\\u001f'
"""Stands in an entry's stored JSON for the standing, the day it was true on, and the portal's address before each link.

Texts lose the character before they are written; a quote before the escaped one occurs only where a value begins.
"""


def compact(content: Any) -> str:
    """JSON with Khmer as Khmer; unindented, for indenting is ten times slower."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def entry_data(entry: RegisterEntry, day: date, public_url: str) -> dict[str, Any]:
    """What the public may know of one company."""
    return _data(entry, entry.standing(day).value, day.isoformat(), public_url)


def write_json(entry: RegisterEntry) -> str:
    """The same as JSON, with gaps for what depends on the day and on where the portal is."""
    return compact(_data(entry, GAP, GAP, GAP)).replace(ESCAPED_GAP, f'"{GAP}')


def fill_json(entries: Iterable[ReadyEntry], day: date, public_url: str) -> Iterator[str]:
    """The stored JSON of entries as it reads today."""
    on = day.isoformat()
    for entry in entries:
        before, between, rest = entry.fragment.split(GAP, 2)
        yield f"{before}{entry.standing}{between}{on}{rest.replace(GAP, public_url)}"


def init(app: Flask) -> None:
    """Tells the store how an entry's JSON is written."""
    app.extensions[JSON_WRITER] = write_json


def _clean(text: str) -> str:
    return text.replace(GAP, " ")


def service_data(entry: RegisterEntry, service: Mapping[str, Any]) -> dict[str, Any]:
    """A service and where it takes reports of harm; `since` is missing where it does not say so."""
    return {
        "name": {"km": _clean(service["km"]), "en": _clean(service["latin"])},
        "kind": service["kind"],
        "covered": service_name(service) in entry.covered,
        "reporting": {
            **{way: _clean(service[way]) or None for way in WAYS},
            "since": service["since"] or None,
            "harms": {way: [*taken(service.get("harms", {}), way)] for way in WAYS if service[way]},
            "checked": {way: day for way, day in service.get("checked", {}).items() if service[way]},
        },
    }


def _not_covered(entry: RegisterEntry) -> dict[str, str] | None:
    """None where nothing was said of it."""
    said = {"km": _clean(entry.not_covered_km), "en": _clean(entry.not_covered_en)}
    return said if any(said.values()) else None


def _data(entry: RegisterEntry, standing: str, on: str, public_url: str) -> dict[str, Any]:
    edition = catalogue.edition(entry.edition)
    labels = {kind.id: kind.label for kind in edition.kinds}
    level = edition.level(entry.level)
    return {
        "slug": entry.slug,
        "name": {"km": _clean(entry.name_km), "en": _clean(entry.name_latin)},
        "former_names": [{name: _clean(said) for name, said in one.items()} for one in entry.former],
        "kinds": [
            {"id": kind, "km": labels[kind].km, "en": labels[kind].en} if kind in labels else {"id": kind}
            for kind in entry.kinds
        ],
        "province": {
            "id": entry.province,
            "km": province_name(entry.province, "km"),
            "en": province_name(entry.province, "en"),
        },
        "website": _clean(entry.website),
        "services": [service_data(entry, one) for one in entry.services],
        "brands": [{"name": _clean(brand), "covered": brand in entry.covered} for brand in entry.brands],
        "award": {
            "number": entry.number,
            "level": {"id": entry.level, "km": level.public_name.km, "en": level.public_name.en},
            "edition": entry.edition,
            "scope": {"km": _clean(entry.scope_km), "en": _clean(entry.scope_en)},
            "not_covered": _not_covered(entry),
            "starts": entry.starts.isoformat(),
            "ends": entry.ends.isoformat(),
            "grace_ends": entry.grace_ends.isoformat(),
            "standing": standing,
            "standing_on": on,
            "last_decision": {"act": entry.last_act.value, "on": entry.acted_on.isoformat()},
        },
        "illustrative": edition.illustrative,
        "links": {
            "page": f"{public_url}/en/register/{entry.slug}",
            "verify": f"{public_url}/verify/{entry.number}",
            "certificate": f"{public_url}/certificates/{entry.number}.pdf",
            "credential": f"{public_url}/credentials/{entry.number}.json",
            "badge": f"{public_url}/badge/company/{entry.slug}.svg",
        },
        "changed_at": entry.changed_at.isoformat(timespec="seconds"),
    }
