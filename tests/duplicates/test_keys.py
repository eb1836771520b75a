"""Addresses, ids and titles as they are compared: dirty ones as partners really write them."""

from __future__ import annotations

import pytest

from courses.duplicates.addresses import address_key, is_deep
from courses.duplicates.keys import strong_keys
from courses.duplicates.models import KeySort
from courses.duplicates.titles import ALIKE, Likeness, likeness, numbers_of, title_keys

PAGE = "learn.example.org/courses/water"
COURSE = "learn.example.org/courses/course-v1:Org+Water101+2024/about"


@pytest.mark.parametrize(
    "address",
    [
        "https://learn.example.org/courses/water",
        "http://learn.example.org/courses/water/",
        "HTTPS://Learn.Example.ORG:443/courses/water",
        "http://learn.example.org:80/courses/water#syllabus",
        "https://learn.example.org/courses/air/../water?utm_source=mail&UTM_Campaign=x",
        "https://learn.example.org//courses/./water?fbclid=1&gclid=2&mc_cid=3",
        "https://learn.example.org./courses/w%61ter;jsessionid=AB12",
        "  https://user@learn.example.org/courses/water?  ",
    ],
)
def test_one_page_is_one_key_however_its_address_is_written(address: str) -> None:
    assert address_key(address) == PAGE


@pytest.mark.parametrize(
    "address",
    [
        f"https://{COURSE}",
        "https://learn.example.org/courses/course-v1%3AOrg%2BWater101%2B2024/about/",
    ],
)
def test_the_plus_signs_of_open_edx_stay(address: str) -> None:
    assert address_key(address) == COURSE


def test_what_is_asked_is_sorted_and_kept() -> None:
    one = address_key("https://example.org/view.php?lang=es&id=7&utm_term=x")
    assert one == address_key("https://example.org/view.php?id=7&lang=es")
    assert one == "example.org/view.php?id=7&lang=es"
    assert address_key("https://example.org/view.php?id=8") != one


def test_a_fragment_counts_only_where_it_chooses_a_page() -> None:
    assert address_key("https://example.org/#/courses/7") == "example.org#/courses/7"
    assert address_key("https://example.org/#!course7") == "example.org#!course7"
    assert address_key("https://example.org/#top") == "example.org"


@pytest.mark.parametrize(
    "address",
    [
        *("", "mailto:a@example.org", "ftp://example.org/a", "https://", "http://[::1/a"),
        *("javascript:1", "https://example.org:99999/", "example.org/courses"),
    ],
)
def test_what_is_no_web_address_has_no_key(address: str) -> None:
    assert address_key(address) == ""


def test_names_in_other_scripts_are_one_with_their_escaped_form() -> None:
    written, escaped = (
        "https://städte.example.org/wässer",
        "http://xn--stdte-hra.example.org/w%C3%A4sser",
    )
    assert address_key(written) == address_key(escaped) != ""


def test_ports_of_their_own_and_slashes_within_names_are_kept() -> None:
    assert address_key("https://example.org:8443/a") == "example.org:8443/a"
    assert address_key("https://example.org/a%2fb") != address_key("https://example.org/a/b")


def test_the_front_page_of_a_site_names_no_offer() -> None:
    assert not is_deep(address_key("https://example.org/"))
    assert is_deep(address_key("https://example.org/?course=7"))


def keys(address: str = "", *told: tuple[str, str]) -> set[tuple[str, str]]:
    """Give the keys but for the address."""
    found = strong_keys(address, list(told))
    return {(sort.value, value) for sort, value in found if sort is not KeySort.ADDRESS}


def test_the_runs_of_an_open_edx_course_are_one_course() -> None:
    course = {("course", "org+water101")}
    assert keys(f"https://{COURSE}") == course
    assert keys("https://studio.example.net/course-v1%3AORG%2Bwater101%2B2026_T1") == course
    assert keys("", ("openedx", "course-v1:Org+Water101+2025")) == course
    assert keys("", ("openedx", "course-v1:edX+DemoX+Demo_Course")) == set()


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=abcDEF12345&list=PLxxxxxxxxxxxxxx",
        "https://youtu.be/abcDEF12345?si=share",
        "https://m.youtube.com/embed/abcDEF12345/",
        "https://www.youtube-nocookie.com/live/abcDEF12345",
    ],
)
def test_a_video_is_one_wherever_it_is_shown(address: str) -> None:
    assert keys(address) == {("video", "youtube:abcDEF12345")}
    assert keys("", ("rss", "yt:video:abcDEF12345")) == keys(address)


