"""A keyring to begin with: a certification authority and a seal of our own, marked TEST in every name."""

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from certificates.keyring import SMALLEST_RSA, Keyring, add_key, add_seal, encryption, load_keyring

ORGANISATION = "TEST ONLY - not the Ministry of Post and Telecommunications"
YEARS = 5


def make_keyring(folder: Path, passphrase: bytes | None = None, *, today: dt.date) -> Keyring:
    """Make, or where there is one extend, the keyring in `folder` by a fresh TEST seal and signing key.

    For demonstrations and to try the portal out. In production the ministry's own seal is added
    from its .p12 file (`keyring.add_seal`).
    """
    turn = len(load_keyring(folder, passphrase).seals) + 1 if (folder / "keyring.json").exists() else 1
    add_seal(folder, f"test-seal-{today.year}-{turn}", _test_seal(passphrase, today), passphrase)
    add_key(folder, f"test-key-{today.year}-{turn}", passphrase)
    return load_keyring(folder, passphrase)


def _test_seal(passphrase: bytes | None, today: dt.date) -> bytes:
    root_key, seal_key = (generate_private_key(65537, SMALLEST_RSA) for _ in range(2))
    root_name, seal_name = _name("TEST root"), _name("TEST award seal")
    begin = dt.datetime.combine(today, dt.time(), dt.UTC)
    end = begin + dt.timedelta(days=YEARS * 366)
    root = _certificate(root_name, root_key.public_key(), root_name, root_key, begin, end, authority=True)
    seal = _certificate(seal_name, seal_key.public_key(), root_name, root_key, begin, end, authority=False)
    return pkcs12.serialize_key_and_certificates(b"seal", seal_key, seal, [root], encryption(passphrase))


def _name(common: str) -> x509.Name:
    parts = {NameOID.COUNTRY_NAME: "KH", NameOID.ORGANIZATION_NAME: ORGANISATION, NameOID.COMMON_NAME: common}
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts.items()])


def _certificate(
    subject: x509.Name,
    public: RSAPublicKey,
    issuer: x509.Name,
    issuer_key: RSAPrivateKey,
    begin: dt.datetime,
    end: dt.datetime,
    *,
    authority: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
