"""The way to the next rung, or why there is none, in Khmer and English."""

from collections.abc import Iterator
from fractions import Fraction

from scoring import numbers
from scoring.limits import limits
from scoring.path.cheapest import NoPath, Path
from scoring.subject import RawValue
from scoring.text import Text

_PATH = {
    True: Text(
        "{level}៖ ផ្លូវងាយបំផុតទៅ {rung} (កម្លាំង {effort}{score})",
        "{level}: cheapest path to {rung} (effort {effort}{score})",
    ),
    False: Text(
        "{level}៖ ផ្លូវងាយបំផុតដែលរកឃើញទៅ {rung} (កម្លាំង {effort}{score})។ អាចមានផ្លូវងាយជាងនេះ",
        "{level}: cheapest path found to {rung} (effort {effort}{score}); there may be a cheaper one",
    ),
}
_NONE = {
    "out_of_scope": Text(
        "{level}៖ គ្មានផ្លូវទៅ {rung} ទេ៖ គ្មានអ្វីត្រូវរាប់សម្រាប់ករណីនេះទេ ទោះឆ្លើយយ៉ាងណាក៏ដោយ",
        "{level}: no path to {rung}: nothing counts for this subject, whatever is answered",
    ),
    "none": Text(
        "{level}៖ គ្មានផ្លូវទៅ {rung} ទេ៖ គ្មានការកែចម្លើយណានាំទៅដល់ទេ",
        "{level}: no path to {rung}: no change of answers leads there",
    ),
    "not_found": Text(
        "{level}៖ រកមិនឃើញផ្លូវទៅ {rung} ទេ ប៉ុន្តែអាចមាន", "{level}: no path to {rung} was found; there may be one"
    ),
}
_NAMED = 10
_EVIDENCE = Text("ជាមួយភស្តុតាង", "with evidence")
_BESIDES = Text("លើសពីនេះ", "besides")
_UNTRIED = Text(
    "មិនបានសាកល្បង ព្រោះវិធានមិនប្រាប់ថាចម្លើយណាល្អជាង", "not tried, as the rule does not tell which answer is better"
)


def path_lines(path: Path | NoPath, lang: str) -> Iterator[str]:
    """A line for the rung, one for each step, and what else is needed or was left out; nothing at the top."""
    if isinstance(path, NoPath):
        if path.why == "top":
            return
        yield _NONE[path.why][lang].format(level=path.scale, rung=path.wanted)
    else:
        rubric, effort, score = path.scorecard.rubric, numbers.exact(path.effort), ""
        if path.new_score is not None:
            beside = limits(rubric, str(rubric.levels[path.scale].of))
            score = f" → {numbers.display(path.new_score, 2, beside)}"
        yield _PATH[path.proved][lang].format(level=path.scale, rung=path.reaches, effort=effort, score=score)
        for step in path.steps:
            changes = ", ".join(f"{answer} → {_raw(value)}" for answer, value in step.answers.items()) or step.criterion
            evidence = f" {_EVIDENCE[lang]}" if step.evidence else ""
            yield f"    {changes}{evidence} ({numbers.exact(step.effort)})"
        for one in path.besides:
            yield f"    {_BESIDES[lang]}: {one.says(lang)}"
    if path.untried:
        more = ", …" if len(path.untried) > _NAMED else ""
        yield f"    {_UNTRIED[lang]}: {', '.join(path.untried[:_NAMED])}{more}"


def _raw(value: RawValue) -> str:
    if isinstance(value, Fraction):
        return numbers.exact(value)
    return ";".join(sorted(value)) if isinstance(value, list | tuple | set | frozenset) else str(value)
