"""Signed notes and the checkpoints of a transparency log, as C2SP writes them (signed-note, tlog-checkpoint)."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.errors import CertificateError, KeyringError
from certificates.keyring import SigningKey

ED25519, COSIGNATURE = 1, 4
DASH = "— "
LONGEST = 20_000


class NoteError(CertificateError):
    """A text that is no signed note, or no checkpoint."""


@dataclass(frozen=True)
class Verifier:
    """Whose signature it may be: the name, the kind of signature and the public key."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """As it is published."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"


@dataclass(frozen=True)
class Checkpoint:
    """A log's size and root; `signatures` are the lines below, `signed` is what they sign."""

    origin: str
    size: int
    root: bytes
    signed: str
    signatures: tuple[tuple[str, bytes], ...] = ()


def verifier_of(name: str, key: SigningKey) -> Verifier:
    """One of our keys under the name of a log."""
    return Verifier(name, ED25519, key.public.public_bytes_raw())


def read_verifier(text: str) -> Verifier:
    """A published key. Raises NoteError."""
    try:
        name, number, coded = text.strip().split("+", 2)
        data = base64.b64decode(coded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoteError("this is no key of a log or a witness") from error
    found = Verifier(name, data[0] if data else 0, data[1:])
    if found.kind not in {ED25519, COSIGNATURE} or len(found.public) != 32 or found.id.hex() != number:
        raise NoteError("this is no key of a log or a witness")
    return found


def write_checkpoint(origin: str, size: int, root: bytes, key: SigningKey) -> str:
    """The checkpoint with our signature. Raises KeyringError for a key that can no longer sign."""
    if key.private is None:
        raise KeyringError(f"key {key.id} can no longer sign")
    signed = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    return signed + "\n" + signature_line(verifier_of(origin, key), key.private.sign(signed.encode()))


def signature_line(by: Verifier, signature: bytes) -> str:
    return f"{DASH}{by.name} {base64.b64encode(by.id + signature).decode()}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint as it is written; nothing is said of its signatures. Raises NoteError."""
    signed, gap, below = text.rpartition("\n\n")
    lines = signed.split("\n")
    try:
        if not gap or not below.endswith("\n") or len(text) > LONGEST or not lines[0]:
            raise NoteError("this is no checkpoint")
        size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
        signatures = tuple(_signature(line) for line in below[:-1].split("\n"))
    except (ValueError, IndexError, binascii.Error) as error:
        raise NoteError("this is no checkpoint") from error
    if str(size) != lines[1] or size < 0 or len(root) != 32:
        raise NoteError("this is no checkpoint")
    return Checkpoint(lines[0], size, root, signed + "\n", signatures)


def _signature(line: str) -> tuple[str, bytes]:
    name, coded = line.removeprefix(DASH).split(" ")
    if not line.startswith(DASH):
        raise ValueError(line)
    return name, base64.b64decode(coded, validate=True)


def signed_by(checkpoint: Checkpoint, by: Verifier) -> bool:
    """Whether one of the lines is this one's true signature."""
    return any(_holds(checkpoint, by, data) for name, data in checkpoint.signatures if name == by.name)


def _holds(checkpoint: Checkpoint, by: Verifier, data: bytes) -> bool:
    said, signed = data[4:], checkpoint.signed
    if by.kind == COSIGNATURE:  # a witness says when it saw the checkpoint: eight bytes before the signature
        seen, said = int.from_bytes(said[:8]), said[8:]
        signed = f"cosignature/v1\ntime {seen}\n{signed}"
    try:
        Ed25519PublicKey.from_public_bytes(by.public).verify(said, signed.encode())
    except (InvalidSignature, ValueError):
        return False
    return data[:4] == by.id
