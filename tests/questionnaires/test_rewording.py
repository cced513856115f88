"""Texts of an edition replaced in its files: what was wanted reads back, every other byte stays."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.catalogue import DIRECTORY
from questionnaires.compare import compare
from questionnaires.counterparts import counterparts
from questionnaires.errors import EditionError
from questionnaires.folders import load_texts, texts_in
from questionnaires.loader import load
from questionnaires.passages import passages
from questionnaires.rewording import CannotRewordError, reworded

FILE = "sections/odd.yaml"
ODD = (
    (
        "# As people write\nid: odd  # the odd one\ntitle:\n  km: ",
        "ចំណងជើង",
        "  # a note: {x}\n  en: ",
        '"A \\"title\\""',
        "\n\n",
    ),
    ("intro: {km: ", "'ការ ''ណែនាំ'''", ", en: ", "plain no", " }\n"),
    ("plain_end:\n    en: ", "folds over\n      two lines", "\n    km:", "", "\n"),
    ("block:\n  km: ", ">-  # folded\n    មួយ\n    ពីរ", "\n\n  en: ", "|+\n    one\n\n      two", "\n\n\n# after\n"),
    (
        "list:\n  - id: a\n    label: {en: ",
        '"x"',
        ", km: ",
        "ខ",
        "}  # end\n  - value: b\n    label:\n      km: ",
        ">\n        ខ្មែរ",
        "\n",
    ),
    ("deep:\n- - text:\n      km: ", "'yes'", "\n      en: ", "a: b".replace(": ", ":"), " \n"),
    ("last:\n  km: ", "ចុង", "\n  en: ", "|-\n      the end  \n      of it", ""),
)
"""What stands around texts and the texts, in turn: even places are never touched."""
PIECES = [*" \n\t#'\"{}[],:&*!|>%@`\\~-?=", ": ", " #", "- ", "---", "...", "ខ្មែរ", "\u200b", "😀", "\u2028", "\x85",
          "\r\n", "\0", "\ufeff", "yes", "1", "0x1", "2026-01-01", "null", "km", "word ",
          "x" * 300, "អក្សរ " * 60]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
)


def parts(ending: str) -> list[str]:
    return [part.replace("\n", ending) for line in ODD for part in line]


def places(pieces: list[str]) -> dict[str, tuple[int, int]]:
    """Where each text of the odd file stands, by its passage and language, in the order of the file."""
    found, place, at = {}, 0, 0
    names = [
        "title km", "title en", "intro km", "intro en", "plain_end en", "plain_end km", "block km", "block en",
        "list.a.label en", "list.a.label km", "list.b.label km", "deep.@0.@0.text km", "deep.@0.@0.text en",
        "last km", "last en",
    ]  # fmt: skip
    for line in ODD:
        for index in range(len(line)):
            if index % 2:
                found[names[place]] = (at, at + len(pieces[0]))
                place += 1
            at += len(pieces.pop(0))
    return found


def loaded(text: str) -> Any:
    """By another reader than the portal's."""
    return yaml.load(text.removeprefix("\ufeff"), yaml.SafeLoader)


def put(data: Any, name: str, lang: str, text: str) -> Any:
    steps = name.split(".")
    inner = data
    for step in steps:
        if isinstance(inner, list):
            at = (
                int(step[1:])
                if step.startswith("@")
                else next(index for index, one in enumerate(inner) if step in (one.get("id"), one.get("value")))
            )
            inner = inner[at]
        else:
            inner = inner[step]
    inner[lang] = text
    return data


@settings(max_examples=60)
@given(st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]), st.integers(0, 14), TEXTS)
def test_any_text_in_any_place_reads_back_and_nothing_else_changes(ending: str, mark: str, at: int, text: str) -> None:
    whole = "".join(parts(ending))
    before = {FILE: mark + whole, "other.yaml": "kept: as it is\n"}
    name, (start, end) = list(places(parts(ending)).items())[at]
    passage, lang = name.split(" ")
    after = reworded(before, {f"section-odd.{passage}": {lang: text}})
    assert after["other.yaml"] == before["other.yaml"]
    assert loaded(after[FILE]) == put(loaded(before[FILE]), passage, lang, text)
    new = after[FILE]
    assert new.startswith(mark + whole[:start])
    assert new.endswith(whole[end:])
    assert new.count("# ") >= whole.count("# "), "no comment is lost"
    assert ending == "\n" or "\n" not in new.replace("\r\n", ""), "lines end as before"


