"""A certificate drawn to be looked at before anybody gets it, in a process of its own: no seal, no credential."""

from base64 import b64decode
from typing import Any

from certificates import CertificateFacts, render
from compliance.bounded.child import serve


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """`facts` as JSON, drawn as PDF; `marks` are the ministry's pictures that they name, in base 64."""
    marks = {name: b64decode(picture) for name, picture in request["marks"].items()}
    return {}, render.pdf(CertificateFacts.from_json(request["facts"]), None, marks)


if __name__ == "__main__":
    serve(work, foreign=False)
