"""Reviewers: the queue, the desk of one answer, clarifications, the recommendation."""

from compliance.journeys.reviewer import asking, desk, views
from compliance.journeys.reviewer.blueprint import reviewer

__all__ = ["asking", "desk", "reviewer", "views"]
