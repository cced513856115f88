"""Panel members: appeals that wait, what both sides say, notes, and the vote."""

from compliance.journeys.panel import views
from compliance.journeys.panel.blueprint import panel

__all__ = ["panel", "views"]
