"""The form with which a company says what a service is, and where it takes reports of harm."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, SubmitField

from compliance.actions.service_details import TAKES, Hotlines, ServiceDetails
from compliance.domain.reporting import WAYS, local
from compliance.journeys.forms import PortalForm, VersionField, squeeze
from compliance.journeys.harm_words import harm_names
from compliance.journeys.language import current_language
from compliance.journeys.language import lazy_gettext as _l
from compliance.settings import Hotline
from questionnaires import Edition

PATH = {"spellcheck": "false"}


def _harms_field() -> SelectMultipleField:
    return SelectMultipleField(
        _l("Which harm does it take?"),
        validate_choice=False,
        description=_l("Tick nothing if it takes every harm to a child."),
    )


class ServiceForm(PortalForm):
    """Names, kind, who may read of it, and up to three ways to report."""

    version = VersionField()
    name_km = StringField(_l("Name of the service in Khmer"), [], [squeeze])
    name_latin = StringField(
        _l("Name of the service in Latin letters"),
        [],
        [squeeze],
        description=_l("One of the two names is enough."),
    )
    kind = RadioField(_l("What kind of service is it?"), validate_choice=False)
    public = BooleanField(
        _l("The public may read of this service here"),
        default=True,
        description=_l("Take the tick off for a service that only other companies buy."),
    )
    page = StringField(
        _l("A page"),
        [],
        [squeeze],
        description=_l("The page on which people report, not the home page. For example www.company.com.kh/report"),
        render_kw={"inputmode": "url", **PATH},
    )
    page_harms = _harms_field()
    telephone = StringField(
        _l("A telephone number"),
        [],
        [squeeze],
        description=_l("A number of your own that somebody answers. For example 023 123 456"),
        render_kw={"inputmode": "tel", "autocomplete": "off", "width": 20},
    )
    telephone_harms = _harms_field()
    menu = StringField(
        _l("A way through the menu of the app"),
        [],
        [squeeze],
        description=_l("Word for word as the app shows it. For example Profile › Help › Report"),
    )
    menu_harms = _harms_field()
    submit = SubmitField(_l("Save"))

    @classmethod
    def for_company(
        cls,
        edition: Edition,
        kinds: Iterable[str],
        service: Mapping[str, Any] | None = None,
        channel: Mapping[str, Any] | None = None,
        **process: Any,
    ) -> Self:
        """The form with the kinds of the company; filled with what it says of a service, when it says something."""
        named = {"name_km": "km", "name_latin": "latin", "kind": "kind", "public": "public"}
        said = {field: service[name] for field, name in named.items()} if service else {}
        harms = (channel or {}).get("harms", {})
        form: Self = cls(
            data={**said, **(channel or {}), **{TAKES[way]: harms.get(way, []) for way in WAYS}}, **process
        )
        for name in TAKES.values():
            form[name].choices = [(harm.value, words) for harm, words in harm_names().items()]
        known, lang = set(kinds), current_language()
        form.kind.choices = [(one.id, one.label[lang]) for one in edition.kinds if one.id in known]
        if len(form.kind.choices) == 1 and not form.kind.data:
            form.kind.data = form.kind.choices[0][0]
        return form

    def details(self) -> ServiceDetails:
        """What was typed; `ServiceDetails.checked` judges it."""
        return ServiceDetails(
            name_km=self.name_km.data or "",
            name_latin=self.name_latin.data or "",
            kind=self.kind.data or "",
            public=bool(self.public.data),
            page=self.page.data or "",
            telephone=self.telephone.data or "",
            menu=self.menu.data or "",
            harms={way: self[name].data or [] for way, name in TAKES.items()},
        )


def national(lines: Iterable[Hotline]) -> Hotlines:
    """The national services as the rules compare them."""
    hosts = (line.url.partition("://")[2].partition("/")[0].lower() for line in lines if line.url)
    return Hotlines(frozenset(local(line.tel) for line in lines if line.tel), frozenset(hosts))
