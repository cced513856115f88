"""The portal's keyring: the ministry's seals and signing keys in the data directory."""

from functools import lru_cache
from pathlib import Path

from certificates.keyring import Keyring, load_keyring
from compliance.settings import Settings


def keyring(settings: Settings) -> Keyring:
    """The keys as they are on the disk now; read anew only when the index changed. Raises KeyringError."""
    index = settings.keys_dir / "keyring.json"
    stamp = index.stat().st_mtime_ns if index.exists() else 0
    return _loaded(settings.keys_dir, settings.keys_passphrase.encode() or None, stamp)


@lru_cache(maxsize=2)
def _loaded(folder: Path, passphrase: bytes | None, _stamp: int) -> Keyring:
    return load_keyring(folder, passphrase)
