"""What the public reads of a company, as those see it who judge it: today's details, and what differs from earlier."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from compliance.actions.likeness import alike_to
from compliance.actions.scorecards import snapshot_from
from compliance.domain.provinces import province_name
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.store.assessments import Assessment, submissions
from compliance.store.changes import ChangeRequest
from compliance.store.companies import Company, public_details
from questionnaires import current


@dataclass(frozen=True)
class Line:
    """One detail: its name, and how it reads before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Identity:
    """Who a company under review is: its details, what changed since it submitted, and who may be taken for it."""

    details: list[tuple[str, str]]
    changed: list[Line]
    alike: list[Company]


def lines(change: ChangeRequest) -> list[Line]:
    """What a change request asks for, in the order of the company's form."""
    return _differing(change.before, change.after)


def identity(session: Session, assessment: Assessment) -> Identity:
    """Compared with the first submission: a reply to a clarification must not hide what changed before it."""
    now = public_details(assessment.company)
    submitted = snapshot_from(submissions(session, assessment.id)[0]).content.get("company", {})
    details = [(label, _words(name, now[name])) for name, label in _labels().items()]
    return Identity(details, _differing(submitted, now), alike_to(session, assessment.company))


def detail_words(name: str, before: Any, after: Any) -> Line | None:
    """One detail of a company before and after, by column; None for what has no name of its own."""
    more = {"licence_number": _("Licence number"), "workers": _("Workers"), "places": _("Places")}
    label = (_labels() | more).get(name)
    return Line(label, _words(name, before), _words(name, after)) if label else None


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    return [
        Line(label, _words(name, before[name]), _words(name, after[name]))
        for name, label in _labels().items()
        if name in before and name in after and before[name] != after[name]
    ]


def _labels() -> dict[str, str]:
    return {
        "name_km": _("Name in Khmer"),
        "name_latin": _("Name in Latin letters"),
        "registration_number": _("Registration number"),
        "kinds": _("What does the company do?"),
        "brands": _("Brands"),
        "services": _("Services"),
        "province": _("Province of the head office"),
        "website": _("Website"),
    }


def service_words(service: Mapping[str, Any], lang: str) -> str:
    """A service's names and its kind."""
    labels = {kind.id: kind.label[lang] for kind in current().kinds}
    names = [service[key] for key in ("km", "latin") if service[key]]
    said = f"{' / '.join(names)} ({labels.get(service['kind'], service['kind'])})"
    return said if service["public"] else _("%(service)s, not shown to the public", service=said)


def _words(name: str, value: Any) -> str:
    lang = current_language()
    if name == "kinds":
        labels = {kind.id: kind.label[lang] for kind in current().kinds}
        return ", ".join(labels.get(kind, kind) for kind in value)
    if name == "brands":
        return " · ".join(value) or "–"
    if name == "services":
        return " · ".join(service_words(one, lang) for one in value) or "–"
    return province_name(value, lang) if name == "province" else str(value) or "–"
