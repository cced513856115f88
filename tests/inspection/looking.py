"""The rooms' own checks, called here without their process: the same code, a hundred times quicker."""

from compliance.actions.inspecting import sort
from compliance.inspection import office, pdf, picture

CHECKS = {"pdf": pdf.check, "office": office.check, "picture": picture.check}


def look(data: bytes) -> str:
    """The media type. Raises InvalidError or RefusedFileError."""
    return CHECKS[sort(data)](data)[0]
