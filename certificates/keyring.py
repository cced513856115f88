"""The ministry's keys by id, oldest to newest: seals for PDF files, Ed25519 keys for credentials and audit heads.

A keyring is a folder: `keyring.json` names the ids in order, `<id>.p12` holds a seal with its chain, `<id>.pem`
an Ed25519 private key. A retired key leaves only `<id>.cert.pem` or `<id>.pub.pem`: it verifies, it no longer signs.
"""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import pkcs12

from certificates.errors import KeyringError

SMALLEST_RSA = 3072


@dataclass(frozen=True, slots=True)
class Seal:
    """A certificate for sealing PDF files; `private` is None once retired. `chain` goes into the file with it."""

    id: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    private: RSAPrivateKey | None

    @property
    def public(self) -> RSAPublicKey:
        key = self.certificate.public_key()
        if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST_RSA:
            raise KeyringError(f"seal {self.id} must be RSA of at least {SMALLEST_RSA} bits: PDF/A readers expect it")
        return key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key; `private` is None once retired."""

    id: str
    public: Ed25519PublicKey
    private: Ed25519PrivateKey | None


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys ever used, oldest to newest. The newest that can sign, signs; every one of them verifies."""

    seals: tuple[Seal, ...]
    keys: tuple[SigningKey, ...]

    @property
    def seal(self) -> Seal:
        return _newest(self.seals, "seal")

    @property
    def key(self) -> SigningKey:
        return _newest(self.keys, "signing key")

    def key_by_id(self, key_id: str) -> SigningKey | None:
        return next((key for key in self.keys if key.id == key_id), None)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and the 64 bytes."""

    key_id: str
    value: bytes


def sign_bytes(data: bytes, keyring: Keyring, *, purpose: str) -> Signature:
    """Sign with the newest key; `purpose` is signed along, so that no signature serves another end."""
    key = keyring.key
    if key.private is None:
        raise KeyringError(f"key {key.id} can no longer sign")
    return Signature(key.id, key.private.sign(_bound(data, purpose)))


def verify_bytes(data: bytes, signature: Signature, keyring: Keyring, *, purpose: str) -> bool:
    """Whether one of our keys, retired or not, signed exactly this for this purpose."""
    key = keyring.key_by_id(signature.key_id)
    if key is None:
        return False
    try:
        key.public.verify(signature.value, _bound(data, purpose))
    except InvalidSignature:
        return False
    return True


def load_keyring(folder: Path, passphrase: bytes | None = None) -> Keyring:
    """Read and check every key of the folder. Raises KeyringError naming the file that is wrong."""
    try:
        return _load(folder, json.loads((folder / "keyring.json").read_text()), passphrase)
    except (OSError, ValueError) as error:
        raise KeyringError(f"{folder}: {error}") from error


def _load(folder: Path, names: Any, passphrase: bytes | None) -> Keyring:
    try:
        seals = tuple(_load_seal(folder, str(name), passphrase) for name in names["seals"])
        keys = tuple(_load_key(folder, str(name), passphrase) for name in names["keys"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyringError(f"{folder}: {error}") from error
    keyring = Keyring(seals, keys)
    for seal in keyring.seals:
        _ = seal.public
    return keyring


def to_public(keyring: Keyring) -> dict[str, Any]:
    """What verifying needs and no more, as JSON can carry it."""
    pem = serialization.Encoding.PEM
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    return {
        "seals": {
            seal.id: "".join(link.public_bytes(pem).decode() for link in (seal.certificate, *seal.chain))
            for seal in keyring.seals
        },
        "keys": {key.id: key.public.public_bytes(pem, public).decode() for key in keyring.keys},
    }


def from_public(public: Mapping[str, Mapping[str, str]]) -> Keyring:
    """A keyring that verifies and cannot sign."""
    return Keyring(
        tuple(_retired_seal(name, text.encode()) for name, text in public["seals"].items()),
        tuple(_retired_key(name, text.encode()) for name, text in public["keys"].items()),
    )


def add_seal(folder: Path, seal_id: str, p12: bytes, passphrase: bytes | None = None) -> None:
    """Append a seal issued elsewhere (a .p12 with its chain, under the passphrase of the ring) as the newest.

    Raises KeyringError, as `add_key` does, when the ring could not be opened with it: nothing has changed then.
    """
    _append(folder, "seals", seal_id, f"{seal_id}.p12", p12, passphrase)


def add_key(folder: Path, key_id: str, passphrase: bytes | None = None) -> None:
    """Make a fresh Ed25519 key and append it as the newest."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption(passphrase)
    )
    _append(folder, "keys", key_id, f"{key_id}.pem", pem, passphrase)


