"""The certificates that every seal of ours goes back to: what a stranger's own reader needs to trust a sealed PDF."""

from dataclasses import dataclass
from datetime import date

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from certificates.keyring import Seal
from compliance import clock
from compliance.settings import Settings
from compliance.store.keys import keyring


@dataclass(frozen=True)
class SealRoot:
    """A root as it is published: whose it is, until when it holds, its SHA-256 fingerprint as readers show it."""

    name: str
    until: date
    fingerprint: str
    pem: str


def seal_roots(settings: Settings) -> tuple[SealRoot, ...]:
    """Newest seal first, retired ones too: what they sealed is still about. Raises KeyringError without keys."""
    found: dict[bytes, x509.Certificate] = {}
    for seal in reversed(keyring(settings).seals):
        root = _root(seal)
        found.setdefault(root.fingerprint(hashes.SHA256()), root)
    return tuple(_told(root) for root in found.values())


def _root(seal: Seal) -> x509.Certificate:
    """The end of the chain; a seal that came without one is its own."""
    links = [seal.certificate, *seal.chain]
    return next((link for link in links if link.issuer == link.subject), links[-1])


def _told(root: x509.Certificate) -> SealRoot:
    digits = root.fingerprint(hashes.SHA256()).hex(":").upper()
    pem = root.public_bytes(serialization.Encoding.PEM).decode()
    return SealRoot(root.subject.rfc4514_string(), clock.day_of(root.not_valid_after_utc), digits, pem)
