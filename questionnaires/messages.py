"""What an officer reads when an answer cannot be taken, in Khmer and English."""

from __future__ import annotations

from decimal import Decimal

from questionnaires.text import Text

MESSAGES: dict[str, Text] = {
    "unknown_option": Text(
        km="សូមជ្រើសរើសចម្លើយមួយក្នុងបញ្ជី។",
        en="Choose one of the answers in the list.",
    ),
    "one_only": Text(
        km="សូមជ្រើសរើសចម្លើយតែមួយ។",
        en="Choose only one answer.",
    ),
    "too_few_options": Text(
        km="សូមជ្រើសរើសយ៉ាងតិច {least} ចំណុច។",
        en="Choose at least {least}.",
    ),
    "exclusive_option": Text(
        km="«{option}» មិនអាចជ្រើសរើសរួមជាមួយចម្លើយផ្សេងបានទេ។",
        en='"{option}" cannot be chosen together with other answers.',
    ),
    "not_a_number": Text(
        km="សូមបញ្ចូលតួលេខ ឧទាហរណ៍ ១២ ឬ 12។",
        en="Enter a number, for example 12.",
    ),
    "not_whole": Text(
        km="សូមបញ្ចូលចំនួនគត់ ដោយគ្មានក្បៀស។",
        en="Enter a whole number, without decimals.",
    ),
    "number_too_small": Text(
        km="តួលេខនេះត្រូវស្មើ ឬធំជាង {least}។",
        en="The number must be {least} or more.",
    ),
    "number_too_large": Text(
        km="តួលេខនេះត្រូវស្មើ ឬតូចជាង {most}។",
        en="The number must be {most} or less.",
    ),
    "not_a_date": Text(
        km="សូមបញ្ចូលកាលបរិច្ឆេទត្រឹមត្រូវ ដូចជា ២៧ ៣ ២០២៦ (ថ្ងៃ ខែ ឆ្នាំ)។",
        en="Enter a real date, such as 27 3 2026 (day, month, year).",
    ),
    "date_incomplete": Text(
        km="សូមបញ្ចូលថ្ងៃ ខែ និងឆ្នាំឱ្យបានគ្រប់។",
        en="Enter the day, the month and the year.",
    ),
    "year_out_of_range": Text(
        km="សូមសរសេរឆ្នាំតាមគ្រិស្តសករាជដោយប្រើលេខបួនខ្ទង់ ដូចជា ២០២៦។",
        en="Write the year of the common era with four digits, such as 2026.",
    ),
    "date_in_future": Text(
        km="កាលបរិច្ឆេទនេះមិនអាចស្ថិតនៅក្រោយថ្ងៃនេះទេ។",
        en="The date cannot be later than today.",
    ),
    "not_a_web_address": Text(
        km="សូមបញ្ចូលអាសយដ្ឋានគេហទំព័រពេញលេញ ដូចជា https://www.example.com.kh/policy។",
        en="Enter a full web address, such as https://www.example.com.kh/policy.",
    ),
    "text_too_short": Text(
        km="សូមសរសេរយ៉ាងតិច {least} តួអក្សរ។",
        en="Write at least {least} characters.",
    ),
    "text_too_long": Text(
        km="អត្ថបទវែងពេក។ សូមសរសេរយ៉ាងច្រើន {most} តួអក្សរ។",
        en="The text is too long. Write at most {most} characters.",
    ),
    "wrong_form": Text(
        km="ចម្លើយនេះមិនអាចអានបានទេ។ សូមឆ្លើយម្តងទៀត។",
        en="This answer could not be read. Answer again.",
    ),
    "not_applicable_refused": Text(
        km="សំណួរនេះពាក់ព័ន្ធនឹងក្រុមហ៊ុនទាំងអស់ដែលត្រូវឆ្លើយ ដូច្នេះមិនអាចជ្រើសរើស «មិនពាក់ព័ន្ធ» បានទេ។",
        en='This question always applies, so "not applicable" cannot be chosen.',
    ),
    "justification_too_short": Text(
        km="សូមពន្យល់ពីមូលហេតុដែលសំណួរនេះមិនពាក់ព័ន្ធនឹងក្រុមហ៊ុន យ៉ាងតិច {least} តួអក្សរ។",
        en="Explain in at least {least} characters why this question does not apply to the company.",
    ),
    "unknown_question": Text(
        km="ជួរនេះមិនមែនជាសំណួរនៃកម្រងសំណួរនេះទេ។",
        en="This row is no question of this questionnaire.",
    ),
    "unanswered": Text(
        km="សំណួរនេះមិនទាន់បានឆ្លើយទេ។",
        en="This question is not answered yet.",
    ),
    "figure_missing": Text(
        km="តួលេខនេះមិនទាន់បានបំពេញទេ។ {levels} ទាមទារតួលេខទាំងអស់។",
        en="This figure is missing. The levels {levels} need all figures.",
    ),
    "evidence_missing": Text(
        km="មិនទាន់មានភស្តុតាងសម្រាប់ចម្លើយនេះទេ។ បើគ្មានភស្តុតាងដែលទទួលយកបាន ពិន្ទុនឹងថយចុះ។",
        en="There is no evidence for this answer yet. Without accepted evidence it earns fewer points.",
    ),
    "many_not_applicable": Text(
        km="សំណួរច្រើនក្នុងផ្នែក «{section}» ត្រូវបានឆ្លើយថាមិនពាក់ព័ន្ធ។ អ្នកពិនិត្យនឹងពិនិត្យចំណុចនេះម្តងទៀត។",
        en='Many questions of "{section}" are answered as not applicable. A reviewer will look at this again.',
    ),
}


