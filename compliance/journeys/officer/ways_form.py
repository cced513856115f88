"""The part of a form that names each way to report and asks whether it works; a broken one is mended there."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from compliance.actions.service_details import LONGEST
from compliance.actions.trying_channels import Said, Tried, Way
from compliance.journeys.change_view import service_words
from compliance.journeys.forms import squeeze
from compliance.journeys.harm_words import way_names
from compliance.journeys.language import current_language, km_digits
from compliance.journeys.language import gettext as _
from compliance.store.companies import Company


def with_ways(base: type[Any], ways: Sequence[Way]) -> type[Any]:
    """A form that asks of each way, one by one."""
    fields: dict[str, Any] = {}
    for way in ways:
        fields[way.seen_field] = HiddenField(default=way.value)
        fields[way.said_field] = RadioField(
            _("%(kind)s: %(way)s", kind=way_names()[way.way], way=_shown(way)),
            choices=[SelectChoice(said.value, words) for said, words in _said().items()],
            validate_choice=False,
        )
        fields[way.right_field] = StringField(
            _("What is right now?"),
            filters=[squeeze],
            description=_("Leave it empty to take this way off the list."),
            render_kw={"spellcheck": "false", "maxlength": LONGEST[way.way]},
        )
    return type("FormWithWays", (base,), fields)


def _shown(way: Way) -> str:
    return km_digits(way.value) if way.way == "telephone" else way.value


def _said() -> dict[Said, str]:
    return {
        Said.WORKS: _("It works: we tried it"),
        Said.WRONG: _("It works no longer"),
        Said.UNTRIED: _("We did not try it"),
    }


def said_text(tried: Mapping[str, Any]) -> tuple[str, str]:
    """A way that was asked about, and what was said of it, as a receipt tells it."""
    name = f"{way_names()[tried['way']]}: {tried['value']}"
    words = _said().get(tried["said"], "–")
    right = tried["right"] or _("taken off")
    return name, f"{words} → {right}" if tried["said"] == Said.WRONG else words


def filled_ways(ways: Sequence[Way], drafted: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The values of a draft; what it says of a way that reads otherwise by now is left out."""
    found = {(one["service"], one["way"], one["value"]): one for one in drafted}
    values: dict[str, str] = {}
    for way in ways:
        one = found.get((way.service, way.way, way.value))
        if one is not None:
            values |= {way.said_field: one["said"], way.right_field: one["right"]}
    return values


def tried_of(form: Any, ways: Sequence[Way]) -> tuple[Tried, ...]:
    """What was said of each way; what is right is kept only of one that is wrong."""
    return tuple(_tried(form, way) for way in ways)


def _tried(form: Any, way: Way) -> Tried:
    said = form[way.said_field].data or ""
    right = form[way.right_field].data or "" if said == Said.WRONG else ""
    return Tried(way.service, way.way, form[way.seen_field].data or "", said, right)


def show_anew(form: Any, ways: Sequence[Way]) -> None:
    """After a colleague changed a way: what was said of the old one is asked again of the new one."""
    for way in ways:
        if form[way.seen_field].data != way.value:
            form[way.seen_field].data = way.value
            form[way.said_field].data = None


def by_service(company: Company, ways: Sequence[Way]) -> list[tuple[str, list[Way]]]:
    """Names of services with their ways, in the company's order."""
    words = {one["id"]: service_words(one, current_language()) for one in company.services}
    named: dict[int, list[Way]] = {}
    for way in ways:
        named.setdefault(way.service, []).append(way)
    return [(words.get(service, ""), some) for service, some in named.items()]
