"""Whoever handles concerns of the public: what waits, one concern, its outcome."""

from compliance.journeys.concerns import views
from compliance.journeys.concerns.blueprint import concerns

__all__ = ["concerns", "views"]
