"""A third ruling of an answer on which two scorers differ: the moderator's own, where neither of the two is right."""

from compliance.actions.comparing import Both
from compliance.actions.judging import Judgement, check_judgement
from compliance.domain.errors import InvalidError
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.forms import RulingForm
from compliance.journeys.reviewer.ruling_form import ASK, judgement, refusal


def own_forms(both: Both) -> dict[str, RulingForm]:
    """By answer; its fields are named after it, and the page's one token guards them all."""
    return {name: RulingForm(prefix=f"own_{name}", meta={"csrf": False}) for name in both.differing}


def own_judgement(form: RulingForm, both: Both, name: str) -> Judgement | None:
    """None while it is not complete: the form then says beside which field."""
    if not form.validate():
        return None
    if form.verdict.data in {None, "", "None", ASK}:
        form.refuse(InvalidError("verdict", _("Choose a ruling.")))
        return None
    try:
        said = judgement(form, both.first, both.first.edition.question(name))
        check_judgement(both.first.snapshot, name, said)
    except InvalidError as error:
        form.refuse(InvalidError(error.field, refusal(error), **error.values))
        return None
    return said
