"""Requests to a provider that end: within seconds, within a size, and where they were sent to."""

import time
from typing import Any

from authlib.integrations.requests_client import OAuth2Session
from requests import Response

from compliance.settings import IdentityProvider

CONNECT_SECONDS, SILENT_SECONDS, WHOLE_SECONDS = 2.0, 3.0, 5.0
MOST_BYTES = 500_000
PIECE = 16_384


class AnswerError(Exception):
    """An answer that is too long, too slow or none of those that were to be expected."""


class Line(OAuth2Session):  # type: ignore[misc]  # the library has no types
    """One conversation with the provider; closed like a file."""

    def __init__(self, provider: IdentityProvider, scope: str, redirect_uri: str) -> None:
        super().__init__(
            provider.client_id,
            provider.client_secret,
            scope=scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )

    def request(self, method: str, url: str, **how: Any) -> Response:
        """Follows nobody elsewhere. Raises AnswerError, requests.RequestException."""
        ends = time.monotonic() + WHOLE_SECONDS
        how |= {"timeout": (CONNECT_SECONDS, SILENT_SECONDS), "allow_redirects": False, "stream": True}
        response: Response = super().request(method, url, withhold_token=True, **how)
        body = b""
        for piece in response.iter_content(PIECE):
            body += piece
            if len(body) > MOST_BYTES or time.monotonic() > ends:
                raise AnswerError("the answer is too long or too slow")
        response._content = body
        return response

    def read(self, address: str, bearer: str = "") -> dict[str, Any]:
        """A JSON object. Raises AnswerError, requests.RequestException, ValueError."""
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
        response = self.request("GET", address, headers=headers)
        found = response.json() if response.status_code == 200 else None
        if not isinstance(found, dict):
            raise AnswerError(f"{response.status_code} where a document should be")
        return found