def encryption(passphrase: bytes | None) -> serialization.KeySerializationEncryption:
    return serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()


def _append(folder: Path, kind: str, name: str, file_name: str, private: bytes, passphrase: bytes | None) -> None:
    """The key first, then, when the ring opens with it, the index: whoever reads in between sees the old keyring."""
    if not name.replace("-", "").isalnum() or not name.isascii():
        raise KeyringError(f"a key id is made of letters, digits and dashes, not {name!r}")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "keyring.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        _append_alone(folder, kind, name, folder / file_name, private, passphrase)


def _append_alone(folder: Path, kind: str, name: str, file: Path, private: bytes, passphrase: bytes | None) -> None:
    index = folder / "keyring.json"
    names = json.loads(index.read_text()) if index.exists() else {"seals": [], "keys": []}
    if name in names["seals"] + names["keys"]:
        raise KeyringError(f"there is a key named {name} already")
    if file.exists():
        raise KeyringError(f"{file} is there, but no key of the ring: see what it is, move it away, then try again")
    _write_private(file, private)
    names[kind].append(name)
    try:
        _load(folder, names, passphrase)
    except KeyringError:
        file.unlink()
        raise
    fresh = folder / "keyring.json.new"
    _write(fresh.open("wb"), (json.dumps(names, indent=1) + "\n").encode())
    fresh.replace(index)


def _write_private(path: Path, data: bytes) -> None:
    """Only the owner may read it; a file that is there is never overwritten."""
    _write(os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"), data)


def _write(file: IO[bytes], data: bytes) -> None:
    """On the disk before the index names it, should the power fail."""
    with file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


Key = TypeVar("Key", Seal, SigningKey)


def _newest(keys: tuple[Key, ...], what: str) -> Key:
    able = [key for key in keys if key.private is not None]
    if not able:
        raise KeyringError(f"the keyring has no {what} that can sign")
    return able[-1]


def _load_seal(folder: Path, name: str, passphrase: bytes | None) -> Seal:
    retired = folder / f"{name}.cert.pem"
    if retired.exists():
        return _retired_seal(name, retired.read_bytes())
    private, own, others = pkcs12.load_key_and_certificates((folder / f"{name}.p12").read_bytes(), passphrase)
    if own is None or not isinstance(private, RSAPrivateKey):
        raise KeyringError(f"{name}.p12 must hold an RSA key with its certificate")
    return Seal(name, own, tuple(others), private)


def _load_key(folder: Path, name: str, passphrase: bytes | None) -> SigningKey:
    retired = folder / f"{name}.pub.pem"
    if retired.exists():
        return _retired_key(name, retired.read_bytes())
    private = serialization.load_pem_private_key((folder / f"{name}.pem").read_bytes(), passphrase)
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyringError(f"{name}.pem must hold an Ed25519 key")
    return SigningKey(name, private.public_key(), private)


def _retired_seal(name: str, pem: bytes) -> Seal:
    certificate, *chain = x509.load_pem_x509_certificates(pem)
    return Seal(name, certificate, tuple(chain), None)


def _retired_key(name: str, pem: bytes) -> SigningKey:
    public = serialization.load_pem_public_key(pem)
    if not isinstance(public, Ed25519PublicKey):
        raise KeyringError(f"{name}.pub.pem must hold an Ed25519 key")
    return SigningKey(name, public, None)


def _bound(data: bytes, purpose: str) -> bytes:
    return b"champion-companies\x00" + purpose.encode() + b"\x00" + data
