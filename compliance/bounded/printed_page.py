"""A page of ours as a PDF to print, made in a process of its own: what draws stays out of web processes."""

from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from certificates import textlayer
from certificates.assets import HOME, OwnAssets
from certificates.khmer import line_breaks
from compliance.bounded.child import serve

STYLES = HOME.parent / "print"


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """`html` as PDF/UA; `style` names the sheet beside the templates. Nothing is fetched but the portal's own fonts."""
    textlayer.install()
    fonts, assets = FontConfiguration(), OwnAssets()
    sheet = (STYLES / f"{request['style']}.css").read_text()
    style = CSS(string=sheet, url_fetcher=assets, font_config=fonts)
    page = HTML(string=line_breaks(request["html"]), url_fetcher=assets)
    made: bytes = page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    return {}, made


if __name__ == "__main__":
    serve(work, foreign=True)
