"""Published heads of the audit trail: signed files beside the database, so that a cut tail shows."""

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from certificates import CertificateError
from certificates.keyring import Keyring, Signature, sign_bytes, verify_bytes
from compliance.settings import Settings
from compliance.store.audit import canonical

PURPOSE = "audit head"
LATEST = "latest.json"
# What reading a file raises that holds something else than a head: too deep, too large, of another kind, no text.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError)


class HeadError(CertificateError):
    """A published head that is damaged or that none of our keys signed; the text names the file."""


@dataclass(frozen=True)
class Head:
    """The trail's last entry at a moment, and the certificate numbers that were revoked or suspended then.

    `previous` is the digest of the head published before it; heads of the portal's first version name none.
    """

    seq: int
    hash: str
    at: str
    revoked: tuple[str, ...]
    suspended: tuple[str, ...]
    previous: str = ""

    @property
    def facts(self) -> tuple[object, ...]:
        """What it says of the trail, whenever it was said."""
        return self.seq, self.hash, self.revoked, self.suspended

    @property
    def name(self) -> str:
        """How its file is called."""
        return f"{self.seq:010d}-{self.at.replace(':', '')}.json"

    @property
    def digest(self) -> str:
        """By which the next head names this one."""
        return hashlib.sha256(self.signed_part()).hexdigest()

    @property
    def parts(self) -> dict[str, object]:
        """The fields as they are published."""
        parts = asdict(self)
        return parts if self.previous else {name: parts[name] for name in parts if name != "previous"}

    def signed_part(self) -> bytes:
        return canonical(self.parts).encode()


def folder(settings: Settings) -> Path:
    """Where heads are published. Copy this directory elsewhere: it proves the trail to those who do not trust us."""
    return settings.data_dir / "audit-heads"


def publish(directory: Path, head: Head, keyring: Keyring) -> Path:
    """Signs the head and writes it for ever, with the head before it named; `latest.json` always holds the newest."""
    directory.mkdir(parents=True, exist_ok=True)
    with _turn(directory):
        path = directory / head.name
        if path.exists():
            return path
        chained = replace(head, previous=_newest_digest(directory, keyring))
        text = signed(chained, keyring)
        for target in (path, directory / LATEST):
            _write(target, text)
    return path


def keep(directory: Path, heads: Iterable[tuple[Head, bytes]]) -> None:
    """Puts heads that were published elsewhere among the published ones."""
    directory.mkdir(parents=True, exist_ok=True)
    for head, text in heads:
        if not (directory / head.name).exists():
            _write(directory / head.name, text.decode().rstrip("\n") + "\n")


def signed(head: Head, keyring: Keyring) -> str:
    """The line that is published."""
    signature = sign_bytes(head.signed_part(), keyring, purpose=PURPOSE)
    value = base64.b64encode(signature.value).decode()
    return canonical({"head": head.parts, "key": signature.key_id, "signature": value}) + "\n"


def read(path: Path, keyring: Keyring | None) -> Head:
    """A published head; with a keyring its signature is checked. Raises HeadError."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise HeadError(f"{path.name} cannot be read ({error})") from error
    return parse(path.name, text, keyring)


def parse(name: str, text: bytes, keyring: Keyring | None) -> Head:
    """The head in the text of a file or of a line; with a keyring its signature is checked. Raises HeadError."""
    try:
        tree = json.loads(text)
        head = _head(tree["head"])
        signature = Signature(str(tree["key"]), base64.b64decode(tree["signature"]))
        sealed = head.signed_part()
    except UNREADABLE as error:
        raise HeadError(f"{name} is no published head ({error})") from error
    if keyring is not None and not verify_bytes(sealed, signature, keyring, purpose=PURPOSE):
        raise HeadError(f"{name} was not signed by a key of this portal, or was changed")
    return head


def _head(said: dict[str, object]) -> Head:
    seq, revoked, suspended = said["seq"], said["revoked"], said["suspended"]
    if not (isinstance(seq, int) and isinstance(revoked, list) and isinstance(suspended, list)):
        raise TypeError("a field is of another kind")
    return Head(
        seq, str(said["hash"]), str(said["at"]), tuple(revoked), tuple(suspended), str(said.get("previous", ""))
    )


def published(directory: Path) -> list[Path]:
    """The files of published heads, the oldest first; heads of past months stand in bundles."""
    return sorted(path for path in directory.glob("*.json") if path.name != LATEST)


def _newest_digest(directory: Path, keyring: Keyring) -> str:
    """Of the head published last; a damaged or forged one is skipped, verifying the trail says so."""
    for path in (directory / LATEST, *reversed(published(directory))):
        try:
            return read(path, keyring).digest
        except HeadError:
            continue
    return ""


def _write(target: Path, text: str) -> None:
    fresh = target.with_suffix(".new")
    with fresh.open("w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(target)


@contextmanager
def _turn(directory: Path) -> Iterator[None]:
    """One publishes at a time, so that each head names the one before it."""
    handle = os.open(directory / ".turn", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
