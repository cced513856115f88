"""Whoever opens dossiers to observers."""

from compliance.journeys.dossiers import views
from compliance.journeys.dossiers.blueprint import dossiers

__all__ = ["dossiers", "views"]
