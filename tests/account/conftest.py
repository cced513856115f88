"""A provider of identities for the tests that sign in through one: one process for all of them."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import provider as providers

BACK = "/account/provider/back"


@dataclass(frozen=True)
class Reserved:
    """A port for the test in a browser; the provider sends people to registered addresses only."""

    port: int


@pytest.fixture(scope="session")
def reserved() -> Reserved:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return Reserved(asked.getsockname()[1])


@pytest.fixture(scope="session")
def running_provider(reserved: Reserved) -> Iterator[providers.Provider]:
    with providers.running(f"http://localhost{BACK}", f"http://localhost:{reserved.port}{BACK}") as provider:
        yield provider


@pytest.fixture
def provider(running_provider: providers.Provider) -> providers.Provider:
    """It knows nobody yet."""
    running_provider.people.clear()
    return running_provider
