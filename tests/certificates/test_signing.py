"""The seal: what we closed is known to the last bit, what was changed is told from what was never ours."""

import dataclasses
import datetime as dt
import hashlib
import io
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf.pdfa import validate_written
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bench.certificates_data import facts
from certificates import KeyringError, render, seal_check, signing
from certificates.demonstration import make_keyring
from certificates.keyring import Keyring, Signature, add_key, add_seal, load_keyring, sign_bytes, verify_bytes
from certificates.seal_check import Verdict
from tests.certificates.conftest import PASSPHRASE, TODAY

AT = dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def unsealed() -> bytes:
    return render.pdf(facts(3), b'{"type": "credential"}')


@pytest.fixture(scope="module")
def sealed(unsealed: bytes, keyring: Keyring) -> bytes:
    return signing.sign(unsealed, keyring, AT)


def _verdict(pdf: bytes, keyring: Keyring) -> Verdict:
    return seal_check.verify(pdf, keyring).verdict


def test_what_we_sealed_is_genuine(sealed: bytes, keyring: Keyring) -> None:
    found = seal_check.verify(sealed, keyring)
    assert found.genuine
    assert found.seal_id == keyring.seal.id


def test_sealing_again_gives_the_same_bytes(unsealed: bytes, sealed: bytes, keyring: Keyring) -> None:
    assert signing.sign(unsealed, keyring, AT) == sealed


def test_nothing_of_the_certificate_is_touched_by_the_seal(unsealed: bytes, sealed: bytes) -> None:
    assert sealed.startswith(unsealed)


def test_one_flipped_bit_anywhere_is_noticed(sealed: bytes, keyring: Keyring) -> None:
    chance = random.Random(7)
    for _ in range(150):
        changed = bytearray(sealed)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        assert _verdict(bytes(changed), keyring) is Verdict.CHANGED


def test_bytes_added_removed_or_swapped_are_noticed(sealed: bytes, keyring: Keyring) -> None:
    chance = random.Random(8)
    for _ in range(50):
        at, other = chance.randrange(len(sealed)), chance.randrange(len(sealed))
        added = sealed[:at] + chance.randbytes(chance.randrange(1, 9)) + sealed[at:]
        removed = sealed[:at] + sealed[at + chance.randrange(1, 9) :]
        swapped = bytearray(sealed)
        swapped[at], swapped[other] = swapped[other], swapped[at]
        for changed in (added, removed, bytes(swapped)):
            assert changed == sealed or _verdict(changed, keyring) is Verdict.CHANGED
    for tail in (b"\n", b" ", b"%%EOF\n", sealed):
        assert _verdict(sealed + tail, keyring) is Verdict.CHANGED


def test_the_gap_the_signature_stands_in_is_checked_too(sealed: bytes, keyring: Keyring) -> None:
    """The signature does not cover itself: its spelling, its padding and the certificates beside it must be exact."""
    before, after = (int(value) for value in re.findall(rb"/ByteRange \[0 (\d+) (\d+)", sealed)[0])
    gap = sealed[before:after]
    digits = gap[1:-1]
    chance = random.Random(9)
    changes = [b"<" + digits.lower() + b">", b"<" + digits[:-1] + b"1>", b"<" + digits[:-2] + b"  >"]
    for _ in range(120):
        at = chance.randrange(len(digits))
        changes.append(b"<" + digits[:at] + chance.choice([b"0", b"7", b"F"]) + digits[at + 1 :] + b">")
    for changed in changes:
        assert changed == gap or _verdict(sealed[:before] + changed + sealed[after:], keyring) is Verdict.CHANGED


def test_a_file_updated_by_an_editor_is_changed(sealed: bytes, keyring: Keyring) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Extra"] = writer.root["/Type"]
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    assert _verdict(output.getvalue(), keyring) is Verdict.CHANGED


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_anything_else_is_not_ours(keyring: Keyring, data: bytes) -> None:
    assert _verdict(data, keyring) is Verdict.NOT_OURS
    assert _verdict(b"/ByteRange [0 1 2 3]" + data, keyring) is Verdict.NOT_OURS


def test_another_seal_is_not_ours(unsealed: bytes, sealed: bytes, keyring: Keyring, strangers_keyring: Keyring) -> None:
    assert _verdict(unsealed, keyring) is Verdict.NOT_OURS
    assert _verdict(sealed, strangers_keyring) is Verdict.NOT_OURS
    assert _verdict(signing.sign(unsealed, strangers_keyring, AT), keyring) is Verdict.NOT_OURS


