"""What is wrong in an edition's files, in Khmer; words of the files themselves stay as they are written."""

from __future__ import annotations

import re

from questionnaires.errors import EditionError
from scoring.loading.khmer import in_khmer
from scoring.phrases import Phrases

KHMER = Phrases({
    "a group of keys is needed here": "នៅទីនេះត្រូវការក្រុមឈ្មោះ",
    "a list is needed here: [first, second]": "នៅទីនេះត្រូវការបញ្ជី៖ [first, second]",
    "a text is needed here; put it in quotes if it looks like a number":
        "នៅទីនេះត្រូវការអក្សរ។ សូមដាក់ក្នុងសញ្ញាសម្រង់ បើវាមើលទៅដូចលេខ",
    "a whole number is needed here": "នៅទីនេះត្រូវការលេខគត់",
    "a {} question has no options; leave them out": "សំណួរប្រភេទ {} គ្មានជម្រើសទេ។ សូមដកចេញ",
    "an essential question always applies; remove this": "សំណួរដែលជាចំណុចចាំបាច់ពាក់ព័ន្ធជានិច្ច។ សូមដកចំណុចនេះចេញ",
    "at least {} needed here": "នៅទីនេះត្រូវការយ៉ាងតិច {}",
    "max is smaller than min": "max តូចជាង min",
    "must be {}, as edition.yaml lists it": "ត្រូវតែជា {} ដូចក្នុង edition.yaml",
    "name the question the message stands beside (about)": "សូមដាក់ឈ្មោះសំណួរដែលសារនេះនៅជាប់ (about)",
    "no company is ever asked this, whatever it is and answers; mend the condition or remove the question":
        "គ្មានក្រុមហ៊ុនណាត្រូវសួរសំណួរនេះឡើយ ទោះជាប្រភេទណា ឬឆ្លើយយ៉ាងណាក៏ដោយ។ សូមកែលក្ខខណ្ឌ ឬដកសំណួរចេញ",
    "no option earns points": "គ្មានជម្រើសណាឱ្យពិន្ទុទេ",
    "nothing refers to this": "គ្មានអ្វីប្រើចំណុចនេះទេ",
    "only a {} question has {}; leave it out": "មានតែសំណួរប្រភេទ {} ទេដែលមាន {}។ សូមដកចេញ",
    "option {} stands twice": "ជម្រើស {} មានពីរដង",
    "put {} in quotes ('{}'): without them YAML tools read it as true or false":
        "សូមដាក់ {} ក្នុងសញ្ញាសម្រង់ ('{}')៖ បើគ្មាន កម្មវិធី YAML អានវាជា true ឬ false",
    "required evidence needs what (both languages) and min_files of 1 or more":
        "ភស្តុតាងដែលតម្រូវត្រូវមាន what (ទាំងពីរភាសា) និង min_files ចាប់ពី 1",
    "required is {}, but the rubric's gate is {}": "required គឺ {} តែ evidence ក្នុង rubric គឺ {}",
    "section {} stands twice": "ផ្នែក {} មានពីរដង",
    "there is no {} called {}; did you mean {}?": "គ្មាន {} ឈ្មោះ {} ទេ។ តើអ្នកចង់សរសេរ {} មែនទេ?",
    "there is no {} called {}; there are: {}": "គ្មាន {} ឈ្មោះ {} ទេ។ ដែលមាន៖ {}",
    "there is no {} called {}; {}": "គ្មាន {} ឈ្មោះ {} ទេ។ {}",
    "this does not have the right form: {}": "ទម្រង់មិនត្រឹមត្រូវ៖ {}",
    "this file is missing; write it": "ខ្វះឯកសារនេះ។ សូមសរសេរវា",
    "this is missing; add it": "ខ្វះចំណុចនេះ។ សូមបន្ថែម",
    "this is no edition": "នេះមិនមែនជាកំណែនៃក្រមទេ",
    "this is not English; translate it": "នេះមិនមែនជាភាសាអង់គ្លេសទេ។ សូមបកប្រែ",
    "this is not Khmer; translate it": "នេះមិនមែនជាភាសាខ្មែរទេ។ សូមបកប្រែ",
    "this key is not known here; check its spelling or remove it":
        "មិនស្គាល់ឈ្មោះនេះនៅទីនេះទេ។ សូមពិនិត្យអក្ខរាវិរុទ្ធ ឬដកចេញ",
    "this must be {}": "ត្រូវតែជា {}",
    "this must be {} or less": "ត្រូវតែជា {} ឬតិចជាង",
    "this must be {} or more": "ត្រូវតែជា {} ឬច្រើនជាង",
    "weighs nothing": "គ្មានទម្ងន់",
    "write something here": "សូមសរសេរអ្វីមួយនៅទីនេះ",
    "write true or false": "សូមសរសេរ true ឬ false",
    "{} is a choice, so it needs options": "{} ជាសំណួរជ្រើសរើស ដូច្នេះត្រូវមានជម្រើស",
    "{} is a number, so it needs number: {min: 0, unit: …}": "{} ជាលេខ ដូច្នេះត្រូវមាន number: {min: 0, unit: …}",
    "{} questions are called {}": "មានសំណួរចំនួន {} ឈ្មោះ {}",
})  # fmt: skip
_OF_SCORING = re.compile(r"(.*?)(?: \(found: (.*)\))?\. (.*)", re.DOTALL)


def in_words(error: EditionError, lang: str) -> str:
    """The place and what is wrong, in the reader's language."""
    if lang == "en":
        return str(error)
    said = error.khmer or KHMER.said(error.reason)
    if said is None:
        found = _OF_SCORING.fullmatch(error.reason)
        said = in_khmer(found[1], found[2] or "", found[3]) if found else error.reason
    key = f"{error.key}៖ " if error.key else ""
    return f"{error.file}:{error.line}:{error.column}: {key}{said}"
