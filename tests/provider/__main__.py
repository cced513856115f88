"""`python -m tests.provider` installs the packages that its lock names."""

from tests.provider import install

install()
