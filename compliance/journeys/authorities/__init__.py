"""Reading whom authorities may call at a company: for a reason, recorded."""

from compliance.journeys.authorities import views
from compliance.journeys.authorities.blueprint import authorities

__all__ = ["authorities", "views"]
