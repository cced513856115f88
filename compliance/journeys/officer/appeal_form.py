"""The form of an appeal: a ground for each ruling against the company, one for the whole, files, a signature."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from compliance.actions.appealing import LONGEST, Grounds
from compliance.actions.submitting import LONGEST_NAME, Attestation
from compliance.journeys.forms import PortalForm, VersionField, readable, squeeze
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.store.appeals import Appeal
from questionnaires import Edition, Lang

WHOLE = ""
"""The choice of a file that supports the appeal as a whole."""


class AppealForm(PortalForm):
    """What every appeal has; `grounded` adds a text for each ruling that can be contested."""

    version = VersionField()
    general = TextAreaField(
        _l("Why is the decision wrong, as a whole?"),
        [Length(max=LONGEST)],
        [readable],
        description=_l(
            "What the panel should know that no single answer says. It may stay empty when you contest answers below."
        ),
        render_kw={"limit": LONGEST},
    )
    about = SelectField(_l("What does the file support?"), validate_choice=False)
    file = FileField(_l("Add a file"))
    name = StringField(_l("Full name"), [Length(max=LONGEST_NAME)], [squeeze], render_kw={"autocomplete": "name"})
    position = StringField(
        _l("Position in the company"),
        [Length(max=LONGEST_NAME)],
        [squeeze],
        render_kw={"autocomplete": "organization-title"},
    )
    agreed = BooleanField(_l("I lodge this appeal in the name of the company. What it says is true."))
    save = SubmitField(_l("Save the draft"))
    attach = SubmitField(_l("Add the file"))
    lodge = SubmitField(_l("Lodge the appeal"))

    @property
    def grounds(self) -> Grounds:
        """What was typed; `Grounds.checked` judges it."""
        return Grounds(
            {name: field.data or "" for name, field in self.ground_fields().items()}, self.general.data or ""
        )

    @property
    def signed(self) -> Attestation:
        return Attestation(self.name.data or "", self.position.data or "")

    def ground_fields(self) -> Mapping[str, Any]:
        """By question."""
        return {field.short_name.removeprefix(GROUND): field for field in self if field.short_name.startswith(GROUND)}


GROUND = "ground_"


def grounded(edition: Edition, questions: tuple[str, ...], appeal: Appeal | None, lang: Lang) -> AppealForm:
    """The form with what is written so far."""
    fields = {f"{GROUND}{name}": _ground() for name in questions}
    shape: type[AppealForm] = type("GroundedForm", (AppealForm,), fields)
    said = appeal.grounds if appeal else {}
    data: dict[str, object] = {f"{GROUND}{name}": said.get(name, "") for name in questions}
    data["version"] = appeal.draft_version if appeal else 0
    if appeal is not None:
        data |= {"general": appeal.general, "name": appeal.signed_name, "position": appeal.signed_position}
    form = shape(data=data)
    if not questions:
        form.general.description = _("What the panel should know.")
    titles = [SelectChoice(name, edition.question(name).title[lang]) for name in questions]
    form.about.choices = [SelectChoice(WHOLE, _("The appeal as a whole")), *titles]
    return form


def _ground() -> TextAreaField:
    return TextAreaField(
        _l("Why is this ruling wrong?"),
        [Length(max=LONGEST)],
        [readable],
        description=_l("Leave it empty if you do not contest this one."),
        render_kw={"limit": LONGEST},
    )
