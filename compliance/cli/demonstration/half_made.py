"""A first start that was cut off leaves no portal that anybody used: the next one makes it anew."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from compliance.settings import Settings, SettingsError
from compliance.store.unplayed import begun, unplayed

FOLDERS = ("files", "audit-heads", "transparency-log", "mailbox")


@contextmanager
def first_start(settings: Settings) -> Iterator[None]:
    """Marks the store as half made until all inside is done; killed or failed, the mark stays."""
    with begun(settings).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
        begun(settings).unlink()


def forget_half_made(settings: Settings) -> None:
    """Nothing was served from it, so nobody's words are lost.

    Raises SettingsError while another first start is at work, and where the half lies on a database server.
    """
    if not settings.demonstration or not begun(settings).exists():
        return
    with begun(settings).open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SettingsError("Another first start of this demonstration is at work.") from error
        _forget(settings)
        begun(settings).unlink()


def _forget(settings: Settings) -> None:
    scheme, _slashes, path = settings.database_url.partition(":///")
    if not scheme.startswith("sqlite"):
        told = f"The first start was cut off. Empty its database, delete {begun(settings)} and start again."
        raise SettingsError(told)
    for name in FOLDERS:
        shutil.rmtree(settings.data_dir / name, ignore_errors=True)
    for ending in ("", "-wal", "-shm"):
        Path(path + ending).unlink(missing_ok=True)
    unplayed(settings).unlink(missing_ok=True)
