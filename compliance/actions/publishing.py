"""What the world checks our credentials with: the document of our keys, the lists of who is revoked or suspended."""

import threading
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from certificates import KeyringError
from compliance import clock
from compliance.bounded.runner import BusyError, CrashedError, TooHeavyError, ask
from compliance.settings import Settings

MODULE = "compliance.bounded.public_documents"
LIST_DAYS = 8
_one_at_a_time = threading.Lock()


def did_document(settings: Settings, address: str) -> bytes:
    """Our keys for the world, as the portal at one of its addresses. Raises KeyringError without keys."""
    with _one_at_a_time:
        return _did_document(settings, address, _stamp(settings))


def status_list(settings: Settings, address: str, purpose: str, places: tuple[int, ...], change: int) -> bytes:
    """The signed list of a purpose, made anew when the register (`change`), the day or the keys changed.

    Raises KeyringError without keys.
    """
    with _one_at_a_time:
        return _status_list(settings, address, purpose, places, change, clock.today().isoformat(), _stamp(settings))


def _stamp(settings: Settings) -> int:
    try:
        return (settings.keys_dir / "keyring.json").stat().st_mtime_ns
    except OSError as error:
        raise KeyringError("there are no keys") from error


@lru_cache(maxsize=4)
def _did_document(settings: Settings, address: str, _keys: int) -> bytes:
    return _ask(settings, address)


@lru_cache(maxsize=8)
def _status_list(
    settings: Settings, address: str, purpose: str, places: tuple[int, ...], _change: int, day: str, _keys: int
) -> bytes:
    begins = datetime.combine(datetime.fromisoformat(day).date(), time(), clock.PHNOM_PENH).astimezone(UTC)
    until = begins + timedelta(days=LIST_DAYS)
    days = {"at": begins.isoformat(), "until": until.isoformat()}
    return _ask(settings, address, purpose=purpose, places=list(places), **days)


def _ask(settings: Settings, address: str, **more: object) -> bytes:
    request = {
        "keys_dir": str(settings.keys_dir),
        "passphrase": settings.keys_passphrase,
        "address": address,
        "addresses": settings.addresses,
    }
    try:
        return ask(MODULE, request | more)[1]
    except (BusyError, CrashedError, TooHeavyError) as error:
        raise KeyringError("the document could not be made") from error
