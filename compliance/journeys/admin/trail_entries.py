"""Entries of the audit trail as people read them, on the page and on paper: the act, what it was about, its content."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.journeys.admin.trail_words import SUBJECTS, actor_kind, told
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.trail_words import SENTENCES, Names, sentence
from compliance.store.audit import AuditEntry
from compliance.store.company_trail import Happening
from compliance.store.evidence_files import EvidenceFile
from compliance.store.people import Invitation, names_of
from questionnaires import edition, editions

LONGEST_VALUE = 600


def by_day(session: Session, entries: Sequence[AuditEntry]) -> list[tuple[date, list[dict[str, Any]]]]:
    """Entries under the days of Phnom Penh on which they were written, in the order given."""
    contents = [_content(entry) for entry in entries]
    names, titles = _names(session, entries, contents), _question_titles()
    days: list[tuple[date, list[dict[str, Any]]]] = []
    for entry, content in zip(entries, contents, strict=True):
        day = clock.day_of(entry.at)
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(_shown(entry, content, names, titles))
    return days


def _shown(
    entry: AuditEntry, content: Mapping[str, Any], names: Names, titles: Mapping[str, str]
) -> dict[str, Any]:  # fmt: skip
    """An entry as the page tells it; its content as the acts wrote it, never as markup."""
    who = names.people.get(entry.actor_id, _("Somebody unknown")) if entry.actor_id else _("The portal itself")
    return {
        "seq": entry.seq,
        "at": entry.at,
        "who": who,
        "mark": actor_kind(entry.tag) if entry.actor_id else "portal",
        "text": _sentence(entry, content, names),
        "question": titles.get(str(content.get("question", "")), ""),
        "tag": entry.tag,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "subject_name": SUBJECTS.get(entry.subject, entry.subject),
        "content": [(name, _value(value)) for name, value in content.items()],
    }


def _sentence(entry: AuditEntry, content: Mapping[str, Any], names: Names) -> str:
    """What was done; what only the content knows is filled in, and left out where it is not as acts write it."""
    if entry.tag in SENTENCES:
        with suppress(KeyError, TypeError, ValueError):
            return sentence(Happening(entry.at, entry.actor_id, entry.tag, entry.subject_id, content), names)
    return told(entry.tag)[1]


def _content(entry: AuditEntry) -> dict[str, Any]:
    try:
        tree = json.loads(entry.content)
    except ValueError:
        return {"": entry.content}
    return tree if isinstance(tree, dict) else {"": tree}


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _names(session: Session, entries: Sequence[AuditEntry], contents: Sequence[Mapping[str, Any]]) -> Names:
    about = {kind: {one.subject_id for one in entries if one.subject == kind} for kind in ("evidence", "invitation")}
    named = {said["person"] for said in contents if isinstance(said.get("person"), int)}
    files = sa.select(EvidenceFile.id, EvidenceFile.name).where(EvidenceFile.id.in_(about["evidence"]))
    emails = sa.select(Invitation.id, Invitation.email).where(Invitation.id.in_(about["invitation"]))
    return Names(
        people=names_of(session, {one.actor_id for one in entries if one.actor_id} | named),
        files={row.id: row.name for row in session.execute(files)},
        emails={row.id: row.email for row in session.execute(emails)},
    )


def _question_titles() -> dict[str, str]:
    """By id, as the newest edition that asks it calls it."""
    found = (question for name in editions() for question in edition(name).questions)
    return {question.id: question.title[current_language()] for question in found}
