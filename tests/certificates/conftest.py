"""A keyring made once, and drawn certificates kept between tests."""

import datetime as dt
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from bench.certificates_data import facts
from certificates import CertificateFacts, render
from certificates.credential import Issuer
from certificates.demonstration import make_keyring
from certificates.keyring import Keyring, load_keyring

sys.modules["pymupdf.layout"] = None  # type: ignore[assignment]  # a neural network, a second in every process
TODAY = dt.date(2026, 11, 21)
PASSPHRASE = b"for tests"


@pytest.fixture(scope="session")
def keyring_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keyring")
    make_keyring(folder, PASSPHRASE, today=TODAY)
    return folder


@pytest.fixture(scope="session")
def keyring(keyring_folder: Path) -> Keyring:
    return load_keyring(keyring_folder, PASSPHRASE)


@pytest.fixture(scope="session")
def strangers_keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return make_keyring(tmp_path_factory.mktemp("stranger"), today=TODAY)


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer("https://awards.example.gov.kh")


@pytest.fixture(scope="session")
def drawn() -> Callable[[CertificateFacts], bytes]:
    return lru_cache(maxsize=32)(render.pdf)


@pytest.fixture(params=range(6), ids=["committed", "bronze", "silver", "gold", "long", "short"])
def each_facts(request: pytest.FixtureRequest) -> CertificateFacts:
    """One certificate of each level, one with long names, one with very short ones."""
    return facts(request.param)
