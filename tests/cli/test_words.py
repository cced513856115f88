"""The words of ./portal as a newcomer types them, without any settings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from compliance.cli.__main__ import main

ROOT = Path(__file__).parents[2]


def portal(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in {"PORTAL_MODE", "DATABASE_URL"}}
    env["PORTAL_DATA"] = str(data)
    command = [sys.executable, "-m", "compliance.cli", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_beside_a_demonstration_they_mean_it(tmp_path: Path) -> None:
    (tmp_path / "demonstration.txt").write_text("")
    assert portal(tmp_path, "migrate").returncode == 0
    assert (tmp_path / "portal.sqlite").exists()


@pytest.mark.parametrize("word", ["migrate", "web", "worker"])
def test_elsewhere_they_mean_the_real_thing_and_say_what_is_missing(
    tmp_path: Path, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("PORTAL_MODE", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    if word != "migrate":
        (tmp_path / "demonstration.txt").write_text("")
    assert main([word]) == 2
    assert "SECRET_KEY" in capsys.readouterr().err
    assert not (tmp_path / "portal.sqlite").exists()
