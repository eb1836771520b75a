"""Pages of goals and regions: their names, their offers, and the ways between them."""

from __future__ import annotations

import pytest
from flask import Flask

from academy.db import db, unit_of_work
from academy.institutions.models import Institution
from courses.catalogue.models import Offer, OfferTerm
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import terms_coded
from tests.browsing import Reader
from tests.making import make_institution, make_offer
from tests.questions import asked_for
from tests.visiting import Visitor

PATHS = ("sdgs/11", "sdgs/11.1", "sdgs/16.b", "regions/002", "regions/202", "regions/KE")


def make_placed(title: str, country: str) -> Offer:
    """Make an offer of an institution in a country."""
    place = f"school-{country.lower()}"
    make_institution(place)
    with unit_of_work():
        db.session.query(Institution).filter_by(slug=place).one().country = country
    return make_offer(title, institution=place)


def led_to(visitor: Visitor, path: str, start: str) -> list[str]:
    """Give where a page leads to but itself, among addresses that begin alike, in its order."""
    links = (link.get("href", "") for link in Reader(visitor.page(path)).links)
    return list(dict.fromkeys(link for link in links if link.startswith(start) and link != path))


def offers_on(visitor: Visitor, path: str) -> list[str]:
    """Name the offers of a page by what stands last in their addresses."""
    return [link.rpartition("/")[2] for link in led_to(visitor, path, "/en/learn/")]


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.mark.parametrize("language", ["en", "ar", "th"])
@pytest.mark.parametrize("path", PATHS)
def test_goals_and_regions_answer_in_every_script(
    visitor: Visitor, language: str, path: str
) -> None:
    assert visitor.get(f"/{language}/{path}").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["sdgs/0", "sdgs/18", "sdgs/11.d", "sdgs/housing", "regions/ke", "regions/999", "regions/001"],
)
def test_what_is_no_goal_and_no_region_has_no_page(visitor: Visitor, path: str) -> None:
    assert visitor.get(f"/en/{path}").status_code == 404


def test_a_page_is_named_in_the_language_of_the_reader(visitor: Visitor) -> None:
    assert "<h1>SDG 11: Sustainable cities and communities</h1>" in visitor.page("/en/sdgs/11")
    assert "เมืองและชุมชนที่ยั่งยืน</h1>" in visitor.page("/th/sdgs/11")
    assert "<h1>شرق أفريقيا</h1>" in visitor.page("/ar/regions/014")


def test_a_goal_lists_the_offers_whose_issues_serve_it(visitor: Visitor) -> None:
    make_offer("Homes for all", issues=("housing",))
    make_offer("Lamps for all", issues=("energy",))
    assert offers_on(visitor, "/en/sdgs/11") == ["homes-for-all"]
    assert offers_on(visitor, "/en/sdgs/11.1") == ["homes-for-all"]
    assert offers_on(visitor, "/en/sdgs/7") == ["lamps-for-all"]
    assert offers_on(visitor, "/en/sdgs/11.2") == []


def test_a_goal_lists_the_offers_tagged_with_it_or_with_its_targets(visitor: Visitor) -> None:
    offer = make_offer("Lamps for all", issues=("energy",))
    key, slug = offer.id, offer.slug
    with unit_of_work():
        [target] = terms_coded(Vocabulary.SDG, {"4.7"})
        db.session.add(OfferTerm(offer_id=key, term_id=target.id))
    assert offers_on(visitor, "/en/sdgs/4") == offers_on(visitor, "/en/sdgs/4.7") == [slug]
    assert offers_on(visitor, "/en/sdgs/4.1") == []


def test_an_offer_leads_to_its_goals_in_their_order(visitor: Visitor) -> None:
    slug = make_offer("Warm homes", issues=("housing", "energy")).slug
    assert led_to(visitor, f"/en/learn/{slug}", "/en/sdgs/") == ["/en/sdgs/7", "/en/sdgs/11"]


def test_a_region_lists_the_offers_of_all_countries_in_it(visitor: Visitor) -> None:
    make_placed("From the lake", "KE")
    make_placed("From the coast", "SN")
    make_placed("From the north", "MA")
    assert offers_on(visitor, "/en/regions/KE") == ["from-the-lake"]
    assert offers_on(visitor, "/en/regions/014") == ["from-the-lake"]
    assert sorted(offers_on(visitor, "/en/regions/202")) == ["from-the-coast", "from-the-lake"]
    assert len(offers_on(visitor, "/en/regions/002")) == 3
    assert offers_on(visitor, "/en/regions/142") == []


def test_an_institution_leads_to_its_country_and_the_regions_above(visitor: Visitor) -> None:
    make_placed("From the lake", "KE")
    ways = [f"/en/regions/{code}" for code in ("KE", "014", "202", "002")]
    assert led_to(visitor, "/en/institutions/school-ke", "/en/regions/") == ways


def test_an_institution_in_no_country_leads_to_no_region(visitor: Visitor) -> None:
    make_institution("river-school")
    assert led_to(visitor, "/en/institutions/river-school", "/en/regions/") == []


def test_a_goal_leads_to_its_targets_and_a_target_to_its_goal_and_the_others(
    visitor: Visitor,
) -> None:
    targets = [f"/en/sdgs/13.{part}" for part in ("1", "2", "3", "a", "b")]
    assert led_to(visitor, "/en/sdgs/13", "/en/sdgs/") == targets
    others = [one for one in targets if one != "/en/sdgs/13.2"]
    assert led_to(visitor, "/en/sdgs/13.2", "/en/sdgs/13") == ["/en/sdgs/13", *others]


def test_a_region_leads_up_and_down_and_a_country_to_its_neighbours(visitor: Visitor) -> None:
    down = [f"/en/regions/{code}" for code in ("014", "017", "018", "011")]
    assert led_to(visitor, "/en/regions/202", "/en/regions/") == ["/en/regions/002", *down]
    around = [f"/en/regions/{code}" for code in ("142", "143", "KG", "TJ", "TM", "UZ")]
    assert led_to(visitor, "/en/regions/KZ", "/en/regions/") == around


def test_a_long_list_goes_on_after_twenty_offers(visitor: Visitor) -> None:
    for number in range(21):
        make_placed(f"Lesson {number}", "KE")
    first, second = (offers_on(visitor, f"/en/regions/KE?page={page}") for page in (1, 2))
    assert (len(first), len(second), len({*first, *second})) == (20, 1, 21)
    assert "Page 1 of 2" in visitor.page("/en/regions/KE")
    assert "The list ends before this page." in visitor.page("/en/regions/KE?page=3")


def test_only_pages_that_show_offers_are_for_search_engines(visitor: Visitor) -> None:
    make_offer("Homes for all", issues=("housing",))
    kept_out = '<meta name="robots" content="noindex'
    assert kept_out not in visitor.page("/en/sdgs/11")
    assert kept_out in visitor.page("/en/sdgs/14")
    assert kept_out in visitor.page("/en/sdgs/11?page=2")


def test_a_goal_and_a_region_ask_as_often_for_three_offers_as_for_one(visitor: Visitor) -> None:
    paths = ("/en/sdgs/6", "/en/regions/KE")
    make_placed("Lesson 0", "KE")
    once = [asked_for(visitor, path) for path in paths]
    for number in (1, 2):
        make_placed(f"Lesson {number}", "KE")
    assert [asked_for(visitor, path) for path in paths] == once
