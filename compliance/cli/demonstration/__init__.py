"""A portal that looks alive: fictional companies led through the real actions. Never in production."""

from compliance.cli.demonstration.seed import prepare

__all__ = ["prepare"]
