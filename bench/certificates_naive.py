"""The yardstick: certificates as a competent first version makes them, everything new each time and no extras."""

import base64
import io
import re
from pathlib import Path

import segno
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from weasyprint import HTML

from certificates import CertificateFacts, emblem, ornament
from certificates.assets import HOME
from certificates.drawing import svg
from certificates.page import page
from certificates.palette import EMBLEM, PRINT


def pdf(facts: CertificateFacts) -> bytes:
    """One certificate with the library's defaults: no PDF/A, no tags, no attachment, no text layer."""
    colours = PRINT[facts.level.id]
    style = re.sub(r"var\(--([a-z-]+)\)", lambda name: colours[name[1]], (HOME / "certificate.css").read_text())
    frame = svg(ornament.frame(), colours, 'width="297mm" height="210mm"')
    style += f"@page {{ background: url({_embedded(frame)}) 0 0 / 297mm 210mm no-repeat }}"
    qr = segno.make(facts.verify_url, error="m").svg_inline(scale=4, border=2, omitsize=True)
    text = page(facts).replace("</head>", f"<style>{style.replace('asset:', 'fonts/')}</style></head>")
    text = text.replace(
        "asset:emblem", _embedded(svg(emblem.engraved(facts.level.id, facts.level.rank), EMBLEM[facts.level.id]))
    )
    text = text.replace("asset:qr", _embedded(qr.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)))
    return bytes(HTML(string=text, base_url=f"{HOME}/").write_pdf())


def sign(unsigned: bytes, p12: Path, passphrase: bytes) -> bytes:
    """Sealed as pyHanko's manual shows it: the key is opened for every file."""
    signer = signers.SimpleSigner.load_pkcs12(str(p12), passphrase=passphrase)
    settings = signers.PdfSignatureMetadata(field_name="Seal", subfilter=fields.SigSeedSubFilter.PADES)
    output = io.BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(unsigned)), settings, signer=signer, output=output)
    return output.getvalue()


def _embedded(picture: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()
