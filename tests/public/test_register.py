"""The register: searched in both scripts, filtered by what holds today, page by page."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient

from compliance.domain.standing import Standing
from compliance.journeys.public.register import LINES
from compliance.journeys.public.rows import GAP, fill_rows, fillings
from compliance.store.base import db, transaction
from compliance.store.register import RegisterEntry, rebuild
from compliance.store.register_search import ReadyEntry, Search, find, standing_on
from tests.public.world import WORLD, Made, make_one

pytestmark = pytest.mark.both_databases

TODAY = date(2026, 11, 23)


def slugs(text: str = "", **more: object) -> list[str]:
    return [entry.slug for entry in find(db.session(), Search(text=text, **more), TODAY, 0, 100)]  # type: ignore[arg-type]


@pytest.mark.parametrize("days", [-400, -1, 0, 1, 17, 30, 36, 90, 200, 480, 900])
def test_standing_in_sql_is_standing_in_the_domain(app: Flask, numbers: dict[str, str], days: int) -> None:
    day = TODAY + timedelta(days=days)
    with app.app_context():
        for entry, said in db.session.execute(sa.select(RegisterEntry, standing_on(day))):
            assert said == entry.standing(day), (entry.slug, day)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("turtle", "fast-turtle-fibre"),
        ("TURTLE fib", "fast-turtle-fibre"),
        ("urtl", "fast-turtle-fibre"),
        ("អណ្តើក", "fast-turtle-fibre"),
        ("អណ្ដើក", "fast-turtle-fibre"),
        ("លឿន", "fast-turtle-fibre"),
        ("តើ\u200bក", "fast-turtle-fibre"),
        ("cafe", "sweet-palm-cafe"),
        ("CAFÉ palm", "sweet-palm-cafe"),
        ("កំពត", "two-bamboos-network"),
    ],
)
def test_a_part_of_a_word_is_found_in_both_scripts(app: Flask, numbers: dict[str, str], text: str, found: str) -> None:
    with app.app_context():
        assert found in slugs(text)


def test_every_hit_is_a_plain_substring_hit(app: Flask, numbers: dict[str, str]) -> None:
    """The index finds exactly what reading every line would find."""
    with app.app_context():
        texts = {entry.slug: entry.folded for entry in db.session.scalars(sa.select(RegisterEntry))}
        for text in texts.values():
            for start in range(0, len(text) - 3, 5):
                word = text[start : start + 4].split()[0] if text[start : start + 4].split() else ""
                assert set(slugs(word)) == {slug for slug, whole in texts.items() if word in whole}, word


@pytest.mark.parametrize("text", ['"', "'", "%", "_", "\\", "a OR b", '" OR "', "NEAR(x y)", "*", "x" * 5000, "ក្"])
def test_hostile_searches_find_nothing_and_break_nothing(
    client: FlaskClient, numbers: dict[str, str], text: str
) -> None:
    assert client.get("/en/register", query_string={"q": text}).status_code == 200


def test_filters(app: Flask, numbers: dict[str, str]) -> None:
    with app.app_context():
        assert slugs(standing="suspended") == ["sleepy-buffalo-cloud"]
        assert slugs(standing="revoked") == ["red-lantern-apps"]
        assert slugs(standing="expired") == ["old-well-hosting"]
        assert slugs(standing="in_grace") == ["paper-kite-apps"]
        assert slugs(standing="expiring") == ["green-gecko-chat", "sweet-palm-cafe"][:1]
        assert set(slugs(levels=("gold",))) == {"fast-turtle-fibre", "blue-krama-mobile", "happy-elephant-games"}
        assert slugs(province="kampot") == ["two-bamboos-network"]
        assert slugs(kind="isp", year=2026) == ["fast-turtle-fibre", "two-bamboos-network"]
        assert len(slugs(standing="good")) == len(WORLD) - 3


def test_khmer_readers_get_khmer_order(client: FlaskClient, numbers: dict[str, str]) -> None:
    page = client.get("/km/register").text
    assert page.index("ក្របី") < page.index("ក្រមា") < page.index("ឫស្សី")
    assert client.get("/en/register").text.index("Blue Krama") < page.index("Two Bamboos")


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("krma", "blue-krama-mobile"),
        ("blukrama", "blue-krama-mobile"),
        ("ប្លូក្រមា", "blue-krama-mobile"),
        ("មូបាល", "blue-krama-mobile"),
        ("fiber", "fast-turtle-fibre"),
        ("ហ្វាយបរ", "fast-turtle-fibre"),
    ],
)
def test_what_is_spelt_otherwise_is_found_by_its_sound_and_said_so(
    app: Flask, client: FlaskClient, numbers: dict[str, str], typed: str, slug: str
) -> None:
    page = client.get("/en/register", query_string={"q": typed}).text
    assert f"/en/register/{slug}" in page
    assert "Nothing is written so" in page
    told = client.get("/api/v1/companies", query_string={"q": typed}).json
    assert told["by_sound"] is True
    assert slug in [one["slug"] for one in told["companies"]]


def test_what_is_found_as_written_is_not_looked_for_by_sound(client: FlaskClient, numbers: dict[str, str]) -> None:
    page = client.get("/en/register?q=krama").text
    assert "Nothing is written so" not in page
    nothing = client.get("/en/register?q=zzzkrmazzz").text
    assert "No company matches" in nothing
    assert "Nothing is written so" not in nothing
    filtered = client.get("/en/register?q=krma&kind=isp").text
    assert "No company matches" in filtered


def test_levels_are_words_of_the_search(app: Flask, numbers: dict[str, str]) -> None:
    with app.app_context():
        assert set(slugs("មាស")) == set(slugs("gold")) == set(slugs(levels=("gold",)))


def test_sorted_by_level_or_by_the_newest_award(app: Flask, client: FlaskClient, numbers: dict[str, str]) -> None:
    with app.app_context():
        entries = {entry.slug: entry for entry in db.session.scalars(sa.select(RegisterEntry))}
        ranks = ["committed", "bronze", "silver", "gold"]
        levels = [ranks.index(entries[slug].level) for slug in slugs(sort="level")]
        begun = [entries[slug].starts for slug in slugs(sort="newest")]
    assert levels == sorted(levels, reverse=True)
    assert len(set(levels)) > 1
    assert begun == sorted(begun, reverse=True)
    by_name = [client.get(f"/api/v1/companies{asked}").json["companies"] for asked in ("", "?sort=name")]
    assert by_name[0] == by_name[1]
    page = client.get("/en/register?sort=newest").text
    assert "Newest award first ·" in page
    assert "sort=newest" in client.get("/api/v1/companies?sort=newest&limit=2").json["next"]


def test_pages(app: Flask, client: FlaskClient, numbers: dict[str, str]) -> None:
    with app.app_context(), transaction() as session:
        for n in range(LINES):
            made = Made(f"many-{n}", f"ក្រុមហ៊ុន {n}", f"Many {n:03d}", "isp", "kep", "bronze", date(2026, 1, 1))
            make_one(session, made, 1000 + n)
    first, second = client.get("/en/register").text, client.get("/en/register?page=2").text
    assert first.count("cp-row") - first.count("cp-rows") == LINES
    assert second.count('class="cp-row') - second.count("cp-rows") == len(WORLD)
    assert 'aria-current="page"' in second
    for odd in ("0", "-1", "9999999", "x", "٣", "1e3", "²"):
        assert client.get("/en/register", query_string={"page": odd}).status_code == 200


@pytest.mark.parametrize("lang", ["km", "en"])
def test_a_kept_line_reads_as_written_afresh(app: Flask, numbers: dict[str, str], lang: str) -> None:
    with app.app_context():
        entry = db.session.scalars(sa.select(RegisterEntry)).first()
        assert entry is not None
        row = entry.row_km if lang == "km" else entry.row_en
    assert row.count(GAP) == 6
    with app.test_request_context(f"/{lang}/register"):
        g.lang = lang
        for standing in Standing:
            line = str(fill_rows([ReadyEntry(row, "gold", standing)], fillings()))
            assert (" is-off" in line) == (standing in {"suspended", "revoked", "expired", "superseded", "waiting"})
            assert GAP not in line
            assert line.count("<li") == line.count("</li>") == 1


def test_rebuilding_changes_nothing(app: Flask, client: FlaskClient, numbers: dict[str, str]) -> None:
    before = client.get("/km/register").data
    with app.app_context(), transaction() as session:
        assert rebuild(session) == len(WORLD)
    assert client.get("/km/register").data == before