def test_pyhanko_finds_the_seal_intact_and_trusted(sealed: bytes, keyring: Keyring) -> None:
    """The check in this package is our own; the library that sealed has its say too."""
    root = x509.Certificate.load(keyring.seal.chain[0].public_bytes(serialization.Encoding.DER))
    context = ValidationContext(trust_roots=[root], moment=AT, allow_fetching=False)
    (embedded,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    status = validate_pdf_signature(embedded, context)
    assert status.intact
    assert status.valid
    assert status.trusted
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_the_seals_field_is_part_of_what_is_read_out(sealed: bytes) -> None:
    """PDF/UA wants each field within an element that says it is one."""
    with pikepdf.open(io.BytesIO(sealed)) as document:
        [field] = document.Root.AcroForm.Fields
        tree = document.Root.StructTreeRoot
        numbers = list(tree.ParentTree.Nums)
        element = dict(zip(numbers[::2], numbers[1::2], strict=True))[field.StructParent]
        assert (str(element.S), element.K[0].Obj.objgen) == ("/Form", field.objgen)
        assert element.objgen in [child.objgen for child in tree.K[0].K]
        assert str(field.TU) == "Electronic seal of the Ministry"


@pytest.fixture(scope="module")
def marked(keyring: Keyring) -> bytes:
    """Sealed, with the ministry's own logo and seal on it: pictures with a transparent ground."""
    output = io.BytesIO()
    Image.new("RGBA", (600, 300), (20, 40, 90, 128)).save(output, "PNG")
    mark = output.getvalue()
    name = hashlib.sha256(mark).hexdigest()
    drawn = render.pdf(dataclasses.replace(facts(3), logo=name, seal=name), marks={"logo": mark, "seal": mark})
    assert drawn.count(b"/Subtype /Image") >= 1
    return signing.sign(drawn, keyring, AT)


@pytest.mark.parametrize("which", ["sealed", "marked"])
def test_a_validator_of_pdf_a_3_finds_nothing_wrong_after_sealing(which: str, request: pytest.FixtureRequest) -> None:
    """It knows level B alone: neither our letter A nor metadata that describe themselves, which PDF/A allows. What it
    calls unsupported (a form, an attachment) it has not looked at."""
    sealed = request.getfixturevalue(which)
    found = [one for one in validate_written(io.BytesIO(sealed), "3b").findings if one.kind == "violation"]
    unknown = ("pdfaExtension", "pdfaSchema", "pdfaProperty", "pdfuaid:part", "pdfaid:conformance is 'A'")
    assert [one for one in found if not any(name in one.message for name in unknown)] == []
    assert len(found) == 6
    assert any(one.kind == "violation" for one in validate_written(io.BytesIO(plain()), "3b").findings)


def plain() -> bytes:
    """A page that claims nothing."""
    output = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(output)
    return output.getvalue()


def test_poppler_finds_the_whole_file_signed(sealed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    said = subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_a_new_seal_signs_and_the_old_one_still_verifies(unsealed: bytes, tmp_path: Path) -> None:
    old = make_keyring(tmp_path, today=TODAY)
    first = signing.sign(unsealed, old, AT)
    new = make_keyring(tmp_path, today=dt.date(2028, 1, 1))
    assert [seal.id for seal in new.seals] == ["test-seal-2026-1", "test-seal-2028-2"]
    second = signing.sign(unsealed, new, AT)
    assert seal_check.verify(first, new).seal_id == "test-seal-2026-1"
    assert seal_check.verify(second, new).seal_id == "test-seal-2028-2"
    assert _verdict(second, old) is Verdict.NOT_OURS


def test_a_retired_key_verifies_and_no_longer_signs(unsealed: bytes, tmp_path: Path) -> None:
    keyring = make_keyring(tmp_path, today=TODAY)
    sealed = signing.sign(unsealed, keyring, AT)
    signature = sign_bytes(b"head", keyring, purpose="audit")
    seal, key = keyring.seal, keyring.key
    pem = serialization.Encoding.PEM
    chain = b"".join(link.public_bytes(pem) for link in (seal.certificate, *seal.chain))
    (tmp_path / f"{seal.id}.cert.pem").write_bytes(chain)
    (tmp_path / f"{seal.id}.p12").unlink()
    public = key.public.public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / f"{key.id}.pub.pem").write_bytes(public)
    (tmp_path / f"{key.id}.pem").unlink()
    retired = load_keyring(tmp_path)
    assert seal_check.verify(sealed, retired).genuine
    assert verify_bytes(b"head", signature, retired, purpose="audit")
    with pytest.raises(KeyringError):
        signing.sign(unsealed, retired, AT)
    with pytest.raises(KeyringError):
        sign_bytes(b"head", retired, purpose="audit")


def test_bytes_are_signed_for_one_purpose(keyring: Keyring, strangers_keyring: Keyring) -> None:
    signature = sign_bytes(b"head", keyring, purpose="audit")
    assert verify_bytes(b"head", signature, keyring, purpose="audit")
    assert not verify_bytes(b"head", signature, keyring, purpose="other")
    assert not verify_bytes(b"tail", signature, keyring, purpose="audit")
    assert not verify_bytes(b"head", Signature("unknown", signature.value), keyring, purpose="audit")
    assert not verify_bytes(b"head", Signature(signature.key_id, b"short"), keyring, purpose="audit")
    assert not verify_bytes(b"head", sign_bytes(b"head", strangers_keyring, purpose="audit"), keyring, purpose="audit")


def test_private_keys_are_for_their_owner_only(keyring_folder: Path) -> None:
    for path in (*keyring_folder.glob("*.p12"), *keyring_folder.glob("*.pem")):
        assert path.stat().st_mode & 0o077 == 0


def test_test_keys_say_that_they_are_for_tests(keyring: Keyring) -> None:
    for certificate in (keyring.seal.certificate, *keyring.seal.chain):
        assert certificate.subject.rfc4514_string().count("TEST") == 2


def test_the_ministrys_own_seal_comes_from_its_p12(tmp_path: Path, keyring_folder: Path, keyring: Keyring) -> None:
    p12 = (keyring_folder / f"{keyring.seal.id}.p12").read_bytes()
    add_seal(tmp_path, "mptc-2026", p12, PASSPHRASE)
    add_key(tmp_path, "mptc-key-2026", PASSPHRASE)
    loaded = load_keyring(tmp_path, PASSPHRASE)
    assert loaded.seal.id == "mptc-2026"
    assert pkcs12.load_pkcs12(p12, PASSPHRASE).cert.certificate == loaded.seal.certificate
    for name in ("mptc-2026", "../outside"):
        with pytest.raises(KeyringError):
            add_seal(tmp_path, name, p12, PASSPHRASE)


def test_a_key_with_which_the_ring_would_not_open_leaves_it_as_it_was(tmp_path: Path, keyring_folder: Path) -> None:
    folder = shutil.copytree(keyring_folder, tmp_path / "copy")
    p12, before = next(folder.glob("*.p12")).read_bytes(), sorted(one.name for one in folder.iterdir())
    own = pkcs12.load_pkcs12(p12, PASSPHRASE)
    assert own.key is not None
    assert own.cert is not None
    bought = pkcs12.serialize_key_and_certificates(
        b"bought", own.key, own.cert.certificate, None, serialization.BestAvailableEncryption(b"its own")
    )
    refused: list[Callable[[], None]] = [
        lambda: add_key(folder, "next", b"another passphrase"),
        lambda: add_key(folder, "next"),
        lambda: add_seal(folder, "next", bought, PASSPHRASE),
        lambda: add_seal(folder, "next", b"no seal", PASSPHRASE),
    ]
    for attempt in refused:
        with pytest.raises(KeyringError):
            attempt()
        assert {*before, "keyring.lock"} == {one.name for one in folder.iterdir()}
        assert load_keyring(folder, PASSPHRASE).key.id != "next"
    (folder / "next.pem").write_bytes(b"what a killed command left")
    with pytest.raises(KeyringError, match="move it away"):
        add_key(folder, "next", PASSPHRASE)
    (folder / "next.pem").unlink()
    add_key(folder, "next", PASSPHRASE)
    assert load_keyring(folder, PASSPHRASE).key.id == "next"


def test_keys_that_are_added_at_once_are_all_in_the_ring(tmp_path: Path) -> None:
    names = [f"key-{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: add_key(tmp_path, name), names))
    assert sorted(key.id for key in load_keyring(tmp_path).keys) == names


@pytest.mark.parametrize("damage", ["passphrase", "index", "file", "empty"])
def test_a_keyring_that_cannot_be_read_says_so(damage: str, tmp_path: Path, keyring_folder: Path) -> None:
    folder = shutil.copytree(keyring_folder, tmp_path / "copy")
    if damage == "index":
        (folder / "keyring.json").write_text("[]")
    if damage == "file":
        next(folder.glob("*.p12")).write_bytes(b"not a key")
    if damage == "empty":
        shutil.rmtree(folder)
    with pytest.raises(KeyringError):
        load_keyring(folder, b"wrong" if damage == "passphrase" else PASSPHRASE)
