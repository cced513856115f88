"""What search engines, telephones and finders of faults ask for by fixed addresses."""

from datetime import datetime, time, timedelta
from urllib.parse import quote

from flask import abort, current_app, render_template, url_for
from flask.wrappers import Response

from compliance import clock
from compliance.journeys.api.blueprint import answer, api
from compliance.journeys.api.described import described, ref
from compliance.journeys.api.fields import TEXT
from compliance.journeys.assets import asset
from compliance.journeys.gate import COMPANY, STAFF, settings
from compliance.journeys.language import KHMER, LANGUAGES, PREFIX
from compliance.journeys.page_cache import cached
from compliance.store.base import db
from compliance.store.register_search import shown_slugs

PLAIN = "text/plain; charset=utf-8"
TOLD = {"text/plain": TEXT}
MANIFEST = {"application/manifest+json": ref("Anything")}
PAGES = (
    "public.home",
    "public.register",
    "public.award",
    "public.code",
    "public.verify",
    "public.statistics",
    "public.where_to_report",
    "public.for_companies",
    "public.log",
    "public.spot_checks",
    "public.open_data",
    "public.follow_concern",
    "public.try_it",
    "public.contact",
    "public.privacy",
    "public.accessibility",
)
SECURITY_DAYS = timedelta(days=180)


@api.get("/robots.txt")
@described("What engines may read", TOLD, takes=None)
@cached
def robots() -> Response:
    """Everything public may be read; what asks for signing in has nothing for engines."""
    lines = ["User-agent: *", *(f"Disallow: /{lang}/{part}/" for lang in LANGUAGES for part in behind_signing_in())]
    lines += ["Disallow: /*?*on=", "", f"Sitemap: {settings().public_url}/sitemap.xml", ""]
    return answer("\n".join(lines), PLAIN)


def behind_signing_in() -> list[str]:
    """First parts of addresses that ask for signing in, and of no public page: nothing of them is for engines."""
    asks = COMPANY | STAFF.keys() | {"account"}
    parts: dict[bool, set[str]] = {True: set(), False: set()}
    for rule in current_app.url_map.iter_rules():
        if rule.rule.startswith(PREFIX):
            parts[rule.endpoint.partition(".")[0] in asks].add(rule.rule.removeprefix(PREFIX).split("/")[1])
    return sorted(parts[True] - parts[False] | {"account"})


@api.get("/sitemap.xml")
@described("Every public page, in both languages", {"application/xml": TEXT}, takes=None)
@cached
def sitemap() -> Response:
    """Every public page and every company of today's register, in both languages, each naming the other."""
    public = settings().public_url
    pages = [{lang: public + url_for(page, lang=lang) for lang in LANGUAGES} for page in PAGES]
    for slug in shown_slugs(db.session(), clock.today()):
        pages.append({lang: f"{public}/{lang}/register/{quote(slug)}" for lang in LANGUAGES})
    return answer(render_template("public/sitemap.xml", pages=pages, first=KHMER), "application/xml")


@api.get("/.well-known/security.txt")
@described("Where faults of the portal are reported", TOLD, takes=None, statuses=(404,))
@cached
def security_txt() -> Response:
    """Where faults of this portal are reported (RFC 9116), if somebody reads them there; the page of a day ages."""
    if not settings().security_contact:
        abort(404)
    until = datetime.combine(clock.today() + SECURITY_DAYS, time(), clock.PHNOM_PENH)
    lines = [
        f"Contact: {settings().security_contact}",
        f"Expires: {until.isoformat(timespec='seconds')}",
        "Preferred-Languages: km, en",
        f"Canonical: {settings().public_url}/.well-known/security.txt",
        "",
    ]
    return answer("\n".join(lines), PLAIN)


@api.get("/<any(km, en):lang>/manifest.webmanifest")
@described("What a telephone keeps the portal by", MANIFEST, takes=None)
@cached
def manifest() -> Response:
    """What a telephone needs to put the portal among its own programs."""
    return answer(render_template("public/manifest.json", icon=asset), "application/manifest+json")


@api.get("/favicon.ico")
@described("The smallest picture of the mark", {}, takes=None, statuses=(302,))
def favicon() -> Response:
    """Programs ask for it unasked: the smallest picture of the mark."""
    return Response("", 302, {"Location": asset("pictures/icon-180.png")})
