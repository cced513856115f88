"""Seals certificates (PAdES B-B, RSA, through pyHanko) with the ministry's newest seal."""

import datetime as dt
import hashlib
import io
from functools import lru_cache
from typing import Any

from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.errors import KeyringError
from certificates.keyring import Keyring, Seal
from certificates.seal_check import der, room

FIELD = "Seal"


def sign(pdf: bytes, keyring: Keyring, at: dt.datetime) -> bytes:
    """The file sealed with the newest seal. The same file, seal and time give the same bytes."""
    seal = keyring.seal
    update, output = _Update(io.BytesIO(pdf)), io.BytesIO()
    fields.append_signature_field(update, _field())
    _into_structure(update)
    _Signer(_signature_settings(), _sealer(seal), at=at).sign_pdf(update, output=output, bytes_reserved=room(seal))
    return output.getvalue()


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


def _into_structure(update: _Update) -> None:
    """The seal's field is the last thing of the document for whoever hears it read (ISO 14289-1, 7.18.4)."""
    if "/StructTreeRoot" not in update.root:
        return  # nothing of it is read out as a structure
    tree = update.root["/StructTreeRoot"]
    document, numbers = tree["/K"][0], tree["/ParentTree"]["/Nums"]
    field, place = update.root["/AcroForm"]["/Fields"].raw_get(-1), generic.NumberObject(int(numbers[-2]) + 1)  # type: ignore[no-untyped-call]
    shown = generic.DictionaryObject(_named(Type="/OBJR", Obj=field, Pg=field.get_object().raw_get("/P")))  # type: ignore[no-untyped-call]
    element = generic.DictionaryObject(  # type: ignore[no-untyped-call]
        _named(Type="/StructElem", S="/Form", P=tree["/K"].raw_get(0), K=generic.ArrayObject([shown]))
    )
    reference = update.add_object(element)
    document["/K"].append(reference)
    numbers += [place, reference]
    field.get_object()["/StructParent"] = place
    for changed in (document["/K"], numbers, field.get_object()):
        update.update_container(changed)


def _named(**entries: Any) -> dict[Any, Any]:
    """Entries of a PDF dictionary; a text is a name."""
    return {
        generic.pdf_name(f"/{key}"): generic.pdf_name(value) if isinstance(value, str) else value
        for key, value in entries.items()
    }


class _Sealer(signers.Signer):
    """The seal in pyHanko's hands, its key opened once: opening costs twenty times what signing does."""

    def __init__(self, seal: Seal, private: RSAPrivateKey) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([asn1.Certificate.load(der(link)) for link in seal.chain])
        super().__init__(signing_cert=asn1.Certificate.load(der(seal.certificate)), cert_registry=store)
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
