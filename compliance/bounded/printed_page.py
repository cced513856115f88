"""A page of ours as a PDF to print, made in a process of its own: what draws stays out of web processes."""

import io
import re
from datetime import datetime
from typing import Any

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from certificates import textlayer
from certificates.assets import HOME, OwnAssets
from certificates.khmer import line_breaks, printable
from compliance.bounded.child import serve

STYLES = HOME.parent / "print"
BASE = "paper"
_DRAWN = re.compile("[^\n\u200b-\u200d\u2060]+")  # the others only tell where a line may end


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """`html` as PDF/UA; `style` names the sheet beside the templates. Nothing is fetched but the portal's own fonts.

    `attached` (name, text, description, at: when it was made) travels inside. The same request gives the same bytes.
    """
    textlayer.install()
    fonts, assets = FontConfiguration(), OwnAssets()
    sheets = [(STYLES / f"{name}.css").read_text() for name in (BASE, request["style"])]
    styles = [CSS(string=sheet, url_fetcher=assets, font_config=fonts) for sheet in sheets]
    page = HTML(string=line_breaks(drawable(request["html"])), url_fetcher=assets)
    attached = request.get("attached")
    made: bytes = page.write_pdf(
        stylesheets=styles,
        font_config=fonts,
        attachments=[_attachment(**attached)] if attached else None,
        pdf_variant="pdf/ua-1",
    )
    return {}, made


def drawable(text: str) -> str:
    """The text with ? for what none of our fonts can draw: another one would differ from machine to machine."""
    return _DRAWN.sub(lambda run: printable(run[0]), text)


def _attachment(name: str, text: str, description: str, at: str) -> Any:
    moment = datetime.fromisoformat(at)
    return Attachment(
        file_obj=io.BytesIO(text.encode()),
        name=name,
        description=description,
        relationship="Source",
        created=moment,
        modified=moment,
    )


if __name__ == "__main__":
    serve(work, foreign=True)
