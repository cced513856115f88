"""The cast: fictional companies of every kind and level, in every state, and the people who act for them."""

from dataclasses import dataclass
from typing import Literal

from compliance.domain.roles import CompanyRole, Role

Manner = Literal["best", "good", "middle", "essentials", "poor"]
Fate = Literal[
    "new", "draft", "nearly", "submitted", "in_review", "ruled", "clarifying", "recommended", "awarded", "refused",
    "withdrawn", "suspended", "reinstated", "revoked", "renewing", "appealed", "years",
]  # fmt: skip

PASSWORD = "kantum ruy srah chhouk 2026"  # noqa: S105 (printed on purpose: everything here is invented)


@dataclass(frozen=True)
class Player:
    """A fictional company. `days` is how long ago its story began; `manner` is how it answers: alike for all, or
    with answers and figures of its own, always the same for the same `variety` other than 0."""

    name_km: str
    name_latin: str
    kinds: tuple[str, ...]
    province: str
    workers: int
    manner: Manner
    fate: Fate
    days: int
    scope_km: str
    scope_en: str
    not_covered: tuple[str, str] = ("", "")
    variety: int = 0


@dataclass(frozen=True)
class Staff:
    """A fictional person of the ministry."""

    email: str
    name: str
    role: Role


STAFF = (
    Staff("reviewer@demonstration.example", "Chan Reviewer", Role.REVIEWER),
    Staff("reviewer2@demonstration.example", "Bopha Reviewer", Role.REVIEWER),
    Staff("approver@demonstration.example", "Dara Approver", Role.APPROVER),
    Staff("approver2@demonstration.example", "Mealea Approver", Role.APPROVER),
    Staff("panel_member@demonstration.example", "Vuthy Panel", Role.PANEL_MEMBER),
    Staff("panel_member2@demonstration.example", "Sreymom Panel", Role.PANEL_MEMBER),
    Staff("panel_member3@demonstration.example", "Piseth Panel", Role.PANEL_MEMBER),
    Staff("administrator@demonstration.example", "Rith Administrator", Role.ADMINISTRATOR),
    Staff("administrator2@demonstration.example", "Kanha Administrator", Role.ADMINISTRATOR),
    Staff("observer@demonstration.example", "Srey Observer", Role.OBSERVER),
)
COLLEAGUES = (
    ("editor@demonstration.example", "Vanna Editor", CompanyRole.EDITOR),
    ("signatory@demonstration.example", "Sokha Signatory", CompanyRole.SIGNATORY),
    ("viewer@demonstration.example", "Nary Viewer", CompanyRole.VIEWER),
)

NET = ("អ៊ីនធឺណិតតាមផ្ទះ និងតាមការិយាល័យ ក្នុងគ្រប់ខេត្តដែលផ្តល់សេវា", "Home and office internet in all provinces served")
MOBILE = ("បណ្តាញទូរសព្ទចល័ត អ៊ីនធឺណិតចល័ត និងកម្មវិធីអតិថិជន", "Mobile network, mobile internet and the customer app")
HOST = ("សេវាបង្ហោះគេហទំព័រ និងម៉ាស៊ីនបម្រើនិម្មិត", "Web hosting and virtual servers")
SOCIAL = ("បណ្តាញសង្គម សារ និងការផ្សាយបន្តផ្ទាល់", "The social network, its messages and live video")
APP = ("កម្មវិធីទូរសព្ទសម្រាប់សិស្ស និងគ្រួសារ", "The phone app for pupils and families")
GAME = ("ហ្គេមតាមទូរសព្ទ និងវីដេអូទាំងអស់របស់ក្រុមហ៊ុន", "All phone games and videos of the company")
MONEY = ("សេវាទូរសព្ទផ្ញើប្រាក់ របស់ក្រុមហ៊ុនបុត្រសម្ព័ន្ធ", "The money transfer service of the sister company")
STUDIO = ("ស្ទូឌីយោផលិតវីដេអូ នៅក្រៅប្រទេស", "The video studio abroad")
CAFE = ("ហាងអ៊ីនធឺណិតមួយកន្លែង កុំព្យូទ័រ និងវ៉ាយហ្វាយ", "One café: its computers and Wi-Fi")

