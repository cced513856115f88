"""A draft beside the edition in force, as a person reads them: what is new, gone or said otherwise."""

from typing import Any

from flask import render_template

from compliance.actions.edition_drafts import edition_of
from compliance.domain.errors import NotFoundError
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.edition_page import found_draft
from compliance.journeys.language import lazy_gettext as _l
from questionnaires import current
from questionnaires.side_by_side import PARTS, Change, Part, changes

NAMES: dict[Part, Any] = {
    "questions": _l("Questions"),
    "levels": _l("Levels"),
    "sections": _l("Sections and their weights"),
    "deadlines": _l("Deadlines and the course of an award"),
    "evidence": _l("Evidence"),
    "checks": _l("Checks and signs of risk"),
    "templates": _l("Documents to adapt"),
    "words": _l("Other words: the Code, the register, sources"),
}


@admin.get("/editions/drafts/<id:draft_id>/compare")
def compare_edition(draft_id: int) -> str:
    draft, force = found_draft(draft_id), current()
    edition = edition_of(draft)
    if edition is None:
        raise NotFoundError
    found = changes(force, edition)
    parts: list[tuple[Part, list[Change]]] = [(part, [one for one in found if one.part == part]) for part in PARTS]
    return render_template(
        "admin/edition_compare.html",
        draft=draft,
        force=force,
        count=len(found),
        parts=[(part, NAMES[part], ones) for part, ones in parts if ones],
        same=[NAMES[part] for part, ones in parts if not ones],
    )
