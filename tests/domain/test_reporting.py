"""Where a service takes reports of harm: what is a home page, what is a telephone number."""

import pytest

from compliance.domain.reporting import is_home_page, is_telephone, local


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("https://company.example", True),
        ("https://company.example/", True),
        ("https://www.company.example/km/", True),
        ("https://company.example/en/index.html", True),
        ("https://company.example/?lang=km", True),
        ("https://company.example/?utm_source=x&fbclid=1#top", True),
        ("https://company.example/#", True),
        ("https://company.example/report", False),
        ("https://company.example/en/report", False),
        ("https://company.example/?page=report", False),
        ("https://company.example/#report-harm", False),
        ("https://report.company.example/", False),
        ("https://help.company.example", False),
    ],
)
def test_a_home_page_is_no_place_for_reports(address: str, home: bool) -> None:
    assert is_home_page(address) is home


@pytest.mark.parametrize("number", ["023 123 456", "+855 23 123 456", "(023) 123-456", "115", "012/345678"])
def test_telephone_numbers(number: str) -> None:
    assert is_telephone(number)


@pytest.mark.parametrize("number", ["12", "call us", "023 123 456 or 012", "+", "1" * 16, "0231x", "023\n1"])
def test_no_telephone_numbers(number: str) -> None:
    assert not is_telephone(number)


def test_two_ways_to_write_a_number_are_one() -> None:
    assert local("+855 23 123 456") == local("023-123-456") == "023123456"
    assert local("1280") == "1280"
