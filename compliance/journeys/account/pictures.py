"""The QR picture of an authenticator's key, drawn into the page: no request carries the key anywhere."""

import io

import segno
from flask import Flask
from markupsafe import Markup, escape


def qr_picture(address: str, title: str) -> Markup:
    """An inline SVG that screen readers announce as `title`."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, nl=False, omitsize=True, svgclass=None, lineclass=None, border=4
    )
    drawing = out.getvalue().decode()
    return Markup(drawing.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1))  # noqa: S704


def init(app: Flask) -> None:
    """Gives templates the filter."""
    app.add_template_filter(qr_picture)
