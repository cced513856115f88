"""Words: all in both languages, one Khmer word for one English word, written the way the house writes."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from tests.house_rules.tree import ROOT, templates, tracked
from translations import catalogues

CATALOGUES = sorted(catalogues.KHMER.glob("*.po"))
OF_FILES = [catalogues.OF_FILES / f"{package}.po" for package in catalogues.SAID_OF_FILES]
EVERY = [*CATALOGUES, *OF_FILES]
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
LATIN_DIGIT = re.compile(r"(?<![A-Za-z0-9\-./])[0-9]+(?![A-Za-z0-9\-./%])")
NAMES_WITH_DIGITS = re.compile(r"COP-KH-\S+|Co\. \d+ E/\d+|WCAG 2\.2|SHA-256|<[^>]*>")
MALFORMED = {
    "a letter that Unicode deprecates (U+17A3, U+17A4)": re.compile("[\u17a3\u17a4]"),
    "a zero-width space at an end": re.compile("^\u200b|\u200b$"),
    "two spaces": re.compile("  "),
    "coeng da where the house writes coeng ta": re.compile("\u17d2\u178a"),
    "ឲ្យ where the house writes ឱ្យ": re.compile("ឲ្យ"),
    "a space before ។ or ៖": re.compile(" [។៖]"),
    "a vowel or sign that follows nothing": re.compile("(?:^|[\\s«(])[\u17b6-\u17d3]"),
    "coeng without a consonant": re.compile("\u17d2(?![\u1780-\u17b3])"),
    "the same vowel twice": re.compile("([\u17b6-\u17d1])\\1"),
    "Latin quotation marks": re.compile("[“”\u0022](?![^<]*>)"),
}
# The English word and the Khmer one that has to stand where it stands; docs/glossary.md tells more.
TERMS = {
    r"assessments?": "ការវាយតម្លៃ",
    r"evidence": "ភស្តុតាង",
    r"reviewers?": "អ្នកពិនិត្យ",
    r"approvers?": "អ្នកអនុម័ត",
    r"awards?(?! mark)": "ពានរង្វាន់",
    r"levels?": "កម្រិត",
    r"certificates?": "វិញ្ញាបនបត្រ",
    r"(?:public|the) register": "បញ្ជីសាធារណៈ",
    r"rulings?": "សេចក្តីវិនិច្ឆ័យ",
    r"recommend(?:ation|ed)": "អនុសាសន៍",
    r"administrators?": "អ្នកគ្រប់គ្រងប្រព័ន្ធ",
    r"signator(?:y|ies)": "អ្នកចុះហត្ថលេខា",
    r"questions?": "សំណួរ|សួរ",
    r"(?-i:the Code)|Code of conduct": "ក្រម",
    r"Ministry": "ក្រសួង",
    r"essentials?(?! point)": "ចំណុចចាំបាច់",
    r"passkeys?": "សោចូល",
    r"second factor": "កត្តាទីពីរ",
    r"recovery codes?": "កូដសង្គ្រោះ",
    r"passwords?(?! manager)": "ពាក្យសម្ងាត់",
    r"scope": "វិសាលភាព",
    r"renewal": "បន្តសុពលភាព",
    r"standing": "ស្ថានភាព|សុពលភាព",
    r"edition": "កំណែ",
    r"points": "ពិន្ទុ|ចំណុច",
    r"improvement plan": "ផែនការកែលម្អ",
}
EMAILS = ROOT / "templates" / "email"
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
HIDDEN = re.compile(r"<(code|pre|svg|script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
SPEAK_BOTH = {"certificate", "plain.html", "decision_letter.html"}  # both languages on one page, without a catalogue
TAG = re.compile(r"<[^<>]*>")
SPOKEN = re.compile(r"""\s(?:alt|title|placeholder|aria-label)\s*=\s*["']([^"'{]*[A-Za-z]{2}[^"'{]*)["']""")
SAME_IN_BOTH = re.compile(r"\b(?:CSV|JSON|Atom|PDF|QR|SHA-256|MPTC|API|OpenAPI|English|EN|KM|MB|Word|Excel)\b")


@cache
def written(path: Path) -> Catalog:
    return catalogues.khmer(path)


@cache
def collected() -> Catalog:
    return catalogues.messages()


def ids(catalogue: Catalog) -> set[tuple[str, ...]]:
    return {(message.id,) if isinstance(message.id, str) else tuple(message.id) for message in catalogue if message.id}


def pair(message: Message) -> tuple[str, str]:
    return (message.id, message.id) if isinstance(message.id, str) else (message.id[0], message.id[-1])


