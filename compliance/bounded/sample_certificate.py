"""A certificate drawn to be looked at before anybody gets it, in a process of its own: no seal, no credential."""

from typing import Any

from certificates import CertificateFacts, render
from compliance.bounded.child import serve


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """`facts` as JSON, drawn as PDF."""
    return {}, render.pdf(CertificateFacts.from_json(request["facts"]))


if __name__ == "__main__":
    serve(work, foreign=False)