@settings(max_examples=25)
@given(st.dictionaries(st.integers(0, 14), TEXTS), st.sampled_from(["\n", "\r\n"]))
def test_many_texts_at_once_and_what_is_said_twice_is_said_once(texts: dict[int, str], ending: str) -> None:
    before = {FILE: "".join(parts(ending))}
    names = list(places(parts(ending)))
    wanted: dict[str, dict[str, str]] = {}
    data = loaded(before[FILE])
    for at, text in texts.items():
        passage, lang = names[at].split(" ")
        wanted.setdefault(f"section-odd.{passage}", {})[lang] = text
        put(data, passage, lang, text)
    after = reworded(before, wanted)
    assert loaded(after[FILE]) == data
    assert reworded(after, wanted) == after, "a text replaced with itself leaves the file as it is"


@settings(max_examples=25)
@given(
    st.sampled_from(
        [
            "title:\n  {}: x\nend: 1\n",
            "t:\n- a: {{{}: 'x y'}}\n",
            "t:\n  {}: >-\n    x\n\n    y\n# c\n",
            "t:\n  {}: x # c",
        ]
    ),
    st.sampled_from(["km", "en"]),
    TEXTS,
)
def test_a_language_that_is_not_there_is_written_beside_the_other(shape: str, lang: str, text: str) -> None:
    other = "en" if lang == "km" else "km"
    before = {FILE: shape.format(other)}
    [passage] = passages(before, [])
    assert passage.words[lang] is None
    after = reworded(before, {passage.id: {lang: text}})
    [found] = passages(after, [])
    assert found.words == {**passage.words, lang: text}
    assert set(before[FILE].splitlines()[1:]) - {"- a: {en: 'x y'}", "- a: {km: 'x y'}"} <= set(
        after[FILE].splitlines()
    )


def test_every_text_of_the_first_edition_is_found_and_may_change_alone() -> None:
    folder = DIRECTORY / "2026"
    files = texts_in(folder)
    errors: list[EditionError] = []
    found = passages(files, errors)
    written = sum(text.count("km: ") + text.count("km:\n") for text in files.values())
    assert not errors
    assert len({one.id for one in found}) == len(found) == written
    assert not any(one.fixed for one in found)
    same = {one.id: {lang: text for lang, text in one.words.items() if text is not None} for one in found}
    assert reworded(files, same) == files
    new = reworded(files, {"question-csam_terms.help": {"km": "ជំនួយ៖ «ថ្មី» # 1", "en": "- Help: 'new'\n\n  And more."}})
    assert [name for name in files if new[name] != files[name]] == ["sections/csam.yaml"]
    edition = load_texts(new)
    assert edition.question("csam_terms").help.en == "- Help: 'new'\n\n  And more."
    assert [(one.question, one.what) for one in compare(load(folder), edition) if one.change != "same"] == [
        ("csam_terms", ("help",))
    ]


def test_texts_written_once_for_several_places_are_told_and_not_changed() -> None:
    files = {
        FILE: "a: &a {km: x, en: y}\nb: *a\nc: {km: &k z, en: e}\nd: {km: *k, en: f}\ne: {km: one, en: two}\n",
        "rules.yaml": "a: [",
    }
    errors: list[EditionError] = []
    found = {one.name: one for one in passages(files, errors)}
    assert {name for name, one in found.items() if one.fixed} == {"a", "b", "c", "d"}
    assert [error.file for error in errors] == ["rules.yaml"], "a file that cannot be read gives its mistake"
    with pytest.raises(CannotRewordError):
        reworded({FILE: files[FILE]}, {"section-odd.b": {"km": "new"}})
    with pytest.raises(KeyError):
        reworded({FILE: files[FILE]}, {"section-odd.none": {"km": "new"}})
    with pytest.raises(CannotRewordError):
        reworded({FILE: files[FILE]}, {"section-odd.e": {"km": "\ud800"}})


def test_a_list_that_grew_at_its_beginning_is_the_same_list() -> None:
    old = "parts:\n- heading: {km: ក, en: One}\n- text: {km: ខ, en: Two}\n- list:\n  - {km: គ, en: Three}\n"
    new = old.replace("parts:\n", "title: {km: ឃ, en: T}\nparts:\n- heading: {km: ង, en: First}\n").replace(
        "Two", "Two!"
    )
    before, now = passages({"templates/x.yaml": old}, []), passages({"templates/x.yaml": new}, [])
    found = counterparts(now, before)
    said = {one.words["en"]: found[one.id].words["en"] if one.id in found else None for one in now}
    assert said == {"T": None, "First": None, "One": "One", "Two!": "Two", "Three": "Three"}
