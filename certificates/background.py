"""The static ground of a certificate, drawn once a level and laid under the text of each."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pydyf

from certificates import drawing, ornament

POINTS = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Form:
    """A ready, compressed PDF form object."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Background:
    """The frame's motifs (without children of their own), then the frame that calls them by name."""

    motifs: tuple[Form, ...]
    frame: bytes


@lru_cache(maxsize=8)
def _frame() -> drawing.Drawing:
    return ornament.frame()


def background(colours: Mapping[str, str]) -> Background:
    frame = _frame()
    motifs = tuple(Form(name, _packed(drawing.pdf(parts, colours))) for name, parts in frame.motifs.items())
    return Background(motifs, _packed(drawing.pdf(frame.body, colours)))


def lay_under(pdf: Any, page: Any, stream: Any, resources: Any, ground: Background) -> None:
    """Put the background first on the page, as an artifact: readers aloud pass over it."""
    names = pydyf.Dictionary()
    for motif in ground.motifs:
        form = _form(motif.data, pydyf.Dictionary())
        pdf.add_object(form)
        names[motif.name] = form.reference
    frame = _form(ground.frame, pydyf.Dictionary({"XObject": names}))
    pdf.add_object(frame)
    resources["XObject"]["Frame"] = frame.reference
    height = page["MediaBox"][3]
    place = f"q {POINTS:.5f} 0 0 {-POINTS:.5f} 0 {height:.4f} cm /Frame Do Q"
    stream.stream[:0] = [b"/Artifact BMC", place.encode(), b"EMC"]


def _packed(operators: bytes) -> bytes:
    return zlib.compress(operators, 9)


def _form(data: bytes, resources: Any) -> Any:
    box = [-ornament.WIDTH, -ornament.HEIGHT, ornament.WIDTH, ornament.HEIGHT]
    extra = {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array(box), "Filter": "/FlateDecode"}
    return pydyf.Stream([data], extra | {"Resources": resources})
