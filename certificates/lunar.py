"""The Khmer lunar date of a day, by the traditional reckoning of leap months and leap days, as calendars print it.

Twelve months of 29 and 30 days make 354 days. Some years have a second Asath (384 days), others one day more in Chesth
(355); never both. Which, two remainders of the Buddhist year tell: `_age` is the moon's age when the year begins,
`_lag` how far it runs behind.
"""

import datetime as dt
from functools import cache
from itertools import accumulate

from certificates.khmer import khmer_digits

FIRST, LAST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
_DAYS = ["ច័ន្ទ", "អង្គារ", "ពុធ", "ព្រហស្បតិ៍", "សុក្រ", "សៅរ៍", "អាទិត្យ"]
_BEFORE_ASATH = ["មិគសិរ", "បុស្ស", "មាឃ", "ផល្គុន", "ចេត្រ", "ពិសាខ", "ជេស្ឋ"]
_ASATH, _TWO_ASATH = ["អាសាឍ"], ["បឋមាសាឍ", "ទុតិយាសាឍ"]
_AFTER_ASATH = ["ស្រាពណ៍", "ភទ្របទ", "អស្សុជ", "កត្តិក"]
_VISAKH = _BEFORE_ASATH.index("ពិសាខ")
_ANIMALS = ["ជូត", "ឆ្លូវ", "ខាល", "ថោះ", "រោង", "ម្សាញ់", "មមី", "មមែ", "វក", "រកា", "ច", "កុរ"]
_SAKS = ["សំរឹទ្ធិ", "ឯក", "ទោ", "ត្រី", "ចត្វា", "បញ្ច", "ឆ", "សប្ត", "អដ្ឋ", "នព្វ"]
_FIRST_MIKASIR = dt.date(1899, 12, 3)
"""Began the lunar year that ends in 1900."""
_SAK_EPOCH = dt.date.fromordinal(1954167 - 1721425)
"""Day 0 of the minor era, whose year N + 638 of ours holds its New Year N."""
_FROM_SONGKRAN = dt.timedelta(days=2, hours=3, minutes=57, seconds=36)
"""From the sun's true entry, when the animal of the year changes, to its mean one, the day of Lerng Sak."""


def lunar_date(day: dt.date) -> str:
    """Day of the week, of the month, month, animal, sak and Buddhist Era. ValueError outside 1900 to 2100."""
    month, number = lunar_day(day)
    phase = f"{number}កើត" if number <= 15 else f"{number - 15}រោច"
    animal, sak = _ANIMALS[(_animal_year(day) - 4) % 12], _SAKS[(_sak_year(day) - 638) % 10]
    line = f"ថ្ងៃ{_DAYS[day.weekday()]} {phase} ខែ{month} ឆ្នាំ{animal} {sak}ស័ក ព.ស. {_buddhist_year(day)}"
    return khmer_digits(line)


def lunar_day(day: dt.date) -> tuple[str, int]:
    """The month, and its day from 1 to 30: 15 is the full moon. ValueError outside 1900 to 2100."""
    if not FIRST <= day <= LAST:
        raise ValueError(f"{day} is outside the years for which the reckoning is known")
    year = next(year for year in (day.year + 1, day.year) if _begins(year) <= day)
    left = (day - _begins(year)).days
    for month, length in _months(year):
        if left < length:
            return month, left + 1
        left -= length
    raise AssertionError("a year holds each of its days")


def _buddhist_year(day: dt.date) -> int:
    """It grows on the day after the full moon of Visakh."""
    return day.year + (544 if day > _full_moon_of_visakh(day.year) else 543)


def _full_moon_of_visakh(year: int) -> dt.date:
    before = sum(length for _month, length in _months(year)[:_VISAKH])
    return _begins(year) + dt.timedelta(before + 14)


def _animal_year(day: dt.date) -> int:
    """The year of ours whose New Year, at the sun's entry, was last."""
    return day.year if day >= (_lerng_sak(day.year) - _FROM_SONGKRAN).date() else day.year - 1


def _sak_year(day: dt.date) -> int:
    return day.year if day >= _lerng_sak(day.year).date() else day.year - 1


def _lerng_sak(year: int) -> dt.datetime:
    """When the sun's mean entry is, in Cambodia."""
    eighths = (year - 638) * 292207 + 373
    return dt.datetime.combine(_SAK_EPOCH, dt.time()) + dt.timedelta(
        days=eighths // 800 + 1, seconds=eighths % 800 * 108
    )


def _begins(year: int) -> dt.date:
    """The first of Mikasir of the lunar year that ends in this one of ours."""
    return _beginnings()[year - FIRST.year]


@cache
def _beginnings() -> tuple[dt.date, ...]:
    lengths = (sum(length for _month, length in _months(year)) for year in range(FIRST.year, LAST.year + 1))
    return tuple(_FIRST_MIKASIR + dt.timedelta(days) for days in accumulate(lengths, initial=0))


@cache
def _months(year: int) -> tuple[tuple[str, int], ...]:
    """The months of the lunar year that ends in this one of ours, with their days."""
    asath = _TWO_ASATH if _leap_month(year) else _ASATH
    lengths = [29, 30, 29, 30, 29, 30, 30 if _leap_day(year) else 29, *[30 for _ in asath], 29, 30, 29, 30]
    return tuple(zip([*_BEFORE_ASATH, *asath, *_AFTER_ASATH], lengths, strict=True))


def _leap_month(year: int) -> bool:
    age, after = _age(year), _age(year + 1)
    if (age, after) == (25, 5):
        return False
    return age > 24 or age < 6 or (age, after) == (24, 6)


def _leap_day(year: int) -> bool:
    """A day that falls into a year with a leap month waits for the next."""
    if _leap_month(year):
        return False
    return _wants_day(year) or (_leap_month(year - 1) and _wants_day(year - 1))


def _wants_day(year: int) -> bool:
    long_solar_year = 800 - _solar(year) % 800 <= 207
    lag, after = _lag(year), _lag(year + 1)
    if long_solar_year:
        return lag < 127
    return lag <= 137 and not (lag == 137 and after == 0)


def _age(year: int) -> int:
    days = _days(year)
    return ((days * 11 + 25) // 692 + days + 29) % 30


def _lag(year: int) -> int:
    return (_days(year) * 11 + 25) % 692


def _days(year: int) -> int:
    return _solar(year) // 800 + 4


def _solar(year: int) -> int:
    """Eight hundredths of a day that the sun took until this year of ours, whose Buddhist year is 544 more."""
    return (year + 544) * 292207 + 499
