"""Which language a visitor gets, and how a page leads to itself in another one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.i18n import MOUNTED, PUBLISHED, current_language, direction, number, speaking
from academy.i18n import gettext as _
from academy.web.moments import day_of, moment
from tests.browsing import Browser, Reader
from tests.visiting import Visitor
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
def test_the_front_door_leads_by_what_the_browser_asks(browser: Browser, language: str) -> None:
    answer = browser.get("/", Accept_Language=f"xx, {language}-MX;q=0.8, zz;q=0.1")
    assert (answer.status_code, answer.location) == (302, f"/{language}/")


@pytest.mark.parametrize(
    ("spoken", "led_to"), [("fr", "/fr/"), ("es", "/es/"), ("ar", "/en/"), ("xx", "/en/")]
)
def test_the_front_door_leads_who_is_signed_in_by_their_account(
    app: Flask, visitor: Visitor, ana: Person, spoken: str, led_to: str
) -> None:
    assert app.name
    with unit_of_work():
        db.session.get_one(Person, ana.id).language = spoken
    assert visitor.get("/").location == led_to


@pytest.mark.parametrize("asked", ["", "xx", "ar", "th;q=1", "*", "en-GB", ";;q=,", "a" * 5_000])
def test_a_language_that_is_not_published_leads_to_english(browser: Browser, asked: str) -> None:
    answer = browser.get("/", Accept_Language=asked)
    assert (answer.status_code, answer.location) == (302, "/en/")


def test_no_cookie_tells_or_keeps_a_language(browser: Browser) -> None:
    browser.bring("language", "fr")
    answers = [browser.get(path) for path in ("/", "/es/", "/es/learn", "/")]
    assert {answer.headers.get("Set-Cookie") for answer in answers} == {None}
    assert [answer.location for answer in answers] == ["/en/", None, None, "/en/"]


def test_the_front_door_tells_caches_on_what_it_depends(browser: Browser) -> None:
    answer = browser.get("/")
    assert set(answer.vary) >= {"Accept-Language", "Cookie"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_address_decides_not_the_browser(walked: Flask) -> None:
    browser = Browser(walked)
    roots = {
        language: Reader(browser.get(f"/{language}/learn", Accept_Language="en").text).root
        for language in MOUNTED
    }
    assert roots == {
        "en": {"lang": "en", "dir": "ltr"},
        "fr": {"lang": "fr", "dir": "ltr"},
        "es": {"lang": "es", "dir": "ltr"},
        "ar": {"lang": "ar", "dir": "rtl"},
        "th": {"lang": "th", "dir": "ltr"},
    }


def test_languages_that_are_not_published_are_kept_from_search_engines(as_visitor: Walk) -> None:
    for address, answer in as_visitor.met.items():
        language = address.split("/")[1]
        if answer.status_code == 200 and language in set(MOUNTED) - set(PUBLISHED):
            found = (robots(answer.text), alternates(answer.text))
            assert found == (["noindex, follow"], {}), address


@pytest.mark.parametrize("language", PUBLISHED)
def test_published_pages_name_themselves_in_every_published_language(
    as_visitor: Walk, language: str
) -> None:
    page = Browser(as_visitor.app).get(f"/{language}/learn").text
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
        if answer.mimetype == "text/html"
        and answer.status_code == 200
        and address.split("/")[1] in MOUNTED
    }
    assert len(pages) > 40
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


def test_only_published_languages_are_offered(browser: Browser) -> None:
    offered = language_links(browser.get("/fr/").text)
    assert offered == {"en": "/en/", "fr": "/fr/", "es": "/es/"}


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


@pytest.mark.parametrize("language", MOUNTED)
def test_numbers_days_and_hours_have_latin_digits(app: Flask, language: str) -> None:
    instant = datetime(2034, 11, 26, 17, 58, tzinfo=UTC)
    assert app.name
    with speaking(language):
        written = number(1_234_567) + day_of(instant).text + moment(instant).text
    digits = [letter for letter in written if letter.isdigit()]
    assert "".join(digits) == "1234567" + "262034" + "2620341758"


def test_days_are_written_as_each_language_does(app: Flask) -> None:
    instant, written = datetime(2026, 3, 4, 23, 30, tzinfo=UTC), {}
    assert app.name
    for language in PUBLISHED:
        with speaking(language):
            written[language] = (day_of(instant, "Asia/Tokyo").text, moment(instant).text)
    assert written == {
        "en": ("5 March 2026", "4 March 2026, 23:30 UTC"),
        "fr": ("5 mars 2026", "4 mars 2026 à 23:30 UTC"),
        "es": ("5 de marzo de 2026", "4 de marzo de 2026, 23:30 UTC"),
    }


def test_speaking_ends_where_it_ends(app: Flask) -> None:
    assert app.name
    said = []
    with suppress(LookupError), speaking("fr"):
        said += [current_language(), _("Sign in")]
        raise LookupError
    assert said == ["fr", "Se connecter"]
    assert (current_language(), _("Sign in")) == ("en", "Sign in")
