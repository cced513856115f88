"""Reading an edition's file: what a value is by how it is written, and the place of everything."""

from decimal import Decimal
from pathlib import Path

import pytest

from questionnaires.errors import EditionError
from questionnaires.reading import Document, document, read
from scoring.loading.reader import MAX_BYTES, parse_yaml


def taken(text: str) -> Document:
    errors: list[EditionError] = []
    found = document(parse_yaml(text), "a.yaml", errors)
    assert not errors
    return found


class TestValues:
    def test_each_kind(self) -> None:
        found = taken(
            "a: 1\nb: 0.50\nc: words here\nd: true\ne:\nf: [x, 'yes']\ng: '007'\nh: 1.2.3\n"
            "i: |\n  two\n  lines\nj: '1'\n"
        )
        assert found.value == {
            "a": 1,
            "b": Decimal("0.50"),
            "c": "words here",
            "d": True,
            "e": None,
            "f": ("x", "yes"),
            "g": "007",
            "h": "1.2.3",
            "i": "two\nlines\n",
            "j": "1",
        }

    def test_numbers_as_keys_are_words(self) -> None:
        assert taken("1: a").value == {"1": "a"}

    def test_khmer_digits_are_words(self) -> None:
        assert taken("a: ១២").value == {"a": "១២"}

    def test_what_is_written_once_and_meant_twice(self) -> None:
        assert taken("a: &x {b: 1}\nc: *x\n").value == {"a": {"b": 1}, "c": {"b": 1}}

    def test_places(self) -> None:
        found = taken("a:\n  - b: ក\n    c: d\n")
        assert found.places[("a", 0, "c")] == (3, 8)
        assert found.places[("a",)] == (1, 1)
        assert str(found.error(("a", 0, "x", "y"), "gone")) == "a.yaml:2:5: a[0].x.y: gone"
        assert found.part(("a", 0, "c")).place.line == 3


@pytest.mark.parametrize("word", ["yes", "No", "on", "OFF", "y", "n"])
def test_words_that_other_readers_take_for_truth(word: str) -> None:
    errors: list[EditionError] = []
    document(parse_yaml(f"value: {word}\nother: {word}\nthird: '{word}'\n"), "a.yaml", errors)
    assert [str(error) for error in errors] == [
        f"a.yaml:{line}:8: {key}: put {word} in quotes ('{word}'): without them YAML tools read it as true or false"
        for line, key in ((1, "value"), (2, "other"))
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: 1\na: 2\n", "a.yaml:2:1: this key is there twice (found: a). Remove or rename one of them"),
        (b"a: b: c\n", "a.yaml:1:5: this is not YAML"),
        (b"a: !!python/object/apply:os.system [ls]\n", "a.yaml:1:4: tags are not read"),
        (b"a: \xff\xfe\n", "a.yaml:1:1: the file is not UTF-8 text"),
        (b"a: " + b"x" * MAX_BYTES, "a.yaml:1:1: the file is too large"),
        (None, "a.yaml:1:1: this file is missing"),
    ],
)
def test_a_file_that_cannot_be_read(data: bytes | None, said: str, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / "a.yaml").write_bytes(data)
    errors: list[EditionError] = []
    assert read(tmp_path / "a.yaml", "a.yaml", errors) is None
    assert str(errors[0]).startswith(said)