def test_videos_of_vimeo_and_peertube_are_known() -> None:
    assert keys("https://player.vimeo.com/video/76979871") == {("video", "vimeo:76979871")}
    assert keys("https://vimeo.com/channels/city/76979871") == {("video", "vimeo:76979871")}
    assert keys("https://vimeo.com/about") == set()
    long = {("video", "peertube:9c9de5e8-0a1e-484a-b099-e80766180a6d")}
    assert keys("https://a.example/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d") == long
    assert keys("https://b.example/w/kkGMgK9ZtnKfYAgnEtQxbv") == long
    assert keys("", ("rss", "peertube:9C9DE5E8-0a1e-484a-b099-e80766180a6d")) == long


def test_dois_and_handles_are_known_unless_they_are_of_nobody() -> None:
    doi = {("doi", "10.5281/zenodo.123")}
    assert keys("https://doi.org/10.5281/Zenodo.123") == doi
    assert keys("", ("oai_pmh", "doi:10.5281/zenodo.123.")) == doi
    assert keys("https://hdl.handle.net/10986/1234") == {("doi", "hdl:10986/1234")}
    assert keys("https://a.example/handle/123456789/12") == set()


def test_only_ids_of_events_that_nobody_else_makes_are_keys() -> None:
    event = {("event", "20261122T1200-water@example.org")}
    assert keys("", ("ical", "20261122T1200-water@Example.ORG")) == event
    assert keys("", ("ical", "{9C9DE5E8-0A1E-484A-B099-E80766180A6D}")) == {
        ("event", "9c9de5e8-0a1e-484a-b099-e80766180a6d")
    }
    for vague in ("17", "event-17", "17@example.org", "abcdefgh@localhost", "abcdefgh@10.0.0.1"):
        assert keys("", ("ical", vague)) == set()
    assert keys("", ("csv", "20261122T1200-water@example.org")) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Urban Resilience - Part 1", "Urban Resilience - Part 2"),
        ("Climate Finance for Cities 2025", "Climate Finance for Cities 2026"),
        ("Bioinformatics for Cities I", "Bioinformatics for Cities II"),
        ("Waste management in cities, module one", "Waste management in cities, module two"),
        ("Gestion des déchets : niveau débutant", "Gestion des déchets : niveau avancé"),
        ("城市规划原理（上）", "城市规划原理（下）"),
        ("التخطيط الحضري الجزء ١", "التخطيط الحضري الجزء ٢"),
        ("Spatial planning with C++ in twelve weeks", "Spatial planning with C in twelve weeks"),
        ("Housing policy, Part A", "Housing policy, Part B"),
    ],
)
def test_numbers_years_and_parts_are_compared_first(one: str, other: str) -> None:
    assert likeness({"en": one}, {"en": other}).contradicted
    assert not likeness({"en": one}, {"en": one}).contradicted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gestão de Águas Urbanas", "GESTAO DE AGUAS URBANAS"),
        ("Resilient cities: an introduction", "An Introduction: Resilient Cities"),
        ("COVID-19 and the city", "Covid 19 and the city"),
        ("Climate finance 2025/26", "Climate Finance 2025-2026"),
        ("Sustainable urban mobility planing", "Sustainable urban mobility planning"),
    ],
)
def test_titles_that_say_the_same_are_alike(one: str, other: str) -> None:
    found = likeness({"en": one}, {"en": other})
    assert not found.contradicted
    assert (found.score or 0) >= ALIKE
    assert set(title_keys({"en": one})) & set(title_keys({"en": other}))


def test_a_part_is_not_the_whole_however_many_words_they_share() -> None:
    found = likeness(
        {"en": "Introduction to GIS"}, {"en": "Introduction to GIS for urban planners"}
    )
    assert (found.score or 0) < ALIKE


def test_numbers_are_one_in_digits_in_letters_and_in_other_scripts() -> None:
    assert numbers_of("Water, Part II") == numbers_of("Water, part 2") == ("2",)
    assert numbers_of("الماء ٢") == ("2",)
    assert numbers_of("Civic mix") == ()


def test_titles_are_compared_in_the_languages_that_both_have() -> None:
    one, other = {"en": "Water", "fr": "L'eau en ville"}, {"fr-CA": "L’eau en ville", "es": "Agua"}
    assert likeness(one, other) == Likeness(100, contradicted=False)
    assert likeness({"en": "Water"}, {"es": "Agua"}) == Likeness(None, contradicted=False)
    assert likeness({"en": "Water 1"}, {"es": "Agua 2"}) == Likeness(None, contradicted=True)
