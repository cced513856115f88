"""Khmer words that browsers would end a line within stay whole on the page, and nowhere else is a letter changed."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from compliance.journeys.khmer_lines import JOINER, PARTED, joined
from tests.stories.people import browser

WORDS = [word.replace("|", "") for word in PARTED]
SENTENCES = "".join(f"<p>បើក្រុមហ៊ុនដែលទទួល{word}នោះ ហើយអ្នក{word}ចប់នៅថ្ងៃនេះ ការ{word}របស់យើង</p>" for word in WORDS)
WIDTHS = range(90, 370, 14)
PARTED_WORDS = """words => [...document.querySelectorAll("p")].flatMap(p => {
  const text = p.firstChild, said = text.data, range = document.createRange()
  const top = at => (range.setStart(text, at), range.setEnd(text, at + 1), range.getBoundingClientRect().top)
  const found = words.flatMap(word => [...said.matchAll(word.split("").join("\u2060?"))])
  return found.filter(one => Math.abs(top(one.index) - top(one.index + one[0].length - 1)) > 9).map(one => one[0])
})"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def parted(chromium: Browser, body: bytes) -> set[str]:
    """The words that end on another line than they begin on, at one of many widths."""
    page, found = chromium.new_page(), set()
    page.set_content(f"<html lang=km><style>p{{font:16px/2 sans-serif}}</style>{body.decode()}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 600})
        found |= {word.replace(JOINER, "") for word in page.evaluate(PARTED_WORDS, WORDS)}
    page.close()
    return found


def test_a_browser_ends_no_line_within_them(chromium: Browser) -> None:
    assert parted(chromium, SENTENCES.encode()) == set(WORDS), "a browser that knows a word needs no help with it"
    assert parted(chromium, joined(SENTENCES.encode())) == set()


def test_only_what_is_shown_is_changed() -> None:
    for kept in (
        '<a title="ពានរង្វាន់">x</a>',
        "<textarea>ពានរង្វាន់</textarea>",
        '<script type="application/ld+json">{"award": "ពានរង្វាន់"}</script>',
        "<title>ពានរង្វាន់</title>",
        "<option>ពានរង្វាន់</option>",
        '<input value="ពានរង្វាន់">',
    ):
        assert joined(kept.encode()) == kept.encode()
    assert joined("<p>ពានរង្វាន់ <b>ពានរង្វាន់</b></p>".encode()).decode().count(JOINER) == 2


def test_pages_hold_them_together_and_data_do_not(client: FlaskClient, numbers: dict[str, str]) -> None:
    held = f"ពានរ{JOINER}ង្វាន់"
    page = client.get("/km/verify").text
    assert held in page
    assert "ពានរង្វាន់" not in page[page.index("<main") : page.index("</main")].replace(held, "")
    assert JOINER not in client.get("/en/verify").text
    assert JOINER not in client.get("/api/v1/levels").text + client.get("/api/v1/awards").text


def test_what_is_copied_from_a_page_is_found(client: FlaskClient, numbers: dict[str, str]) -> None:
    name = "អណ្តើក"
    plain = client.get("/km/register", query_string={"q": name}).text
    assert "fast-turtle-fibre" in plain
    copied = client.get("/km/register", query_string={"q": f"{name[:2]}{JOINER}{name[2:]}"}).text
    assert "fast-turtle-fibre" in copied
