"""Checkpoints as other people's software writes and reads them."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.keyring import SigningKey
from certificates.note import (
    COSIGNATURE,
    Checkpoint,
    NoteError,
    Verifier,
    read_checkpoint,
    read_verifier,
    signature_line,
    signed_by,
    verifier_of,
    write_checkpoint,
)

# The example by which the format of signed notes is taught.
TEACHER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TAUGHT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
)
ROOT = bytes(range(32))
CODED = base64.b64encode(ROOT).decode()


def key(name: str = "k1") -> SigningKey:
    private = Ed25519PrivateKey.generate()
    return SigningKey(name, private.public_key(), private)


def test_a_signature_of_other_software_holds() -> None:
    text, coded = TAUGHT
    note = Checkpoint("", 0, b"", text, (("PeterNeumann", base64.b64decode(coded)),))
    teacher = read_verifier(TEACHER)
    assert teacher.text == TEACHER
    assert signed_by(note, teacher)
    assert not signed_by(Checkpoint("", 0, b"", text + "!", note.signatures), teacher)


def test_what_is_written_is_read_and_signed_by_its_key_only() -> None:
    ours, other = key(), key()
    read = read_checkpoint(write_checkpoint("example.org/log", 17, ROOT, ours))
    assert (read.origin, read.size, read.root) == ("example.org/log", 17, ROOT)
    assert signed_by(read, verifier_of("example.org/log", ours))
    assert not signed_by(read, verifier_of("example.org/log", other))
    assert not signed_by(read, verifier_of("example.org/another", ours))


@pytest.mark.parametrize(("old", "new"), [("17", "18"), ("example.org", "example.net"), ("AAEC", "AQEC")])
def test_a_changed_checkpoint_is_signed_by_nobody(old: str, new: str) -> None:
    ours = key()
    text = write_checkpoint("example.org/log", 17, ROOT, ours).replace(old, new, 1)
    assert not signed_by(read_checkpoint(text), verifier_of("example.org/log", ours))


def test_a_witness_signs_along_with_the_moment_it_saw() -> None:
    ours, witness = key(), Ed25519PrivateKey.generate()
    text = write_checkpoint("example.org/log", 17, ROOT, ours)
    signed = read_checkpoint(text).signed
    by = Verifier("witness.example/w1", COSIGNATURE, witness.public_key().public_bytes_raw())
    moment = (1_780_000_000).to_bytes(8)
    line = signature_line(by, moment + witness.sign(f"cosignature/v1\ntime 1780000000\n{signed}".encode()))
    assert signed_by(read_checkpoint(text + line), by)
    late = signature_line(by, (1_780_000_001).to_bytes(8) + base64.b64decode(line.split(" ")[2])[12:])
    assert not signed_by(read_checkpoint(text + late), by)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "a\n1\nx\n\n— a b\n",
        f"a\n-1\n{CODED}\n\n— a AA==\n",
        f"a\n01\n{CODED}\n\n— a AA==\n",
        f"a\n1\n{CODED}\n\nno signature\n",
        "x" * 30_000,
    ],
)
def test_other_texts_are_no_checkpoints(text: str) -> None:
    with pytest.raises(NoteError):
        read_checkpoint(text)


@pytest.mark.parametrize(
    "text", ["", "a+b", "name+00000000+" + base64.b64encode(b"\x01" + ROOT).decode(), "a+b+c", TEACHER + "A"]
)
def test_other_texts_are_no_keys(text: str) -> None:
    with pytest.raises(NoteError):
        read_verifier(text)
