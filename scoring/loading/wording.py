"""What single tests say, and what their opposites say, in Khmer and English.

Names and values stand in quotes, so that no title can be taken for a part of the sentence. A test is false for a value
that is missing and its opposite true, so "is not at least 5" never reads like "is below 5".
"""

from collections.abc import Mapping

from scoring.condition import EdgeOp, Kind, Op
from scoring.text import Text, any_listed, fill, listed

Pair = tuple[Text, Text]
"""A sentence and its opposite."""

_IS: Pair = (Text("{name} គឺ {value}", "{name} is {value}"), Text("{name} មិនមែន {value}", "{name} is not {value}"))
_ANSWER_IS: Pair = (
    Text("ចម្លើយចំពោះ {name} គឺ {value}", "{name} is answered {value}"),
    Text("ចម្លើយចំពោះ {name} មិនមែន {value}", "{name} is not answered {value}"),
)
_SENTENCES: Mapping[str, Pair] = {
    "any_of": (
        Text("{name} មាន {value}", "{name} includes {value}"),
        Text("{name} គ្មាន {value}", "{name} does not include {value}"),
    ),
    "all_of": (
        Text("{name} មានទាំង {value}", "{name} includes all of {value}"),
        Text("{name} មិនមានគ្រប់ {value}", "{name} does not include all of {value}"),
    ),
    "contains": (
        Text("{name} មានពាក្យ {value}", "{name} contains {value}"),
        Text("{name} គ្មានពាក្យ {value}", "{name} does not contain {value}"),
    ),
    "starts_with": (
        Text("{name} ចាប់ផ្តើមដោយ {value}", "{name} starts with {value}"),
        Text("{name} មិនចាប់ផ្តើមដោយ {value}", "{name} does not start with {value}"),
    ),
    "has_link yes": (
        Text("{name} មានតំណភ្ជាប់", "{name} has a link"),
        Text("{name} មិនមានតំណភ្ជាប់", "{name} does not have a link"),
    ),
    "has_link no": (
        Text("{name} ត្រូវបានផ្តល់ដោយគ្មានតំណភ្ជាប់", "{name} is given without a link"),
        Text("{name} មិនត្រូវបានផ្តល់ដោយគ្មានតំណភ្ជាប់", "{name} is not given without a link"),
    ),
}
_EDGES: Mapping[str, Pair] = {
    "at_least": (
        Text("{name} យ៉ាងតិច {value}", "{name} is at least {value}"),
        Text("{name} មិនដល់ {value}", "{name} is not at least {value}"),
    ),
    "above": (
        Text("{name} លើសពី {value}", "{name} is above {value}"),
        Text("{name} មិនលើសពី {value}", "{name} is not above {value}"),
    ),
    "at_most": (
        Text("{name} យ៉ាងច្រើន {value}", "{name} is at most {value}"),
        Text("{name} មិនស្ថិតក្នុងកម្រិតយ៉ាងច្រើន {value}", "{name} is not at most {value}"),
    ),
    "below": (
        Text("{name} តិចជាង {value}", "{name} is below {value}"),
        Text("{name} មិនតិចជាង {value}", "{name} is not below {value}"),
    ),
}
_LENGTHS: Mapping[EdgeOp, Pair] = {
    "at_least": (
        Text("{name} មានយ៉ាងតិច {value} តួអក្សរ", "{name} has at least {value} characters"),
        Text("{name} មិនមានដល់ {value} តួអក្សរ", "{name} does not have at least {value} characters"),
    ),
    "above": (
        Text("{name} មានលើសពី {value} តួអក្សរ", "{name} has more than {value} characters"),
        Text("{name} មិនមានលើសពី {value} តួអក្សរ", "{name} does not have more than {value} characters"),
    ),
    "at_most": (
        Text("{name} មានច្រើនបំផុត {value} តួអក្សរ", "{name} has at most {value} characters"),
        Text("{name} មិនស្ថិតក្នុង {value} តួអក្សរ", "{name} does not have at most {value} characters"),
    ),
    "below": (
        Text("{name} មានតិចជាង {value} តួអក្សរ", "{name} has fewer than {value} characters"),
        Text("{name} មិនមានតិចជាង {value} តួអក្សរ", "{name} does not have fewer than {value} characters"),
    ),
}
_DATES: Mapping[str, Pair] = {
    "at_least": (
        Text("{name} ចាប់ពី {value}", "{name} is {value} or later"),
        Text("{name} មិនមែនចាប់ពី {value}", "{name} is not {value} or later"),
    ),
    "above": (
        Text("{name} ក្រោយ {value}", "{name} is after {value}"),
        Text("{name} មិនមែនក្រោយ {value}", "{name} is not after {value}"),
    ),
    "at_most": (
        Text("{name} មិនហួស {value}", "{name} is {value} or earlier"),
        Text("{name} មិនមែនក្នុងរយៈពេលមិនហួស {value}", "{name} is not {value} or earlier"),
    ),
    "below": (
        Text("{name} មុន {value}", "{name} is before {value}"),
        Text("{name} មិនមែនមុន {value}", "{name} is not before {value}"),
    ),
}
_ANSWERED: Mapping[Kind, Pair] = {
    "fact": (Text("គេដឹង {name}", "{name} is known"), Text("គេមិនដឹង {name}", "{name} is not known")),
    "answer": (
        Text("{name} មានចម្លើយ", "{name} is answered"),
        Text("{name} គ្មានចម្លើយ", "{name} is not answered"),
    ),
    "node": (Text("{name} មានលទ្ធផល", "{name} has a result"), Text("{name} គ្មានលទ្ធផល", "{name} has no result")),
    "ruling": (
        Text("មានសេចក្តីវិនិច្ឆ័យលើ {name}", "there is a ruling on {name}"),
        Text("គ្មានសេចក្តីវិនិច្ឆ័យលើ {name}", "there is no ruling on {name}"),
    ),
    "evidence": (
        Text("មានភស្តុតាងសម្រាប់ {name}", "evidence for {name} was given"),
        Text("គ្មានភស្តុតាងសម្រាប់ {name}", "no evidence for {name} was given"),
    ),
    "essential": (
        Text("ចំណុចចាំបាច់ {name} មានលទ្ធផល", "the essential criterion {name} was judged"),
        Text("ចំណុចចាំបាច់ {name} គ្មានលទ្ធផល", "the essential criterion {name} was not judged"),
    ),
    "state": (
        Text("ស្ថានភាពនៃ {name} គេដឹង", "the state of {name} is known"),
        Text("ស្ថានភាពនៃ {name} គេមិនដឹង", "the state of {name} is not known"),
    ),
    "level": (
        Text("មានកម្រិតនៃ {name}", "a level of {name} is reached"),
        Text("គ្មានកម្រិតនៃ {name}", "no level of {name} is reached"),
    ),
}
_ABOUT: Mapping[Kind, Text] = {
    "node": Text("លទ្ធផលនៃ {name}", "the result of {name}"),
    "evidence": Text("ភស្តុតាងសម្រាប់ {name}", "the evidence for {name}"),
    "ruling": Text("សេចក្តីវិនិច្ឆ័យលើ {name}", "the ruling on {name}"),
    "essential": Text("ចំណុចចាំបាច់ {name}", "the essential criterion {name}"),
    "state": Text("ស្ថានភាពនៃ {name}", "the state of {name}"),
    "level": Text("កម្រិតនៃ {name}", "the level of {name}"),
}


