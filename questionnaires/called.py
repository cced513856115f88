"""What the parts of an edition are called where a person reads them, in both languages; names of the edition's own
(ids) stand as they are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from questionnaires.text import Text
from scoring.numbers import khmer_digits

BETWEEN = " › "


def _t(km: str, en: str) -> Text:
    return Text(km=km, en=en)


CALLED: Mapping[str, Text] = {
    # questions, options, evidence
    "kind": _t("ប្រភេទចម្លើយ", "Kind of answer"),
    "title": _t("ចំណងជើង", "Title"),
    "text": _t("អត្ថបទ", "Text"),
    "help": _t("សេចក្តីពន្យល់", "Help"),
    "example": _t("ឧទាហរណ៍", "Example"),
    "options": _t("ជម្រើស", "Options"),
    "shared_options": _t("ជម្រើសរួម", "Shared options"),
    "label": _t("ពាក្យ", "Words"),
    "hint": _t("សេចក្តីណែនាំខ្លី", "Hint"),
    "hints": _t("អត្ថន័យនៃជម្រើសនៅទីនេះ", "What options mean here"),
    "exclusive": _t("ជ្រើសរើសតែម្នាក់ឯង", "Chosen alone"),
    "needs_reviewer_confirmation": _t("ត្រូវការអ្នកពិនិត្យបញ្ជាក់", "Needs a reviewer's confirmation"),
    "counts_as_until_confirmed": _t("រាប់ជា រហូតដល់បានបញ្ជាក់", "Counts as, until confirmed"),
    "choose_at_least": _t("ជ្រើសរើសយ៉ាងតិច", "Choose at least"),
    "length": _t("ប្រវែង", "Length"),
    "min": _t("យ៉ាងតិច", "At least"),
    "max": _t("យ៉ាងច្រើន", "At most"),
    "number": _t("ចំនួន", "Number"),
    "integer": _t("ចំនួនគត់", "Whole number"),
    "unit": _t("ឯកតា", "Unit"),
    "empty_means": _t("ប្រអប់ទទេមានន័យថា", "An empty box means"),
    "at_most": _t("មិនលើសពីចម្លើយ", "Not more than the answer to"),
    "date": _t("កាលបរិច្ឆេទ", "Date"),
    "future": _t("ថ្ងៃអនាគតអាចប្រើបាន", "A day to come is possible"),
    "evidence": _t("ភស្តុតាង", "Evidence"),
    "required": _t("ចាំបាច់", "Required"),
    "accepts": _t("អ្វីដែលទទួលយក", "What is accepted"),
    "proves": _t("អ្វីដែលត្រូវបញ្ជាក់", "What it proves"),
    "min_files": _t("ចំនួនឯកសារយ៉ាងតិច", "Files at least"),
    "what": _t("អ្វីដែលរំពឹងទុក", "What is expected"),
    "small_business_alternative": _t("ភស្តុតាងស្រាលសម្រាប់ក្រុមហ៊ុនតូច", "Lighter evidence for a small firm"),
    "asks_for_contact": _t("សួររកអ្នកទំនាក់ទំនង", "Asks for a contact"),
    "not_applicable": _t("មិនពាក់ព័ន្ធ", "Not applicable"),
    "when": _t("នៅពេលណា", "When"),
    "themes": _t("ប្រធានបទ", "Themes"),
    "itu_key_areas": _t("ផ្នែកសំខាន់នៃ ITU", "Key areas of the ITU"),
    "sources": _t("ប្រភព", "Sources"),
    "at": _t("ត្រង់ណា", "Where in it"),
    "url": _t("អាសយដ្ឋានបណ្តាញ", "Address"),
    "note": _t("កំណត់សម្គាល់", "Note"),
    "section": _t("ផ្នែក", "Section"),
    "sections": _t("ផ្នែក និងលំដាប់", "Sections and their order"),
    "intro": _t("សេចក្តីផ្តើម", "Introduction"),
    "statistics": _t("តួលេខ", "Figures"),
    "required_for_levels": _t("ចាំបាច់សម្រាប់កម្រិត", "Required for the levels"),
    "required_at_check_in": _t("ចាំបាច់ពេលពិនិត្យតាមដាន", "Required at the check-in"),
    # rules
    "asked": _t("សួរនៅពេលណា", "When it is asked"),
    "points": _t("ពិន្ទុសម្រាប់", "Points for"),
    "weight": _t("ទម្ងន់", "Weight"),
    "essential": _t("ចំណុចចាំបាច់", "Essential"),
    "without_evidence": _t("ពិន្ទុច្រើនបំផុតដោយគ្មានភស្តុតាង", "Most points without evidence"),
    "demand": _t("លក្ខខណ្ឌ", "Demand"),
    # levels, register
    "public_name": _t("ឈ្មោះសាធារណៈ", "Public name"),
    "meaning": _t("អត្ថន័យ", "Meaning"),
    "champion": _t("ចាត់ទុកជាក្រុមហ៊ុនគំរូ", "Counts as a champion"),
    "extra": _t("លក្ខខណ្ឌបន្ថែម", "Needed besides points"),
    "extra_conditions": _t("លក្ខខណ្ឌបន្ថែម", "Needed besides points"),
    "validity_months": _t("សុពលភាពជាខែ", "Valid for months"),
    "max_consecutive_terms": _t("ចំនួនអាណត្តិជាប់គ្នាច្រើនបំផុត", "Terms in a row at most"),
    "register_": _t("បញ្ជីសាធារណៈ", "Register"),
    "history_months": _t("រក្សាប្រវត្តិជាខែ", "History kept for months"),
    "national_statistics": _t("ស្ថិតិជាតិ", "National statistics"),
    "min_companies_per_cell": _t("ចំនួនក្រុមហ៊ុនតិចបំផុតក្នុងក្រឡា", "Fewest companies in a cell"),
    # deadlines
    "submission_declaration": _t("សេចក្តីប្រកាសពេលដាក់ស្នើ", "Declaration at submission"),
    "review": _t("ការពិនិត្យ", "Review"),
    "idle_draft_reminder_after_days": _t("រំលឹកសេចក្តីព្រាងនៅស្ងៀម (ថ្ងៃ)", "Mention of an idle draft (days)"),
    "review_working_days": _t("រយៈពេលពិនិត្យ (ថ្ងៃធ្វើការ)", "Length of a review (working days)"),
    "more_information_rounds": _t("ចំនួនជុំសុំព័ត៌មានបន្ថែម", "Rounds of asking for more"),
    "more_information_reply_working_days": _t("រយៈពេលឆ្លើយតប (ថ្ងៃធ្វើការ)", "Time to reply (working days)"),
    "more_information_reminders_working_days_before": _t(
        "រំលឹកមុនផុតកំណត់ឆ្លើយ (ថ្ងៃធ្វើការ)", "Reply reminders before it is due (working days)"
    ),
    "more_information_grace_working_days": _t(
        "អនុគ្រោះក្រោយផុតកំណត់ឆ្លើយ (ថ្ងៃធ្វើការ)", "Grace after a reply was due (working days)"
    ),
    "assessments_at_once": _t("ចំនួនការវាយតម្លៃក្នុងដៃអ្នកពិនិត្យម្នាក់", "Assessments a reviewer holds at once"),
    "change_request_working_days": _t("ឆ្លើយតបសំណើកែប្រែក្នុង (ថ្ងៃធ្វើការ)", "Change requests answered in (working days)"),
    "check_in": _t("ការពិនិត្យតាមដាន", "Check-in"),
    "every_months": _t("រៀងរាល់ (ខែ)", "Every (months)"),
    "not_for_levels": _t("មិនសម្រាប់កម្រិត", "Not for the levels"),
    "reminders_days_before": _t("រំលឹកមុន (ថ្ងៃ)", "Reminders before (days)"),
    "late_after_days": _t("ចាត់ទុកថាយឺតក្រោយ (ថ្ងៃ)", "Late after (days)"),
    "reminders_days_after": _t("រំលឹកក្រោយ (ថ្ងៃ)", "Reminders after (days)"),
    "renewal": _t("ការបន្តសុពលភាព", "Renewal"),
    "window_opens_days_before_expiry": _t("បើកមុនផុតកំណត់ (ថ្ងៃ)", "Opens before the end (days)"),
    "reminders_days_before_expiry": _t("រំលឹកមុនផុតកំណត់ (ថ្ងៃ)", "Reminders before the end (days)"),
    "reminders_days_after_expiry": _t("រំលឹកក្រោយផុតកំណត់ (ថ្ងៃ)", "Reminders after the end (days)"),
    "copy_to_reviewer_days_before_expiry": _t("ចម្លងជូនអ្នកពិនិត្យមុនផុតកំណត់ (ថ្ងៃ)", "Copy to the reviewer before (days)"),
    "no_material_change": _t("អាចបញ្ជាក់ចម្លើយមិនប្រែប្រួលទាំងអស់ក្នុងពេលតែមួយ", "Unchanged answers may be confirmed at once"),
    "grace": _t("រយៈពេលអនុគ្រោះ", "Grace"),
    "days": _t("ថ្ងៃ", "Days"),
    "needs_submitted_renewal": _t("ត្រូវបានដាក់ស្នើបន្តសុពលភាព", "Needs a submitted renewal"),
    "extended_to_decision_if_submitted_before_expiry": _t(
        "បន្តរហូតដល់សេចក្តីសម្រេច បើដាក់ស្នើមុនផុតកំណត់", "Lasts until the decision if submitted before the end"
    ),
    "max_days_with_submitted_renewal": _t("ច្រើនបំផុត ពេលបានដាក់ស្នើបន្ត (ថ្ងៃ)", "At most, with a submitted renewal (days)"),
    "suspension": _t("ការព្យួរ", "Suspension"),
    "max_days": _t("ច្រើនបំផុត (ថ្ងៃ)", "At most (days)"),
    "notice_days": _t("រយៈពេលឱ្យក្រុមហ៊ុនបញ្ចេញយោបល់ (ថ្ងៃ)", "Time for the company to be heard (days)"),
    "register_shows_reason": _t("បញ្ជីសាធារណៈបង្ហាញមូលហេតុ", "The register shows the reason"),
    "withdrawal": _t("ការដកហូត", "Revocation"),
    "new_application_after_months": _t("អាចដាក់ស្នើថ្មីក្រោយ (ខែ)", "May apply again after (months)"),
    "appeal": _t("បណ្តឹងតវ៉ា", "Appeal"),
    "within_days": _t("ក្នុងរយៈពេល (ថ្ងៃ)", "Within (days)"),
    "acknowledge_working_days": _t("ទទួលស្គាល់ក្នុង (ថ្ងៃធ្វើការ)", "Acknowledged within (working days)"),
    "decide_within_days": _t("សម្រេចក្នុង (ថ្ងៃ)", "Decided within (days)"),
    "suspends_decision": _t("ផ្អាកសេចក្តីសម្រេច", "Suspends the decision"),
    "panel_members": _t("ចំនួនសមាជិកគណៈ", "Members of the panel"),
    "complaint": _t("កង្វល់", "Concerns"),
    "answer_within_days": _t("ឆ្លើយតបក្នុង (ថ្ងៃ)", "Answered within (days)"),
    "reply_working_days": _t("រយៈពេលឱ្យក្រុមហ៊ុនឆ្លើយ (ថ្ងៃធ្វើការ)", "Time for the company's reply (working days)"),
    "spot_checks": _t("ការត្រួតពិនិត្យដោយចាប់ឆ្នោត", "Spot checks"),
    "share_percent": _t("ចំណែក (ភាគរយ)", "Share (percent)"),
    "at_least": _t("យ៉ាងតិច", "At least"),
    "begin_working_days": _t("ចាប់ផ្តើមក្នុង (ថ្ងៃធ្វើការ)", "Begun within (working days)"),
    "answer_working_days": _t("ឆ្លើយក្នុង (ថ្ងៃធ្វើការ)", "Answered within (working days)"),
    "mend_days": _t("កែតម្រូវក្នុង (ថ្ងៃ)", "Mended within (days)"),
    "must_report_changes_days": _t("ជូនដំណឹងអំពីការផ្លាស់ប្តូរក្នុង (ថ្ងៃ)", "Changes are declared within (days)"),
    "discretion": _t("ឆន្ទានុសិទ្ធិ", "Discretion"),
    "least": _t("ចំនួនកត្តាតិចបំផុត", "Fewest factors"),
    "factors": _t("កត្តា", "Factors"),
    # evidence.yaml
    "max_file_mb": _t("ទំហំឯកសារច្រើនបំផុត (MB)", "Largest file (MB)"),
    "max_files_per_question": _t("ចំនួនឯកសារច្រើនបំផុតក្នុងសំណួរ", "Most files a question"),
    "max_age_months": _t("អាយុភស្តុតាងច្រើនបំផុត (ខែ)", "Oldest evidence (months)"),
    "small_business": _t("ក្រុមហ៊ុនតូច", "Small firms"),
    "workers_below": _t("បុគ្គលិកតិចជាង", "Fewer workers than"),
    "one_place_kinds": _t("ប្រភេទដែលមានទីតាំងតែមួយ", "Kinds with a single place"),
    # rules.yaml
    "justification_min_length": _t("ប្រវែងហេតុផលតិចបំផុត", "Shortest justification"),
    "flag_when_section_share_over": _t("រំលេចពេលចំណែកក្នុងផ្នែកលើសពី", "Told when the share of a section is over"),
    "consistency_checks": _t("ការផ្ទៀងផ្ទាត់", "Checks"),
    "severity": _t("កម្រិតធ្ងន់ធ្ងរ", "Severity"),
    "message": _t("សារ", "Message"),
    "about": _t("អំពី", "About"),
    "strikes_when": _t("កើតឡើងនៅពេល", "Strikes when"),
    "risk": _t("ហានិភ័យ", "Risk"),
    "high_from": _t("ខ្ពស់ចាប់ពី", "High from"),
    "signs": _t("សញ្ញា", "Signs"),
    "seen": _t("អ្វីដែលវិបផតថលបានឃើញ", "What the portal has seen"),
    "over": _t("លើសពី", "Over"),
    # edition.yaml, templates
    "code": _t("ក្រម", "Code"),
    "version": _t("លេខកំណែ", "Version"),
    "status": _t("ស្ថានភាព", "Status"),
    "marker": _t("សញ្ញាសម្គាល់", "Marker"),
    "notice": _t("សេចក្តីជូនដំណឹង", "Notice"),
    "definitions": _t("និយមន័យ", "Definitions"),
    "child": _t("កុមារ", "Child"),
    "csam": _t("សម្ភារៈរំលោភបំពាន", "Abuse material"),
    "templates": _t("ឯកសារគំរូ", "Documents to adapt"),
    "features_question": _t("សំណួរអំពីអ្វីដែលសេវាអាចធ្វើ", "The question about features"),
    "company_kinds": _t("ប្រភេទក្រុមហ៊ុន", "Kinds of company"),
    "needs_features_any": _t("ត្រូវការមុខងារណាមួយ", "Needs any of the features"),
    "units": _t("ឯកតា", "Units"),
    "questions": _t("សំណួរ", "Questions"),
    "parts": _t("ផ្នែក", "Part"),
    "heading": _t("ចំណងជើង", "Heading"),
    "list": _t("បញ្ជី", "List"),
    "steps": _t("ជំហាន", "Steps"),
    "fill": _t("ចន្លោះត្រូវបំពេញ", "To fill in"),
    "table": _t("តារាង", "Table"),
    "columns": _t("ជួរឈរ", "Columns"),
    "rows": _t("ជួរដេក", "Rows"),
    "prose": _t("វិធានជាពាក្យ", "A rule in words"),
}  # fmt: skip
_VALUES: Mapping[str, Text] = {
    "True": _t("បាទ/ចាស", "yes"),
    "False": _t("ទេ", "no"),
    "document": _t("ឯកសារ", "document"),
    "picture": _t("រូបភាព", "picture"),
    "link": _t("តំណភ្ជាប់", "link"),
    "practice": _t("ការអនុវត្ត", "practice"),
    "in_force": _t("ជាធរមាន", "in force"),
    "error": _t("កំហុស", "error"),
    "warning": _t("ការព្រមាន", "warning"),
    "info": _t("ព័ត៌មាន", "information"),
    "illustrative": _t("ជាគំរូ", "illustrative"),
    "draft": _t("សេចក្តីព្រាង", "draft"),
    "adopted": _t("បានអនុម័ត", "adopted"),
    "single_choice": _t("ជម្រើសតែមួយ", "one choice"),
    "yes_partial_no": _t("បាទ/ចាស មួយផ្នែក ឬទេ", "yes, partly or no"),
    "multiple_choice": _t("ជម្រើសច្រើន", "several choices"),
    "text": _t("អត្ថបទ", "text"),
    "number": _t("ចំនួន", "number"),
    "date": _t("កាលបរិច្ឆេទ", "date"),
    "file": _t("ឯកសារ", "file"),
}


def called(*steps: str) -> Text:
    """The way to a value: the edition's fields by their names in words, its own ids as they are written."""
    words = [CALLED.get(step) or plain(step.replace("_", " ")) for step in steps]
    return Text(km=BETWEEN.join(word.km for word in words), en=BETWEEN.join(word.en for word in words))


def plain(value: Any) -> Text:
    """A figure, a truth, a word or a list of them, as a person reads it."""
    if isinstance(value, tuple):
        parts = [plain(part) for part in value]
        return Text(km=", ".join(part.km for part in parts), en=", ".join(part.en for part in parts))
    said = str(value)
    if said in _VALUES:
        return _VALUES[said]
    number = isinstance(value, int | Decimal) or said.isdecimal()
    return Text(km=khmer_digits(said) if number else said, en=said)
