"""A file that is there while companies of the demonstration are still to be played."""

from pathlib import Path

from compliance.settings import Settings


def unplayed(settings: Settings) -> Path:
    """Left by the first start, gone when all companies are there."""
    return settings.data_dir / "demonstration.rest"
