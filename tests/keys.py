"""The ministry's keys, made once a day and process: making them takes half a second."""

from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.serialization import pkcs12

from certificates.demonstration import make_keyring
from certificates.keyring import Keyring, load_keyring
from compliance import clock


@cache
def open_once() -> None:
    """From now on, a seal is opened once a process: to prove its primes takes a tenth of a second each time."""
    pkcs12.load_key_and_certificates = lru_cache(64)(pkcs12.load_key_and_certificates)  # type: ignore[assignment]


def lay_keys(folder: Path) -> Keyring:
    """Puts keys that begin today where the portal looks for them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in _files(clock.today()).items():
        (folder / name).write_bytes(data)
    return load_keyring(folder)


@cache
def _files(today: date) -> dict[str, bytes]:
    with TemporaryDirectory() as made:
        make_keyring(Path(made), today=today)
        return {path.name: path.read_bytes() for path in Path(made).iterdir()}
