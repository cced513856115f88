"""What a reader of our signed status lists finds in them."""

from openbadgeslib.ob3 import decode_encoded_list, set_indices

from certificates.credential import Issuer, unsecured
from certificates.keyring import Keyring


def read_status_list(data: bytes | str, purpose: str, keyring: Keyring, issuer: Issuer) -> frozenset[int]:
    """The places set in a list of ours. Raises CredentialError where it is not signed as it stands."""
    document = unsecured(data, keyring, issuer)
    subject = document["credentialSubject"]
    assert (document["id"], subject["statusPurpose"]) == (issuer.status_address(purpose), purpose)
    return frozenset(set_indices(decode_encoded_list(subject["encodedList"])))
