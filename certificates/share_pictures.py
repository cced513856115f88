"""Draws the pictures that other sites and telephones show of the portal, from its own mark and fonts.

    python -m certificates.share_pictures      writes static/pictures/{share-km,share-en,icon-180,icon-192,icon-512}.png

What it writes is committed; run it again when the mark, the name or the fonts change.
"""

from io import BytesIO
from pathlib import Path

import pypdfium2
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

STATIC = Path(__file__).parents[1] / "static"
WORDS = {
    "km": ("ក្រុមហ៊ុនគំរូ", "ក្រុមហ៊ុនដែលការពារកុមារលើអ៊ីនធឺណិត", "ក្រសួងប្រៃសណីយ៍និងទូរគមនាគមន៍"),
    "en": ("Champion Companies", "Companies that protect children online", "Ministry of Post and Telecommunications"),
}
FONTS = """
@font-face { font-family: Text; font-weight: 600; src: url(fonts/kantumruy-pro-latin-600-normal.woff2) }
@font-face { font-family: Khmer; font-weight: 600; src: url(fonts/kantumruy-pro-khmer-600-normal.woff2) }
@font-face { font-family: Display; font-weight: 600; src: url(fonts/source-serif-4-latin-600-normal.woff2) }
@font-face { font-family: Moul; src: url(fonts/moul-khmer-400-normal.woff2) }
"""
SHARE = """
@page { size: 1200px 630px; margin: 0; background: #171942 }
body { margin: 0; font: 600 34px/1.6 Text, Khmer; color: #e9e7f5 }
img { position: absolute; left: 90px; top: 165px; width: 300px }
div { position: absolute; left: 450px; top: 150px; width: 690px }
h1 { margin: 0 0 18px; font: 600 68px/1.25 Display, Moul; color: #fffaf0 }
h1.km { font-size: 60px; line-height: 1.8 }
p { margin: 0 0 18px }
p.from { font-size: 26px; color: #f2d28b }
hr { position: absolute; left: 0; bottom: 0; width: 1200px; height: 14px; margin: 0; border: 0; background: #e0a62e }
"""
ICON = """
@page {{ size: {size}px {size}px; margin: 0; background: #fffdf8 }}
body {{ margin: 0 }}
img {{ position: absolute; left: 15%; top: 17%; width: 70% }}
"""


def main() -> None:
    """All of them."""
    for lang, (name, what, sender) in WORDS.items():
        text = f'<h1 class="{lang}">{name}</h1><p>{what}</p><p class="from">{sender}</p>'
        body = f'<img src="pictures/mark.svg"><div lang="{lang}">{text}</div><hr>'
        draw(f"share-{lang}", f"<style>{FONTS}{SHARE}</style>{body}")
    for size in (180, 192, 512):
        draw(f"icon-{size}", f'<style>{ICON.format(size=size)}</style><img src="pictures/mark.svg">')


def draw(name: str, html: str) -> None:
    """One page, a pixel a CSS pixel, in as few colours as look the same."""
    pdf = HTML(string=html, base_url=f"{STATIC}/").write_pdf(font_config=FontConfiguration())
    page = pypdfium2.PdfDocument(BytesIO(pdf))[0]
    picture = page.render(scale=96 / 72).to_pil().quantize(128)
    picture.save(STATIC / "pictures" / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
