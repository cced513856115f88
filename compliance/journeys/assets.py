"""Built assets: read once at start, addressed by their content, sent packed to whoever takes gzip."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "static"
TEXT = frozenset({".css", ".js", ".mjs", ".svg", ".txt"})


@dataclass(frozen=True)
class Asset:
    """One file of static/. `packed` is empty where gzip gains nothing (fonts are packed already)."""

    version: str
    media_type: str
    plain: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Every built asset by its name under static/."""
    return {path.relative_to(FOLDER).as_posix(): _read(path) for path in sorted(FOLDER.rglob("*")) if path.is_file()}


def _read(path: Path) -> Asset:
    data = path.read_bytes()
    text = path.suffix in TEXT
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(
        version=hashlib.sha256(data).hexdigest()[:12],
        media_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        plain=data,
        packed=gzip.compress(data, 9, mtime=0) if text else b"",
    )


@cache
def asset(name: str) -> str:
    """The address of an asset, which browsers may keep for a year: it changes with the content.

    Raises KeyError for a name that static/ does not hold.
    """
    return f"/static/{name}?v={assets()[name].version}"
