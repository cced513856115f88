"""A register entry as data: the same words in CSV, JSON and the API."""

from datetime import date
from typing import Any

from compliance.domain.provinces import province_name
from compliance.store.register import RegisterEntry
from questionnaires import edition


def entry_data(entry: RegisterEntry, day: date, public_url: str) -> dict[str, Any]:
    """What the public may know of one company."""
    code = edition(entry.edition)
    labels = {kind.id: kind.label for kind in code.kinds}
    level = code.level(entry.level)
    return {
        "slug": entry.slug,
        "name": {"km": entry.name_km, "en": entry.name_latin},
        "kinds": [
            {"id": kind, "km": labels[kind].km, "en": labels[kind].en} if kind in labels else {"id": kind}
            for kind in entry.kinds
        ],
        "province": {
            "id": entry.province,
            "km": province_name(entry.province, "km"),
            "en": province_name(entry.province, "en"),
        },
        "website": entry.website,
        "award": {
            "number": entry.number,
            "level": {"id": entry.level, "km": level.public_name.km, "en": level.public_name.en},
            "edition": entry.edition,
            "scope": {"km": entry.scope_km, "en": entry.scope_en},
            "starts": entry.starts.isoformat(),
            "ends": entry.ends.isoformat(),
            "grace_ends": entry.grace_ends.isoformat(),
            "standing": entry.standing(day).value,
            "standing_on": day.isoformat(),
            "last_decision": {"act": entry.last_act.value, "on": entry.acted_on.isoformat()},
        },
        "illustrative": code.illustrative,
        "links": {
            "page": f"{public_url}/en/register/{entry.slug}",
            "verify": f"{public_url}/verify/{entry.number}",
            "certificate": f"{public_url}/certificates/{entry.number}.pdf",
            "credential": f"{public_url}/credentials/{entry.number}.json",
            "badge": f"{public_url}/badge/{entry.number}.svg",
        },
        "changed_at": entry.changed_at.isoformat(timespec="seconds"),
    }
