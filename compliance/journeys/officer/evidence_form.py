"""The fields with which evidence is given: files with their days, a page with its address, a piece given before."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field, HiddenField, MultipleFileField, SelectField, StringField
from wtforms.validators import Optional

from compliance.actions.evidence_pages import SeenPage
from compliance.actions.uploading import Dates
from compliance.journeys.forms import DateField, PortalForm, squeeze, whole_number
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.language import show_date
from compliance.journeys.officer.desk import Desk
from compliance.store.evidence_files import EvidenceFile
from questionnaires import Question
from questionnaires.wording import Evidence

DAY = "%d %m %Y"
ENDINGS = {"document": (".pdf", ".docx", ".xlsx"), "picture": (".jpg", ".jpeg", ".png", ".heic", ".heif"), "link": ()}
EVIDENCE = ("file", "known_file", "dated", "valid_until", "undated", "link_title", "link_address", "link_seen")


class EvidenceFields(PortalForm):
    """What the form of a question and the page of a piece share."""

    file = MultipleFileField(_l("Add files"))
    known_file = SelectField(_l("Or use a file you gave before"), validate_choice=False, choices=[])
    dated = DateField(
        _l("Date of the document"),
        [Optional()],
        format=DAY,
        description=_l("The day that it bears; of a photo, the day on which it was taken."),
    )
    valid_until = DateField(
        _l("Valid until"), [Optional()], format=DAY, description=_l("Leave it empty when the document has no end.")
    )
    undated = HiddenField()
    link_title = StringField(_l("What the page shows"), filters=[squeeze])
    link_address = StringField(
        _l("Address of the page"),
        filters=[squeeze],
        description=_l("Anybody can open it without signing in; the reviewer will. Never a link to abuse material."),
        render_kw={"inputmode": "url", "spellcheck": "false", "autocomplete": "off"},
    )
    link_seen = DateField(_l("When did you see it like this?"), [Optional()], format=DAY)

    @property
    def dates(self) -> Dates:
        """As typed; `Dates.checked` judges them."""
        return Dates(self.dated.data, self.valid_until.data)

    @property
    def dates_typed_wrong(self) -> bool:
        return bool(self.dated.errors or self.valid_until.errors)

    @property
    def page(self) -> SeenPage | None:
        """None when no link was typed; the day alone is no link."""
        title, address = self.link_title.data or "", self.link_address.data or ""
        return SeenPage(title, address, self.link_seen.data) if title or address else None

    def chosen_file(self) -> int | None:
        """The piece chosen among those given before."""
        return whole_number(self.known_file.data)

    def waiting(self) -> list[int]:
        """Pieces taken a moment ago without their days, for these could not be read."""
        numbers = (whole_number(text) for text in (self.undated.data or "").split(",")[:50])
        return [number for number in numbers if number is not None]

    def without_evidence(self) -> None:
        """For a save of the answer alone: a day that is half typed holds nothing up."""
        for name in EVIDENCE:
            del self[name]


def forget(*fields: Field) -> None:
    """What was taken is not sent again with the page."""
    for field in fields:
        field.raw_data, field.data = None, None


def accepted_endings(evidence: Evidence) -> str:
    """For the browser's own dialogue."""
    return ",".join(ending for kind in evidence.accepts for ending in ENDINGS[kind])


def offer_files(form: Any, desk: Desk, question: Question, before: Sequence[EvidenceFile] = ()) -> None:
    """Lets pieces be chosen that were given to other answers, or to this one in the assessment `before`."""
    here = {file.id for file in desk.files.get(question.id, [])}
    others = {
        file.id: f"{file.name} ({show_date(file.day)})"
        for files in (*desk.files.values(), before)
        for file in files
        if file.id not in here and file.quarantined_at is None and file.kind in question.evidence.accepts
    }
    form.known_file.choices = [("", ""), *((str(number), name) for number, name in sorted(others.items()))]
