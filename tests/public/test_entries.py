"""An entry's stored JSON, filled, is what the entry says: for every text, every standing and every day."""

import json
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.standing import AwardAct
from compliance.journeys.api.entries import GAP, compact, entry_data, fill_json, write_json
from compliance.store.register import RegisterEntry
from compliance.store.register_search import ReadyEntry
from questionnaires import current

TEXTS = st.text(alphabet=st.sampled_from([*'a\\u001f"/{}:,\x1f\n', "ក", "្", "\u200b"]), max_size=20)
URLS = st.sampled_from(["http://127.0.0.1:8000", "https://portal.example"])
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


def entry(name: str, scope: str, website: str, starts: date, act: AwardAct) -> RegisterEntry:
    return RegisterEntry(
        award_id=1,
        company_id=1,
        slug="a-company",
        name_km=name,
        name_latin=name,
        kinds=["isp", "kind-that-is-gone"],
        former=[{"km": name, "until": "2026-01-01"}],
        brands=[name, "Reed"],
        covered=["Reed"],
        services=[
            {"km": name, "latin": "Reed", "kind": "isp", "page": website, "telephone": "1", "menu": name, "since": ""}
        ],
        province="takeo",
        website=website,
        level="gold",
        number="COP-KH-2026-00001-00",
        edition=current().id,
        scope_km=scope,
        scope_en=scope,
        not_covered_km="",
        not_covered_en="",
        starts=starts,
        ends=starts + timedelta(days=729),
        grace_days=30,
        grace_ends=starts + timedelta(days=759),
        last_act=act,
        acted_on=starts,
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@given(TEXTS, TEXTS, TEXTS, DAYS, DAYS, st.sampled_from(AwardAct), URLS)
def test_stored_json_is_what_the_entry_says(
    name: str, scope: str, website: str, starts: date, day: date, act: AwardAct, url: str
) -> None:
    written = entry(name, scope, website, starts, act)
    ready = ReadyEntry(write_json(written), written.level, written.standing(day))
    (filled,) = fill_json([ready], day, url)
    assert filled == compact(entry_data(written, day, url))
    assert GAP not in filled
    assert json.loads(filled)["award"]["scope"]["km"] == scope.replace(GAP, " ")
