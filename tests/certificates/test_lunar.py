"""The lunar date: feasts fall on their days, the years change on theirs, and no day is left out or told twice."""

import datetime as dt
from itertools import pairwise

import pytest

from certificates.lunar import FIRST, LAST, lunar_date, lunar_day
from compliance.jobs.holidays import calendar

FEASTS = {
    "Meak Bochea": {("មាឃ", 15)},
    "Visaka Bochea": {("ពិសាខ", 15)},
    "Royal Ploughing": {("ពិសាខ", 19)},
    "Pchum Ben": {("ភទ្របទ", 29), ("ភទ្របទ", 30), ("អស្សុជ", 1)},
    "Water Festival": {("កត្តិក", 14), ("កត្តិក", 15), ("កត្តិក", 16)},
}
TOLD = {
    dt.date(1900, 7, 12): "ថ្ងៃព្រហស្បតិ៍ ១រោច ខែអាសាឍ ឆ្នាំជូត ទោស័ក ព.ស. ២៤៤៤",
    dt.date(1915, 7, 6): "ថ្ងៃអង្គារ ១០រោច ខែបឋមាសាឍ ឆ្នាំថោះ សប្តស័ក ព.ស. ២៤៥៩",
    dt.date(1927, 2, 1): "ថ្ងៃអង្គារ ១៥រោច ខែបុស្ស ឆ្នាំខាល អដ្ឋស័ក ព.ស. ២៤៧០",
    dt.date(2026, 5, 1): "ថ្ងៃសុក្រ ១៥កើត ខែពិសាខ ឆ្នាំមមី អដ្ឋស័ក ព.ស. ២៥៦៩",
    dt.date(2026, 5, 2): "ថ្ងៃសៅរ៍ ១រោច ខែពិសាខ ឆ្នាំមមី អដ្ឋស័ក ព.ស. ២៥៧០",
    dt.date(2026, 4, 13): "ថ្ងៃច័ន្ទ ១១រោច ខែចេត្រ ឆ្នាំម្សាញ់ សប្តស័ក ព.ស. ២៥៦៩",
    dt.date(2026, 4, 14): "ថ្ងៃអង្គារ ១២រោច ខែចេត្រ ឆ្នាំមមី សប្តស័ក ព.ស. ២៥៦៩",
    dt.date(2026, 4, 16): "ថ្ងៃព្រហស្បតិ៍ ១៤រោច ខែចេត្រ ឆ្នាំមមី អដ្ឋស័ក ព.ស. ២៥៦៩",
    dt.date(2026, 7, 1): "ថ្ងៃពុធ ២រោច ខែបឋមាសាឍ ឆ្នាំមមី អដ្ឋស័ក ព.ស. ២៥៧០",
    dt.date(2023, 7, 20): "ថ្ងៃព្រហស្បតិ៍ ៣កើត ខែទុតិយាសាឍ ឆ្នាំថោះ បញ្ចស័ក ព.ស. ២៥៦៧",
}


@pytest.mark.parametrize("year", range(2015, 2030))
def test_every_feast_falls_on_its_day(year: int) -> None:
    """As the government's holidays have them; 2020 moved some, not those that follow the moon."""
    seen = {name: {lunar_day(row["day"]) for row in calendar(year) if name in row["name_en"]} for name in FEASTS}
    assert all(seen[name] <= days for name, days in FEASTS.items()), seen
    assert ("កត្តិក", 15) in seen["Water Festival"]
    assert seen["Visaka Bochea"]
    assert len(seen["Pchum Ben"]) >= 2


@pytest.mark.parametrize("year", [year for year in range(2017, 2030) if year not in (2019, 2020)])
def test_the_animal_changes_on_the_first_day_of_new_year(year: int) -> None:
    first = min(row["day"] for row in calendar(year) if row["name_en"] == "Khmer New Year's Day")
    before, after = (lunar_date(day).split("ឆ្នាំ")[1].split()[0] for day in (first - dt.timedelta(days=1), first))
    assert before != after
    assert after == ["រកា", "ច", "កុរ", "ជូត", "ឆ្លូវ", "ខាល", "ថោះ", "រោង", "ម្សាញ់", "មមី", "មមែ", "វក", "រកា"][year - 2017]


def test_whole_lines_change_animal_sak_and_era_each_on_its_day() -> None:
    assert {day: lunar_date(day) for day in TOLD} == TOLD


def test_each_day_follows_the_one_before() -> None:
    days = [FIRST + dt.timedelta(days=past) for past in range((LAST - FIRST).days + 1)]
    told = [lunar_day(day) for day in days]
    for (month, number), (next_month, following) in pairwise(told):
        assert (next_month, following) == (month, number + 1) or (number in (29, 30) and following == 1)
        assert (month == next_month) == (following != 1)


@pytest.mark.parametrize("day", [FIRST - dt.timedelta(days=1), LAST + dt.timedelta(days=1)])
def test_beyond_what_is_known_nothing_is_told(day: dt.date) -> None:
    with pytest.raises(ValueError, match="outside"):
        lunar_date(day)
