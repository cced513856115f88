"""Observers (CNCC, NGOs): what is counted, dossiers opened to them, the figures to take away."""

from compliance.journeys.observer import views
from compliance.journeys.observer.blueprint import observer

__all__ = ["observer", "views"]
