"""The fields of our data, each with its shape and what it says: openapi.json and the page about open data both read
this one table."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString

from compliance.domain.harms import Harm
from compliance.domain.reporting import WAYS
from compliance.domain.standing import AwardAct, Standing
from compliance.journeys.api.described import Schema
from compliance.journeys.language import ENGLISH, speaking
from compliance.journeys.language import lazy_gettext as _

TEXT: Schema = {"type": "string"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
YES_OR_NO: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
STANDING: Schema = {"type": "string", "enum": [standing.value for standing in Standing]}
ACT: Schema = {"type": "string", "enum": [act.value for act in AwardAct]}
ENTRY_ACT: Schema = {**ACT, "enum": [*ACT["enum"], "changed", "certificate_issued_anew", "checked_in", "restored"]}


def list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def maybe(schema: Schema) -> Schema:
    """Or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def thing(required: Schema, **optional: Schema) -> Schema:
    """An object of these members and no others."""
    properties = {**required, **optional}
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


BOTH = thing({"km": TEXT, "en": TEXT})
NAMED = thing({"id": TEXT}, km=TEXT, en=TEXT)
WHY = thing({"ground": maybe(TEXT), "km": TEXT, "en": TEXT})


@dataclass(frozen=True)
class Field:
    """One member of an object, or one column."""

    name: str
    schema: Schema
    text: LazyString
    optional: bool = False


def shape(fields: Iterable[Field]) -> Schema:
    """The schema of an object with these members."""
    with speaking(ENGLISH):
        parts = {field.name: ({**field.schema, "description": str(field.text)}, field.optional) for field in fields}
    required = {name: schema for name, (schema, optional) in parts.items() if not optional}
    return thing(required, **{name: schema for name, (schema, optional) in parts.items() if optional})


_SLUG = _("The company's name in addresses; it stays when the company is renamed")
_NAME = _("Name in Khmer and in Latin script")
_KINDS = _("What kinds of company it is")
_PROVINCE = _("Province")
_WEBSITE = _("The company's own page; empty when there is none")
_SERVICES = _("Services, whether the award covers each, and where each takes reports of harm")
_BRANDS = _("Brands, and whether the award covers each")
_NUMBER = _("Certificate number")
_LEVEL = _("Level of the award")
_EDITION = _("Edition of the Code")
_SCOPE = _("What is covered")
_STARTS = _("First day of the award")
_ENDS = _("Last day of the award")
_GRACE = _("Last day on which it still counts while it is being renewed")
_STANDING = _("Standing on the day of the answer")
_FORMER = _("Earlier names, each with the day until which it was used")
_COVERED = _("Brands and services that the award covers")

HARM: Schema = {"type": "string", "enum": [*Harm]}
_HARMS = thing({}, **dict.fromkeys(WAYS, list_of(HARM)))
_DAYS = thing({}, **dict.fromkeys(WAYS, DAY))
_WAYS = thing({**dict.fromkeys(WAYS, maybe(TEXT)), "since": maybe(DAY), "harms": _HARMS, "checked": _DAYS})
SERVICE = thing({"name": BOTH, "kind": TEXT, "covered": YES_OR_NO, "reporting": _WAYS})
_FORMER_NAME = thing({"until": DAY}, km=TEXT, en=TEXT)
_CERTIFICATE = thing({"number": TEXT, "issued_at": maybe(MOMENT), "replaced_at": maybe(MOMENT)})
_DECISION = thing({"act": ACT, "at": MOMENT, "reason": maybe(WHY)})
_LINKS: Schema = {"type": "object", "additionalProperties": ADDRESS}

_TERM = (
    Field("edition", TEXT, _EDITION),
    Field("starts", DAY, _STARTS),
    Field("ends", DAY, _ENDS),
    Field("grace_ends", DAY, _GRACE),
    Field("standing", STANDING, _STANDING),
    Field("standing_on", DAY, _("The day of the answer, in Phnom Penh")),
)
SHOWN_AWARD = (
    Field("number", TEXT, _NUMBER),
    Field("level", NAMED, _LEVEL),
    Field("scope", BOTH, _SCOPE),
    Field("not_covered", maybe(BOTH), _("What is not covered")),
    *_TERM,
    Field("last_decision", thing({"act": ACT, "on": DAY}), _("The latest decision and its day")),
)
AWARD = (
    Field("number", TEXT, _NUMBER),
    Field("company", TEXT, _SLUG),
    Field("level", TEXT, _LEVEL),
    *_TERM,
    Field("decisions", list_of(_DECISION), _("Every decision, with its public reason")),
    Field("certificates", list_of(_CERTIFICATE), _("Its certificates; a changed name brings a new one")),
    Field("successor", maybe(TEXT), _("The number that took or will take this one's place")),
)
COMPANY = (
    Field("slug", TEXT, _SLUG),
    Field("name", BOTH, _NAME),
    Field("former_names", list_of(_FORMER_NAME), _FORMER),
    Field("kinds", list_of(NAMED), _KINDS),
    Field("province", NAMED, _PROVINCE),
    Field("website", TEXT, _WEBSITE),
    Field("services", list_of(SERVICE), _SERVICES),
    Field("brands", list_of(thing({"name": TEXT, "covered": YES_OR_NO})), _BRANDS),
    Field("award", {"$ref": "#/components/schemas/ShownAward"}, _("The award that is shown on this day")),
    Field("illustrative", YES_OR_NO, _("Whether the text of this edition is illustrative only")),
    Field("links", _LINKS, _("Its page, the check of its certificate, and its files")),
    Field("changed_at", MOMENT, _("When something that the register shows of it changed last")),
)
HISTORY = Field("history", list_of({"$ref": "#/components/schemas/Award"}), _("Every award of the company"))

