"""Second scorers and moderators: what two people score without seeing each other, and what a third one settles."""

from compliance.journeys.second import desk, essentials, moderation, views
from compliance.journeys.second.blueprint import second

__all__ = ["desk", "essentials", "moderation", "second", "views"]
