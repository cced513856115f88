"""The form with which a company says who it is."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

import wtforms
from wtforms import Field, SelectField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.validators import Length, NumberRange

from compliance.actions.company_details import MOST_WORKERS, CompanyDetails
from compliance.domain.provinces import province_name, provinces_by_name
from compliance.journeys.change_view import Line
from compliance.journeys.forms import PortalForm, VersionField, required, squeeze
from compliance.journeys.language import current_language
from compliance.journeys.language import lazy_gettext as _l
from compliance.store.companies import Company
from questionnaires import Edition
from questionnaires.typed import digits

WORKERS = _l("Enter the number of people who work for the company, at least 1.")
PLACES = _l("Enter the number of places, at least 1.")


def plain_digits(text: str | None) -> str | None:
    """Khmer digits are digits."""
    return digits(text).replace(",", "") if text else text


class IntegerField(wtforms.IntegerField):  # type: ignore[misc]
    """A whole number in Khmer or Latin digits; what was typed stays when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([plain_digits(valuelist[0]) or ""] if valuelist else valuelist)
        number: object = getattr(self, "data", None)
        if isinstance(number, int):  # NumberRange compares floats, and none is as large as what people can type
            self.data = max(-1, min(number, MOST_WORKERS + 1))


def _stored(company: Company | None) -> dict[str, Any]:
    return {column.key: getattr(company, column.key) for column in Company.__table__.columns} if company else {}


class CompanyForm(PortalForm):
    """Names in both scripts, numbers, kinds, size, province, website, brands."""

    version = VersionField()
    name_km = StringField(
        _l("Name in Khmer"), required(_l("Write the company's name in Khmer letters."), 200), [squeeze]
    )
    name_latin = StringField(
        _l("Name in Latin letters"),
        required(_l("Write the company's name in Latin letters."), 200),
        [squeeze],
        description=_l("As on the business registration, without translating."),
    )
    registration_number = StringField(
        _l("Registration number"),
        required(_l("Enter the company's registration number."), 40),
        [squeeze],
        description=_l("As on the certificate from the Ministry of Commerce, for example 00012345 or Co. 1234 E/2010."),
        render_kw={"width": 20},
    )
    licence_number = StringField(
        _l("MPTC or TRC licence number (if you have one)"),
        [Length(max=80)],
        [squeeze],
        description=_l("As on the licence."),
        render_kw={"width": 20},
    )
    kinds = SelectMultipleField(
        _l("What does the company do?"),
        description=_l("Choose everything that fits. It decides which questions you are asked."),
    )
    workers = IntegerField(
        _l("How many people work for the company?"),
        [*required(WORKERS), NumberRange(1, MOST_WORKERS, WORKERS)],
        render_kw={"width": 10},
    )
    places = IntegerField(
        _l("At how many places does it serve customers?"),
        [*required(PLACES), NumberRange(1, MOST_WORKERS, PLACES)],
        default=1,
        description=_l("Shops, cafés or offices open to customers. Write 1 when there is only one."),
        render_kw={"width": 10},
    )
    province = SelectField(_l("Province of the head office"), validate_choice=False)
    website = StringField(
        _l("Website (if you have one)"),
        [Length(max=300)],
        [squeeze],
        description=_l("For example www.company.com.kh"),
        render_kw={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"},
    )
    brands = TextAreaField(
        _l("Brands, each on a line of its own (if you have some)"),
        description=_l("The names that the public knows you by. Services have a page of their own."),
        render_kw={"rows": 4},
    )
    submit = SubmitField(_l("Save"))

    @property
    def kind_ids(self) -> tuple[str, ...]:
        return tuple(value for value, _label in self.kinds.choices)

    @classmethod
    def for_edition(
        cls,
        edition: Edition,
        company: Company | None = None,
        wished: Mapping[str, Any] = MappingProxyType({}),
        **process: Any,
    ) -> Self:
        """The form with the edition's kinds; filled with what is stored, when the company is, and asked for by it."""
        lang = current_language()
        form: Self = cls(data={**_stored(company), **wished}, **process)
        if isinstance(form.brands.data, list):
            form.brands.data = "\n".join(form.brands.data)
        form.kinds.choices = [(kind.id, kind.label[lang]) for kind in edition.kinds]
        form.kinds.validate_choice = False
        names = [(province, province_name(province, lang)) for province in provinces_by_name(lang)]
        form.province.choices = [("", ""), *names]
        return form

    def differing(self, now: Self) -> list[Line]:
        """What another form of the company says beside what is typed here."""
        fields = [(field, now[field.short_name]) for field in self if field.short_name in FIELDS]
        differ = [(one, other) for one, other in fields if one.data != other.data]
        return [Line(str(one.label.text), _words(other), _words(one)) for one, other in differ]

    def validate(self, **kwargs: Any) -> bool:
        """All that is wrong is told at once: what the rules refuse too, where a field is not refused already."""
        good = bool(super().validate(**kwargs))
        for problem in () if good else self.details().problems(self.kind_ids):
            if not self[problem.field].errors:
                self.refuse(problem)
        return good

    def details(self) -> CompanyDetails:
        """What was typed; `CompanyDetails.checked` judges it."""
        return CompanyDetails(
            name_km=self.name_km.data or "",
            name_latin=self.name_latin.data or "",
            registration_number=self.registration_number.data or "",
            licence_number=self.licence_number.data or "",
            kinds=tuple(self.kinds.data or ()),
            workers=self.workers.data or 0,
            places=self.places.data or 0,
            province=self.province.data or "",
            website=self.website.data or "",
            brands=tuple((self.brands.data or "").splitlines()),
        )


FIELDS = frozenset(CompanyDetails.__dataclass_fields__)


def _words(field: Field) -> str:
    """A field's value as it is read."""
    names = dict(getattr(field, "choices", None) or [])
    values = field.data if isinstance(field.data, list) else [field.data]
    return ", ".join(str(names.get(value, value)) for value in values if value not in {None, ""}) or "–"
