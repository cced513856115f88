"""The administrator: people and roles, and what keeps the portal running."""

from compliance.journeys.admin import (
    access,
    audit,
    companies,
    draft_texts,
    health,
    holidays,
    home,
    hotlines,
    marks,
    outbox,
    people,
    rehearsals,
    rules,
    sessions,
    signatory,
    spot_checks,
)
from compliance.journeys.admin.blueprint import admin

__all__ = [
    "access",
    "admin",
    "audit",
    "companies",
    "draft_texts",
    "health",
    "holidays",
    "home",
    "hotlines",
    "marks",
    "outbox",
    "people",
    "rehearsals",
    "rules",
    "sessions",
    "signatory",
    "spot_checks",
]
