"""Flask with our templates, and with addresses that are built once."""

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context

from compliance.journeys.language import current_language
from compliance.journeys.templating import Templates

REMEMBERED = 8192
SECRET = frozenset({"token", "next"})
"""Parts of an address that are one person's alone, or as many as there are requests: never remembered."""

Values = tuple[tuple[str, str], ...]


class Portal(Flask):
    """The web application. Building an address costs as much as a query, and a page has dozens of the same."""

    jinja_environment = Templates

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._addresses = lru_cache(maxsize=REMEMBERED)(self._build)

    def _build(self, endpoint: str, _lang: str, values: Values) -> str:
        return super().url_for(endpoint, **dict[str, Any](values))

    def url_for(self, endpoint: str, /, **values: Any) -> str:  # type: ignore[override]  # its own options are values here
        """As Flask's; an address inside the portal is remembered by its endpoint, language and values."""
        plain = all(value is None or type(value) in {str, int} for value in values.values())
        if not plain or not has_request_context() or endpoint.startswith(".") or not SECRET.isdisjoint(values):
            return super().url_for(endpoint, **values)
        if any(name.startswith("_") for name in values):
            return super().url_for(endpoint, **values)
        given = tuple((name, str(value)) for name, value in values.items() if value is not None)
        return self._addresses(endpoint, current_language(), given)
