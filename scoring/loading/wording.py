"""The sentences of single tests, in Khmer and English."""

from collections.abc import Mapping

from scoring.condition import EdgeOp, Kind, Op
from scoring.text import Text, join

_SENTENCES: Mapping[Op, Text] = {
    "is": Text("{name} គឺ {value}", "{name} is {value}"),
    "in": Text("{name} គឺ {value}", "{name} is {value}"),
    "any_of": Text("{name} មាន {value}", "{name} includes {value}"),
    "all_of": Text("{name} មាន {value}", "{name} includes {value}"),
    "at_least": Text("{name} មានយ៉ាងតិច {value}", "{name} is at least {value}"),
    "above": Text("{name} លើសពី {value}", "{name} is above {value}"),
    "at_most": Text("{name} មិនលើសពី {value}", "{name} is at most {value}"),
    "below": Text("{name} តិចជាង {value}", "{name} is below {value}"),
    "contains": Text("{name} មានពាក្យ {value}", "{name} contains {value}"),
    "starts_with": Text("{name} ចាប់ផ្តើមដោយ {value}", "{name} starts with {value}"),
}
_LENGTHS: Mapping[Op, Text] = {
    "at_least": Text("{name} មានយ៉ាងតិច {value} តួអក្សរ", "{name} has at least {value} characters"),
    "above": Text("{name} មានលើសពី {value} តួអក្សរ", "{name} has more than {value} characters"),
    "at_most": Text("{name} មានច្រើនបំផុត {value} តួអក្សរ", "{name} has at most {value} characters"),
    "below": Text("{name} មានតិចជាង {value} តួអក្សរ", "{name} has fewer than {value} characters"),
}
_NO_LIST: Mapping[tuple[Op, str], Text] = {
    ("answered", "yes"): Text("{name} មានចម្លើយ", "{name} is answered"),
    ("answered", "no"): Text("{name} មិនមានចម្លើយ", "{name} is not answered"),
    ("has_link", "yes"): Text("{name} មានតំណភ្ជាប់", "{name} has a link"),
    ("has_link", "no"): Text("{name} គ្មានតំណភ្ជាប់", "{name} has no link"),
}
_ABOUT: Mapping[Kind, Text] = {
    "evidence": Text("ភស្តុតាងសម្រាប់ {name}", "the evidence for {name}"),
    "ruling": Text("សេចក្តីវិនិច្ឆ័យលើ {name}", "the ruling on {name}"),
    "essential": Text("ចំណុចចាំបាច់ {name}", "the essential criterion {name}"),
    "state": Text("ចម្លើយ {name}", "the answer to {name}"),
    "level": Text("កម្រិត {name}", "the level {name}"),
}


def word_test(kind: Kind, name: Text, op: Op, *values: Text) -> Text:
    """What one test says, such as "Kinds includes Internet service provider or Hosting"."""
    shown = [quoted(value) for value in values] if op in {"contains", "starts_with"} else list(values)
    listed = join(shown, " និង ", " and ") if op == "all_of" else join(shown, " ឬ ", " or ")
    return _said(kind, name, _NO_LIST.get((op, listed.en)) or _SENTENCES[op], listed)


def word_length(kind: Kind, name: Text, op: EdgeOp, value: Text) -> Text:
    return _said(kind, name, _LENGTHS[op], value)


def _said(kind: Kind, name: Text, sentence: Text, value: Text) -> Text:
    about = _ABOUT.get(kind)
    subject = Text(about.km.replace("{name}", name.km), about.en.replace("{name}", name.en)) if about else name
    return Text(
        sentence.km.replace("{name}", subject.km).replace("{value}", value.km),
        sentence.en.replace("{name}", subject.en).replace("{value}", value.en),
    )


def quoted(value: Text) -> Text:
    return Text(f"«{value.km}»", f"“{value.en}”")