def word_test(kind: Kind, name: Text, op: Op, values: list[Text], *, many: bool = False, day: bool = False) -> Pair:
    """What one test says, such as “Kinds” includes “Hosting” or “Games”, and what its opposite says.

    `many`: the value looked at may be several options; `day`: it is a date. Words come quoted, numbers and dates plain.
    """
    if op == "answered":
        return _either(_ANSWERED[kind], values, name.quoted())
    subject = fill(_ABOUT[kind], name=name.quoted()) if kind in _ABOUT else name.quoted()
    if op == "has_link":
        return _either(_SENTENCES[f"has_link {values[0].en}"], [], subject)
    if op in _EDGES:
        return _filled((_DATES if day else _EDGES)[op], subject, values[0])
    if op == "all_of" and len(values) > 1:
        return _filled(_SENTENCES["all_of"], subject, listed(values))
    if many or op in {"contains", "starts_with"}:
        return _filled(_SENTENCES["any_of" if many else op], subject, any_listed(values))
    return _filled(_ANSWER_IS if kind == "answer" else _IS, subject, any_listed(values))


def word_length(kind: Kind, name: Text, op: EdgeOp, value: Text) -> Pair:
    subject = fill(_ABOUT[kind], name=name.quoted()) if kind in _ABOUT else name.quoted()
    return _filled(_LENGTHS[op], subject, value)


def _either(pair: Pair, values: list[Text], name: Text) -> Pair:
    says, denies = (fill(one, name=name) for one in pair)
    return (denies, says) if [value.en for value in values] == ["no"] else (says, denies)


def _filled(pair: Pair, name: Text, value: Text) -> Pair:
    return fill(pair[0], name=name, value=value), fill(pair[1], name=name, value=value)
