"""How far a long reading is, on a terminal only."""

import time
from typing import Protocol, TextIO

_EVERY_SECONDS = 0.5
_LOOK_EVERY = 64


class Tells(Protocol):
    def tell(self) -> int: ...


class Progress:
    """Counts subjects; shows the count and the share of the file read twice a second."""

    def __init__(self, stream: TextIO, size: int, source: Tells) -> None:
        self.stream = stream if stream.isatty() else None
        self.size = size
        self.source = source
        self.count = 0
        self.shown_at = time.monotonic()

    def step(self) -> None:
        self.count += 1
        if self.stream is None or self.count % _LOOK_EVERY:
            return
        now = time.monotonic()
        if now - self.shown_at >= _EVERY_SECONDS:
            self.shown_at = now
            share = 100 * self.source.tell() // max(self.size, 1)
            self.stream.write(f"\r{self.count:,} subjects, {min(share, 100)} %")
            self.stream.flush()

    def done(self) -> None:
        if self.stream is not None:
            self.stream.write(f"\r{self.count:,} subjects, 100 %\n")
