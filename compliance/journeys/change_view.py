"""A change request as its readers see it: what the register says, and what it shall say."""

from dataclasses import dataclass
from typing import Any

from compliance.domain.provinces import province_name
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.store.changes import ChangeRequest
from questionnaires import current


@dataclass(frozen=True)
class Line:
    """One detail: its name, and how it reads before and after."""

    label: str
    before: str
    after: str


def lines(change: ChangeRequest) -> list[Line]:
    """What differs, in the order of the company's form."""
    labels: dict[str, str] = {
        "name_km": _("Name in Khmer"),
        "name_latin": _("Name in Latin letters"),
        "registration_number": _("Registration number"),
        "kinds": _("What does the company do?"),
        "province": _("Province of the head office"),
        "website": _("Website"),
    }
    return [
        Line(label, _words(name, change.before[name]), _words(name, change.after[name]))
        for name, label in labels.items()
        if name in change.after
    ]


def _words(name: str, value: Any) -> str:
    lang = current_language()
    if name == "kinds":
        labels = {kind.id: kind.label[lang] for kind in current().kinds}
        return ", ".join(labels.get(kind, kind) for kind in value)
    return province_name(value, lang) if name == "province" else str(value) or "–"
