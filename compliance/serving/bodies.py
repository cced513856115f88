"""Reading a request's body: never more than a page may be sent, never slower than a bad line is, never half of it."""

import asyncio
import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any

GRACE_SECONDS = 60.0
LEAST_BYTES_A_SECOND = 4_000
IN_MEMORY = 256_000
MOST_HELD = 1_000_000_000
"""Bytes of larger bodies on the disk at one time, of one process."""


class BodyError(Exception):
    """A body that is not taken; `status` says why: 400 cut off, 408 too slow, 411 of no length, 503 no room."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class BodyReader:
    """Reads the bodies of one process and knows how much of them lies on its disk."""

    held: dict[int, int] = field(default_factory=dict)

    async def read(self, protocol: Any, length: int) -> IO[bytes]:
        """A body of `length` bytes, to be closed by `release`. Raises BodyError."""
        if length <= IN_MEMORY:
            body: IO[bytes] = BytesIO()
        elif sum(self.held.values()) + length > MOST_HELD:
            raise BodyError(503)
        else:
            body = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `release`)
            self.held[id(body)] = length
        try:
            await _copy(protocol, body, length)
        except BaseException:
            self.release(body)
            raise
        body.seek(0)
        return body

    def release(self, body: IO[bytes]) -> None:
        """Gives the room back."""
        self.held.pop(id(body), None)
        body.close()

    async def discard(self, protocol: Any, length: int) -> None:
        """Reads what nobody wants, so that the sender gets to read why. Raises BodyError when that takes too long."""
        await _copy(protocol, None, length)


async def _copy(protocol: Any, body: IO[bytes] | None, length: int) -> None:
    received = 0
    try:
        async with asyncio.timeout(GRACE_SECONDS + length / LEAST_BYTES_A_SECOND):
            async for chunk in protocol:
                received += len(chunk)
                if body is not None:
                    body.write(chunk)
    except TimeoutError as error:
        raise BodyError(408) from error
    if received != length:
        raise BodyError(400)
