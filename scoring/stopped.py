"""Why a subject cannot be scored, in Khmer; names and values stay as they are written."""

from scoring.phrases import Phrases

KHMER = Phrases({
    "a child is void and the rubric does not allow it": "សមាជិកមួយមោឃៈ ហើយ rubric មិនអនុញ្ញាត",
    "a date is written 2026-01-31": "កាលបរិច្ឆេទសរសេរជា 2026-01-31",
    "a discretionary decision needs a reason": "សេចក្តីសម្រេចដែលទុកឱ្យអ្នកពិនិត្យ ត្រូវមានហេតុផល",
    "a geometric mean needs {} not below 0": "មធ្យមធរណីមាត្រត្រូវការ {} ដែលមិនតិចជាង 0",
    "a list of options is needed": "ត្រូវការបញ្ជីជម្រើស",
    "a logarithm needs a value above 0": "លោការីតត្រូវការតម្លៃលើសពី 0",
    "a number is needed, not {}": "ត្រូវការលេខ មិនមែន {} ទេ",
    "a number such as 12, 0.5 or 1/3 is needed": "ត្រូវការលេខ ដូចជា 12, 0.5 ឬ 1/3",
    "a share needs the most points of each child": "share ត្រូវការពិន្ទុអតិបរមារបស់សមាជិកនីមួយៗ",
    "a text is needed, not {}": "ត្រូវការអក្សរ មិនមែន {} ទេ",
    "a text may have at most {} characters": "អក្សរអាចមានច្រើនបំផុត {} តួ",
    "a value is divided by 0": "មានតម្លៃមួយចែកនឹង 0",
    "all points are to be given, but how many there are is not known":
        "ត្រូវផ្តល់ពិន្ទុពេញ តែមិនដឹងថាមានពិន្ទុប៉ុន្មានទេ",
    "binary floating point is not exact; give the number as text":
        "លេខប្រភេទ floating point មិនជាក់លាក់ទេ។ សូមផ្តល់លេខជាអក្សរ",
    "both goalposts are the same": "គោលទាំងពីរដូចគ្នា",
    "evidence is given, accepted or refused": "ភស្តុតាងត្រូវជា given, accepted ឬ refused",
    "made with another rubric or format": "ធ្វើដោយ rubric ឬទម្រង់ផ្សេង",
    "more than {} combinations would have to be tried": "ត្រូវសាកល្បងបន្សំលើសពី {}",
    "name the level to compare": "សូមដាក់ឈ្មោះមាត្រដ្ឋានដែលត្រូវប្រៀបធៀប",
    "no case holds and there is no last case without 'when'": "គ្មានករណីណាត្រូវ ហើយគ្មានករណីចុងក្រោយដែលគ្មាន 'when'",
    "no such option; there are: {}": "គ្មានជម្រើសនេះទេ។ ដែលមាន៖ {}",
    "no weight case holds and there is no last weight without 'when'":
        "គ្មានករណីទម្ងន់ណាត្រូវ ហើយគ្មានទម្ងន់ចុងក្រោយដែលគ្មាន 'when'",
    "the date is after {}": "កាលបរិច្ឆេទនេះនៅក្រោយ {}",
    "the number has too many digits": "លេខនេះមានខ្ទង់ច្រើនពេក",
    "the rubric gives no points for this state": "rubric មិនកំណត់ពិន្ទុសម្រាប់ស្ថានភាពនេះទេ",
    "the rubric knows no {} of this name": "rubric មិនស្គាល់ {} ឈ្មោះនេះទេ",
    "the value is outside of what the rule allows": "តម្លៃនៅក្រៅអ្វីដែលវិធានអនុញ្ញាត",
    "the weight of {} is below 0": "ទម្ងន់របស់ {} តិចជាង 0",
    "the value fits no band and there is no 'otherwise'": "តម្លៃមិនចូលក្នុងចន្លោះណាទេ ហើយគ្មាន 'otherwise'",
    "this fact is needed but not given": "ត្រូវការព័ត៌មាននេះ តែមិនបានផ្តល់",
    "this is not a scorecard's JSON": "នេះមិនមែនជា JSON នៃតារាងពិន្ទុទេ",
    "{} cannot be chosen together with another option": "មិនអាចជ្រើស {} រួមជាមួយជម្រើសផ្សេងបានទេ",
    "{} has no value, but the rule needs it": "{} គ្មានតម្លៃ តែវិធានត្រូវការវា",
})  # fmt: skip
