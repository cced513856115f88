"""The base of every form: WTForms' own messages in Khmer and English, and what a refusal does to a form."""

from datetime import date
from typing import Any

import wtforms
from babel.support import NullTranslations
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms.validators import DataRequired, Length

from compliance.domain.addresses import normal_address
from compliance.domain.errors import InvalidError
from compliance.journeys.language import catalogue, current_language, gettext, km_digits, show_date
from questionnaires.typed import digits, one_line, tidy

MOST_DIGITS = 9
NO_VERSION = -1
"""What nothing stored has: an act on it is refused as one on something else than what was shown."""


def refusal_text(error: InvalidError) -> str:
    """What the rules refuse, in the reader's language and digits."""
    return str(gettext(error.message, **shown_values(error)))


def shown_values(error: InvalidError) -> dict[str, object]:
    """What fills the message of a refusal; numbers in the reader's digits, days in the reader's words."""
    return {name: _shown(value) for name, value in error.values.items()}


def _shown(value: object) -> object:
    if isinstance(value, date):
        return show_date(value)
    return km_digits(value) if isinstance(value, int) else value


def whole_number(typed: object) -> int | None:
    """A number from 0 of at most 9 digits, which every column holds; None for all else a request may carry."""
    text = str(typed or "")
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


class VersionField(HiddenField):  # type: ignore[misc]
    """The version of what the page showed, sent back with the act."""

    @property
    def seen(self) -> int:
        """NO_VERSION when the field is missing or was tampered with."""
        found = whole_number(self.data)
        return NO_VERSION if found is None else found


class Counted(str):
    """A message of WTForms: what fills it is told in the reader's digits."""

    __slots__ = ()

    def __mod__(self, values: object) -> str:
        return km_digits(super().__mod__(values))


class Messages(NullTranslations):
    """WTForms' own messages in the language of the page."""

    def __init__(self, found: NullTranslations) -> None:
        super().__init__()
        self.found = found

    def gettext(self, message: str) -> Counted:
        return Counted(self.found.gettext(message))

    def ngettext(self, one: str, several: str, number: int) -> Counted:
        return Counted(self.found.ngettext(one, several, number))


class PortalForm(FlaskForm):  # type: ignore[misc]
    """What all our forms share."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Chooses the messages by the language of the page."""

        def get_translations(self, _form: Any) -> Messages:
            return Messages(catalogue(current_language(), "wtforms"))

    def refuse(self, error: InvalidError) -> None:
        """Shows a refusal of the rules beside its field, or on top when the form has no such field."""
        text = refusal_text(error)
        field: Field | None = next((field for field in self if field.short_name == error.field), None)
        if field is None or isinstance(field, HiddenField):
            self.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]
        for other in error.others:
            self.refuse(other)


class DateField(wtforms.DateField):  # type: ignore[misc]
    """A day in three boxes, in Khmer or Latin digits; three empty boxes say that there is none."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = [digits(text) for text in valuelist]
        if not any(typed):
            self.data = None
        super().process_formdata(typed if any(typed) else [])
        self.raw_data = valuelist


def squeeze(text: str | None) -> str | None:
    """A line of text without what people paste along: spaces at the ends, control characters, marks of direction."""
    return one_line(text) if text else text


def readable(text: str | None) -> str | None:
    """A text of several lines without what nobody can read: control characters come along from other programs."""
    return tidy(text) if text else text


def address(text: str | None) -> str | None:
    """An e-mail address in the one form in which it is found and kept."""
    return normal_address(text) if text else text


def lower(text: str | None) -> str | None:
    """In small letters: codes are the same however they are typed."""
    return text.lower() if text else text


def required(message: Any, longest: int = 0) -> list[Any]:
    """The usual validators of a line of text. `message` says what to enter."""
    validators: list[Any] = [DataRequired(message=message)]
    return [*validators, Length(max=longest)] if longest else validators
