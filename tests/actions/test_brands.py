"""Brands: named by the company, covered by an award or not, found in the register, changed by a reviewer's word."""

import csv
import io
import json
import re
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certificates import CertificateFacts
from certificates.facts import LONGEST, Words, scope_length
from compliance import clock
from compliance.actions import changing, deciding, reviewing
from compliance.actions.company_details import LONGEST_BRAND, MOST_BRANDS
from compliance.actions.likeness import alike
from compliance.actions.scorecards import seen_digest
from compliance.cli.demonstration import acts
from compliance.domain.errors import InvalidError
from compliance.journeys.approver.letter_draft import drafted
from compliance.settings import Settings
from compliance.store.awards import awards_of, certificates_of
from compliance.store.base import db, transaction
from compliance.store.changes import open_change
from compliance.store.companies import Company
from compliance.store.register import entry_by_slug
from compliance.store.register_search import Search, count
from compliance.store.reviews import Deciding, standing_recommendation
from compliance.store.transparency import contents_of
from tests.actions.cases import Case, case, to_review
from tests.actions.test_seen_company import edit
from tests.actions.test_walk import refused
from tests.helpers import details

NAMED = ("ភ្លើង ឆាត", "Firefly Chat", "Firefly Maps")


@pytest.fixture
def cafe(in_app: Flask, settings: Settings, moment: object) -> Case:
    """A café that names three brands; its assessment is with the reviewer, every answer ruled."""
    return case(settings, _with_brands, to_review, _ruled)


def _with_brands(made: Case) -> None:
    with transaction() as session:
        edit(session, made, brands=NAMED)


def _ruled(made: Case) -> None:
    acts.rule(made.hands, made.assessment_id, 0)


def recommend(cafe: Case, *brands: str, scope: str = "ហាងមួយ", **left_out: str) -> None:
    with transaction() as session:
        seen = seen_digest(session, cafe.assessment)
        words = {"scope_km": scope, "scope_en": "One café", "note": "", **left_out}
        reviewing.recommend(
            session,
            cafe.hands.reviewer,
            cafe.assessment_id,
            seen=seen,
            brands=brands,
            **words,  # type: ignore[arg-type]
        )


def awarded(cafe: Case, *brands: str) -> str:
    """The award's number."""
    recommend(cafe, *brands)
    acts.decide(cafe.hands, cafe.assessment_id, 0)
    db.session.expire_all()
    return awards_of(db.session(), cafe.company_id)[0].number


def change(cafe: Case, brands: tuple[str, ...], covered: tuple[str, ...]) -> None:
    with transaction() as session:
        edit(session, cafe, brands=brands)
        asked = open_change(session, cafe.company_id)
        assert asked is not None
        assert asked.after == {"brands": list(brands)}
        changing.confirm(session, cafe.hands.reviewer, asked.id, public_url="http://localhost", covered=covered)
    db.session.expire_all()


def test_the_award_says_which_brands_it_covers(cafe: Case, client: FlaskClient) -> None:
    number = awarded(cafe, "Firefly Chat")
    slug = db.session.get_one(Company, cafe.company_id).slug
    told = client.get(f"/api/v1/companies/{slug}").json["brands"]
    assert told == [{"name": name, "covered": name == "Firefly Chat"} for name in NAMED]
    for lang in ("en", "km"):
        page = client.get(f"/{lang}/register/{slug}").text
        for name in NAMED:
            listed = re.findall(f"<li(?: class=.(no).)?>{name}</li>", page)
            assert listed == ["" if name == "Firefly Chat" else "no"], (lang, name)
        checked = client.get(f"/{lang}/verify/{number}").text
        assert "Firefly Chat" in checked
        assert "Firefly Maps" not in checked
    [certificate] = certificates_of(db.session(), [1])
    assert CertificateFacts.from_json(certificate.facts).brands == ("Firefly Chat",)


def test_every_brand_is_found_in_the_register(cafe: Case) -> None:
    awarded(cafe)
    for text in ("firefly maps", "ភ្លើង", *NAMED):
        assert count(db.session(), Search(text=text), clock.today()) == 1, text
    assert count(db.session(), Search(text="glowworm"), clock.today()) == 0


