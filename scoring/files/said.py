"""What is said of files of subjects in the reader's language; names and values stay as they are written."""

from collections import Counter

from scoring.phrases import khmer
from scoring.text import Text

_NAMED = 10
_PASSED = Text("បានរំលង៖ {names}", "passed over: {names}")
_ROWS = Text("{name} (ជួរដេក {count})", "{name} (rows: {count})")
COULD_NOT = Text("ករណី {failed} ក្នុងចំណោម {seen} មិនអាចផ្តល់ពិន្ទុបានទេ", "{failed} of {seen} subjects could not be scored")


def said(text: str, lang: str) -> str:
    """The sentence in the reader's language; a part of it may be a sentence of its own."""
    return text if lang == "en" else _khmer(text)


def _khmer(text: str) -> str:
    return khmer().said(text, _khmer) or text


def passed_over(names: Counter[str], lang: str) -> str:
    """Columns by their name, names of rows with how many rows there were; the most frequent first."""
    listed = [
        _ROWS[lang].format(name=repr(name), count=count) if count else repr(name)
        for name, count in names.most_common(_NAMED)
    ]
    return _PASSED[lang].format(names=", ".join(listed) + (", …" if len(names) > _NAMED else ""))
