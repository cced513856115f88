"""The command line."""

import json
from pathlib import Path

import pytest

from bench.certificates_data import facts
from certificates.__main__ import main
from certificates.credential import Issuer, issue
from certificates.keyring import Keyring
from tests.certificates.conftest import PASSPHRASE


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERTIFICATES_PASSPHRASE", PASSPHRASE.decode())


def test_render_and_verify(tmp_path: Path, keyring_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "facts.json", tmp_path / "out.pdf"
    source.write_bytes(facts(2).to_json())
    assert main(["render", str(source), str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF-1.7")
    assert main(["verify", str(out), "--keys", str(keyring_folder)]) == 1
    assert capsys.readouterr().out == "not_ours\n"


def test_verify_a_credential(
    tmp_path: Path, keyring_folder: Path, keyring: Keyring, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "credential.json"
    file.write_bytes(issue(facts(2), keyring, issuer, 3))
    words = ["verify", str(file), "--keys", str(keyring_folder), "--issuer", issuer.address]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert facts(2).number in said
    assert "standing was not checked" in said
    file.write_text(json.dumps(json.loads(file.read_text()) | {"validUntil": "2999-01-01T00:00:00Z"}))
    assert main(words) == 1


def test_emblem_and_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["emblem", "gold", str(tmp_path / "gold.svg")]) == 0
    assert (tmp_path / "gold.svg").read_text().startswith("<svg ")
    assert main(["keys", str(tmp_path / "keys")]) == 0
    assert "trying out only" in capsys.readouterr().out


def test_what_cannot_be_done_is_said_and_answered_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(tmp_path / "none.json"), str(tmp_path / "out.pdf")]) == 2
    (tmp_path / "bad.json").write_text("{}")
    assert main(["render", str(tmp_path / "bad.json"), str(tmp_path / "out.pdf")]) == 2
    assert "facts" in capsys.readouterr().err
