"""What a company was asked about, for its home page."""

from typing import Any

from compliance.journeys.concern_words import about_name, outcome_told
from compliance.store.base import db
from compliance.store.concerns import asked_concerns


def concerns_of(company_id: int) -> list[dict[str, Any]]:
    """Concerns that the company was asked about, the newest first."""
    found = asked_concerns(db.session(), company_id)
    return [{"concern": one, "about": about_name(one.about), "outcome": outcome_told(one)} for one in found]
