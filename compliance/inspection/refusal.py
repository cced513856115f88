"""Why a file is refused; the code is a message id."""

from collections.abc import Callable
from typing import Any

from compliance.bounded.child import serve


class RefusedFileError(Exception):
    """The file is not accepted; `code` says why, `values` fill the message."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def serve_check(check: Callable[[bytes], tuple[str, bytes]]) -> None:
    """Answers for one file: its media type and the bytes to keep (none: the file as it is), or why it is refused."""

    def work(_request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        try:
            media_type, redrawn = check(data)
        except RefusedFileError as refused:
            return {"refused": refused.code, "values": refused.values}, b""
        return {"media_type": media_type}, redrawn

    serve(work, foreign=True)
