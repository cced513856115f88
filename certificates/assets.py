"""The certificate's own files, by name. Whatever else is asked for, from disk or network, is an error."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

from certificates.errors import AssetError

HOME = Path(__file__).resolve().parent.parent / "templates" / "certificate"
SCHEME = "asset:"
_TYPES = {".svg": "image/svg+xml", ".woff2": "font/woff2"}


@cache
def font_names() -> frozenset[str]:
    return frozenset(path.name for path in (HOME / "fonts").glob("*.woff2"))


class OwnAssets(URLFetcher):  # type: ignore[misc]  # the library ships no types
    """Answers `asset:NAME` for our fonts and the pictures given; refuses every other address."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        super().__init__(allowed_protocols=(), fail_on_errors=True)
        self._pictures = pictures

    def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002  # the library's signature
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME):
            raise AssetError(f"only the certificate's own assets may be used, not {url[:80]!r}")
        if name in self._pictures:
            body = self._pictures[name].encode()
        elif name in font_names():
            body = (HOME / "fonts" / name).read_bytes()
        else:
            raise AssetError(f"there is no certificate asset named {name[:80]!r}")
        return URLFetcherResponse(url, body, {"Content-Type": _TYPES[Path(name).suffix]})
