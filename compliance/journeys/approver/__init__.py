"""Approvers: what waits for a decision, and awards to suspend, reinstate or revoke."""

from compliance.journeys.approver import awards, queue, views
from compliance.journeys.approver.blueprint import approver

__all__ = ["approver", "awards", "queue", "views"]
