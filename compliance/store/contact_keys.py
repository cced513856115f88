"""The keys that seal contacts for authorities: a file of their own, outside the database and outside its backups.

One key a line, the newest first: it seals, all of them open.
"""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from compliance.store.errors import SealedError


def contact_keys(path: Path) -> MultiFernet:
    """The keys of a file; made with one key, for its owner alone, where there is none. Raises SealedError."""
    if not path.exists():
        _write(path, [Fernet.generate_key().decode()], fresh=True)
    try:
        return MultiFernet([Fernet(line) for line in _lines(path)])
    except (OSError, ValueError) as error:
        raise SealedError(f"{path.name} holds no keys") from error


def add_key(path: Path) -> None:
    """Puts a new key in front; older ones stay, for older backups."""
    contact_keys(path)
    _write(path, [Fernet.generate_key().decode(), *_lines(path)])


def unsealed(keys: MultiFernet, sealed: bytes) -> bytes:
    """What was sealed. Raises SealedError when none of the keys opens it."""
    try:
        return keys.decrypt(sealed)
    except InvalidToken as error:
        raise SealedError("none of the contact keys opens it") from error


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text().split() if line]


def _write(path: Path, lines: list[str], *, fresh: bool = False) -> None:
    """All or nothing; of two that make the first key at once, the first one's holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    waiting.write_text("\n".join(lines) + "\n")
    waiting.chmod(0o600)
    if fresh:
        try:
            os.link(waiting, path)
        except FileExistsError:
            pass
        finally:
            waiting.unlink()
    else:
        waiting.replace(path)
