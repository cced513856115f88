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


def did_document(settings: Settings) -> bytes:
    """Our keys for the world. Raises KeyringError without keys."""
    with _one_at_a_time:
        return _did_document(settings, _stamp(settings))


def status_list(settings: Settings, purpose: str, places: tuple[int, ...], change: int) -> bytes:
    """The signed list of a purpose, made anew when the register (`change`), the day or the keys changed.

    Raises KeyringError without keys.
    """
    with _one_at_a_time:
        return _status_list(settings, purpose, places, change, clock.today().isoformat(), _stamp(settings))


def _stamp(settings: Settings) -> int:
    try:
        return (settings.keys_dir / "keyring.json").stat().st_mtime_ns
    except OSError as error:
        raise KeyringError("there are no keys") from error


@lru_cache(maxsize=2)
def _did_document(settings: Settings, _keys: int) -> bytes:
    return _ask(settings)


@lru_cache(maxsize=4)
def _status_list(
    settings: Settings, purpose: str, places: tuple[int, ...], _change: int, day: str, _keys: int
) -> bytes:
    begins = datetime.combine(datetime.fromisoformat(day).date(), time(), clock.PHNOM_PENH).astimezone(UTC)
    until = begins + timedelta(days=LIST_DAYS)
    return _ask(settings, purpose=purpose, places=list(places), at=begins.isoformat(), until=until.isoformat())


def _ask(settings: Settings, **more: object) -> bytes:
    request = {
        "keys_dir": str(settings.keys_dir),
        "passphrase": settings.keys_passphrase,
        "public_url": settings.public_url,
    }
    try:
        return ask(MODULE, request | more)[1]
    except (BusyError, CrashedError, TooHeavyError) as error:
        raise KeyringError("the document could not be made") from error