def test_brands_of_an_awarded_company_change_by_the_reviewers_word(cafe: Case, client: FlaskClient) -> None:
    old = awarded(cafe, "Firefly Chat", "Firefly Maps")
    change(cafe, ("Glowworm Chat", "Firefly Maps", "Firefly Pay"), ("Glowworm Chat", "Firefly Maps"))
    [award] = awards_of(db.session(), cafe.company_id)
    assert award.brands == ["Glowworm Chat", "Firefly Maps"]
    assert award.number != old, "the certificate prints them, so it is issued anew"
    entry = entry_by_slug(db.session(), award.company.slug, clock.today())
    assert entry is not None
    assert (entry.brands[2], entry.covered) == ("Firefly Pay", ["Glowworm Chat", "Firefly Maps"])
    assert count(db.session(), Search(text="Firefly Chat"), clock.today()) == 1, "an old brand still leads here"
    page = client.get(f"/en/register/{award.company.slug}").text
    assert "Brands changed" in page
    assert "Before: ភ្លើង ឆាត · Firefly Chat" in page


def test_a_brand_that_is_not_covered_leaves_the_certificate_as_it_is(cafe: Case) -> None:
    number = awarded(cafe, "Firefly Chat")
    change(cafe, (*NAMED, "Firefly Pay"), ("Firefly Chat",))
    [award] = awards_of(db.session(), cafe.company_id)
    assert (award.number, award.brands) == (number, ["Firefly Chat"])


def test_only_brands_of_the_company_that_there_is_room_for_are_covered(cafe: Case) -> None:
    assert refused_cover(cafe, "Stranger") == "covered"
    fits = "ក" * (LONGEST["scope"] - scope_length("", ["Firefly Chat"]))
    assert refused_cover(cafe, "Firefly Chat", scope=f"{fits}ក") == "covered"
    recommend(cafe, "Firefly Chat", scope=fits)


def test_a_brand_given_up_before_the_approval_is_not_awarded(cafe: Case) -> None:
    recommend(cafe, "Firefly Chat")
    with transaction() as session:
        reviewing.declare(session, cafe.hands.approver, cafe.assessment_id, has_tie=False)
        edit(session, cafe, brands=("Firefly Maps",))
    seen, approver = seen_digest(db.session(), cafe.assessment), cafe.hands.approver
    approve = partial(deciding.approve, public_url="http://localhost", seen=seen)
    assert refused(InvalidError, approve, approver, cafe.assessment_id) == "act"
    assert awards_of(db.session(), cafe.company_id) == []


def refused_cover(cafe: Case, *brands: str, scope: str = "ហាង") -> object:
    with pytest.raises(InvalidError) as caught:
        recommend(cafe, *brands, scope=scope)
    return caught.value.field


def test_a_cover_without_room_changes_nothing(cafe: Case) -> None:
    number = awarded(cafe)
    many = tuple(f"{'ក' * (LONGEST_BRAND - 2)}{n}" for n in range(5))
    with transaction() as session:
        edit(session, cafe, brands=many)
        asked = open_change(session, cafe.company_id)
        assert asked is not None
        request_id = asked.id
    refused(
        InvalidError, changing.confirm, cafe.hands.reviewer, request_id, public_url="http://localhost", covered=many
    )
    db.session.expire_all()
    assert awards_of(db.session(), cafe.company_id)[0].number == number
    assert db.session.get_one(Company, cafe.company_id).brands == list(NAMED)
    assert open_change(db.session(), cafe.company_id) is not None


@pytest.mark.parametrize(
    "brands", [("x" * (LONGEST_BRAND + 1),), tuple(map(str, range(MOST_BRANDS + 1))), ("..!",), ("Pond\u202eknab",)]
)
def test_what_is_no_brand_is_refused(in_app: Flask, brands: tuple[str, ...]) -> None:
    with pytest.raises(InvalidError) as caught:
        details(brands=brands).checked({"isp"})
    assert caught.value.field == "brands"


