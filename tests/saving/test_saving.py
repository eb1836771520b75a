"""Saving offers and searches for later: twice is once, and only for the person who saved."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from courses.catalogue.models import Offer
from courses.catalogue.operations import withdraw as withdraw_offer
from courses.saving import operations, queries, rules
from courses.saving.models import SavedOffer, SavedSearch
from courses.search.find import index_folder
from courses.search.indexing import rebuild
from tests.making import make_offer, make_person
from tests.visiting import Visitor

PAGE = "/en/learn/water-for-all"
FORM = re.compile(r'<form id="keep" action="([^"]*)" method="post">')
BUTTON = re.compile(r'<button[^>]*form="keep" name="(\w+)" value="([^"]*)">([^<]*)')
SEARCH = re.compile(r'form="keep" formaction="([^"]*)" name="query" value="([^"]*)"')


@pytest.fixture
def offers(app: Flask) -> None:
    """Two offers, found by the search."""
    for title in ("Water for all", "Rivers and roads"):
        make_offer(title)
    rebuild(index_folder(), now=utcnow(), progress=lambda _done, _total: None)


def saved() -> list[str]:
    """Give the addresses of what is saved."""
    db.session.rollback()
    return list(db.session.scalars(select(Offer.slug).join(SavedOffer).order_by(SavedOffer.id)))


def searches() -> list[tuple[str, str]]:
    """Give the saved searches, name and query."""
    db.session.rollback()
    rows = db.session.scalars(select(SavedSearch).order_by(SavedSearch.id))
    return [(row.name, row.query) for row in rows]


@pytest.mark.usefixtures("offers")
def test_an_offer_is_saved_from_its_page_and_let_go_of_again(visitor: Visitor) -> None:
    assert "Save for later" in visitor.page(PAGE)
    answer = visitor.post("/en/my/saved", save="water-for-all", next=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    page = visitor.page(PAGE)
    assert ("Saved. You find it in My learning." in page, "Saved: remove" in page) == (True, True)
    assert saved() == ["water-for-all"]
    visitor.post("/en/my/saved", remove="water-for-all", next=PAGE)
    assert ("Save for later" in visitor.page(PAGE), saved()) == (True, [])


@pytest.mark.usefixtures("offers")
def test_saving_twice_is_saving_once_and_so_is_letting_go(visitor: Visitor) -> None:
    for _twice in range(2):
        visitor.post("/en/my/saved", save="water-for-all")
    assert saved() == ["water-for-all"]
    for _twice in range(2):
        assert visitor.post("/en/my/saved", remove="water-for-all").status_code == 303
    assert saved() == []


@pytest.mark.usefixtures("offers")
def test_the_list_has_one_form_and_a_button_for_each_offer(visitor: Visitor) -> None:
    visitor.post("/en/my/saved", save="rivers-and-roads")
    page = visitor.page("/en/learn")
    assert FORM.findall(page) == ["/en/my/saved"]
    assert sorted(BUTTON.findall(page)) == [
        ("remove", "rivers-and-roads", "Saved: remove"),
        ("save", "water-for-all", "Save for later"),
    ]
    # The form of the filters holds the list, and forms do not nest.
    find = page[page.index('<form id="find"') : page.index("</form>", page.index('id="find"'))]
    assert find.count("<form") == 1


@pytest.mark.usefixtures("offers")
def test_who_saves_from_a_list_comes_back_to_it(visitor: Visitor) -> None:
    page = visitor.page("/en/learn?issue=water&sort=newest")
    [here] = re.findall(r'<input type="hidden" form="keep" name="next" value="([^"]*)">', page)
    assert here == "/en/learn?issue=water&amp;sort=newest"
    answer = visitor.post("/en/my/saved", save="water-for-all", next=here.replace("&amp;", "&"))
    assert answer.headers["Location"] == "/en/learn?issue=water&sort=newest"


@pytest.mark.usefixtures("offers")
@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\x"])
def test_nobody_is_led_elsewhere(visitor: Visitor, target: str) -> None:
    answer = visitor.post("/en/my/saved", save="water-for-all", next=target)
    assert answer.headers["Location"] == "/en/my"


@pytest.mark.usefixtures("offers")
@pytest.mark.parametrize("path", ["/en/learn", "/en/learn?issue=water", PAGE])
def test_pages_of_strangers_have_no_form_and_can_be_kept(app: Flask, path: str) -> None:
    answer = Visitor(app).get(path)
    forms = re.findall(r"<form[^>]*method=\"post\"", answer.text)
    assert (forms, BUTTON.findall(answer.text)) == ([], [])
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "csrf_token" not in answer.text


@pytest.mark.usefixtures("offers")
def test_my_learning_lists_what_was_saved_latest_first(visitor: Visitor) -> None:
    for slug in ("water-for-all", "rivers-and-roads"):
        visitor.post("/en/my/saved", save=slug)
    listed = visitor.page("/en/my").partition('id="h-saved"')[2].partition("</section>")[0]
    assert BUTTON.findall(listed) == [
        ("remove", "rivers-and-roads", "Saved: remove"),
        ("remove", "water-for-all", "Saved: remove"),
    ]


@pytest.mark.usefixtures("offers")
def test_what_was_withdrawn_stays_listed_and_can_be_let_go_of(visitor: Visitor) -> None:
    visitor.post("/en/my/saved", save="water-for-all")
    with unit_of_work():
        found = db.session.scalars(select(Offer).where(Offer.slug == "water-for-all")).one()
        withdraw_offer(found, now=utcnow())
    page = visitor.page("/en/my")
    assert ("Water for all" in page, f'href="{PAGE}"' in page) == (True, False)
    visitor.post("/en/my/saved", remove="water-for-all")
    assert saved() == []


def test_what_is_not_there_cannot_be_saved(visitor: Visitor) -> None:
    assert visitor.post("/en/my/saved", save="nothing").status_code == 404
    assert visitor.post("/en/my/saved").status_code == 404


def test_without_signing_in_nothing_is_saved(app: Flask) -> None:
    make_offer()
    stranger = Visitor(app)
    for path in ("/en/my/saved", "/en/my/searches"):
        answer = stranger.post(path, save="water-for-all", query="q=water")
        assert answer.headers["Location"] == "/en/sign-in"
    assert (saved(), searches()) == ([], [])


@pytest.mark.usefixtures("offers")
def test_a_search_is_saved_under_a_name_made_of_its_filters(visitor: Visitor) -> None:
    page = visitor.page("/en/learn?q=rivers&issue=water&language=en&page=3&sort=newest")
    [(door, query)] = SEARCH.findall(page)
    query = query.replace("&amp;", "&")
    answer = visitor.post(door, query=query)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/my/searches")
    name = "\u2068rivers\u2069 – \u2068English\u2069, \u2068Water and sanitation\u2069"
    assert searches() == [(name, "q=rivers&language=en&issue=water&sort=newest")]


@pytest.mark.parametrize(
    "query",
    [
        "issue=water&language=en&q=rivers",
        "q=+rivers+&language=en&issue=water&page=7",
        "issue=water&issue=water&language=en-GB&q=rivers&utm_source=mail&issue=nonsense",
    ],
)
def test_a_search_is_kept_in_its_canonical_form(visitor: Visitor, query: str) -> None:
    visitor.post("/en/my/searches", query=query)
    assert [kept for _name, kept in searches()] == ["q=rivers&language=en&issue=water"]


def test_saving_a_search_twice_is_saving_it_once(visitor: Visitor) -> None:
    for query in ("q=rivers&issue=water", "issue=water&q=rivers"):
        visitor.post("/en/my/searches", query=query)
    assert len(searches()) == 1


@pytest.mark.parametrize("query", ["", "page=2", "sort=newest", "issue=nonsense", "x" * 9000])
def test_a_search_that_asks_nothing_is_not_saved(visitor: Visitor, query: str) -> None:
    answer = visitor.post("/en/my/searches", query=query)
    assert (answer.status_code, searches()) == (422, [])


def test_a_search_with_more_parameters_than_anybody_types_is_refused(visitor: Visitor) -> None:
    answer = visitor.post("/en/my/searches", query="&".join(["issue=water"] * 500))
    assert (answer.status_code, searches()) == (422, [])


@pytest.mark.usefixtures("offers")
def test_the_page_of_searches_leads_to_each_and_lets_go_of_it(visitor: Visitor) -> None:
    visitor.post("/en/my/searches", query="q=rivers")
    page = visitor.page("/en/my/searches")
    [way] = re.findall(r'<h2 class="h3"><a href="([^"]*)"', page)
    assert (way, visitor.get(way).status_code) == ("/en/learn?q=rivers", 200)
    [removal] = re.findall(r'<form action="([^"]*/removal)"', page)
    assert visitor.post(removal).headers["Location"] == "/en/my/searches"
    assert visitor.post(removal).status_code == 303
    assert searches() == []


def test_nobody_removes_the_search_of_somebody_else(app: Flask, visitor: Visitor) -> None:
    visitor.post("/en/my/searches", query="q=rivers")
    [reference] = db.session.scalars(select(SavedSearch.reference)).all()
    ben = Visitor(app, make_person("ben@example.org"))
    ben.post(f"/en/my/searches/{reference}/removal")
    assert len(searches()) == 1
    assert "rivers" not in ben.page("/en/my/searches").partition("<main")[2].partition("</main")[0]


def test_a_name_is_text_whatever_was_typed(visitor: Visitor) -> None:
    visitor.post("/en/my/searches", query="q=%3Cscript%3Ealert(1)%3C/script%3E")
    page = visitor.page("/en/my/searches")
    assert ("<script>alert" in page, "&lt;script&gt;alert(1)" in page) == (False, True)
    [(_name, query)] = searches()
    assert parse_qsl(query) == [("q", "<script>alert(1)</script>")]


def test_one_can_save_a_great_deal_but_not_without_end(ana: Person) -> None:
    for number in range(rules.MOST_SEARCHES):
        with unit_of_work():
            operations.save_search(ana, f"q={number}", str(number), now=utcnow())
    with pytest.raises(rules.TooMuchSaved), unit_of_work():
        operations.save_search(ana, "q=more", "more", now=utcnow())
    with unit_of_work():
        again = operations.save_search(ana, "q=1", "1", now=utcnow())
    assert (again.name, len(queries.saved_searches(ana))) == ("1", rules.MOST_SEARCHES)
