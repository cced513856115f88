"""What has to be written is not filled with what nobody sees."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from werkzeug.datastructures import MultiDict
from wtforms import Form, PasswordField, StringField
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired

import compliance.journeys
from compliance.journeys.forms import PortalForm

UNSEEN = " \u200b\u2060\u17b4\u202e\ufe0f\u00ad \n"


def forms(base: type[Form]) -> Iterator[type[Form]]:
    for form in base.__subclasses__():
        yield form
        yield from forms(form)


def required_texts() -> dict[str, UnboundField]:
    """Every field of our pages that asks for words and takes no empty answer, by module, form and name."""
    for module in pkgutil.walk_packages(compliance.journeys.__path__, "compliance.journeys."):
        import_module(module.name)
    found = {}
    for form in set(forms(PortalForm)):
        for name, field in vars(form).items():
            if not isinstance(field, UnboundField) or not issubclass(field.field_class, StringField):
                continue
            asked = (*field.args[1:2], field.kwargs.get("validators", ()))
            demands = any(isinstance(one, DataRequired) for some in asked for one in some or ())
            own = name in {"email", "sha256"} or form.__module__.endswith(
                "security_forms"
            )  # have validators of their own
            if demands and not own and not issubclass(field.field_class, PasswordField):
                found[f"{form.__module__}.{form.__name__}.{name}"] = field
    return found


def test_a_required_text_that_shows_nothing_is_none() -> None:
    fields, filled = required_texts(), {}
    for where, unbound in fields.items():
        field = unbound.bind(form=Form(), name="asked", prefix="")
        field.process(MultiDict({"asked": UNSEEN}))
        filled[where] = field.data
    assert len(fields) > 30
    assert [where for where, data in filled.items() if (data or "").strip()] == []
