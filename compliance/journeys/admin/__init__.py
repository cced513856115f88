"""The administrator: people and roles, and what keeps the portal running."""

from compliance.journeys.admin import holidays, home, people, rehearsals
from compliance.journeys.admin.blueprint import admin

__all__ = ["admin", "holidays", "home", "people", "rehearsals"]