ISP, TEL, HOSTING, PLATFORM = ("isp",), ("mobile_operator",), ("hosting",), ("platform",)
DEVELOPER, CONTENT, PLACE = ("app_developer",), ("content_producer",), ("internet_cafe",)

PLAYERS = (
    Player("អណ្តើកលឿន ហ្វាយប័រ", "Fast Turtle Fibre", ISP, "phnom-penh", 180, "best", "awarded", 250, *NET),
    Player("ក្រមាខៀវ ម៉ូបាល", "Blue Krama Mobile", TEL, "phnom-penh", 900, "best", "awarded", 170, *MOBILE, MONEY),
    Player("ទន្សាយពពក ហូស្ទីង", "Cloud Rabbit Hosting", HOSTING, "kandal", 45, "best", "awarded", 300, *HOST),
    Player("ខ្លែងក្រដាស អេប", "Paper Kite Apps", DEVELOPER, "siem-reap", 22, "best", "awarded", 430, *APP),
    Player("ដំរីសប្បាយ ហ្គេម", "Happy Elephant Games", CONTENT, "battambang", 34, "best", "awarded", 360, *GAME),
    Player("ហាងអ៊ីនធឺណិត ត្នោតផ្អែម", "Sweet Palm Internet Café", PLACE, "kampong-cham", 4, "best", "awarded", 200, *CAFE),
    Player("ស្រះព្រះចន្ទ វីដេអូ", "Moonlit Pond Video", PLATFORM, "phnom-penh", 75, "good", "awarded", 460, *SOCIAL, STUDIO),
    Player("តុកកែបៃតង ឆាត", "Green Gecko Chat", PLATFORM, "siem-reap", 28, "middle", "awarded", 690, *SOCIAL),
    Player("ក្របីងងុយ ក្លោដ", "Sleepy Buffalo Cloud", HOSTING, "phnom-penh", 60, "best", "suspended", 280, *HOST),
    Player("ផ្កាឈូក ណេត", "Pink Lotus Net", ISP, "kandal", 55, "good", "awarded", 120, *NET),
    Player("ទន្លេធំ អ៊ីនធឺណិត", "Big River Internet", ISP, "kampong-chhnang", 40, "middle", "awarded", 90, *NET),
    Player("ភ្នំស្រស់ តេលេកុម", "Fresh Mountain Telecom", TEL, "kampot", 210, "good", "awarded", 330, *MOBILE),
    Player("ពពកស ម៉ូបាល", "White Cloud Mobile", TEL, "battambang", 130, "middle", "reinstated", 400, *MOBILE),
    Player("ផ្ទះថ្ម សឺវើរ", "Stone House Servers", HOSTING, "siem-reap", 18, "middle", "awarded", 150, *HOST),
    Player("សំបុកចាប ឌីជីថល", "Sparrow Nest Digital", DEVELOPER, "phnom-penh", 12, "good", "awarded", 210, *APP),
    Player("កន្ទេលរុំ សូហ្វវែរ", "Rolled Mat Software", DEVELOPER, "takeo", 9, "essentials", "awarded", 100, *APP),
    Player("ល្ខោនស្បែក ស្ទូឌីយោ", "Shadow Play Studio", CONTENT, "siem-reap", 26, "good", "awarded", 140, *GAME),
    Player("ចាប៉ី រឿងនិទាន", "Chapei Story House", CONTENT, "kampot", 8, "middle", "awarded", 60, *GAME),
    Player("ហាងអ៊ីនធឺណិត ផ្កាយព្រឹក", "Morning Star Internet Café", PLACE, "takeo", 3, "good", "awarded", 80, *CAFE),
    Player("ហាងអ៊ីនធឺណិត ស្ពានឈើ", "Wooden Bridge Café", PLACE, "battambang", 2, "essentials", "awarded", 340, *CAFE),
    Player("ហាងអ៊ីនធឺណិត ដើមពោធិ៍", "Bodhi Tree Internet Café", PLACE, "pursat", 3, "essentials", "awarded", 385, *CAFE),
    Player("មេអំបៅ សូស្យាល", "Butterfly Social", PLATFORM, "phnom-penh", 48, "essentials", "awarded", 310, *SOCIAL),
    Player("ដំបូលខៀវ ណេត", "Blue Roof Net", ISP, "prey-veng", 16, "essentials", "awarded", 420, *NET),
    Player("ត្រីក្រឹម ហូស្ទ", "Gourami Host", HOSTING, "kandal", 14, "middle", "revoked", 380, *HOST),
    Player("ផ្លែស្វាយ ឡាយ", "Mango Live", PLATFORM, "phnom-penh", 37, "middle", "awarded", 760, *SOCIAL),
    Player("ចន្លុះភ្លើង អេប", "Torch Light Apps", DEVELOPER, "kampong-cham", 11, "middle", "renewing", 650, *APP),
    Player("រលកខ្សាច់ ណេត", "Sand Wave Net", ISP, "preah-sihanouk", 33, "good", "renewing", 600, *NET),
    Player("ព្រៃឈើ ហ្គេម", "Forest Trail Games", CONTENT, "mondulkiri", 7, "middle", "recommended", 40, *GAME),
    Player("ស្គរធំ មេឌា", "Big Drum Media", CONTENT, "phnom-penh", 52, "good", "recommended", 36, *GAME),
    Player("កង់បី អេប", "Three Wheel Apps", DEVELOPER, "phnom-penh", 19, "good", "in_review", 26, *APP),
    Player("អូរត្រជាក់ ណេត", "Cool Stream Net", ISP, "ratanakiri", 13, "middle", "in_review", 22, *NET),
    Player("ចង្ក្រានភ្លើង ហូស្ទ", "Hearth Host", HOSTING, "phnom-penh", 30, "good", "ruled", 30, *HOST),
    Player("ក្តាមសមុទ្រ ម៉ូបាល", "Sea Crab Mobile", TEL, "kampot", 95, "middle", "clarifying", 28, *MOBILE),
    Player("ស្លាបចាប ឆាត", "Wing Chat", PLATFORM, "battambang", 21, "middle", "clarifying", 24, *SOCIAL),
    Player("ហាងអ៊ីនធឺណិត ផ្សារលើ", "Upper Market Internet Café", PLACE, "siem-reap", 4, "good", "submitted", 9, *CAFE),
    Player("ពន្លឺភូមិ ណេត", "Village Light Net", ISP, "kampong-thom", 17, "middle", "submitted", 6, *NET),
    Player("ដើមត្នោត ក្លោដ", "Sugar Palm Cloud", HOSTING, "kandal", 24, "good", "submitted", 3, *HOST),
    Player("កូនទា អេប", "Duckling Apps", DEVELOPER, "kampong-speu", 6, "poor", "refused", 75, *APP),
    Player("ខ្យល់កួច វីដេអូ", "Whirlwind Video", PLATFORM, "phnom-penh", 44, "middle", "appealed", 35, *SOCIAL),
    Player("ផ្ទះល្វែង ណេត", "Row House Net", ISP, "phnom-penh", 20, "middle", "withdrawn", 55, *NET),
    Player("សំណាញ់ហ្គេម", "Cast Net Games", CONTENT, "kratie", 10, "middle", "nearly", 14, *GAME),
    Player("ហាងអ៊ីនធឺណិត ឈូកស", "White Lotus Internet Café", PLACE, "kandal", 2, "middle", "draft", 5, *CAFE),
    Player("ស្ពានថ្មី ម៉ូបាល", "New Bridge Mobile", TEL, "kratie", 70, "good", "draft", 8, *MOBILE),
    Player("ផ្កាយដុះកន្ទុយ អេប", "Comet Apps", DEVELOPER, "phnom-penh", 5, "good", "new", 1, *APP),
)  # fmt: skip
