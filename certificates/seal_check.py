"""Tells whether a file is one we sealed, unchanged. Knows the shape of our seals and no PDF library."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from asn1crypto import algos, cms
from asn1crypto import x509 as asn1
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from certificates.keyring import Keyring, Seal

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0 (\d{1,10}) (\d{1,10}) (\d{1,10})\s*\]")


class Verdict(StrEnum):
    """What a file is to us."""

    GENUINE = "genuine"  # to the last bit what we sealed
    CHANGED = "changed"  # it carries our seal, but something was changed
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict; for a genuine file also which seal it bears."""

    verdict: Verdict
    seal_id: str = ""

    @property
    def genuine(self) -> bool:
        return self.verdict is Verdict.GENUINE


def verify(pdf: bytes, keyring: Keyring) -> Verification:
    """Whether the file is, to the last bit, one that a seal of this keyring closed.

    The file is not parsed: hostile files come in here. Our signature covers all of the file but the gap
    it stands in, and what may stand in that gap is rebuilt from known parts and compared.
    """
    found = _BYTE_RANGE.findall(pdf)
    if found:
        before, after, rest = (int(value) for value in found[-1])
        if 0 < before < after and after + rest == len(pdf):
            gap, outside = pdf[before:after], hashlib.sha256(pdf[:before] + pdf[after:]).digest()
            for seal in keyring.seals:
                if _closed_by(gap, outside, seal):
                    return Verification(Verdict.GENUINE, seal.id)
    return Verification(Verdict.CHANGED if _bears_trace(pdf, keyring) else Verdict.NOT_OURS)


def _bears_trace(pdf: bytes, keyring: Keyring) -> bool:
    """Whether a stretch of one of our seals' public keys is left in the file."""
    digits = pdf.upper()
    for seal in keyring.seals:
        modulus = f"{seal.public.public_numbers().n:X}".encode()
        if any(modulus[at : at + 64] in digits for at in range(0, len(modulus) - 63, 32)):
            return True
    return False


def _closed_by(gap: bytes, outside: bytes, seal: Seal) -> bool:
    """Cheapest first: the digest of the file, then the signature over it, then the envelope around both."""
    try:
        digits = gap.removeprefix(b"<").removesuffix(b">").decode("ascii")
        (info,) = cms.ContentInfo.load(bytes.fromhex(digits))["content"]["signer_infos"]
        said = {attribute["type"].native: attribute["values"] for attribute in info["signed_attrs"]}
        if said["message_digest"].native != [outside]:
            return False
        attributes, signature = info["signed_attrs"].untag().dump(), info["signature"].native
        seal.public.verify(signature, attributes, PKCS1v15(), hashes.SHA256())
        exact = _envelope(info["signed_attrs"], signature, seal).dump().hex().upper()
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return False
    return digits == exact.ljust(room(seal), "0") and gap == f"<{digits}>".encode()


def _envelope(signed_attributes: Any, signature: bytes, seal: Seal) -> Any:
    """The one envelope these signed attributes and this signature can come in."""
    own, *chain = [asn1.Certificate.load(der(link)) for link in (seal.certificate, *seal.chain)]
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": own.issuer, "serial_number": own.serial_number}
                    )
                }
            ),
            "digest_algorithm": sha256,
            "signed_attrs": signed_attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signature": signature,
        }
    )
    content = {
        "version": "v1",
        "digest_algorithms": cms.DigestAlgorithms((sha256,)),
        "encap_content_info": {"content_type": "data"},
        "certificates": [own, *chain],
        "signer_infos": [info],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})


def room(seal: Seal) -> int:
    """Hexadecimal digits to keep free for the signature: its certificates and some more."""
    return 2 * (sum(len(der(link)) for link in (seal.certificate, *seal.chain)) + 1500)


def der(certificate: Any) -> bytes:
    """A certificate as it is written into a file."""
    return bytes(certificate.public_bytes(serialization.Encoding.DER))
