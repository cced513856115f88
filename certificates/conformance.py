"""What WeasyPrint leaves to be done for a file that is PDF/A-3a and PDF/UA-1 at once."""

from typing import Any

import pydyf

_NS = 'xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"'
_PDFA = "http://www.aiim.org/pdfa/ns/"
# PDF/A allows metadata it does not know only when the file itself describes them.
_CLAIM = f"""<rdf:Description rdf:about="" {_NS}><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="{_PDFA}extension/" xmlns:pdfaSchema="{_PDFA}schema#"
 xmlns:pdfaProperty="{_PDFA}property#"><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 this file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
_EMPTY_MEANS_NOTHING = ("Pattern", "Shading", "ExtGState", "XObject", "Font")


def claim(pdf: Any) -> None:
    """Add the PDF/UA-1 claim beside the PDF/A one, and drop the empty entries validators stumble over."""
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream) and thing.extra.get("Type") == "/Metadata":
            whole = b"\n".join(part if isinstance(part, bytes) else part.encode() for part in thing.stream)
            thing.compress = False
            thing.stream = [whole.replace(b"</rdf:RDF>", _CLAIM.encode() + b"</rdf:RDF>", 1)]
        elif isinstance(thing, dict):
            for key in _EMPTY_MEANS_NOTHING:
                if isinstance(thing.get(key), dict) and not thing[key]:
                    del thing[key]
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
