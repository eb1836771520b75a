"""Which language a visitor gets, and how a page leads to itself in another one."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask

from academy.i18n import MOUNTED, PUBLISHED, direction
from tests.browsing import Browser, Reader
from tests.web.conftest import Walk


@pytest.fixture
def browser(academy: Callable[..., Flask]) -> Browser:
    """A visitor of an academy in production: only published languages are offered there."""
    return Browser(academy())


def language_links(page: str) -> dict[str, str]:
    """Where the links to other languages lead."""
    return {link["hreflang"]: link["href"] for link in Reader(page).links if "hreflang" in link}


def alternates(page: str) -> dict[str, str]:
    """What search engines are told of the page in other languages."""
    heads = [head for head in Reader(page).heads if head.get("rel") == "alternate"]
    return {head["hreflang"]: head["href"] for head in heads}


def robots(page: str) -> list[str]:
    """What search engines are asked."""
    return [head["content"] for head in Reader(page).heads if head.get("name") == "robots"]


@pytest.mark.parametrize("language", PUBLISHED)
def test_the_front_door_leads_by_the_cookie_then_by_what_the_browser_asks(
    browser: Browser, language: str
) -> None:
    by_browser = browser.get("/", Accept_Language=f"xx, {language};q=0.8, zz;q=0.1")
    assert (by_browser.status_code, by_browser.location) == (302, f"/{language}/")
    browser.bring("language", language)
    for asked in PUBLISHED:
        assert browser.get("/", Accept_Language=asked).location == f"/{language}/"


@pytest.mark.parametrize("asked", ["", "xx", "ar", "th;q=1", "*", "en-GB", ";;q=,", "a" * 5_000])
def test_a_language_that_is_not_published_leads_to_english(browser: Browser, asked: str) -> None:
    answer = browser.get("/", Accept_Language=asked)
    assert (answer.status_code, answer.location) == (302, "/en/")


@pytest.mark.parametrize("chosen", ["ar", "xx", "//evil.example", "en/../.."])
def test_a_cookie_that_names_no_published_language_is_passed_over(
    browser: Browser, chosen: str
) -> None:
    browser.bring("language", chosen)
    assert browser.get("/").location == "/en/"


def test_the_front_door_tells_caches_on_what_it_depends(browser: Browser) -> None:
    answer = browser.get("/")
    assert set(answer.vary) >= {"Accept-Language", "Cookie"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_address_decides_not_the_browser(walked: Flask) -> None:
    browser = Browser(walked)
    browser.bring("language", "en")
    roots = {
        language: Reader(browser.get(f"/{language}/learn", Accept_Language="en").text).root
        for language in MOUNTED
    }
    assert roots == {
        "en": {"lang": "en", "dir": "ltr"},
        "ar": {"lang": "ar", "dir": "rtl"},
        "th": {"lang": "th", "dir": "ltr"},
    }


def test_languages_that_are_not_published_are_kept_from_search_engines(as_visitor: Walk) -> None:
    for address, answer in as_visitor.met.items():
        language = address.split("/")[1]
        if answer.status_code == 200 and language in set(MOUNTED) - set(PUBLISHED):
            found = (robots(answer.text), alternates(answer.text))
            assert found == (["noindex, follow"], {}), address


def test_published_pages_name_themselves_in_every_published_language(as_visitor: Walk) -> None:
    page = as_visitor.met["/en/learn"].text
    assert robots(page) == []
    assert {code: urlsplit(url).path for code, url in alternates(page).items()} == {
        **{code: f"/{code}/learn" for code in PUBLISHED},
        "x-default": "/en/learn",
    }


def test_links_to_other_languages_keep_path_and_query(as_visitor: Walk) -> None:
    query = "?language=es&language=fr&q=agua%20%26%20vida&issue=water"
    page = Browser(as_visitor.app).get(f"/ar/learn{query}").text
    kept = "language=es&language=fr&q=agua+%26+vida&issue=water"
    assert language_links(page) == {code: f"/{code}/learn?{kept}" for code in MOUNTED}


def test_links_to_other_languages_lead_to_the_same_page(as_visitor: Walk) -> None:
    pages = {
        address: answer
        for address, answer in as_visitor.met.items()
        if answer.mimetype == "text/html" and answer.status_code == 200
    }
    for address, answer in pages.items():
        parts = urlsplit(address)
        rest = parts.path.split("/", 2)[2]
        found = {code: urlsplit(way).path for code, way in language_links(answer.text).items()}
        assert found == {code: f"/{code}/{rest}" for code in MOUNTED}, address


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/nothing/here", "/%s/"),
        ("/ar/", "/%s/"),
        ("/ar/no%20such%3Fpage/%E0%B8%81", "/%s/no%%20such%%3Fpage/%%E0%%B8%%81"),
        ("/ar//evil.example", "/%s//evil.example"),
    ],
)
def test_pages_that_are_not_there_lead_nowhere_odd(walked: Flask, path: str, expected: str) -> None:
    links = language_links(Browser(walked).get(path).text)
    assert links == {code: expected % code for code in MOUNTED}


def test_only_published_languages_are_offered_and_one_alone_is_no_choice(browser: Browser) -> None:
    offered = PUBLISHED if len(PUBLISHED) > 1 else ()
    assert set(language_links(browser.get("/en/").text)) == set(offered)


def test_asking_for_languages_that_do_not_exist_leaves_nothing_behind(walked: Flask) -> None:
    home = walked.config["SETTINGS"].home
    before = sorted(path.name for path in home.iterdir())
    browser = Browser(walked)
    statuses = {browser.get(f"/x{number}/learn").status_code for number in range(50)}
    statuses |= {
        browser.get("/en/", Accept_Language=f"x{number}").status_code for number in range(50)
    }
    assert (statuses, sorted(path.name for path in home.iterdir())) == ({200, 404}, before)


@pytest.mark.parametrize(
    ("code", "way"), [("ar", "rtl"), ("he", "rtl"), ("fa", "rtl"), ("es-MX", "ltr"), ("xx", "ltr")]
)
def test_languages_are_written_their_own_way(code: str, way: str) -> None:
    assert direction(code) == way
