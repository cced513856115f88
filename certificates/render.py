"""Facts → the certificate as PDF: A4 landscape, one page, PDF/A-3a and PDF/UA-1, the same bytes every time."""

import hashlib
import io
import logging
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import weasyprint.pdf
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from certificates import conformance, textlayer
from certificates.assets import HOME, OwnAssets
from certificates.background import background, lay_under
from certificates.errors import AssetError, RenderError
from certificates.facts import MARKS, CertificateFacts
from certificates.page import page, stamp
from certificates.palette import EMBLEM, PRINT
from certificates.pictures import emblem_picture, mark_picture, qr_picture

OUR_FAMILIES = {"Moul", "Battambang", "Garamond", "GaramondExt"}


NONE: Mapping[str, bytes] = MappingProxyType({})


def pdf(facts: CertificateFacts, credential: bytes | None = None, marks: Mapping[str, bytes] = NONE) -> bytes:
    """The certificate, unsigned; `credential` (JSON) travels inside it as credential.json.

    `marks` are the ministry's pictures (PNG) that the facts name, by `logo` and `seal`. Raises RenderError or
    AssetError rather than print anything incomplete.
    """
    pictures = _marks(facts, marks)
    with _one_at_a_time, strictly():
        try:
            return bytes(_studio().draw(facts, credential, pictures))
        except FatalURLFetchingError as error:
            raise AssetError(str(error.__cause__ or error)) from error


def _marks(facts: CertificateFacts, given: Mapping[str, bytes]) -> dict[str, Any]:
    """By their address on the page. The facts say which picture it was: another one would be another certificate."""
    named = {name: getattr(facts, name) for name in MARKS if getattr(facts, name)}
    for name, sha256 in named.items():
        if hashlib.sha256(given.get(name, b"")).hexdigest() != sha256:
            raise RenderError(f"the picture of the {name} is not the one that the facts name")
    return {f"asset:{name}": mark_picture(given[name]) for name in named}


def coloured(name: str, colours: Mapping[str, str]) -> str:
    """One of our style sheets with the colours of a level put in."""
    return re.sub(r"var\(--([a-z-]+)\)", lambda said: colours[said[1]], (HOME / name).read_text())


# Pango's font map is not made for two threads at once.
_one_at_a_time = threading.Lock()


@cache
def _studio() -> "Studio":
    return Studio()


class Studio:
    """What stays between certificates: unpacked fonts, parsed styles, drawn backgrounds, read emblems."""

    def __init__(self) -> None:
        textlayer.install()
        self.fonts = FontConfiguration()
        self.assets = OwnAssets()
        self.styles = {level: self._style(level) for level in PRINT}
        self.grounds = {level: background(colours) for level, colours in PRINT.items()}
        self.emblems = {level: emblem_picture(level, colours) for level, colours in EMBLEM.items()}
        # The library's own way to ask for sRGB reads this file anew, unclosed, for every document.
        profile = (Path(weasyprint.pdf.__file__).parent / "sRGB2014.icc").read_bytes()
        self.srgb = SimpleNamespace(name="sRGB2014", content=profile, components="rgb", pdf_reference=None)

    def _style(self, level: str) -> Any:
        style = coloured("certificate.css", PRINT[level])
        return CSS(string=style, url_fetcher=self.assets, font_config=self.fonts)

    def draw(self, facts: CertificateFacts, credential: bytes | None, marks: dict[str, Any]) -> bytes:
        level = facts.level.id
        written: bytes = HTML(string=page(facts), url_fetcher=self.assets).write_pdf(
            stylesheets=[self.styles[level]],
            font_config=self.fonts,
            cache={"asset:emblem": self.emblems[level], "asset:qr": qr_picture(facts.verify_url), **marks},
            attachments=[_attachment(facts, credential)] if credential else None,
            color_profiles={"--srgb": self.srgb},
            output_intent="--srgb",
            pdf_variant="pdf/a-3a",
            pdf_identifier=hashlib.sha256(facts.to_json()).hexdigest()[:32].encode(),
            finisher=lambda document, made: self._finish(document, made, level),
        )
        return written

    def _finish(self, document: Any, made: Any, level: str) -> None:
        if len(document.pages) != 1:
            raise RenderError(f"the certificate needs {len(document.pages)} pages; it must be one")
        strangers = {font.family for font in document.fonts.values()} - OUR_FAMILIES
        if strangers:
            raise RenderError(f"a letter was drawn with a font that is not ours: {', '.join(sorted(strangers))}")
        _require_one_font_a_name(document)
        sheet = next(thing for thing in made.objects if isinstance(thing, dict) and thing.get("Type") == "/Page")
        stream, resources = (made.objects[int(sheet[key].split()[0])] for key in ("Contents", "Resources"))
        textlayer.into_structure(made, stream)
        lay_under(made, sheet, stream, resources, self.grounds[level])
        conformance.claim(made)


def _require_one_font_a_name(document: Any) -> None:
    for box in document.pages[0]._page_box.descendants(placeholders=True):
        if box.element_tag == "h2" and len(fonts := textlayer.khmer_fonts(box)) > 1:
            raise RenderError(f"a name was drawn in more than one font: {', '.join(sorted(fonts))}")


def _attachment(facts: CertificateFacts, credential: bytes) -> Any:
    return Attachment(
        file_obj=io.BytesIO(credential),
        name="credential.json",
        description="The award as a machine-readable credential (Open Badges 3.0)",
        relationship="Data",
        created=stamp(facts),
        modified=stamp(facts),
    )


_listening: ContextVar[bool] = ContextVar("certificate being drawn", default=False)


class _Refuse(logging.Handler):
    """The layout engine only mentions a missing letter or a rule it skipped; on a certificate both are errors."""

    def emit(self, record: logging.LogRecord) -> None:
        if _listening.get():
            raise RenderError(record.getMessage())


logging.getLogger("weasyprint").addHandler(_Refuse(logging.WARNING))


@contextmanager
def strictly() -> Iterator[None]:
    """Within it a missing letter or a skipped rule raises RenderError."""
    token = _listening.set(True)
    try:
        yield
    finally:
        _listening.reset(token)
