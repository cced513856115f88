"""The demonstration's mail server: a real SMTP server on this machine that keeps what it gets in a directory."""

import hashlib
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Keeps each message in a file; the same Message-ID twice is the same message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (the library's name)
        data: bytes = envelope.original_content or envelope.content
        head = data.partition(b"\r\n\r\n")[0].lower()
        identity = next((line for line in head.splitlines() if line.startswith(b"message-id:")), data)
        name = hashlib.sha256(identity).hexdigest()[:32]
        fresh = self.folder / f"{name}.new"
        fresh.write_bytes(data)
        fresh.replace(self.folder / f"{name}.eml")
        return "250 OK"


def start(folder: Path, port: int) -> Controller:
    """Listens on this machine only; returns the running server. Raises OSError when the port is taken."""
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=port)
    controller.start()
    return controller