def message(code: str, **values: Text | str | int | Decimal) -> Text:
    """The words for a code, filled."""
    return MESSAGES[code].format(**values) if values else MESSAGES[code]


LABELS: dict[str, Text] = {
    "not_applicable": Text(
        km="សំណួរនេះមិនពាក់ព័ន្ធនឹងក្រុមហ៊ុនយើងខ្ញុំទេ",
        en="This question does not apply to our company",
    ),
    "justification": Text(
        km="ហេតុអ្វីបានជាមិនពាក់ព័ន្ធ",
        en="Why it does not apply",
    ),
    "justification_hint": Text(
        km="យ៉ាងតិច {least} តួអក្សរ។ អ្នកពិនិត្យនឹងសម្រេចថាទទួលយក ឬអត់។",
        en="At least {least} characters. A reviewer decides whether to accept it.",
    ),
    "no_case": Text(
        km="គ្មានករណី",
        en="There was no case",
    ),
    "comment": Text(
        km="មតិបន្ថែម (មិនចាំបាច់)",
        en="Comment (optional)",
    ),
    "comment_hint": Text(
        km="មតិមិនផ្តល់ពិន្ទុទេ។ ហាមសរសេរទិន្នន័យផ្ទាល់ខ្លួនរបស់កុមារ ឬព័ត៌មានលម្អិតនៃករណីណាមួយ។",
        en="A comment earns no points. Never write personal data of children or details of a case.",
    ),
}


REASONS: dict[str, Text] = {
    "everybody": Text(
        km="គ្រប់ក្រុមហ៊ុនត្រូវឆ្លើយសំណួរនេះ។",
        en="Every company is asked this.",
    ),
    "kind": Text(
        km="ត្រូវសួរ ព្រោះក្រុមហ៊ុនបានចុះឈ្មោះជា «{kinds}»។",
        en='Asked because the company is registered as "{kinds}".',
    ),
    "answer": Text(
        km="ត្រូវសួរ ព្រោះក្រុមហ៊ុនបានឆ្លើយថា «{answers}» ចំពោះ «{title}»។",
        en='Asked because of the answer "{answers}" to "{title}".',
    ),
    "unconfirmed": Text(
        km="ត្រូវសួរ រហូតដល់អ្នកពិនិត្យបញ្ជាក់ចម្លើយ «{answers}» ចំពោះ «{title}»។",
        en='Asked until a reviewer has confirmed the answer "{answers}" to "{title}".',
    ),
    "rule": Text(
        km="ត្រូវសួរ ព្រោះ៖ {rule}។",
        en="Asked because: {rule}.",
    ),
}
