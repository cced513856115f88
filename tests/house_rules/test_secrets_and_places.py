"""The project speaks of itself alone: no machine's paths, no registry addresses, no keys, nothing left to do."""

import re

from tests.house_rules.tree import ROOT, tracked

TEXT = {
    ".py",
    ".md",
    ".toml",
    ".sh",
    ".html",
    ".yaml",
    ".yml",
    ".cfg",
    ".txt",
    ".lock",
    ".json",
    ".in",
    ".scss",
    ".js",
    "",
}
PLACES = re.compile(r"(?<![\w.])/(?:work|root)/[a-z]|--(?:extra-)?index-url|\x22resolved\x22\s*:")
KEYS = re.compile(r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----")
THIS = "test_secrets_and_places.py"
LEFT = re.compile(r"\b(?:TODO|FIXME|XXX)\b")


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        if path.suffix in TEXT and path.stat().st_size < 600_000:
            found.append((path.relative_to(ROOT).as_posix(), path.read_text(errors="replace")))
    return found


def test_no_machine_and_no_registry_is_named() -> None:
    assert not [name for name, text in texts() if PLACES.search(text) and not name.endswith(THIS)]


def test_no_private_key_is_kept() -> None:
    assert not [name for name, text in texts() if KEYS.search(text) and not name.endswith(THIS)]


def test_nothing_is_left_to_do() -> None:
    ours = [(name, text) for name, text in texts() if name.endswith(".py") and not name.endswith(THIS)]
    assert not [name for name, text in ours if LEFT.search(text)]
