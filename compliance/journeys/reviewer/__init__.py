"""Reviewers: the queue, the desk of one answer, clarifications, the recommendation."""

from compliance.journeys.reviewer import asking, change_declarations, changes, check_ins, desk, rounds, views
from compliance.journeys.reviewer.blueprint import reviewer

__all__ = ["asking", "change_declarations", "changes", "check_ins", "desk", "reviewer", "rounds", "views"]
