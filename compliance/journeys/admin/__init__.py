"""The administrator: people and roles, and what keeps the portal running."""

from compliance.journeys.admin import access, companies, holidays, home, people, rehearsals
from compliance.journeys.admin.blueprint import admin

__all__ = ["access", "admin", "companies", "holidays", "home", "people", "rehearsals"]