_LOGGED_SERVICE = thing(dict.fromkeys(("km", "latin", "kind", *WAYS, "since"), TEXT), harms=_HARMS, checked=_DAYS)
FACTS = tuple(
    Field(name, schema, text, optional=True)
    for name, schema, text in (
        ("name_km", TEXT, _("Name in Khmer")),
        ("name_latin", TEXT, _("Name in Latin script")),
        ("kinds", list_of(TEXT), _KINDS),
        ("province", TEXT, _PROVINCE),
        ("website", TEXT, _WEBSITE),
        ("brands", list_of(TEXT), _("Brands")),
        ("covered", list_of(TEXT), _COVERED),
        ("services", list_of(_LOGGED_SERVICE), _("Services, and where each takes reports of harm")),
        ("level", TEXT, _LEVEL),
        ("number", TEXT, _NUMBER),
        ("edition", TEXT, _EDITION),
        ("scope_km", TEXT, _("What is covered, in Khmer")),
        ("scope_en", TEXT, _("What is covered, in English")),
        ("not_covered_km", TEXT, _("What is not covered, in Khmer")),
        ("not_covered_en", TEXT, _("What is not covered, in English")),
        ("starts", DAY, _STARTS),
        ("ends", DAY, _ENDS),
        ("grace_ends", DAY, _GRACE),
    )
)
CHANGE = (
    Field("id", {"type": "string", "pattern": "^urn:uuid:"}, _("The name of the act for ever")),
    Field("position", WHOLE, _("Its place in the transparency log, counted from 0")),
    Field("act", ENTRY_ACT, _("What was done")),
    Field("at", MOMENT, _("When it was done")),
    Field("written", MOMENT, _("When the log wrote it down")),
    Field("links", _LINKS, _("The entry in the log, its proof, and the company's page")),
    Field("company", TEXT, _SLUG, optional=True),
    Field("facts", {"$ref": "#/components/schemas/Facts"}, _("What the public read after the act"), optional=True),
    Field("ground", maybe(TEXT), _("On which ground it was done"), optional=True),
    Field("reason", BOTH, _("The public reason"), optional=True),
    Field("changed", list_of(TEXT), _("Which of the facts changed"), optional=True),
    Field("replaces", TEXT, _("The certificate number that was replaced"), optional=True),
    Field("number", TEXT, _("The new certificate number"), optional=True),
    Field("due", {"type": "string"}, _("The day on which the check-in was due"), optional=True),
    Field("from", WHOLE, _("After a restore: the first entry that came back from the copy"), optional=True),
    Field("entries", WHOLE, _("After a restore: how many entries came back"), optional=True),
)
CSV = (
    Field("number", TEXT, _NUMBER),
    Field("name_km", TEXT, _("Name in Khmer")),
    Field("name_latin", TEXT, _("Name in Latin script")),
    Field("level", TEXT, _LEVEL),
    Field("standing", STANDING, _STANDING),
    Field("kinds", TEXT, _KINDS),
    Field("province", TEXT, _PROVINCE),
    Field("starts", DAY, _STARTS),
    Field("ends", DAY, _ENDS),
    Field("edition", TEXT, _EDITION),
    Field("scope_km", TEXT, _("What is covered, in Khmer")),
    Field("scope_en", TEXT, _("What is covered, in English")),
    Field("website", TEXT, _WEBSITE),
    Field("brands_covered", TEXT, _("Brands that the award covers")),
    Field("brands_not_covered", TEXT, _("Brands that it does not cover")),
    Field("services", TEXT, _("Services, and where each takes reports of harm")),
    Field("former_names", TEXT, _("Earlier names")),
    Field("page", ADDRESS, _("The company's page in the register")),
    Field("not_covered_km", TEXT, _("What is not covered, in Khmer")),
    Field("not_covered_en", TEXT, _("What is not covered, in English")),
)
DIRECTORY = (
    Field("company_km", TEXT, _("Name of the company in Khmer; empty for a national service")),
    Field("company_latin", TEXT, _("Name of the company in Latin script")),
    Field("slug", TEXT, _SLUG),
    Field("service_km", TEXT, _("Name of the service in Khmer")),
    Field("service_latin", TEXT, _("Name of the service in Latin script")),
    Field("kind", TEXT, _("What kind of service it is")),
    Field("way", {**TEXT, "enum": [*WAYS]}, _("How it is reached")),
    Field("value", TEXT, _("The address, the number or the way through the menu")),
    Field("harms", TEXT, _("The kinds of harm that it takes")),
    Field("since", TEXT, _("The day since which the company says so")),
    Field("checked", TEXT, _("The day on which the company last said that it tried this way and that it works")),
)
