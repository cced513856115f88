"""The words of every remark, in Khmer and English: what looks wrong, and what to do."""

from collections.abc import Mapping

from scoring.text import Text

USABLE = Text(
    "{file}: {rubric} អាចប្រើបាន៖ លក្ខណវិនិច្ឆ័យ {criteria} ក្រុម {groups} មាត្រដ្ឋាន {levels}; sha256 {sha256}",
    "{file}: {rubric} is usable: {criteria} criteria, {groups} groups, {levels} levels; sha256 {sha256}",
)
AND_MORE = Text("និង {count} ទៀតដូចនេះ៖ {reason}", "and {count} more like this: {reason}")
REMARKS: Mapping[str, tuple[Text, Text]] = {
    "empty": (
        Text("rubric នេះគ្មានលក្ខណវិនិច្ឆ័យទេ", "the rubric has no criteria, so that nothing is scored"),
        Text("សូមសរសេរលក្ខណវិនិច្ឆ័យក្រោម criteria", "Write them under criteria"),
    ),
    "unused_fact": (
        Text("គ្មានអ្វីប្រើព័ត៌មាននេះទេ", "nothing looks at this fact"),
        Text("សូមប្រើវាក្នុងលក្ខខណ្ឌ ឬដកវាចេញ", "Use it in a condition, or remove it"),
    ),
    "unused_answer": (
        Text("គ្មានលក្ខណវិនិច្ឆ័យ ឬលក្ខខណ្ឌណាប្រើចម្លើយនេះទេ", "no criterion and no condition looks at this answer"),
        Text("សូមប្រើវា ឬដកវាចេញ", "Use it, or remove it"),
    ),
    "unused_map": (
        Text("គ្មានលក្ខណវិនិច្ឆ័យណាប្រើតារាងនេះទេ", "no criterion uses this map"),
        Text("សូមប្រើវា ឬដកវាចេញ", "Use it, or remove it"),
    ),
    "unused_list": (
        Text("គ្មានផ្នែកណាត្រូវធ្វើម្តងទៀតសម្រាប់បញ្ជីនេះទេ", "no part is repeated for this list"),
        Text("សូមប្រើវាក្នុង for_each ឬដកវាចេញ", "Use it in for_each, or remove it"),
    ),
    "unused_column": (
        Text("គ្មានផ្នែកណាប្រើជួរឈរ {column} ទេ", "no part uses the column {column}"),
        Text("សូមប្រើវា ឬដកវាចេញ", "Use it, or remove it"),
    ),
    "outside": (
        Text(
            "លក្ខណវិនិច្ឆ័យនេះមិនស្ថិតក្នុងក្រុមណាទេ ដូច្នេះពិន្ទុរបស់វាមិនរាប់",
            "this criterion is in no group, so that its points count nowhere",
        ),
        Text(
            "សូមដាក់វាក្នុងក្រុមមួយ ឬប្រកាសចម្លើយរបស់វាក្រោម answers",
            "Put it into a group, or declare its answer under answers",
        ),
    ),
    "essential_unasked": (
        Text("គ្មានកម្រិតណាទាមទារចំណុចចាំបាច់នេះទេ", "no level asks for this essential"),
        Text("សូមសរសេរ essentials: required នៅត្រង់កម្រិត ឬដកវាចេញ", "Write essentials: required at a rung, or remove it"),
    ),
    "no_lower_end": (
        Text(
            "តម្លៃក្រោម {limit} មិនចូលក្នុងចន្លោះណាទេ ហើយនឹងបញ្ឈប់ការដាក់ពិន្ទុ",
            "a value below {limit} fits no band and stops the scoring of its subject",
        ),
        Text("សូមបន្ថែម - {otherwise: 0}", "Add - {otherwise: 0}"),
    ),
    "no_upper_end": (
        Text(
            "តម្លៃលើស {limit} មិនចូលក្នុងចន្លោះណាទេ ហើយនឹងបញ្ឈប់ការដាក់ពិន្ទុ",
            "a value above {limit} fits no band and stops the scoring of its subject",
        ),
        Text("សូមបន្ថែម - {otherwise: 0}", "Add - {otherwise: 0}"),
    ),
    "no_last": (
        Text(
            "អាចគ្មានករណីណាត្រូវ ហើយនោះនឹងបញ្ឈប់ការដាក់ពិន្ទុ",
            "it may be that no case holds, which stops the scoring of the subject",
        ),
        Text("សូមបន្ថែមករណីចុងក្រោយដោយគ្មាន when", "Add a last case without 'when'"),
    ),
    "option_is_word": (
        Text(
            "គ្មាននរណាអាចជ្រើស «{option}» បានទេ ព្រោះ words អានវាជា {state}",
            "nobody can choose “{option}”: words reads it as {state}",
        ),
        Text("សូមដកវាចេញពី words ឬពីជម្រើស", "Remove it from words, or from the options"),
    ),
    "weighs_nothing": (
        Text("ទម្ងន់ទាំងអស់គឺ 0", "all weights are 0"),
        Text("សូមឱ្យទម្ងន់ដល់សមាជិក", "Give the children weights"),
    ),
    "child_weighs_nothing": (
        Text("{name} គ្មានទម្ងន់ទេ", "{name} weighs nothing"),
        Text("សូមឱ្យទម្ងន់ដល់វា ឬដកវាចេញ", "Give it a weight, or remove it"),
    ),
    "best_first": (
        Text(
            "កម្រិតត្រូវបានសរសេរពីល្អបំផុត ដូច្នេះអ្នកដែលមានពិន្ទុច្រើនបានកម្រិតទាប",
            "the rungs are written best first, so that many points earn a low rung",
        ),
        Text("សូមសរសេរពីអន់បំផុតទៅល្អបំផុត", "Write them from the worst to the best"),
    ),
    "easier": (
        Text(
            "កម្រិតនេះទាមទារតិចជាង {below} ដែលនៅខាងក្រោមវា", "this rung asks for less than {below}, which stands below it"
        ),
        Text("សូមសរសេរពីអន់បំផុតទៅល្អបំផុត", "Write them from the worst to the best"),
    ),
    "same": (
        Text(
            "កម្រិតនេះទាមទារដូច {below} ដូច្នេះ {below} មិនដែលជាលទ្ធផលទេ",
            "this rung asks for the same as {below}, so that {below} is never the result",
        ),
        Text("សូមកែមួយ ឬដកមួយចេញ", "Change one of them, or remove it"),
    ),
    "beyond": (
        Text(
            "គ្មាននរណាអាចឈានដល់កម្រិតនេះទេ៖ {node} ត្រូវការ {limit} តែអាចបានត្រឹម {end}",
            "nobody can reach this rung: {node} is compared with {limit} and cannot go beyond {end}",
        ),
        Text("សូមកែដែនកំណត់ ឬពិន្ទុ", "Change the limit, or the points"),
    ),
    "always_true": (
        Text("លក្ខខណ្ឌនេះពិតជានិច្ច៖ {says}", "this is always true: {says}"),
        Text("សូមដកវាចេញ ឬកែវា", "Remove it, or change it"),
    ),
    "always_false": (
        Text("លក្ខខណ្ឌនេះមិនដែលពិតទេ៖ {says}", "this is never true: {says}"),
        Text("សូមកែវា", "Change it"),
    ),
    "alike": (
        Text(
            "«{title}» ជាឈ្មោះរបស់ {other} ដែរ ដូច្នេះការពន្យល់មិនអាចបែងចែកបាន",
            "{other} has the same title, “{title}”, so that explanations cannot tell them apart",
        ),
        Text("សូមឱ្យចំណងជើងផ្សេង", "Give it another title"),
    ),
}
