"""What a spot check looks at, in the words of its edition."""

from collections.abc import Mapping, Sequence
from typing import Any

from compliance.journeys.answer_text import answer_text
from compliance.store.spot_checks import SpotCheck
from questionnaires import Lang, Reply, edition


def answers_of(check: SpotCheck, replies: Mapping[str, Reply], lang: Lang) -> Sequence[dict[str, Any]]:
    """The answers that are looked at: the question, what the company had said, what was found."""
    code = edition(check.award.edition)
    return [
        {
            "id": name,
            "title": code.question(name).title[lang],
            "text": code.question(name).text[lang],
            "said": answer_text(code.question(name), replies.get(name), lang),
            "found": check.findings.get(name),
        }
        for name in check.questions
    ]
