"""The words of the queue: what can be chosen, what a sign of risk is called."""

from collections.abc import Mapping, Sequence
from typing import Any

from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.queue_asked import Asked
from compliance.journeys.reviewer.queue_items import Item
from questionnaires import current, edition

Options = Sequence[Mapping[str, Any]]


def choices(asked: Asked, lang: str) -> Mapping[str, Options]:
    """What each box offers, in words; the first takes everything."""
    code = current()
    offered: Mapping[str, Sequence[tuple[str, str]]] = {
        "what": [
            ("", _("Everything")),
            ("assessment", _("Assessments")),
            ("change", _("Change requests")),
            ("spot_check", _("Spot checks")),
        ],
        "due": [
            ("", _("Any time")),
            ("late", _("Late")),
            ("soon", _("Within a week")),
            ("later", _("Later")),
        ],
        "level": [
            ("", _("All")),
            *((level.id, level.public_name[lang]) for level in code.levels),
            ("none", _("No level")),
        ],
        "kind": [("", _("All")), *((kind.id, kind.label[lang]) for kind in code.kinds)],
        "mark": [
            ("", _("All")),
            ("high", _("Higher risk")),
            ("renewal", _("Renewal")),
            ("first", _("First time")),
            ("reopened", _("After an appeal")),
        ],
        "sort": [
            ("", _("Nearest deadline")),
            ("age", _("Longest here")),
            ("risk", _("Highest risk")),
            ("points", _("Most points")),
            ("name", _("Name")),
        ],
    }
    return {
        name: [{"value": value, "label": label, "selected": value == getattr(asked, name)} for value, label in options]
        for name, options in offered.items()
    }


def sign_words(item: Item) -> list[str]:
    """Why the risk is what it is, in the edition's words."""
    return [sign.text[current_language()] for sign in edition(item.edition).rules.risk.signs if sign.id in item.signs]


def kind_words(item: Item) -> list[str]:
    """What the company does, as its edition calls it."""
    code, lang = edition(item.edition), current_language()
    known = {kind.id: kind.label[lang] for kind in code.kinds}
    return [known.get(kind, kind) for kind in item.kinds]
