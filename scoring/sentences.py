"""The words of every reason and demand, in Khmer and English; placeholders in braces."""

from collections.abc import Mapping

from scoring.text import Text

SCORES: Mapping[str, Text] = {
    "points": Text("{points} ពិន្ទុ", "{points} points"),
    "point": Text("{points} ពិន្ទុ", "{points} point"),
    "points_of": Text("{points} ក្នុងចំណោម {attainable} ពិន្ទុ", "{points} of {attainable} points"),
    "point_of": Text("{points} ក្នុងចំណោម {attainable} ពិន្ទុ", "{points} of {attainable} point"),
    "nothing": Text("មិនទាន់បានពិន្ទុ", "nothing yet"),
    "most": Text("បានច្រើនបំផុត {limit}", "at most {limit}"),
    "months": Text("{value} ខែ", "{value} months"),
    "days": Text("{value} ថ្ងៃ", "{value} days"),
    "years": Text("{value} ឆ្នាំ", "{value} years"),
    "parts": Text("{count} ផ្នែក", "{count} parts"),
    "part": Text("{count} ផ្នែក", "{count} part"),
}
DEMANDS: Mapping[str, Text] = {
    "essential": Text("ចំណុចចាំបាច់ {name} ត្រូវតែបំពេញ", "The essential criterion {name} must be met"),
    "series": Text("ត្រូវឈានដល់កម្រិត {name} ជាមុនសិន", "The level {name} must be reached first"),
    "result": Text("{name} ត្រូវមានលទ្ធផល", "{name} needs a result"),
    "needs": Text("{name} ត្រូវការ{needs}", "{name} needs {needs}"),
    "answer": Text("ចម្លើយ {value}", "the answer {value}"),
    "given": Text("ចម្លើយ", "an answer"),
    "at_least": Text("យ៉ាងតិច {value} ពិន្ទុ", "at least {value} points"),
    "above": Text("លើសពី {value} ពិន្ទុ", "more than {value} points"),
    "at_most": Text("មិនលើសពី {value} ពិន្ទុ", "no more than {value} points"),
    "below": Text("តិចជាង {value} ពិន្ទុ", "less than {value} points"),
    "evidence": Text("ភស្តុតាងដែលបានទទួលយក", "accepted evidence"),
    "with_evidence": Text("{needs} ព្រមទាំងភស្តុតាងដែលបានទទួលយក", "{needs}, with accepted evidence"),
    "applies_always": Text("{says} («មិនពាក់ព័ន្ធ» មិនគ្រប់គ្រាន់ទេ)", "{says} (“not applicable” is not enough)"),
    "when": Text("ប្រសិនបើ {when}៖ {says}", "If {when}: {says}"),
    "it_has": Text("{says}៖ ឥឡូវមាន {why}", "{says}; it has {why}"),
    "but": Text("{says}៖ {why}", "{says}; {why}"),
    "state": Text("{says} ({why})", "{says} ({why})"),
    "otherwise": Text("គ្មានករណីផ្សេងទៀតត្រូវនឹងលក្ខខណ្ឌ", "no other case holds"),
}
EDGES: Mapping[str, Text] = {
    "at_least": Text("{name} ត្រូវការយ៉ាងតិច {value}", "{name} needs at least {value}"),
    "above": Text("{name} ត្រូវការលើសពី {value}", "{name} needs more than {value}"),
    "at_most": Text("{name} មិនត្រូវលើសពី {value}", "{name} may have at most {value}"),
    "below": Text("{name} ត្រូវតិចជាង {value}", "{name} must stay below {value}"),
}
WHY: Mapping[str, Text] = {
    "met": Text("បានបំពេញ", "met"),
    "not_met": Text("មិនបានបំពេញ", "not met"),
    "no_result": Text("មិនទាន់មានលទ្ធផល", "it has no result"),
    "below": Text("មិនទាន់ឈានដល់", "it is not reached"),
    "does_not_apply": Text("មិនអនុវត្តនៅទីនេះ", "it does not apply here"),
    "not_asked": Text("មិនត្រូវសួរនៅទីនេះ", "it is not asked here"),
    "not_applicable": Text("មិនពាក់ព័ន្ធ", "it is not applicable"),
    "unanswered": Text("មិនទាន់មានចម្លើយ", "there is no answer yet"),
    "unsupported": Text("មិនទាន់មានអ្វីគាំទ្រចម្លើយ", "nothing supports the answer yet"),
    "void": Text("ប្រភពមិនបានផ្តល់តម្លៃ", "the source gives no usable value"),
    "other_answer": Text("ចម្លើយដែលបានផ្តល់ខុសពីនេះ", "another answer was given"),
    "too_few_points": Text("ពិន្ទុមិនទាន់ត្រូវតាមនេះ", "its points are not there yet"),
    "evidence_missing": Text("នៅខ្វះភស្តុតាង", "the evidence is still missing"),
    "to_be_decided": Text("រង់ចាំការសម្រេចរបស់អ្នកពិនិត្យ", "a reviewer must decide"),
    "decided_pass": Text("អ្នកពិនិត្យបានសម្រេចថាបំពេញ", "a reviewer decided that it is met"),
    "decided_fail": Text("អ្នកពិនិត្យបានសម្រេចថាមិនបំពេញ", "a reviewer decided that it is not met"),
}
ESSENTIALS: Mapping[str, Text] = {
    "pass": Text("ចំណុចចាំបាច់ {name} បានបំពេញ", "The essential criterion {name} is met"),
    "fail": Text("ចំណុចចាំបាច់ {name} មិនទាន់បានបំពេញ", "The essential criterion {name} is not met"),
    "discretionary": Text(
        "ចំណុចចាំបាច់ {name} រង់ចាំការសម្រេចរបស់អ្នកពិនិត្យ", "The essential criterion {name} waits for a reviewer's decision"
    ),
    "does_not_apply": Text("ចំណុចចាំបាច់ {name} មិនអនុវត្តនៅទីនេះ", "The essential criterion {name} does not apply"),
}
_CRITERION: Mapping[str, Text] = {
    "option": Text("ចម្លើយ {option} មានតម្លៃ {score}។", "The answer {option} is worth {score}."),
    "options": Text("ចម្លើយ {options} មានតម្លៃ {score}។", "The answers {options} are worth {score}."),
    "given": Text("បានផ្តល់ចម្លើយ ដូច្នេះបាន {score}។", "An answer was given, which earns {score}."),
    "band": Text("តម្លៃ {value} {band} ដូច្នេះបាន {score}។", "The value {value} {band}, which earns {score}."),
    "age": Text("អាយុ {value} {band} ដូច្នេះបាន {score}។", "An age of {value} {band}, which earns {score}."),
    "number": Text("តម្លៃ {value} បាន {score}។", "The value {value} earns {score}."),
    "points": Text("ចំណុចនេះតែងតែបាន {score}។", "This always earns {score}."),
    "case_points": Text("បាន {score}។", "It earns {score}."),
    "product": Text("{factors}; គុណគ្នាបាន {score}។", "{factors}; multiplied, they earn {score}."),
    "case": Text("ព្រោះ {when}៖ {rest}", "Because {when}: {rest}"),
    "left_out": Text("ចម្លើយនេះមិនត្រូវបានរាប់បញ្ចូលទេ។", "This answer does not count."),
    "option_left_out": Text("ចម្លើយ {option} មិនត្រូវបានរាប់បញ្ចូលទេ។", "The answer {option} does not count."),
    "input_without_result": Text("អ្វីដែលវាពឹងផ្អែកលើ គ្មានលទ្ធផល។", "What it builds on has no result."),
    "does_not_apply": Text("មិនអនុវត្តនៅទីនេះ ដូច្នេះមិនរាប់បញ្ចូល។", "It does not apply here, so it does not count."),
}
FACTORS: Mapping[str, Text] = {
    "factor": Text("{name} {value} ឱ្យ {points}", "{name} {value} gives {points}"),
    "band": Text("{value} ({band})", "{value} ({band})"),
    "some": Text("កត្តានីមួយៗ", "Its factors"),
    "given": Text("ដែលបានផ្តល់", "given"),
    "calculated": Text("តម្លៃដែលបានគណនា", "the calculated value"),
    "age": Text("អាយុនៃ {name}", "the age of {name}"),
}
BANDS: Mapping[str, Text] = {
    "at_least": Text("គឺយ៉ាងតិច {limit}", "is at least {limit}"),
    "above": Text("គឺលើសពី {limit}", "is above {limit}"),
    "at_most": Text("គឺមិនលើសពី {limit}", "is at most {limit}"),
    "below": Text("គឺតិចជាង {limit}", "is below {limit}"),
    "otherwise": Text("មិនស្ថិតក្នុងចន្លោះណាផ្សេង", "fits no other band"),
}
_STATES: Mapping[str, Text] = {
    "unanswered": Text("មិនទាន់មានចម្លើយ", "There is no answer yet"),
    "not_applicable": Text("ចំណុចនេះមិនពាក់ព័ន្ធ", "It is not applicable"),
    "not_asked": Text("ចំណុចនេះមិនត្រូវសួរនៅទីនេះ", "It is not asked here"),
    "void": Text("ប្រភពមិនបានផ្តល់តម្លៃ", "The source gives no usable value"),
    "unsupported": Text("មិនទាន់មានអ្វីគាំទ្រចម្លើយនេះ", "Nothing supports the answer yet"),
}
_EFFECTS: Mapping[str, Text] = {
    "capped": Text("ត្រូវកំណត់ត្រឹម {limit}។", "It is capped at {limit}."),
    "floored": Text("ត្រូវលើកដល់អប្បបរមា {limit}។", "It is lifted to the floor of {limit}."),
    "evidence_missing": Text("នៅខ្វះភស្តុតាង ដូច្នេះ{most}។", "The evidence is still missing, so it earns {most}."),
    "files_missing": Text(
        "នៅខ្វះភស្តុតាង (ត្រូវការ {files} ឯកសារ) ដូច្នេះ{most}។",
        "The evidence is still missing ({files} files are needed), so it earns {most}.",
    ),
    "override_set": Text("ព្រោះ {because}៖ លទ្ធផលកំណត់ជា {limit}។", "Because {because}: the result is set to {limit}."),
    "override_all": Text(
        "ព្រោះ {because}៖ បានពិន្ទុពេញ {limit}។", "Because {because}: it is given all the points there are, {limit}."
    ),
    "override_cap": Text(
        "ព្រោះ {because}៖ លទ្ធផលត្រូវកំណត់ត្រឹម {limit}។", "Because {because}: the result is capped at {limit}."
    ),
    "override_floor": Text(
        "ព្រោះ {because}៖ លទ្ធផលត្រូវលើកដល់ {limit}។", "Because {because}: the result is lifted to {limit}."
    ),
    "override_left_out": Text("ព្រោះ {because}៖ មិនត្រូវបានរាប់បញ្ចូលទេ។", "Because {because}: it does not count."),
    "override_void": Text("ព្រោះ {because}៖ គ្មានលទ្ធផល។", "Because {because}: there is no result."),
    "rounded": Text(
        "{how}{digits}៖ {before} ក្លាយជា {points}។", "Rounded {how} to {digits}: {before} becomes {points}."
    ),
}
ROUNDING: Mapping[str, Text] = {
    "half_up": Text("បង្គត់ (ពាក់កណ្តាលឡើងលើ) ទៅ", "half up"),
    "half_even": Text("បង្គត់ (ពាក់កណ្តាលទៅលេខគូ) ទៅ", "half to even"),
    "down": Text("បង្គត់ចុះទៅ", "down"),
    "up": Text("បង្គត់ឡើងទៅ", "up"),
    "0": Text("លេខគត់", "a whole number"),
    "1": Text("{digits} ខ្ទង់ទសភាគ", "{digits} decimal"),
    "more": Text("{digits} ខ្ទង់ទសភាគ", "{digits} decimals"),
}
_GROUPS: Mapping[str, Text] = {
    "sum": Text("ផលបូកនៃ {parts}៖ {score}។", "The sum of {parts}: {score}."),
    "plain_mean": Text("មធ្យមភាគនៃ {parts}៖ {score}។", "The mean of {parts}: {score}."),
    "mean": Text("មធ្យមភាគតាមទម្ងន់នៃ {parts}៖ {score}។", "The weighted mean of {parts}: {score}."),
    "share": Text("ចំណែកនៃពិន្ទុដែល {parts} អាចបាន៖ {score}។", "The share of all points that {parts} can earn: {score}."),
    "lowest": Text("ផ្នែកទាបបំផុតកំណត់ គឺ {child}៖ {score}។", "The lowest part decides, {child}: {score}."),
    "highest": Text("ផ្នែកខ្ពស់បំផុតកំណត់ គឺ {child}៖ {score}។", "The highest part decides, {child}: {score}."),
    "geometric_mean": Text("មធ្យមភាគធរណីមាត្រនៃ {parts}៖ {score}។", "The geometric mean of {parts}: {score}."),
    "void_child": Text("គ្មានលទ្ធផល ព្រោះ {child} គ្មានលទ្ធផល។", "There is no result, because {child} has none."),
}
_EMPTY: Mapping[str, Text] = {
    "empty": Text("គ្មានផ្នែកណាត្រូវបានរាប់បញ្ចូល", "None of its parts counts"),
    "too_few": Text("មានតែ {parts} ត្រូវបានរាប់បញ្ចូល (ត្រូវការ {needs})", "Only {parts} counted ({needs} needed)"),
    "nothing_attainable": Text("គ្មានពិន្ទុដែលអាចទទួលបាន", "There is nothing to attain"),
}


def _variants() -> dict[str, Text]:
    """A state or an empty group, with what the rubric makes of it."""
    found: dict[str, Text] = {}
    for code, text in _STATES.items():
        found[code] = Text(f"{text.km}៖ {{score}}។", f"{text.en}: {{score}}.")
        found[f"{code}_excluded"] = Text(f"{text.km} ដូច្នេះមិនរាប់បញ្ចូល។", f"{text.en}, so it does not count.")
        found[f"{code}_void"] = Text(f"{text.km} ដូច្នេះគ្មានលទ្ធផល។", f"{text.en}, so there is no result.")
    for code, text in _EMPTY.items():
        found[code] = Text(f"{text.km} ដូច្នេះគ្មានលទ្ធផល។", f"{text.en}, so there is no result.")
        found[f"{code}_counts_as"] = Text(f"{text.km} ដូច្នេះរាប់ជា {{score}}។", f"{text.en}, so it stands at {{score}}.")
    return found


REASONS: Mapping[str, Text] = {**_CRITERION, **_EFFECTS, **_GROUPS, **_variants()}
