"""Published heads of the audit trail: signed files beside the database, so that a cut tail shows."""

import base64
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from certificates import CertificateError
from certificates.keyring import Keyring, Signature, sign_bytes, verify_bytes
from compliance.settings import Settings
from compliance.store.audit import canonical

PURPOSE = "audit head"


class HeadError(CertificateError):
    """A published head that is damaged or that none of our keys signed; the text names the file."""


@dataclass(frozen=True)
class Head:
    """The trail's last entry at a moment, and the certificate numbers that were revoked or suspended then."""

    seq: int
    hash: str
    at: str
    revoked: tuple[str, ...]
    suspended: tuple[str, ...]

    def signed_part(self) -> bytes:
        return canonical(asdict(self)).encode()


def folder(settings: Settings) -> Path:
    """Where heads are published. Copy this directory elsewhere: it proves the trail to those who do not trust us."""
    return settings.data_dir / "audit-heads"


def publish(directory: Path, head: Head, keyring: Keyring) -> Path:
    """Signs the head and writes it for ever; `latest.json` always holds the newest."""
    signature = sign_bytes(head.signed_part(), keyring, purpose=PURPOSE)
    value = base64.b64encode(signature.value).decode()
    text = canonical({"head": asdict(head), "key": signature.key_id, "signature": value}) + "\n"
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{head.seq:010d}-{head.at.replace(':', '')}.json"
    for target in (path, directory / "latest.json"):
        fresh = target.with_suffix(".new")
        with fresh.open("w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(target)
    return path


def read(path: Path, keyring: Keyring | None) -> Head:
    """A published head; with a keyring its signature is checked. Raises HeadError."""
    try:
        tree = json.loads(path.read_text())
        said = tree["head"]
        head = Head(
            int(said["seq"]), str(said["hash"]), str(said["at"]), tuple(said["revoked"]), tuple(said["suspended"])
        )
        signature = Signature(str(tree["key"]), base64.b64decode(tree["signature"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HeadError(f"{path.name} is no published head ({error})") from error
    if keyring is not None and not verify_bytes(head.signed_part(), signature, keyring, purpose=PURPOSE):
        raise HeadError(f"{path.name} was not signed by a key of this portal, or was changed")
    return head


def published(directory: Path) -> list[Path]:
    """All published heads, the oldest first."""
    return sorted(path for path in directory.glob("*.json") if path.name != "latest.json")
