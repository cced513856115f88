"""Which content types, relationships and binary parts an office file may have."""

from collections.abc import Iterable, Mapping

from compliance.inspection.links import is_remote, running_scheme
from compliance.inspection.office_text import Element
from compliance.inspection.refusal import RefusedFileError

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN = {f"{DOCX}.main+xml": DOCX, f"{XLSX}.main+xml": XLSX}

# Parts of content types and whole relationship names (their last step), each with the reason it is refused for.
REFUSED_TYPES = {
    "macro": "file_macros", "vba": "file_macros", "dialogsheet": "file_macros", "customui": "file_macros",
    "activex": "file_embedded", "oleobject": "file_embedded", "ms-package": "file_embedded",
    "externallink": "file_remote", ".connections": "file_remote", "querytable": "file_remote",
    "volatiledependencies": "file_remote", "webextension": "file_script", "javascript": "file_script",
    "text/html": "file_embedded", "xhtml": "file_embedded", "rtf": "file_embedded", "message/rfc822": "file_embedded",
}  # fmt: skip
REFUSED_RELATIONS = {
    **dict.fromkeys(
        ("vbaproject", "wordvbadata", "attachedtoolbars", "extensibility", "usercustomization", "xlmacrosheet",
         "xlintlmacrosheet", "dialogsheet"), "file_macros"),
    **dict.fromkeys(("oleobject", "control", "activexcontrolbinary", "afchunk"), "file_embedded"),
    **dict.fromkeys(
        ("externallink", "externallinkpath", "connections", "querytable", "volatiledependencies", "subdocument",
         "frame", "mailmergesource", "mailmergeheadersource"), "file_remote"),
    **dict.fromkeys(("webextension", "webextensiontaskpanes"), "file_script"),
}  # fmt: skip
# Pieces of part names that no quiet file has, for files whose types and relationships do not say what they are.
REFUSED_NAMES = {
    "vbaproject": "file_macros", "vbadata": "file_macros", "customui": "file_macros", "macrosheets/": "file_macros",
    "activex": "file_embedded", "oleobject": "file_embedded", "externallink": "file_remote",
}  # fmt: skip
PICTURE_ENDINGS = frozenset({"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf"})
LINKING = frozenset({"hyperlink"})
# Binary parts that documents consist of; all others are foreign files.
PRINTER = "printersettings"
BINARY = ("image/", PRINTER, "application/vnd.openxmlformats-officedocument.obfuscatedfont", "application/x-font",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.printersettings",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.printersettings")  # fmt: skip
FOREIGN = (b"\xd0\xcf\x11\xe0", b"PK", b"MZ", b"\x7fELF", b"{\\rt", b"%PDF", b"#!", b"\xca\xfe\xba\xbe", b"FWS", b"CWS",
           b"Rar!", b"7z\xbc\xaf", b"ITSF", b"L\0\0\0\x01\x14\x02\0", b"\0asm", b"MSCF")  # fmt: skip


class ContentTypes:
    """The declared types of a package's parts. Raises RefusedFileError for what is no document or workbook."""

    def __init__(self, declared: Iterable[Element]) -> None:
        self._by_ending: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        for element in declared:
            kind = element.attributes.get("ContentType", "").strip().lower()
            if element.name == "Default":
                self._by_ending[element.attributes.get("Extension", "").lower()] = kind
            elif element.name == "Override":
                self._by_name[element.attributes.get("PartName", "").lstrip("/").casefold()] = kind
        self.media_type = self._main()

    def of(self, name: str) -> str:
        """The type of a part, in small letters; what its name says when none is declared."""
        ending = name.rpartition(".")[2].lower()
        declared = self._by_name.get(name.casefold()) or self._by_ending.get(ending)
        return declared or (
            f"image/{ending}" if ending in PICTURE_ENDINGS else PRINTER if PRINTER in name.lower() else ""
        )

    def _main(self) -> str:
        kinds = [*self._by_name.values(), *self._by_ending.values()]
        found = [MAIN[kind] for kind in kinds if kind in MAIN]
        if any("macroenabled" in kind for kind in kinds):
            raise RefusedFileError("file_macros")
        if len(found) != 1:
            raise RefusedFileError("file_type")
        return found[0]


def refuse_type(kind: str) -> None:
    """Raises RefusedFileError for a content type that can act or hides another file."""
    for piece, reason in REFUSED_TYPES.items():
        if piece in kind:
            raise RefusedFileError(reason)


def refuse_name(name: str) -> None:
    """Raises RefusedFileError for the usual name of a part that acts."""
    for piece, reason in REFUSED_NAMES.items():
        if piece in name.lower():
            raise RefusedFileError(reason)


def refuse_relation(attributes: Mapping[str, str]) -> None:
    """Raises RefusedFileError for a relationship that runs, carries or loads something."""
    kind = attributes.get("Type", "").strip().rstrip("/").rpartition("/")[2].lower()
    target = attributes.get("Target", "").strip()
    if kind in REFUSED_RELATIONS:
        raise RefusedFileError(REFUSED_RELATIONS[kind])
    if kind in LINKING:
        if scheme := running_scheme(target):
            raise RefusedFileError("file_link", scheme=scheme[:30])
    elif kind == "attachedtemplate":
        if is_remote(target):
            raise RefusedFileError("file_remote")
    elif attributes.get("TargetMode", "").strip().lower() == "external" or "://" in target or target.startswith("\\\\"):
        raise RefusedFileError("file_remote")


def refuse_binary(kind: str, content: bytes) -> None:
    """Raises RefusedFileError for a part that is neither text nor picture nor font."""
    if not kind.startswith(BINARY) or content.startswith(FOREIGN):
        raise RefusedFileError("file_embedded")
