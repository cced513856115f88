"""`python -m tests.provider` installs the packages that its lock names, or says why not."""

import sys

from tests.provider import NotFetchedError, install

try:
    install()
except NotFetchedError as error:
    sys.stderr.write(f"The tests of signing in elsewhere will be skipped: {error}\n")
