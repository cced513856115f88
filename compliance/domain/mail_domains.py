"""Whose a mail domain is: one organisation's, or everybody's, which says nothing about who uses it."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from compliance.domain.addresses import normal_address

_PUBLIC = """
126.com 163.com aim.com aol.com email.com fastmail.com fastmail.fm gmail.com gmx.at gmx.com gmx.de gmx.net
googlemail.com hey.com hotmail.co.jp hotmail.co.th hotmail.co.uk hotmail.com hotmail.fr icloud.com inbox.com
keemail.me laposte.net list.ru live.com live.com.au live.com.my live.com.sg live.fr mac.com mail.com mail.ru
mailbox.org me.com msn.com naver.com orange.fr outlook.co.th outlook.com outlook.com.vn outlook.fr outlook.jp pm.me
posteo.de proton.me protonmail.ch protonmail.com qq.com rediffmail.com rocketmail.com sina.com tuta.com tuta.io
tutamail.com tutanota.com wanadoo.fr web.de yahoo.co.id yahoo.co.in yahoo.co.jp yahoo.co.kr yahoo.co.th yahoo.co.uk
yahoo.com yahoo.com.au yahoo.com.cn yahoo.com.hk yahoo.com.kh yahoo.com.my yahoo.com.ph yahoo.com.sg yahoo.com.tw
yahoo.com.vn yahoo.de yahoo.fr yandex.com yandex.ru yeah.net ymail.com zoho.com zohomail.com
"""
EVERYBODYS = frozenset(_PUBLIC.split())
SHARED = frozenset({"ac", "co", "com", "edu", "gov", "mil", "net", "org", "per"})
"""Before a country's two letters these belong to nobody: com.kh."""
NOBODYS = ""
"""The family of domains that tie nobody to anybody."""


def families(ministry: Iterable[str], sisters: Iterable[Sequence[str]]) -> Mapping[str, str]:
    """By domain the name of its family, for every domain that is not a family of its own."""
    public = dict.fromkeys((*EVERYBODYS, *map(_domain, ministry)), NOBODYS)
    return {**public, **{_domain(domain): _domain(group[0]) for group in sisters for domain in group}}


def site_domain(website: str) -> str:
    """The domain of a web address without `www`; nothing where it is no organisation's own."""
    try:
        host = urlsplit(website).hostname or ""
    except ValueError:
        return NOBODYS
    domain = _domain(host).removeprefix("www.")
    return NOBODYS if "." not in domain or _is_shared(domain) or _is_number(domain) else domain


def _domain(text: str) -> str:
    return normal_address(f"x@{text}").rpartition("@")[2]


def _is_shared(domain: str) -> bool:
    first, _dot, rest = domain.partition(".")
    return first in SHARED and len(rest) == 2


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
