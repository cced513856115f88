"""Files that say how far a demonstration is: its first start is under way, companies are still to be played."""

from pathlib import Path

from compliance.settings import Settings


def begun(settings: Settings) -> Path:
    """There while the first start fills the store: whoever finds it later knows that it was cut off."""
    return settings.data_dir / "demonstration.begun"


def unplayed(settings: Settings) -> Path:
    """Left by the first start, gone when all companies are there."""
    return settings.data_dir / "demonstration.rest"
