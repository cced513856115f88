"""Reviewers: the queue, the desk of one answer, clarifications, the recommendation."""

from compliance.journeys.reviewer import (
    asking,
    change_declarations,
    changes,
    check_ins,
    desk,
    essentials,
    finishing,
    queue,
    rounds,
    spot_checks,
    spot_handing,
    views,
)
from compliance.journeys.reviewer.blueprint import reviewer

__all__ = [
    "asking",
    "change_declarations",
    "changes",
    "check_ins",
    "desk",
    "essentials",
    "finishing",
    "queue",
    "reviewer",
    "rounds",
    "spot_checks",
    "spot_handing",
    "views",
]