def entries(path: Path) -> Iterator[tuple[Message, str, str]]:
    """Each message with its (singular) English and its Khmer."""
    for message in written(path):
        if message.id:
            english = message.id if isinstance(message.id, str) else message.id[-1]
            khmer = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
            yield message, english, khmer


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_message_has_its_khmer(path: Path) -> None:
    bare = [english for message, english, khmer in entries(path) if not khmer.strip() or message.fuzzy]
    assert not bare, f"give each its Khmer in {path.name}, then `make translations`: {bare}"


def test_the_catalogue_holds_what_readers_see_and_no_more() -> None:
    kept, seen = (
        {message.id for message in source if message.id} for source in (written(catalogues.OURS), collected())
    )
    assert not seen - kept, f"run `make translations` and give the new ones their Khmer: {seen - kept}"
    assert not kept - seen, f"run `make translations`, these are gone: {kept - seen}"


def test_what_the_rules_refuse_is_said_where_it_is_collected() -> None:
    """A sentence in a constant or a table is never collected, and is told in English on Khmer pages."""
    for path in sorted((ROOT / "compliance" / "actions").glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for call in calls:
            if getattr(call.func, "id", "") == "InvalidError":
                said = ast.unparse(call.args[1])
                assert isinstance(call.args[1], ast.Constant) or said == "code", f"{path.name}: {said}"


def test_messages_about_answers_are_in_step() -> None:
    assert ids(written(catalogues.ANSWERS)) == ids(catalogues.answer_messages()), "run `make translations`"


@pytest.mark.parametrize("path", OF_FILES, ids=lambda path: path.stem)
def test_mistakes_in_files_are_told_in_khmer(path: Path) -> None:
    said = {message.id for message in catalogues.of_files(path.stem, written(path)) if message.id}
    kept = {message.id for message in written(path) if message.id}
    assert not said - kept, f"run `make translations` and give the new ones their Khmer: {said - kept}"
    assert not kept - said, f"run `make translations`, these are gone: {kept - said}"
    differ = [english for _, english, khmer in entries(path) if english.count("{}") != khmer.count("{}")]
    assert not differ


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    stale = [
        english
        for message, english, khmer in entries(path)
        if khmer not in {compiled.gettext(english), compiled.ngettext(*pair(message), 1)}
    ]
    assert not stale, f"run `make translations`: {stale}"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_the_same_values_stand_in_both_languages(path: Path) -> None:
    differ = [
        english for _, english, khmer in entries(path) if set(PLACE.findall(english)) != set(PLACE.findall(khmer))
    ]
    assert not differ


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_khmer_pages_count_in_khmer_digits(path: Path) -> None:
    plain = (NAMES_WITH_DIGITS.sub("", PLACE.sub("", khmer)) for _, _, khmer in entries(path))
    latin = [text for text in plain if LATIN_DIGIT.search(text)]
    assert not latin


def khmer_texts() -> Iterator[tuple[str, str]]:
    for path in CATALOGUES:
        for _, english, khmer in entries(path):
            yield f"{path.name}: {english}", khmer
    for path in tracked():
        if path.parent == EMAILS and path.name.endswith(".km.txt"):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                yield f"{path.name}:{number}", JINJA.sub("x", line)


@pytest.mark.parametrize("fault", MALFORMED)
def test_khmer_is_written_the_way_the_house_writes(fault: str) -> None:
    assert not [where for where, text in khmer_texts() if MALFORMED[fault].search(text)], fault


@pytest.mark.parametrize("term", TERMS)
def test_one_english_word_has_one_khmer_word(term: str) -> None:
    said, meant = re.compile(rf"\b(?:{term})\b", re.IGNORECASE), re.compile(TERMS[term])
    other = [
        f"{english} → {khmer}"
        for _, english, khmer in entries(catalogues.OURS)
        if said.search(PLACE.sub("", english)) and not meant.search(khmer)
    ]
    assert not other, f"say {TERMS[term]}: {other}"


def test_every_email_is_written_in_both_languages() -> None:
    names: dict[str, set[str]] = {}
    for path in tracked():
        if path.parent == EMAILS:
            name, lang, _ = path.name.split(".")
            names.setdefault(name, set()).add(lang)
    assert {name: langs for name, langs in names.items() if langs != {"km", "en"}} == {}


def bare_words(source: str) -> list[str]:
    """Text that a reader would see untranslated: letters outside tags and outside Jinja, or in a spoken attribute."""
    plain = re.sub(r"&\w+;", "", HIDDEN.sub(" ", JINJA.sub("", source)))
    shown = [*SPOKEN.findall(plain), *TAG.sub("\n", plain).splitlines()]
    return [text.strip() for text in shown if re.search(r"[A-Za-z]{2}", SAME_IN_BOTH.sub("", text))]


def test_no_page_speaks_english_by_itself() -> None:
    found = {
        path.name: words
        for path in templates()
        if path.suffix == ".html"
        and not (SPEAK_BOTH & {path.name, path.parent.name})
        and (words := bare_words(path.read_text()))
    }
    assert not found, f"put it into _(): {found}"
