"""The capital and the 24 provinces of Cambodia, in the order of their official numbers."""

from compliance.domain.collation import collation_key

PROVINCES: dict[str, tuple[str, str]] = {
    "banteay-meanchey": ("បន្ទាយមានជ័យ", "Banteay Meanchey"),
    "battambang": ("បាត់ដំបង", "Battambang"),
    "kampong-cham": ("កំពង់ចាម", "Kampong Cham"),
    "kampong-chhnang": ("កំពង់ឆ្នាំង", "Kampong Chhnang"),
    "kampong-speu": ("កំពង់ស្ពឺ", "Kampong Speu"),
    "kampong-thom": ("កំពង់ធំ", "Kampong Thom"),
    "kampot": ("កំពត", "Kampot"),
    "kandal": ("កណ្តាល", "Kandal"),
    "koh-kong": ("កោះកុង", "Koh Kong"),
    "kratie": ("ក្រចេះ", "Kratie"),
    "mondulkiri": ("មណ្ឌលគិរី", "Mondulkiri"),
    "phnom-penh": ("រាជធានីភ្នំពេញ", "Phnom Penh"),
    "preah-vihear": ("ព្រះវិហារ", "Preah Vihear"),
    "prey-veng": ("ព្រៃវែង", "Prey Veng"),
    "pursat": ("ពោធិ៍សាត់", "Pursat"),
    "ratanakiri": ("រតនគិរី", "Ratanakiri"),
    "siem-reap": ("សៀមរាប", "Siem Reap"),
    "preah-sihanouk": ("ព្រះសីហនុ", "Preah Sihanouk"),
    "stung-treng": ("ស្ទឹងត្រែង", "Stung Treng"),
    "svay-rieng": ("ស្វាយរៀង", "Svay Rieng"),
    "takeo": ("តាកែវ", "Takeo"),
    "oddar-meanchey": ("ឧត្តរមានជ័យ", "Oddar Meanchey"),
    "kep": ("កែប", "Kep"),
    "pailin": ("ប៉ៃលិន", "Pailin"),
    "tboung-khmum": ("ត្បូងឃ្មុំ", "Tboung Khmum"),
}


def province_name(province: str, lang: str) -> str:
    """The name in Khmer or English; the id itself when it is not a province."""
    khmer, english = PROVINCES.get(province, (province, province))
    return khmer if lang == "km" else english


def provinces_by_name(lang: str) -> list[str]:
    """Their ids in the order of a dictionary."""
    return sorted(PROVINCES, key=lambda province: collation_key(province_name(province, lang), lang))
