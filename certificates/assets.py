"""The certificate's own files, by name. Whatever else is asked for, from disk or network, is an error."""

from functools import cache
from pathlib import Path
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

from certificates.errors import AssetError

HOME = Path(__file__).resolve().parent.parent / "templates" / "certificate"
SCHEME = "asset:"


@cache
def font_names() -> frozenset[str]:
    return frozenset(path.name for path in (HOME / "fonts").glob("*.ttf"))


class OwnAssets(URLFetcher):  # type: ignore[misc]  # the library ships no types
    """Answers `asset:NAME` for our fonts; refuses every other address. Pictures are handed over, never fetched."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), fail_on_errors=True)

    def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002  # the library's signature
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME):
            raise AssetError(f"only the certificate's own assets may be used, not {url[:80]!r}")
        if name not in font_names():
            raise AssetError(f"there is no certificate asset named {name[:80]!r}")
        return URLFetcherResponse(url, (HOME / "fonts" / name).read_bytes(), {"Content-Type": "font/ttf"})
