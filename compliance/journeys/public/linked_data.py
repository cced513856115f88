"""What our pages say to machines that read the web: schema.org in JSON-LD, names with their language."""

from collections.abc import Mapping
from typing import Any

from flask.json import dumps
from flask_babel import LazyString
from markupsafe import Markup

from compliance.domain.standing import IN_FORCE
from compliance.journeys.language import ENGLISH, KHMER, LANGUAGES, speaking
from compliance.journeys.language import lazy_gettext as _
from compliance.store.register import RegisterEntry
from questionnaires import catalogue

CONTEXT = "https://schema.org"
ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def script(told: Mapping[str, Any]) -> Markup:
    """The element that holds it; no text of anybody ends it."""
    text = dumps(told, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED)
    return Markup('<script type="application/ld+json">') + Markup(text) + Markup("</script>")  # noqa: S704 (escaped)


def spoken(khmer: str, english: str) -> list[dict[str, str]]:
    """A text in both languages; one that is missing is left out."""
    texts = {KHMER: khmer, ENGLISH: english}
    return [{"@language": lang, "@value": texts[lang]} for lang in LANGUAGES if texts[lang]]


def both(text: LazyString) -> list[dict[str, str]]:
    """A text of ours in both languages."""
    said = []
    for lang in LANGUAGES:
        with speaking(lang):
            said.append(str(text))
    return spoken(*said)


def ministry(public_url: str) -> dict[str, Any]:
    name = both(_("Ministry of Post and Telecommunications"))
    return {"@type": "GovernmentOrganization", "@id": f"{public_url}/#ministry", "name": name}


def company_linked(entry: RegisterEntry, standing: str, website: str | None, public_url: str) -> Mapping[str, Any]:
    """A company with the award that the register shows; what is not in force is told as a certificate that is not."""
    page = f"{public_url}/en/register/{entry.slug}"
    level = catalogue.edition(entry.edition).level(entry.level).public_name
    names, called = spoken(entry.name_km, entry.name_latin), spoken(level.km, level.en)
    active = standing in IN_FORCE
    former = [text for one in entry.former or () for text in spoken(one.get(KHMER, ""), one.get(ENGLISH, ""))]
    brands = [{"@type": "Brand", "name": brand} for brand in entry.brands]
    told = {
        "@context": CONTEXT,
        "@type": "Organization",
        "@id": f"{page}#company",
        "name": names,
        "mainEntityOfPage": page,
        "hasCertification": {
            "@type": "Certification",
            "@id": f"{public_url}/verify/{entry.number}",
            "name": called,
            "certificationIdentification": entry.number,
            "certificationStatus": f"{CONTEXT}/Certification{'Active' if active else 'Inactive'}",
            "issuedBy": ministry(public_url),
            "validFrom": entry.starts.isoformat(),
            "expires": entry.grace_ends.isoformat() if standing == "in_grace" else entry.ends.isoformat(),
            "url": f"{public_url}/verify/{entry.number}",
        },
    }
    offered = {"url": website, "award": called if active else None, "alternateName": former, "brand": brands}
    return {**told, **{name: value for name, value in offered.items() if value}}


def register_linked(public_url: str, licence: str) -> Mapping[str, Any]:
    """The register as a set of data, for those who look for such."""
    formats = {"text/csv": "register.csv", "application/json": "register.json", "application/atom+xml": "register.atom"}
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": f"{public_url}/register.json",
        "name": both(_("Public register of champion companies")),
        "description": both(
            _("Companies in Cambodia with an award for child online protection, each with its standing today.")
        ),
        "url": f"{public_url}/en/open-data",
        "license": licence,
        "isAccessibleForFree": True,
        "inLanguage": list(LANGUAGES),
        "creator": ministry(public_url),
        "spatialCoverage": {"@type": "Place", "name": "Cambodia"},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{public_url}/{name}"}
            for kind, name in formats.items()
        ],
    }
