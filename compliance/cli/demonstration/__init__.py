"""A portal that looks alive: fictional companies led through the real actions. Never in production."""

from typing import Any

from compliance.cli.demonstration import codes, rest
from compliance.cli.demonstration.seed import prepare

__all__ = ["prepare", "register"]


def register(commands: Any) -> None:
    """Adds the commands of this package."""
    codes.register(commands)
    rest.register(commands)
