"""Whether a file dropped on the verify page is, unchanged, a certificate or a credential of ours."""

from typing import Any

from certificates import CredentialError, StrangeAddressError, credential, seal_check
from certificates.keyring import Keyring, from_public
from compliance.bounded.child import serve

BLANK = b"\xef\xbb\xbf \t\r\n"
"""What editors put before the text, the mark of its encoding among it."""


def work(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """The verdict, and the number that a genuine credential names. The keys here only verify."""
    keys = from_public(request["keys"])
    if data.lstrip(BLANK)[:1] == b"{":
        return _credential(data, keys, request["addresses"]), b""
    return {"verdict": seal_check.verify(data, keys).verdict.value, "number": ""}, b""


def _credential(data: bytes, keys: Keyring, addresses: list[str]) -> dict[str, Any]:
    try:
        claims = credential.read(data, keys, *(credential.Issuer(address) for address in addresses))
    except StrangeAddressError as error:
        return {"verdict": "strange_address", "number": "", "address": error.address[:200]}
    except CredentialError:
        ours = b"/verify/" in data and any(address.encode() in data for address in addresses)
        return {"verdict": "changed" if ours else "not_ours", "number": ""}
    return {"verdict": "genuine", "number": claims.number}


if __name__ == "__main__":
    serve(work, foreign=True)
