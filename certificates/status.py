"""Which awards are revoked or suspended, as signed Bitstring Status Lists that any verifier of credentials can read."""

import datetime as dt
from collections.abc import Iterable

from openbadgeslib.ob3 import build_status_list_credential

from certificates.credential import Issuer, secured
from certificates.errors import CredentialError
from certificates.keyring import Keyring

PLACES = 131_072  # the smallest list the standard allows, so that a reader's question tells nothing


def status_list(
    purpose: str, indices: Iterable[int], keyring: Keyring, issuer: Issuer, *, at: dt.datetime, until: dt.datetime
) -> bytes:
    """The signed list of a purpose with these places set. After `until` verifiers refuse it: publish anew before."""
    try:
        document = build_status_list_credential(
            issuer.did, issuer.status_address(purpose), purpose, indices, PLACES, at, until
        )
    except ValueError as error:
        raise CredentialError(str(error)) from error
    return secured(document, keyring, issuer, at)
