"""Invented companies for the certificate benchmarks."""

import datetime as dt
import json

from certificates import CertificateFacts, Level, Signatory, Words, mint

COMPANIES = [
    Words("ហ៊ុន ណែត", "Hun Net"),
    Words("ក្រុមហ៊ុន មេគង្គ ហ្គេម ឯ.ក", "Mekong Games Co., Ltd."),
    Words("ក្រុមហ៊ុន បច្ចេកវិទ្យា អង្គរ ឯ.ក", "Angkor Technology Co., Ltd."),
    Words("ក្រុមហ៊ុន រំដួល ទូរគមនាគមន៍ ឯ.ក", "Romduol Telecom Co., Ltd."),
    Words(
        "ក្រុមហ៊ុន វិនិយោគ អភិវឌ្ឍន៍បច្ចេកវិទ្យា និងសេវាកម្មទូរគមនាគមន៍អន្តរជាតិ កម្ពុជា–អាស៊ីអាគ្នេយ៍",
        "Cambodia–Southeast Asia International Telecommunications Services and Technology Development",
    ),
    Words("ឯកា", "Eka"),
]
LEVELS = [
    Level(
        "committed",
        Words("ក្រុមហ៊ុនប្តេជ្ញាចិត្ត", "Committed company"),
        Words(
            "បានបំពេញគ្រប់ចំណុចចាំបាច់៖ ក្រុមហ៊ុនបានចុះហត្ថលេខាលើក្រម មានគោលនយោបាយ នីតិវិធី និងអ្នកទំនាក់ទំនង ព្រមទាំងមានផែនការសម្រាប់ចំណុចដែលនៅសល់។",
            "Every essential point is met: the company has signed the code, has a policy, a procedure and contacts, "
            "and has a plan for the rest.",
        ),
    ),
    Level(
        "bronze",
        Words("ពានរង្វាន់កម្រិតសំរឹទ្ធ", "Bronze award"),
        Words("វិធានការការពារមូលដ្ឋានកំពុងដំណើរការ។", "The basic protections work."),
    ),
    Level(
        "silver",
        Words("ពានរង្វាន់កម្រិតប្រាក់", "Silver award"),
        Words("ការការពារល្អក្នុងគ្រប់ផ្នែកនៃក្រម។", "Good protection in every part of the code."),
    ),
    Level(
        "gold",
        Words("ក្រុមហ៊ុនគំរូ (ពានរង្វាន់កម្រិតមាស)", "Champion company (Gold award)"),
        Words(
            "គំរូសម្រាប់វិស័យ ដែលបានផ្ទៀងផ្ទាត់តាមរយៈការចុះពិនិត្យ ឬការហៅជាវីដេអូ។",
            "A model for the sector, checked by a visit or a video call.",
        ),
    ),
]
SCOPE = Words(
    "សេវាអ៊ីនធឺណិតតាមផ្ទះ បណ្តាញទូរសព្ទចល័ត និងកម្មវិធីទូរសព្ទ «រំដួលខ្ញុំ» ទូទាំងប្រទេស",
    "Home internet, mobile network and the “My Romduol” app, nationwide",
)
SIGNATORY = Signatory(Words("រដ្ឋមន្ត្រី", "Minister"), Words("ឈ្មោះអ្នកចុះហត្ថលេខា", "Name of signatory"))


def facts(turn: int) -> CertificateFacts:
    """The facts of the turn-th certificate: companies and levels in rotation."""
    number = mint(2026, turn + 1)
    return CertificateFacts(
        number=number,
        code=f"{turn:026d}",
        company=COMPANIES[turn % len(COMPANIES)],
        kinds=(Words("ក្រុមហ៊ុនផ្តល់សេវាអ៊ីនធឺណិត", "Internet service provider"),),
        level=LEVELS[turn % len(LEVELS)],
        scope=SCOPE,
        edition="cop-2026-1",
        issued=dt.date(2026, 11, 21),
        lunar="ថ្ងៃសៅរ៍ ១២កើត ខែកត្តិក ឆ្នាំមមី អដ្ឋស័ក ព.ស. ២៥៧០",
        expires=dt.date(2028, 11, 20),
        verify_url=f"https://awards.example.gov.kh/verify/{number}",
        signatory=SIGNATORY,
    )


def credential(each: CertificateFacts) -> bytes:
    """A stand-in of a credential's size, so that only drawing is measured."""
    return json.dumps({"facts": each.to_json().decode()}, ensure_ascii=False).encode()
