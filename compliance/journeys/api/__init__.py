"""Programs: open data, the API, badges, certificate files, credentials. These addresses have no language."""

from compliance.journeys.api import (
    badge,
    calendar,
    changes,
    directory,
    draws,
    feed,
    files,
    found,
    log,
    open_data,
    page,
    share_picture,
    statistics,
    v1,
)
from compliance.journeys.api.blueprint import api

__all__ = [
    "api", "badge", "calendar", "changes", "directory", "draws", "feed", "files", "found", "log", "open_data", "page",
    "share_picture", "statistics", "v1",
]  # fmt: skip
