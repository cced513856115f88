"""Reviewers: the queue, the desk of one answer, clarifications, the recommendation."""

from compliance.journeys.reviewer import asking, changes, desk, views
from compliance.journeys.reviewer.blueprint import reviewer

__all__ = ["asking", "changes", "desk", "reviewer", "views"]
