"""Files go past a virus scanner before they are kept, where one is set: clamd, spoken to in its own words."""

import socket
import struct
from contextlib import closing

from compliance.domain.errors import InvalidError

SECONDS = 20.0
PIECE = 1 << 16
LONGEST_REPLY = 1_000
CLEAN, FOUND = "OK", "FOUND"
UNIX = "unix:"


class ScannerAwayError(Exception):
    """The scanner cannot be reached, or gave no verdict: nothing is taken until it does."""


def scan(scanner: str, data: bytes) -> None:
    """Asks `unix:/path` or `host:port`; an empty `scanner` asks nobody.

    Raises InvalidError on `file` when something was found, ScannerAwayError when there is no verdict.
    """
    if not scanner:
        return
    try:
        verdict = _asked(scanner, data)
    except OSError as error:
        raise ScannerAwayError from error
    if verdict.endswith(FOUND):
        raise InvalidError("file", "file_virus")
    if not verdict.endswith(CLEAN):
        raise ScannerAwayError(verdict)


def _asked(scanner: str, data: bytes) -> str:
    with closing(_connected(scanner)) as line:
        line.settimeout(SECONDS)
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(struct.pack(">I", 0))
        reply = b""
        while b"\0" not in reply and len(reply) < LONGEST_REPLY and (more := line.recv(PIECE)):
            reply += more
    return reply.partition(b"\0")[0].decode(errors="replace").strip()


def _connected(scanner: str) -> socket.socket:
    if scanner.startswith(UNIX):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        try:
            line.connect(scanner.removeprefix(UNIX))
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = scanner.rpartition(":")
    return socket.create_connection((host, int(port)), SECONDS)
