"""What fictional companies offer, where each service takes reports of harm, and that it works."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.service_details import Hotlines, ServiceDetails
from compliance.actions.services import save_service
from compliance.actions.trying_channels import Said, Tried, confirm, ways_to_try
from compliance.cli.demonstration.acts import day
from compliance.cli.demonstration.cast import Player
from compliance.domain.harms import Harm
from compliance.domain.roles import Actor
from compliance.store.base import transaction
from compliance.store.companies import Company

OFFERED = {
    "isp": ("អ៊ីនធឺណិតតាមផ្ទះ", "Home Internet", "", "023 900 1"),
    "mobile_operator": ("កម្មវិធីអតិថិជន", "Customer App", "App › Help › Report", "023 900 2"),
    "hosting": ("សេវាបង្ហោះគេហទំព័រ", "Web Hosting", "", ""),
    "platform": ("សារ និងវីដេអូ", "Messages and Video", "Profile › Help › Report", ""),
    "app_developer": ("កម្មវិធី", "App", "Settings › Report a problem", ""),
    "content_producer": ("ហ្គេម", "Games", "Menu › Report", ""),
}
"""By kind: the name in both scripts, the way through the menu, the beginning of a number that nobody has."""

TAKEN: Sequence[Mapping[str, Sequence[Harm]]] = (
    {"page": (Harm.MATERIAL, Harm.GROOMING, Harm.EXTORTION)},
    {},
    {"telephone": (Harm.LIVESTREAM, Harm.EXTORTION), "menu": (Harm.GROOMING, Harm.BULLYING, Harm.OTHER)},
    {"page": (Harm.BULLYING, Harm.OTHER), "telephone": (Harm.MATERIAL, Harm.LIVESTREAM)},
    {},
)
"""The kinds of harm that a way takes where not all, for one company after the other."""


def offer(session: Session, owner: Actor, company: Company, player: Player, number: int) -> None:
    """One service for each kind; of every fourth company the services do not say where they take reports yet."""
    first = player.name_latin.split()[0]
    for place, kind in enumerate(kind for kind in player.kinds if kind in OFFERED):
        name_km, name_latin, menu, telephone = OFFERED[kind]
        said = number % 4 > 0
        page = f"{company.website}report" if said else ""
        details = ServiceDetails(
            name_km=f"{name_km} {player.name_km.split()[0]}"[:80],
            name_latin=f"{first} {name_latin}"[:80],
            kind=kind,
            page=page,
            menu=menu if said else "",
            harms=TAKEN[number % len(TAKEN)],
            telephone=f"{telephone}{number % 100:02}{place}" if said and telephone else "",
        )
        save_service(session, owner, company.id, None, details, Hotlines(), company.version)


def all_work(session: Session, company_id: int) -> tuple[Tried, ...]:
    """Each way to report of the company, tried and found working."""
    ways = ways_to_try(session, session.get_one(Company, company_id))
    return tuple(Tried(way.service, way.way, way.value, Said.WORKS) for way in ways)


def confirm_ways(owner: Actor, company_id: int, ago: int) -> None:
    """The owner says between check-ins that they work."""
    with clock.held(day(ago)), transaction() as session:
        confirm(session, owner, company_id, all_work(session, company_id), Hotlines())
