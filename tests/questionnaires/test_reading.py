"""Reading an edition's file: safe, bounded, and with the place of everything."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

from questionnaires.errors import EditionError
from questionnaires.reading import MAX_BYTES, MAX_DEPTH, MAX_VALUES, Document, read, read_text


def taken(text: str) -> Document:
    errors: list[EditionError] = []
    document = read_text(text, "a.yaml", errors)
    assert not errors
    assert document is not None
    return document


def refused(text: str) -> list[str]:
    errors: list[EditionError] = []
    read_text(text, "a.yaml", errors)
    return [str(error) for error in errors]


class TestValues:
    def test_each_kind(self) -> None:
        document = taken(
            "a: 1\nb: 0.50\nc: words here\nd: true\ne:\nf: [x, 'yes']\ng: '007'\nh: 1.2.3\ni: |\n  two\n  lines\n"
        )
        assert document.value == {
            "a": 1,
            "b": Decimal("0.50"),
            "c": "words here",
            "d": True,
            "e": None,
            "f": ("x", "yes"),
            "g": "007",
            "h": "1.2.3",
            "i": "two\nlines\n",
        }

    def test_numbers_as_keys_are_words(self) -> None:
        assert taken("1: a").value == {"1": "a"}

    def test_places(self) -> None:
        document = taken("a:\n  - b: ក\n    c: d\n")
        assert document.places[("a", 0, "c")] == (3, 8)
        assert str(document.error(("a", 0, "x", "y"), "gone")) == "a.yaml:2:5: a[0].x.y: gone"


class TestRefused:
    def test_twice_the_same_key(self) -> None:
        assert refused("a: 1\nb: 2\na: 3\n") == ["a.yaml:3:1: a: this key stands here twice; keep one of them"]

    def test_all_at_once(self) -> None:
        assert len(refused("a: 1\na: 2\nb: yes\nc: no\n")) == 3

    @pytest.mark.parametrize("word", ["yes", "No", "on", "OFF", "y", "n"])
    def test_words_that_other_readers_take_for_truth(self, word: str) -> None:
        (error,) = refused(f"value: {word}\n")
        assert f"put {word} in quotes" in error

    @pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "a: *x\n", "&x a: 1\n"])
    def test_aliases(self, text: str) -> None:
        assert len(refused(text)) == 1

    @pytest.mark.parametrize("text", ["a: !!python/object/apply:os.system [ls]\n", "a: !x 1\n", "!!set {a}\n"])
    def test_tags(self, text: str) -> None:
        (error,) = refused(text)
        assert "tags" in error or "key" in error

    @pytest.mark.parametrize("text", ["a: [1, 2\n", "a: 'open\n", "\tb: 1\n", "a: b: c\n", "- a\nb: 1\n", "a: \x07\n"])
    def test_what_is_no_yaml(self, text: str) -> None:
        (error,) = refused(text)
        assert error.startswith("a.yaml:")
        assert "not readable as YAML" in error

    def test_keys_that_are_not_words(self) -> None:
        (error,) = refused("? [a, b]\n: 1\n")
        assert "a key must be one plain word" in error

    def test_a_second_document(self) -> None:
        (error,) = refused("a: 1\n---\nb: 2\n")
        assert "a.yaml:3:1" in error


class TestLimits:
    """Refused in well under a second, whatever is in the file."""

    def test_depth(self) -> None:
        (error,) = refused("[" * 5000 + "]" * 5000)
        assert f"deeper than {MAX_DEPTH}" in error

    def test_values(self) -> None:
        (error,) = refused("[" + "1," * (MAX_VALUES + 10) + "]")
        assert "values in one file" in error

    def test_bytes(self, tmp_path: Path) -> None:
        path = tmp_path / "a.yaml"
        path.write_bytes(b"a: " + b"x" * 10_000_000)
        errors: list[EditionError] = []
        before = time.monotonic()
        assert read(path, "a.yaml", errors) is None
        assert time.monotonic() - before < 1
        assert f"larger than {MAX_BYTES:,} bytes" in str(errors[0])

    def test_not_text(self, tmp_path: Path) -> None:
        path = tmp_path / "a.yaml"
        path.write_bytes(b"a: 1\nb: \xff\xfe\n")
        errors: list[EditionError] = []
        assert read(path, "a.yaml", errors) is None
        assert str(errors[0]) == "a.yaml:2:1: not UTF-8 text; save the file as UTF-8"

    def test_missing(self, tmp_path: Path) -> None:
        errors: list[EditionError] = []
        assert read(tmp_path / "a.yaml", "a.yaml", errors) is None
        assert "missing" in str(errors[0])
