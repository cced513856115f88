"""Signs that a text tells of a case: the portal takes none, so that such a text is refused before it is kept.

It finds what has a shape (links, numbers, ages) and a few plain words. It cannot know every name: people read on.
"""

import re
from enum import StrEnum

from scoring.numbers import latin_digits


class Detail(StrEnum):
    """What was found, in the order in which it is told."""

    LINK = "link"
    ADDRESS = "address"
    TELEPHONE = "telephone"
    AGE = "age"
    NAME = "name"
    CHILD = "child"


_TLD = "com|net|org|info|io|me|ly|gg|co|tv|app|onion|kh|th|vn|la|cn|jp|kr|ru|uk|us|be|cc|xyz|site|online|link|to"
_NOT_LIMIT = r"(?<!under )(?<!over )(?<!above )(?<!below )(?<!least )(?<!limit )(?<!until )"
_MORE = r"(?!\s*(?:\+|and (?:over|above|older|up)|or (?:over|older|more)))"
_KH_LIMIT = r"(?<!ក្រោម)(?<!លើស)(?<!ចាប់ពី)(?<!យ៉ាងតិច)"
_KH_CHILD = r"(?:ក្មេង|កុមារ|កូន|សិស្ស|ប្អូន)(?:(?!ក្រោម|លើស|ចាប់ពី|យ៉ាងតិច)[^\s។\d]){0,12}"
_NUMBER = re.compile(r"\bCOP-KH-\d{4}-\d+-\d+\b|\b\d{4}-\d\d?-\d\d?\b|\b\d\d?[./-]\d\d?[./-]\d{4}\b", re.IGNORECASE)
"""Numbers of certificates and dates: digits that nobody can call."""
SIGNS = {
    Detail.LINK: rf"\w+://|\bwww\s*\.|\b[\w-]+\s?\.\s?(?:{_TLD})\b(?!\w)|\bhxxp|\[\.\]|(?<!\w)magnet:",
    Detail.ADDRESS: r"[\w.+-]+@[\w-]+\.\w|(?:^|\s)@\w{3,}",
    Detail.TELEPHONE: r"(?:\+|\b00)\s?\d(?:[\s().-]{0,2}\d){6,}|\b0\d(?:[\s().-]{0,2}\d){6,}|\d{8,}",
    Detail.AGE: (
        rf"{_NOT_LIMIT}\b\d{{1,2}}[\s-]*(?:years?[\s-]*old|y/?o\b|yrs?\s+old){_MORE}"
        rf"|\baged?\s+(?:of\s+)?\d{{1,2}}\b{_MORE}"
        rf"|\b(?:girl|boy|child|kid|daughter|son|pupil|student)\s*(?:of|,|\()\s*\d{{1,2}}\b{_MORE}"
        rf"|{_KH_CHILD}\s*\d{{1,2}}\s*ឆ្នាំ(?!\s*ឡើង)|{_KH_LIMIT}អាយុ\s*(?:ប្រហែល\s*)?\d{{1,2}}(?!\d)"
    ),
    Detail.NAME: (
        r"\b(?:named|whose name is|(?:his|her|their|child's|girl's|boy's) name is|(?:girl|boy|child) called)\s+\w"
        r"|(?:ក្មេង|កុមារ|កូន|សិស្ស|នាង|ប្អូន)[^\s។]{0,20}\s*ឈ្មោះ"
    ),
    Detail.CHILD: (
        r"\b(?:my|our|his|her|their|neighbou?r's)\s+(?:little\s+|young(?:er)?\s+)?"
        r"(?:daughter|son|child|kid|niece|nephew|sister|brother|grandchild|granddaughter|grandson|pupil|student)\b"
        r"|\b(?:raped|molested|groomed|abused)\s+(?:a|the|this|that|him|her|me|my)\b"
        r"|\b(?:sent|send|sends|shared|shares)\s+(?:me|her|him|them)\b.{0,30}\b(?:picture|photo|video|image)"
        r"|កូន(?:ស្រី|ប្រុស)?\s*(?:របស់)?\s*(?:ខ្ញុំ|គាត់|នាង|យើង)|ប្អូន(?:ស្រី|ប្រុស)\s*(?:របស់)?\s*ខ្ញុំ|ក្មួយ(?:ស្រី|ប្រុស)?\s*(?:របស់)?\s*ខ្ញុំ"
        r"|រៀន(?:នៅ)?ថ្នាក់ទី|(?:ផ្ញើ|ចែក)រូប(?:ភាព)?(?:អាក្រាត|ស្រាត|អាសអាភាស)"
    ),
}
_PATTERNS = {detail: re.compile(pattern, re.IGNORECASE) for detail, pattern in SIGNS.items()}
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def details_in(text: str) -> tuple[Detail, ...]:
    """What in the text looks like details of a case; digits may be Khmer or Latin, invisible signs hide nothing."""
    seen = _NUMBER.sub(" ", latin_digits(_UNSEEN.sub("", text)))
    return tuple(detail for detail, pattern in _PATTERNS.items() if pattern.search(seen))
