"""What the portal publishes of its keys, made in a process of its own: its identity and the signed status lists."""

from datetime import datetime
from pathlib import Path
from typing import Any

from certificates import credential, status
from certificates.keyring import load_keyring
from compliance.bounded.child import serve


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """The document of an issuer's keys; with a `purpose`, the signed list of the places set for it."""
    keys = load_keyring(Path(request["keys_dir"]), request["passphrase"].encode() or None)
    issuer = credential.Issuer(request["address"])
    if not (purpose := request.get("purpose")):
        return {}, credential.did_document(keys, issuer, *map(credential.Issuer, request["addresses"]))
    moments = {name: datetime.fromisoformat(request[name]) for name in ("at", "until")}
    return {}, status.status_list(purpose, request["places"], keys, issuer, **moments)


if __name__ == "__main__":
    serve(work, foreign=False)
