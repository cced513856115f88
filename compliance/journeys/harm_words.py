"""Kinds of harm in the words of whoever meets one, and ways to report them."""

from collections.abc import Mapping
from typing import Any

from compliance.domain.harms import Harm, Harms, taken
from compliance.domain.reporting import WAYS
from compliance.journeys.language import gettext as _


def harm_names() -> dict[Harm, str]:
    """In the order of the list."""
    return {
        Harm.MATERIAL: _("Pictures or videos of child sexual abuse"),
        Harm.GROOMING: _("Somebody lures a child: asks for pictures or to meet"),
        Harm.EXTORTION: _("Threats with pictures of a child (sexual extortion)"),
        Harm.LIVESTREAM: _("Child sexual abuse shown live or for money"),
        Harm.BULLYING: _("Bullying of a child"),
        Harm.OTHER: _("Something else that harms a child"),
    }


def first_steps() -> dict[Harm, str]:
    """What helps at once, said to a child or whoever stands by it; nothing where it depends."""
    return {
        Harm.MATERIAL: _("Note the address and the time. Do not copy, save or send it on."),
        Harm.GROOMING: _("Stop answering and tell an adult whom you trust. It is not your fault."),
        Harm.EXTORTION: _("Do not pay and send nothing more. Tell an adult whom you trust. It is not your fault."),
        Harm.LIVESTREAM: _("Is it happening now? Call the police first. Do not record it."),
        Harm.BULLYING: _("Do not answer. Block the sender and tell an adult whom you trust. It is not your fault."),
    }


def only_for(harms: Harms, way: str) -> str:
    """The kinds that a way takes when it does not take all; empty when it does."""
    names = harm_names()
    return "; ".join(names[harm] for harm in taken(harms, way)) if way in harms else ""


def way_names() -> dict[str, str]:
    """What each way to report is called."""
    return {
        "page": _("A page"),
        "telephone": _("A telephone number"),
        "menu": _("A way through the menu of the app"),
    }


def way_told(said: Mapping[str, Any], way: str) -> str:
    """One way of a channel, with the kinds of harm when it takes only some; empty when there is none."""
    only = only_for(said.get("harms", {}), way)
    return _("%(way)s, only for: %(harms)s", way=said[way], harms=only) if said[way] and only else str(said[way])


def ways_told(said: Mapping[str, Any]) -> list[str]:
    """Every way that a channel has."""
    return [way_told(said, way) for way in WAYS if said[way]]
