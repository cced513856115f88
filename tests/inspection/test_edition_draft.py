"""A draft edition as a ZIP from anywhere: its files, or a refusal that says why; nothing larger than an edition is held."""

import io
import stat
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from compliance.inspection import edition_draft
from compliance.inspection.edition_draft import look, unpacked
from compliance.inspection.refusal import RefusedFileError
from questionnaires.folders import digest_of, texts_in
from questionnaires.loader import fingerprint

FIRST = Path("questionnaires/editions/2026")


def zipped(files: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", kind) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return made.getvalue()


def folder(below: str = "2027/") -> dict[str, bytes]:
    return {below + path.relative_to(FIRST).as_posix(): path.read_bytes() for path in FIRST.rglob("*.yaml")}


@pytest.mark.parametrize("below", ["", "2027/", "much/deeper/2027/", "2027\\"])
def test_the_files_come_out_letter_by_letter_wherever_the_folder_lies(below: str) -> None:
    noise = {f"{below}README.md": b"no", "__MACOSX/2027/._edition.yaml": b"\xff", f"{below}._rubric.yaml": b"\xff"}
    assert unpacked(zipped(folder(below) | noise)) == texts_in(FIRST)


def test_the_digest_is_that_of_the_folder() -> None:
    assert digest_of(texts_in(FIRST)) == fingerprint(FIRST)
    windows = {place: text.replace("\n", "\r\n") for place, text in texts_in(FIRST).items()}
    assert digest_of(windows) == fingerprint(FIRST)


def linked() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as bundle:
        bundle.writestr("edition.yaml", "id: x\n")
        link = zipfile.ZipInfo("rubric.yaml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        bundle.writestr(link, "/etc/passwd")
    return made.getvalue()


def twice() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as bundle, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile sees what it is asked to write
        for name in ("edition.yaml", "rules.yaml", "rules.yaml"):
            bundle.writestr(name, "a: 1\n")
    return made.getvalue()


ONE = {"edition.yaml": b"id: x\n"}
WRONG: Mapping[str, tuple[bytes, str]] = {
    "no ZIP": (b"PK\x03\x04 this is none", "unreadable"),
    "cut off": (zipped(folder())[:-200], "unreadable"),
    "no edition": (zipped({"a.yaml": b""}), "no_edition"),
    "outside": (zipped(ONE | {"../evil.yaml": b"a: 1"}), "unreadable"),
    "outside below": (zipped(ONE | {"sections/../../evil.yaml": b"a: 1"}), "unreadable"),
    "from the root": (zipped({"/etc/edition.yaml": b"id: x"}), "fine"),
    "too deep": (zipped(ONE | {"a/b/c.yaml": b"a: 1"}), "unreadable"),
    "a link": (linked(), "unreadable"),
    "twice": (twice(), "twice"),
    "one file too large": (zipped(ONE | {"rules.yaml": b"#" * 4_000_001}), "too_large"),
    "too much together": (zipped(ONE | {f"sections/a{n}.yaml": b"#" * 3_000_000 for n in range(4)}), "too_large"),
    "a bomb": (zipped(ONE | {"rules.yaml": b"\0" * 40_000_000}), "too_large"),
    "too many": (zipped(ONE | {f"sections/a{n}.yaml": b"" for n in range(101)}), "too_many"),
    "too many of anything": (zipped(ONE | {f"a{n}.png": b"" for n in range(1_001)}), "too_many"),
    "packed in another way": (zipped(ONE, zipfile.ZIP_LZMA), "unreadable"),
    "no text": (zipped(ONE | {"rules.yaml": b"a: 1\nb: \xff\n"}), "not_utf8"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_edition_is_refused_with_its_reason(case: str) -> None:
    data, code = WRONG[case]
    if code == "fine":  # what lies outside the edition's folder is left where it is
        assert set(unpacked(data)) == {"edition.yaml"}
        return
    with pytest.raises(RefusedFileError) as refused:
        unpacked(data)
    assert refused.value.code == code
    if code == "not_utf8":
        assert refused.value.values == {"file": "rules.yaml", "line": 2}


def test_every_mistake_has_its_place_in_both_languages_and_the_name_is_read_all_the_same() -> None:
    texts = texts_in(FIRST)
    assert look(texts) | {"title": ""} == {
        "sha256": fingerprint(FIRST), "name": "2026", "title": "", "mistakes": [], "wrong": 0, "doubtful": 0,
    }  # fmt: skip
    texts["sections/governance.yaml"] = texts["sections/governance.yaml"].replace("    help:\n", "    hlep:\n", 1)
    told = look(texts)
    assert (told["name"], told["wrong"], told["doubtful"]) == ("2026", 2, 0)
    assert told["mistakes"][0] == {
        "severity": "error", "file": "sections/governance.yaml", "line": 14, "column": 5, "key": "questions[0].help",
        "en": "this is missing; add it", "km": told["mistakes"][0]["km"],
    }  # fmt: skip
    assert "\u1780" <= told["mistakes"][0]["km"][0] <= "\u17ff"
    nothing = look({"edition.yaml": "[\n"})
    assert (nothing["name"], nothing["title"]) == ("", {})
    assert nothing["wrong"] > 0


def test_of_very_many_mistakes_the_first_are_told_and_all_are_counted() -> None:
    texts = texts_in(FIRST) | {"rules.yaml": "".join(f"a{n}: 1\n" for n in range(2_000))}
    told = look(texts)
    assert len(told["mistakes"]) == edition_draft.MOST_TOLD < told["wrong"]
