"""Pages of issues and methods: their names, their offers, and the ways between them."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask

from academy.db import unit_of_work, utcnow
from courses.catalogue.content import RunContent
from courses.catalogue.models import Kind
from courses.catalogue.operations import withdraw
from courses.catalogue.queries import offer_by_slug
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import terms_coded
from tests.making import NOW, make_institution, make_offer
from tests.questions import asked_for
from tests.suggested import make_untagged, suggest
from tests.visiting import Visitor
from tests.web.test_topics import led_to, offers_on

PATHS = ("issues", "issues/housing", "issues/land", "methodologies", "methodologies/job-shadowing")


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


def counted(visitor: Visitor, path: str) -> dict[str, str]:
    """Give how many offers a list tells of each term that has some."""
    rows = re.findall(
        r'href="([^"]+)">.*?<span aria-hidden="true">(\d+)</span>', visitor.page(path)
    )
    return {url.rpartition("/")[2]: number for url, number in rows if number != "0"}


@pytest.mark.parametrize("language", ["en", "ar", "th"])
@pytest.mark.parametrize("path", PATHS)
def test_issues_and_methods_answer_in_every_script(
    visitor: Visitor, language: str, path: str
) -> None:
    assert visitor.get(f"/{language}/{path}").status_code == 200


@pytest.mark.parametrize(
    "path", ["issues/nothing", "issues/mooc", "methodologies/housing", "issues/11", "issues/en"]
)
def test_what_is_no_issue_and_no_method_has_no_page(visitor: Visitor, path: str) -> None:
    assert visitor.get(f"/en/{path}").status_code == 404


def test_a_page_is_named_and_introduced_in_the_language_of_the_reader(visitor: Visitor) -> None:
    page = html.unescape(visitor.page("/en/issues/housing"))
    assert "<h1>Housing</h1>" in page
    lead = "Housing: courses and webinars from city networks and institutes."
    assert f'<meta name="description" content="{lead}">' in page
    assert f'<p class="lead">{lead}</p>' in page
    assert "Also found as: Housing and informal settlements, affordable housing," in page
    assert "<h1>ที่อยู่อาศัย</h1>" in visitor.page("/th/issues/housing")


def test_an_issue_lists_its_offers_and_those_of_narrower_ones(visitor: Visitor) -> None:
    make_offer("Heat", issues=("climate",))
    make_offer("Lamps", issues=("energy",))
    make_offer("Buses", issues=("mobility",))
    assert sorted(offers_on(visitor, "/en/issues/climate")) == ["heat", "lamps"]
    assert offers_on(visitor, "/en/issues/energy") == ["lamps"]
    assert offers_on(visitor, "/en/issues/housing") == []


def test_a_method_lists_the_offers_that_work_so(visitor: Visitor) -> None:
    make_offer("Wells", methodologies=("mooc",))
    make_offer("Sewers", methodologies=("job-shadowing",))
    assert offers_on(visitor, "/en/methodologies/mooc") == ["wells"]
    assert offers_on(visitor, "/en/methodologies/clinic") == []


def test_what_is_only_suggested_and_what_is_withdrawn_is_not_listed(visitor: Visitor) -> None:
    seems, gone = make_untagged("Housing").slug, make_offer("Homes", issues=("housing",)).slug
    with unit_of_work():
        suggest(offer_by_slug(seems), "housing")
        withdraw(offer_by_slug(gone), now=NOW)
    assert offers_on(visitor, "/en/issues/housing") == []
    assert counted(visitor, "/en/issues") == {}


def test_the_list_of_issues_counts_each_offer_once(visitor: Visitor) -> None:
    make_offer("Wells", issues=("climate", "energy"))
    make_offer("Sewers", issues=("energy", "resilience"))
    each = {"climate": "2", "energy": "2", "resilience": "1"}
    assert counted(visitor, "/en/issues") == each
    assert counted(visitor, "/en/methodologies") == {"self-paced": "2"}


def test_what_is_over_is_neither_counted_nor_listed_as_in_the_catalogue(visitor: Visitor) -> None:
    held = utcnow() - timedelta(days=2)
    over = RunContent(starts_at=held, ends_at=held + timedelta(hours=1))
    make_offer("Last week", kind=Kind.WEBINAR, issues=("housing",), runs=[over])
    make_offer("Homes", issues=("housing",))
    with unit_of_work():
        make_institution().country = "KE"
    listed = ["homes"]
    for path in ("issues/housing", "sdgs/11", "regions/KE", "institutions/river-school"):
        assert (path, offers_on(visitor, f"/en/{path}")) == (path, listed)
    assert offers_on(visitor, "/en/learn?issue=housing") == listed
    assert counted(visitor, "/en/issues") == {"housing": "1"}
    page = html.unescape(visitor.page("/en/institutions"))
    assert re.findall(r'<span class="n">([^<]+)<', page) == ["1 offer"]
    assert '<h2 id="h-offers">1 offer</h2>' in visitor.page("/en/institutions/river-school")
    assert "/en/learn?institution=river-school" in visitor.page("/en/institutions/river-school")


def test_the_lists_lead_to_every_term(visitor: Visitor) -> None:
    for vocabulary, path in (
        (Vocabulary.ISSUE, "issues"),
        (Vocabulary.METHODOLOGY, "methodologies"),
    ):
        codes = [one.rpartition("/")[2] for one in led_to(visitor, f"/en/{path}", f"/en/{path}/")]
        assert len(codes) > 20
        assert {term.code for term in terms_coded(vocabulary, codes)} == set(codes)


def test_an_issue_leads_to_narrower_ones_and_those_up_and_beside(visitor: Visitor) -> None:
    below = [f"/en/issues/{code}" for code in ("resilience", "ecosystems-food", "energy")]
    assert led_to(visitor, "/en/issues/climate", "/en/issues/") == below
    up = ["/en/issues/climate", *below[:2]]
    assert led_to(visitor, "/en/issues/energy", "/en/issues/") == up
    assert "/en/issues" in led_to(visitor, "/en/issues/energy", "/en/issues")
    assert led_to(visitor, "/en/issues/water", "/en/learn?issue") == ["/en/learn?issue=water"]


def test_an_offer_leads_to_its_issues_and_methods(visitor: Visitor) -> None:
    slug = make_offer("Wells", issues=("water", "housing"), methodologies=("mooc",)).slug
    path = f"/en/learn/{slug}"
    assert sorted(led_to(visitor, path, "/en/issues/")) == [
        "/en/issues/housing",
        "/en/issues/water",
    ]
    assert led_to(visitor, path, "/en/methodologies/") == ["/en/methodologies/mooc"]


def test_every_language_has_its_own_address_and_names_the_others(visitor: Visitor) -> None:
    page = visitor.page("/fr/issues/water")
    assert '<link rel="canonical" href="http://localhost/fr/issues/water">' in page
    found = dict(re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page))
    assert found["es"] == "http://localhost/es/issues/water"
    assert found["x-default"] == "http://localhost/en/issues/water"


def test_only_pages_that_show_offers_are_for_search_engines(visitor: Visitor) -> None:
    make_offer("Wells", issues=("water",))
    kept_out = '<meta name="robots" content="noindex'
    assert kept_out not in visitor.page("/en/issues")
    assert kept_out not in visitor.page("/en/issues/water")
    assert kept_out in visitor.page("/en/issues/culture")


def test_a_term_that_was_replaced_leads_to_the_one_in_its_place(visitor: Visitor) -> None:
    with unit_of_work():
        old, new = (terms_coded(Vocabulary.ISSUE, {code})[0] for code in ("water", "housing"))
        old.replaced_by_id = new.id
    answer = visitor.get("/en/issues/water")
    assert (answer.status_code, answer.location) == (301, "/en/issues/housing")
    assert "/en/issues/water" not in led_to(visitor, "/en/issues", "/en/issues/")


def test_the_pages_ask_as_often_for_three_offers_as_for_one(visitor: Visitor) -> None:
    paths = ("/en/issues", "/en/issues/water", "/en/methodologies/self-paced")
    make_offer("Lesson 0")
    # The words of the academy are read once by a process.
    visitor.page("/en/issues")
    once = [asked_for(visitor, path) for path in paths]
    for number in (1, 2):
        make_offer(f"Lesson {number}")
    assert [asked_for(visitor, path) for path in paths] == once
