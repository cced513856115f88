"""The newest migration this code carries; loads neither Alembic nor SQLAlchemy, so that starting stays quick."""

from pathlib import Path

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def newest() -> str:
    """The number of the newest migration; the files are named by it."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
