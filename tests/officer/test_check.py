"""The page before signing: what is open first, by section, with true counts; the rest folded; a way back and forth."""

import re
from html import unescape

import pytest

from tests.officer.conftest import Bench, send
from tests.officer.test_all_questions import save
from tests.officer.test_registration_to_receipt import answer_everything

CHECK = "/check"


def told(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def parts(page: str) -> dict[str, str]:
    """The page by the anchors of its sections, in their order."""
    pieces = re.split(r'id="s-(\w+)"', page)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def to_do(text: str) -> int:
    return len(re.findall(r"<li><a href=", text))


def test_counts_are_true_and_jumps_lead_to_their_sections(bench: Bench) -> None:
    page = bench.client.get(bench.path(CHECK)).text
    whole = int(re.search(r"(\d+) things are still to do", page)[1])
    said = {name: int(count) for name, count in re.findall(
        r'href="#s-(\w+)">[^<]+</a>\s*<span class="n cp-open">(\d+) to do', page)}  # fmt: skip
    assert sum(said.values()) == whole > 30
    listed = {name: to_do(text.partition("<details")[0]) for name, text in parts(page).items() if name in said}
    assert listed == said
    jumps = set(re.findall(r'href="#(s-\w+)"', page))
    assert jumps == {f"s-{name}" for name in parts(page)}
    send(bench.client, bench.path("/question/csam_procedure"), csam_procedure="yes")
    after = bench.client.get(bench.path(CHECK)).text
    assert f"{whole - 1} things are still to do" in after
    assert f"{said['csam'] - 1} to do" in parts(after.partition("</nav>")[2])["csam"].partition("</h2>")[0]


def test_complete_sections_are_folded_behind_the_open_ones(bench: Bench) -> None:
    assert answer_everything(bench, "en") > 30
    done = bench.client.get(bench.path(CHECK)).text
    assert "still to do" not in done.partition("<main")[2]
    assert "What you sign" in done
    home = f"/en/company/{bench.company}"
    assert "Everything is answered. Read it once more, then a signatory submits." in bench.client.get(home).text
    assert done.partition("Nothing here holds you back")[2].count("<details") >= 9
    send(bench.client, bench.path("/question/lea_contact"), lea_contact__comment="?")
    one = bench.client.get(bench.path(CHECK)).text
    assert "1 thing is still to do" in one
    assert next(iter(parts(one))) == "law_enforcement", "what is open comes first"
    assert one.count('class="cp-cap"') == 1
    assert "What you sign" not in one
    assert "Everything is answered" not in bench.client.get(home).text
    folded = one.partition("Nothing here holds you back")[2]
    assert "open" not in re.findall(r"<details([^>]*)>", folded)


@pytest.mark.parametrize("every", [False, True])
def test_there_and_back(bench: Bench, every: bool) -> None:
    if every:
        send(bench.client, bench.path("/question/csam_terms"), act="all")
    page = bench.client.get(bench.path(f"{CHECK}?from=csam_terms")).text
    back = unescape(re.search(r'href="([^"]+)" class="govuk-back-link">([^<]+)<', page)[1])
    assert "Back to: " in page
    there = bench.path("/section/csam/all#q-csam_terms" if every else "/question/csam_terms")
    assert back == there
    link = unescape(re.search(r'<li><a href="([^"]*csam_terms[^"]*)">', page)[1])
    opened = bench.client.get(link)
    assert opened.status_code == 200
    assert "Check your answers" in re.search(r'class="govuk-back-link">([^<]+)<', opened.text)[1]
    if every:
        saved = save(bench.client, bench, opened, csam_terms="yes", act="continue")
    else:
        saved = send(bench.client, link, csam_terms="yes", act="continue", back="check")
    assert saved.headers["Location"] == bench.path(f"{CHECK}#s-csam")


@pytest.mark.parametrize("strange", ["nowhere", "csam_grooming_live", "https://evil.example/", "", "<b>", "\u17e1"])
def test_a_way_back_to_nowhere_is_the_list_of_tasks(bench: Bench, strange: str) -> None:
    page = bench.client.get(bench.path(CHECK), query_string={"from": strange})
    assert f'href="{bench.path()}" class="govuk-back-link"' in page.text
    address = bench.path("/question/csam_terms")
    sent = send(bench.client, address, csam_terms="yes", act="continue", back=strange)
    assert sent.headers["Location"].startswith(bench.path("/question/"))


def test_a_section_as_the_place_one_came_from(bench: Bench) -> None:
    page = bench.client.get(bench.path(f"{CHECK}?from=csam")).text
    assert f'href="{bench.path("/section/csam")}" class="govuk-back-link"' in page
    assert "from=csam_terms" in bench.client.get(bench.path("/question/csam_terms")).text


def test_khmer_counts_in_khmer_digits(bench: Bench) -> None:
    page = told(bench.client.get(bench.path(CHECK, "km")).text)
    assert re.search(r"នៅសល់ [០-៩]+ ចំណុចត្រូវធ្វើ", page)
    assert re.search(r"[០-៩]+ ត្រូវធ្វើ", page)
