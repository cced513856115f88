"""Evidence of the demonstration: small real PDFs that say what they are."""

import io

import pikepdf

TITLES = {
    "policy.pdf": "Child protection policy",
    "procedure.pdf": "Procedure for abuse material and contact for authorities",
    "training.pdf": "Training programme and attendance total",
    "services.pdf": "Settings, reporting tools and notices of our services",
}


def document(company: str, title: str) -> bytes:
    """A one-page PDF in the name of a fictional company."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    page = made.pages[0]
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )  # fmt: skip
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    lines = (company, title, "Demonstration document: this company is invented.")
    shown = "".join(
        f"BT /F1 {18 - 4 * place} Tf 60 {760 - 40 * place} Td ({line}) Tj ET\n" for place, line in enumerate(lines)
    )
    page.Contents = made.make_stream(shown.encode("cp1252", "replace"))
    written = io.BytesIO()
    made.save(written, deterministic_id=True)
    return written.getvalue()


def name_for(question: str) -> str:
    """Which of a company's documents supports an answer."""
    if question.startswith(("gov_policy", "gov_pledge", "gov_lead", "gov_")):
        return "policy.pdf"
    if question.startswith(("csam_", "lea_")):
        return "procedure.pdf"
    return "training.pdf" if question.startswith("edu_") else "services.pdf"
