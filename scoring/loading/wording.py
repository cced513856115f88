"""The sentences of single tests, in Khmer and English."""

from collections.abc import Mapping

from scoring.condition import Kind, Op
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
    "contains": Text("{name} មានពាក្យ «{value}»", "{name} contains “{value}”"),
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
    about = _ABOUT.get(kind)
    subject = Text(about.km.replace("{name}", name.km), about.en.replace("{name}", name.en)) if about else name
    listed = join(list(values), " និង ", " and ") if op == "all_of" else join(list(values), " ឬ ", " or ")
    sentence = _NO_LIST.get((op, listed.en)) or _SENTENCES[op]
    return Text(
        sentence.km.replace("{name}", subject.km).replace("{value}", listed.km),
        sentence.en.replace("{name}", subject.en).replace("{value}", listed.en),
    )
