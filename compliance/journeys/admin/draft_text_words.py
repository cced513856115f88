"""What the texts of an edition are called on the page, and the parts they belong to."""

from collections.abc import Mapping
from typing import Any

from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from questionnaires.passages import DOCUMENT, NAMELESS, QUESTION, SECTION, Passage

GROUPS: Mapping[str, Any] = {
    "definitions": _l("Definition"),
    "company_kinds": _l("Kind of company"),
    "themes": _l("Theme"),
    "itu_key_areas": _l("Key area"),
    "units": _l("Unit"),
    "extra_conditions": _l("Condition of a level"),
    "factors": _l("Mitigating factor"),
    "signs": _l("Sign of risk"),
    "hints": _l("Under the choice"),
}
"""By any step of a text's name."""
KINDS: Mapping[str, Any] = {
    "title": _l("Title"),
    "text": _l("Text"),
    "help": _l("Help"),
    "example": _l("Example"),
    "label": _l("Choice"),
    "hint": _l("Under the choice"),
    "what": _l("Evidence that is expected"),
    "small_business_alternative": _l("Evidence of a small business"),
    "when": _l("When it does not apply"),
    "intro": _l("Introduction"),
    "about": _l("What the document is for"),
    "heading": _l("Heading"),
    "list": _l("Item of a list"),
    "steps": _l("Step"),
    "fill": _l("Line to fill in"),
    "columns": _l("Column of a table"),
    "marker": _l("Marker"),
    "notice": _l("Notice"),
    "public_name": _l("Name in public"),
    "meaning": _l("Meaning"),
    "message": _l("Message"),
    "note": _l("Note"),
    "submission_declaration": _l("Declaration at submission"),
    "warning": _l("Warning"),
}
"""By the last step."""
FILES: Mapping[str, Any] = {
    "edition": _l("The edition itself"),
    "award": _l("Levels and register"),
    "lifecycle": _l("Declaration and discretion"),
    "evidence": _l("Evidence"),
    "rules": _l("Checks and signs of risk"),
    "rubric": _l("Words of the rubric"),
}
STATES: Mapping[str, Any] = {
    "no_km": _l("Without Khmer"),
    "no_en": _l("Without English"),
    "same": _l("The same in both"),
    "changed": _l("Changed since the edition in force"),
    "check": _l("To check"),
}
GROUP_TITLES: Mapping[str, Any] = {
    "edition": _l("The edition itself"),
    "documents": _l("Documents to adapt"),
    "terms": _l("Levels, rules and declarations"),
}


def called(passage: Passage) -> str:
    """What kind of text it is."""
    steps = [step for step in passage.name.split(".") if not step.startswith(NAMELESS)]
    if passage.part.startswith(QUESTION) and steps == ["text"]:
        return str(_("Question"))
    group = next((GROUPS[step] for step in steps if step in GROUPS), None)
    return str(group or KINDS.get(steps[-1], KINDS["text"]))


def part_title(part: str, titles: Mapping[str, Passage]) -> str:
    """A section, question or document by its title in the draft, where it has one; `titles`: by part."""
    own, lang = titles.get(part), current_language()
    if part in FILES:
        return str(FILES[part])
    return (own and own.words[lang]) or part.partition("-")[2] or part


def group_of(part: str) -> str:
    """Where a part stands in the list: edition, sections, documents, terms."""
    if part.startswith((SECTION, QUESTION)):
        return "sections"
    return "documents" if part.startswith(DOCUMENT) else "edition" if part == "edition" else "terms"
