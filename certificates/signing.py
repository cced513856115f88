"""Seals certificates (PAdES B-B, RSA, through pyHanko) and tells whether a file is one we sealed, unchanged."""

import datetime as dt
import hashlib
import io
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from asn1crypto import algos, cms  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.errors import KeyringError
from certificates.keyring import Keyring, Seal

FIELD = "Seal"
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


def sign(pdf: bytes, keyring: Keyring, at: dt.datetime) -> bytes:
    """The file sealed with the newest seal. The same file, seal and time give the same bytes."""
    seal = keyring.seal
    output = io.BytesIO()
    _Signer(_signature_settings(), _sealer(seal), new_field_spec=_field(), at=at).sign_pdf(
        _Update(io.BytesIO(pdf)), output=output, bytes_reserved=_room(seal)
    )
    return output.getvalue()


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


class _Update(IncrementalPdfFileWriter):
    """An update that adds the signature and nothing that differs from run to run."""

    def _update_meta(self) -> None:
        """Leave the metadata as rendered: sealing does not change the document."""

    @classmethod
    def _handle_id(cls, prev: Any) -> Any:
        first = prev.trailer["/ID"][0].original_bytes
        second = hashlib.sha256(b"sealed\x00" + first).digest()[:16]
        return generic.ArrayObject([generic.ByteStringObject(first), generic.ByteStringObject(second)])


class _Signer(signers.PdfSigner):
    """A signer told what time it is."""

    def __init__(self, *settings: Any, at: dt.datetime, **more: Any) -> None:
        super().__init__(*settings, **more)
        self._at = at

    def init_signing_session(self, *arguments: Any, **more: Any) -> Any:
        session = super().init_signing_session(*arguments, **more)
        session.system_time = self._at
        return session


def _signature_settings() -> Any:
    return signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason="Award certificate",
        location="Phnom Penh",
    )


def _field() -> Any:
    hidden = fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
    name = "Electronic seal of the Ministry"
    return fields.SigFieldSpec(FIELD, on_page=0, box=None, readable_field_name=name, invis_sig_settings=hidden)


class _Sealer(signers.Signer):
    """The seal in pyHanko's hands, its key opened once: opening costs twenty times what signing does."""

    def __init__(self, seal: Seal, private: RSAPrivateKey) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([asn1.Certificate.load(_der(link)) for link in seal.chain])
        super().__init__(signing_cert=asn1.Certificate.load(_der(seal.certificate)), cert_registry=store)
        self._private = private

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256" or dry_run:
            raise KeyringError("seals sign SHA-256 and nothing else")
        return self._private.sign(data, PKCS1v15(), hashes.SHA256())


@lru_cache(maxsize=4)
def _sealer(seal: Seal) -> _Sealer:
    if seal.private is None:
        raise KeyringError(f"seal {seal.id} can no longer sign")
    return _Sealer(seal, seal.private)


def _room(seal: Seal) -> int:
    """Hexadecimal digits to keep free for the signature: its certificates and some more."""
    return 2 * (sum(len(_der(link)) for link in (seal.certificate, *seal.chain)) + 1500)


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
    return digits == exact.ljust(_room(seal), "0") and gap == f"<{digits}>".encode()


def _envelope(signed_attributes: Any, signature: bytes, seal: Seal) -> Any:
    """The one envelope these signed attributes and this signature can come in."""
    own, *chain = [asn1.Certificate.load(_der(link)) for link in (seal.certificate, *seal.chain)]
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


def _der(certificate: Any) -> bytes:
    return bytes(certificate.public_bytes(serialization.Encoding.DER))
