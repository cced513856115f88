"""What the portal fills into texts: ``{company}`` in documents, names of questions in messages of checks."""

from __future__ import annotations

import re
from collections.abc import Mapping

FILLED: Mapping[str, frozenset[str]] = {
    "features_match_kind": frozenset({"{kind}", "{features}"}),
    "statistics_order": frozenset({"{other}"}),
}
"""By the id of a consistency check, what its message may hold; the others are shown as they are written."""
_NAMED = re.compile(r"\{[^{}]*\}")


def placeholders(text: str) -> frozenset[str]:
    """All that stands in braces, with them: {"{company}"}."""
    return frozenset(_NAMED.findall(text))


def stray(text: str) -> bool:
    """Whether a brace stands alone."""
    return bool(set("{}") & set(_NAMED.sub("", text)))