def test_brands_are_kept_once_and_in_order(in_app: Flask) -> None:
    assert details(brands=(" Pond  Chat", "", "Reed", "Pond Chat")).checked({"isp"}).brands == ("Pond Chat", "Reed")


def test_another_company_s_brand_is_alike(cafe: Case) -> None:
    assert [one.id for one in alike(db.session(), 99, ["Firefly Map"], "")] == [cafe.company_id]


LEFT_OUT = {"not_covered_km": "ហាងនៅក្រៅប្រទេស", "not_covered_en": "The shop abroad"}


def test_what_is_not_covered_is_said_wherever_the_scope_is(cafe: Case, client: FlaskClient) -> None:
    recommend(cafe, "Firefly Chat", **LEFT_OUT)
    db.session.expire_all()
    found = standing_recommendation(db.session(), cafe.assessment_id)
    assert found is not None
    letter = drafted(db.session(), cafe.assessment, found, Deciding.APPROVE)
    assert "ពានរង្វាន់មិនគ្របដណ្តប់លើ៖ ហាងនៅក្រៅប្រទេស – ភ្លើង ឆាត · Firefly Maps" in letter.letter_km
    assert "The award does not cover: The shop abroad – ភ្លើង ឆាត · Firefly Maps" in letter.letter_en
    acts.decide(cafe.hands, cafe.assessment_id, 0)
    db.session.expire_all()
    [award] = awards_of(db.session(), cafe.company_id)
    slug = award.company.slug
    for lang, words in (("en", "The shop abroad"), ("km", "ហាងនៅក្រៅប្រទេស")):
        for page in (f"/{lang}/register/{slug}", f"/{lang}/verify/{award.number}"):
            assert words in client.get(page).text.replace("\u200b", ""), page
    said = {"km": "ហាងនៅក្រៅប្រទេស", "en": "The shop abroad"}
    assert client.get(f"/api/v1/companies/{slug}").json["award"]["not_covered"] == said
    [line] = csv.DictReader(io.StringIO(client.get("/register.csv").text.removeprefix("\ufeff")))
    assert (line["not_covered_km"], line["not_covered_en"]) == tuple(LEFT_OUT.values())
    [told] = json.loads(contents_of(db.session(), 0, 1)[0])["facts"]["not_covered_en"].splitlines()
    assert told == "The shop abroad"
    printed = CertificateFacts.from_json(certificates_of(db.session(), [award.id])[0].facts)
    assert printed.not_covered == Words(**said)
    assert count(db.session(), Search(text="shop abroad"), clock.today()) == 0, "nobody finds it by what it leaves out"


def test_an_award_of_which_nothing_was_left_out_in_words_reads_as_before(cafe: Case, client: FlaskClient) -> None:
    awarded(cafe, *NAMED)
    slug = db.session.get_one(Company, cafe.company_id).slug
    assert "What is not covered" not in client.get(f"/en/register/{slug}").text
    assert client.get(f"/api/v1/companies/{slug}").json["award"]["not_covered"] is None
    assert "not_covered" not in contents_of(db.session(), 0, 1)[0], "earlier entries of the log hold as they are"


@pytest.mark.parametrize(
    ("changed", "field", "why"),
    [
        ({"not_covered_en": "Abroad"}, "not_covered_km", "required"),
        ({"not_covered_km": "ក្រៅប្រទេស"}, "not_covered_en", "required"),
        ({"not_covered_km": "ក្រៅប្រទេស", "not_covered_en": "one  CAFÉ "}, "not_covered_en", "same"),
        ({"not_covered_km": "ក" * (LONGEST["scope"] + 1), "not_covered_en": "A"}, "not_covered_km", "too_long"),
        ({"not_covered_km": "ក" * (LONGEST["scope"] - 5), "not_covered_en": "A"}, "covered", "too_long"),
    ],
)
def test_what_is_left_out_is_said_in_both_languages_and_is_not_the_scope(
    cafe: Case, changed: dict[str, str], field: str, why: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        recommend(cafe, **changed)
    assert (caught.value.field, caught.value.message) == (field, why)
