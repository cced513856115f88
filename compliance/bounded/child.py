"""The inside of a bounded process: one request on standard input, one answer on standard output."""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any

from compliance.bounded.limits import CPU_SECONDS, LARGEST_ANSWER, MEMORY, NICENESS, OUT_OF_MEMORY, WALL_SECONDS

Work = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]


def serve(work: Work, *, foreign: bool) -> None:
    """Takes the limits, then reads: a line of JSON, then bytes. Answers in the same shape.

    `foreign`: the bytes come from a stranger, so that pages go first. Ends with OUT_OF_MEMORY when memory ran out.
    """
    _take_limits()
    if foreign:
        os.nice(NICENESS)
    try:
        line, _newline, data = sys.stdin.buffer.read().partition(b"\n")
        told, body = work(json.loads(line), data)
        sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + body)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _take_limits() -> None:
    """Hard limits: nothing that runs later in this process can raise them."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    signal.alarm(WALL_SECONDS)
