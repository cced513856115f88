"""The words of every reason, in Khmer and English; placeholders in braces."""

from collections.abc import Mapping

from scoring.text import Text

COMPARISONS: Mapping[str, Text] = {
    "score": Text("{points} ពិន្ទុ", "{points} points"),
    "score_of": Text("{points} ក្នុងចំណោម {attainable} ពិន្ទុ", "{points} of {attainable} points"),
    "essential": Text("ចំណុចចាំបាច់៖ {name}", "Essential criterion: {name}"),
    "series": Text("កម្រិតខាងក្រោមត្រូវបានបំពេញ៖ {name}", "The level below is reached: {name}"),
    "result": Text("{name} មានលទ្ធផល", "{name} has a result"),
    "is": Text("{name} គឺ {value}", "{name} is {value}"),
    "given": Text("{name} ត្រូវបានផ្តល់", "{name} is given"),
    "evidence": Text("ភស្តុតាងសម្រាប់ {name} ត្រូវបានទទួលយក", "the evidence for {name} is accepted"),
    "found": Text("{says} (រកឃើញ {value})", "{says} (found {value})"),
    "state": Text("{says} ({why})", "{says} ({why})"),
    "otherwise": Text("គ្មានករណីផ្សេងទៀតត្រូវនឹងលក្ខខណ្ឌ", "no other case holds"),
}
EDGES: Mapping[str, Text] = {
    "at_least": Text("{name} យ៉ាងតិច {value}", "{name} is at least {value}"),
    "above": Text("{name} លើសពី {value}", "{name} is above {value}"),
    "at_most": Text("{name} មិនលើសពី {value}", "{name} is at most {value}"),
    "below": Text("{name} តិចជាង {value}", "{name} is below {value}"),
}
CONDITION_CODES: Mapping[str, Text] = {
    "met": Text("បានបំពេញ", "met"),
    "not_met": Text("មិនបានបំពេញ", "not met"),
    "no_result": Text("គ្មានលទ្ធផល", "no result"),
    "below": Text("មិនទាន់បានបំពេញ", "not reached"),
    "does_not_apply": Text("មិនអនុវត្តចំពោះក្រុមហ៊ុននេះ", "does not apply here"),
    "not_asked": Text("មិនត្រូវសួរ", "not asked"),
    "not_applicable": Text("មិនពាក់ព័ន្ធ", "not applicable"),
    "unanswered": Text("មិនទាន់ឆ្លើយ", "unanswered"),
    "unsupported": Text("គ្មានអ្វីគាំទ្រចម្លើយ", "nothing supports the answer"),
    "void": Text("មោឃៈ", "void"),
    "other_answer": Text("ចម្លើយផ្សេង", "another answer was given"),
    "too_few_points": Text("ពិន្ទុមិនគ្រប់", "too few points"),
    "evidence_missing": Text("ខ្វះភស្តុតាងដែលបានទទួលយក", "accepted evidence is missing"),
    "to_be_decided": Text("រង់ចាំការសម្រេច", "a person must decide"),
    "decided_pass": Text("អ្នកពិនិត្យបានសម្រេចថាបំពេញ", "a reviewer decided that it is met"),
    "decided_fail": Text("អ្នកពិនិត្យបានសម្រេចថាមិនបំពេញ", "a reviewer decided that it is not met"),
}
ESSENTIALS: Mapping[str, Text] = {
    "pass": Text("ចំណុចចាំបាច់ «{name}» ត្រូវបានបំពេញ៖ {why}។", "The essential criterion “{name}” is met: {why}."),
    "fail": Text("ចំណុចចាំបាច់ «{name}» មិនត្រូវបានបំពេញ៖ {why}។", "The essential criterion “{name}” is not met: {why}."),
    "discretionary": Text(
        "ចំណុចចាំបាច់ «{name}» រង់ចាំការសម្រេចរបស់អ្នកពិនិត្យ។", "The essential criterion “{name}” waits for a reviewer's decision."
    ),
    "does_not_apply": Text(
        "ចំណុចចាំបាច់ «{name}» មិនអនុវត្តនៅទីនេះ៖ {why}។", "The essential criterion “{name}” does not apply: {why}."
    ),
}
_CRITERION: Mapping[str, Text] = {
    "option": Text("ចម្លើយ «{option}» បាន {score}។", "The answer “{option}” earns {score}."),
    "options": Text("ចម្លើយ «{options}» បាន {score}។", "The answers “{options}” earn {score}."),
    "given": Text("បានផ្តល់ចម្លើយ៖ {score}។", "An answer was given: {score}."),
    "band": Text("តម្លៃ {value} ស្ថិតក្នុងកម្រិតដែលបាន {score}។", "The value {value} falls in the band that earns {score}."),
    "number": Text("តម្លៃ {value} បាន {score}។", "The value {value} earns {score}."),
    "points": Text("ចំណុចនេះតែងតែបាន {score}។", "This always earns {score}."),
    "product": Text("ផលគុណនៃកត្តាទាំងអស់បាន {score}។", "Its factors multiplied earn {score}."),
    "case": Text("ព្រោះ {when}៖ {score}។", "Because {when}: {score}."),
    "left_out": Text("ចម្លើយនេះមិនត្រូវបានរាប់បញ្ចូលទេ។", "This answer does not count; it is left out."),
    "input_without_result": Text("អ្វីដែលវាពឹងផ្អែកលើ គ្មានលទ្ធផល។", "What it builds on has no result."),
    "does_not_apply": Text("មិនអនុវត្តនៅទីនេះ ដូច្នេះមិនរាប់បញ្ចូល។", "It does not apply here and is left out."),
}
_STATES: Mapping[str, Text] = {
    "unanswered": Text("មិនទាន់មានចម្លើយ", "There is no answer"),
    "not_applicable": Text("មិនពាក់ព័ន្ធ", "It is not applicable"),
    "not_asked": Text("មិនត្រូវសួរ", "It is not asked"),
    "void": Text("ប្រភពមិនបានផ្តល់តម្លៃ", "The source gives no usable value"),
    "unsupported": Text("គ្មានអ្វីគាំទ្រចម្លើយនេះនៅឡើយ", "Nothing supports the answer yet"),
}
_EFFECTS: Mapping[str, Text] = {
    "capped": Text("ត្រូវកំណត់ត្រឹម {limit}។", "It is capped at {limit}."),
    "floored": Text("ត្រូវលើកដល់អប្បបរមា {limit}។", "It is lifted to the floor of {limit}."),
    "evidence_missing": Text(
        "បើគ្មានភស្តុតាងគ្រប់គ្រាន់ (ត្រូវការ {files}) បានច្រើនបំផុត {limit}។",
        "Without enough evidence ({files} needed) it earns at most {limit}.",
    ),
    "override_set": Text("ព្រោះ {because} លទ្ធផលកំណត់ជា {limit}។", "Because {because}, the result is set to {limit}."),
    "override_cap": Text(
        "ព្រោះ {because} លទ្ធផលត្រូវកំណត់ត្រឹម {limit}។", "Because {because}, the result is capped at {limit}."
    ),
    "override_floor": Text(
        "ព្រោះ {because} លទ្ធផលត្រូវលើកដល់ {limit}។", "Because {because}, the result is lifted to {limit}."
    ),
    "override_left_out": Text("ព្រោះ {because} មិនត្រូវបានរាប់បញ្ចូលទេ។", "Because {because}, it is left out."),
    "override_void": Text("ព្រោះ {because} គ្មានលទ្ធផល។", "Because {because}, there is no result."),
    "rounded": Text("បង្គត់ត្រឹម {digits} ខ្ទង់ទសភាគ៖ {points}។", "Rounded to {digits} decimals: {points}."),
}
_GROUPS: Mapping[str, Text] = {
    "sum": Text("ផលបូកនៃ {count} ផ្នែក៖ {score}។", "The sum of {count} parts: {score}."),
    "mean": Text("មធ្យមភាគនៃ {count} ផ្នែក៖ {score}។", "The weighted mean of {count} parts: {score}."),
    "share": Text(
        "ចំណែកនៃពិន្ទុដែលអាចទទួលបាន លើ {count} ផ្នែក៖ {score}។", "The share of attainable points over {count} parts: {score}."
    ),
    "lowest": Text("ផ្នែកទាបបំផុតកំណត់៖ {child}៖ {score}។", "The lowest part decides: {child}: {score}."),
    "highest": Text("ផ្នែកខ្ពស់បំផុតកំណត់៖ {child}៖ {score}។", "The highest part decides: {child}: {score}."),
    "geometric_mean": Text("មធ្យមភាគធរណីមាត្រនៃ {count} ផ្នែក៖ {score}។", "The geometric mean of {count} parts: {score}."),
    "void_child": Text("គ្មានលទ្ធផល ព្រោះ {child} គ្មានលទ្ធផល។", "No result, because {child} is void."),
}
_EMPTY: Mapping[str, Text] = {
    "empty": Text("គ្មានផ្នែកណាត្រូវបានរាប់បញ្ចូលទេ", "No part counts"),
    "too_few": Text("មានតែ {count} ផ្នែកត្រូវបានរាប់បញ្ចូល (ត្រូវការ {needs})", "Only {count} parts count ({needs} needed)"),
    "nothing_attainable": Text("គ្មានពិន្ទុដែលអាចទទួលបាន", "There is nothing to attain"),
}


def _variants() -> dict[str, Text]:
    """A state or an empty group, with what the rubric makes of it."""
    found: dict[str, Text] = {}
    for code, text in _STATES.items():
        found[code] = Text(f"{text.km}៖ {{score}}។", f"{text.en}: {{score}}.")
        found[f"{code}_excluded"] = Text(f"{text.km}៖ មិនរាប់បញ្ចូល។", f"{text.en}; it is left out.")
        found[f"{code}_void"] = Text(f"{text.km}៖ គ្មានលទ្ធផល។", f"{text.en}; there is no result.")
    for code, text in _EMPTY.items():
        found[code] = Text(f"{text.km}៖ គ្មានលទ្ធផល។", f"{text.en}; there is no result.")
        found[f"{code}_counts_as"] = Text(f"{text.km}៖ រាប់ជា {{points}}។", f"{text.en}; it counts as {{points}}.")
    return found


REASONS: Mapping[str, Text] = {**_CRITERION, **_EFFECTS, **_GROUPS, **_variants()}
