"""A certificate drawn as a square picture, in a process of its own."""

from typing import Any

from certificates import CertificateFacts, square
from compliance.bounded.child import serve


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """`facts` as JSON, drawn as PNG."""
    return {}, square.png(CertificateFacts.from_json(request["facts"]))


if __name__ == "__main__":
    serve(work, foreign=True)  # whoever may ask for one: pages go first
