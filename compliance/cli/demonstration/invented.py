"""The rest of the cast: companies drawn from words, always the same for the same number, none of them real."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from compliance.cli.demonstration.cast import APP, CAFE, GAME, HOST, MOBILE, NET, PLAYERS, SOCIAL, Manner, Player
from compliance.domain.provinces import PROVINCES

ALL = 200
"""Companies in the whole demonstration."""
LONGEST_AGO = 1080

THINGS = (
    ("ត្រី", "Fish"), ("ដំរី", "Elephant"), ("ក្ងោក", "Peacock"), ("ខ្យង", "Snail"), ("ទន្សាយ", "Rabbit"),
    ("កុក", "Egret"), ("ដូង", "Coconut"), ("ផ្កាយ", "Star"), ("ទូក", "Boat"), ("កង់", "Bicycle"),
    ("ស្គរ", "Drum"), ("ចង្កៀង", "Lantern"), ("ក្តាម", "Crab"), ("អំបៅ", "Butterfly"), ("ល្អី", "Basket"),
    ("ឈូក", "Lotus"), ("ឆ័ត្រ", "Umbrella"), ("ស្ពាន", "Bridge"),
)  # fmt: skip
TRAITS = (
    ("ក្រហម", "Red"), ("បៃតង", "Green"), ("លឿង", "Yellow"), ("ស", "White"), ("ខ្មៅ", "Black"), ("ធំ", "Big"),
    ("តូច", "Little"), ("ថ្មី", "New"), ("ចាស់", "Old"),
)  # fmt: skip
"""Together 162 names."""

BUSINESS = {
    "isp": (("ណេត", "Net"), ("អ៊ីនធឺណិត", "Internet"), ("ហ្វាយប័រ", "Fibre")),
    "mobile_operator": (("ម៉ូបាល", "Mobile"), ("តេលេកុម", "Telecom")),
    "hosting": (("ហូស្ទ", "Host"), ("ក្លោដ", "Cloud"), ("សឺវើរ", "Servers")),
    "platform": (("ឆាត", "Chat"), ("វីដេអូ", "Video"), ("សូស្យាល", "Social")),
    "app_developer": (("អេប", "Apps"), ("សូហ្វវែរ", "Software"), ("ឌីជីថល", "Digital")),
    "content_producer": (("ហ្គេម", "Games"), ("មេឌា", "Media"), ("ស្ទូឌីយោ", "Studio")),
    "internet_cafe": (("", "Internet Café"),),
}
SCOPES = {
    "isp": NET, "mobile_operator": MOBILE, "hosting": HOST, "platform": SOCIAL, "app_developer": APP,
    "content_producer": GAME, "internet_cafe": CAFE,
}  # fmt: skip
KINDS = {"isp": 26, "mobile_operator": 7, "hosting": 18, "platform": 17, "app_developer": 34, "content_producer": 24,
         "internet_cafe": 30}  # fmt: skip
"""How often each kind is, of 156."""
WORKERS = {
    "isp": (6, 14, 28, 60, 140), "mobile_operator": (80, 160, 320, 700), "hosting": (7, 16, 35, 80),
    "platform": (5, 18, 40, 90, 260), "app_developer": (3, 6, 9, 15, 40), "content_producer": (4, 8, 20, 55),
    "internet_cafe": (1, 2, 3, 4, 6),
}  # fmt: skip
CITIES = {"phnom-penh": 60, "siem-reap": 14, "battambang": 11, "kandal": 11, "preah-sihanouk": 9, "kampong-cham": 8,
          "takeo": 6, "kampot": 6, "banteay-meanchey": 6}  # fmt: skip
"""How often a place is; every other province: once or twice."""
MANNERS: dict[Manner, int] = {"best": 9, "good": 29, "middle": 34, "essentials": 19, "poor": 9}

T = TypeVar("T")


def invented(number: int) -> Player:
    """The company with this number, from the last of the printed cast to ALL."""
    rng = Random(f"company {number}")  # noqa: S311 (a play, not a secret)
    kind = _often(rng, KINDS)
    word = (number - len(PLAYERS)) * 41 % (len(THINGS) * len(TRAITS))
    (thing_km, thing), (trait_km, trait) = THINGS[word % len(THINGS)], TRAITS[word // len(THINGS)]
    business_km, business = rng.choice(BUSINESS[kind])
    name_km = f"{thing_km}{trait_km} {business_km}" if business_km else f"ហាងអ៊ីនធឺណិត {thing_km}{trait_km}"
    workers = round(rng.choice(WORKERS[kind]) * rng.uniform(0.8, 1.3)) or 1
    days = rng.randint(20, LONGEST_AGO)
    name = f"{trait} {thing} {business}"
    kinds = ("isp", "hosting") if kind == "isp" and number % 7 == 0 else (kind,)
    place, manner = _place(rng, number), _often(rng, MANNERS)
    return Player(name_km, name, kinds, place, workers, manner, "years", days, *SCOPES[kind], variety=number)


def _place(rng: Random, number: int) -> str:
    """Every province has somebody; most are in the capital."""
    if number % 4 == 0:
        return list(PROVINCES)[number // 4 % len(PROVINCES)]
    return _often(rng, CITIES)


def _often(rng: Random, weights: dict[T, int]) -> T:
    values: Sequence[T] = list(weights)
    return rng.choices(values, list(weights.values()))[0]
