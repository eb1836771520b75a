"""A query string becomes a question and back; what is not understood is named, never an error."""

from __future__ import annotations

import string
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as some
from werkzeug.datastructures import MultiDict

from courses.search.params import (
    FACETS,
    LAST_PAGE,
    LONGEST_QUERY,
    MOST_VALUES,
    Read,
    SearchParams,
    Sort,
    read_params,
)
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import Vocabularies

CODES = {
    "language": ("ar", "en", "es", "fr"),
    "issue": ("climate", "housing", "water"),
    "methodology": ("mooc", "webinar"),
    "kind": ("course", "webinar"),
    "when": ("past", "upcoming"),
    "region": ("002", "BR", "KE"),
    "section": ("uclg-africa", "uclg-latam"),
    "institution": ("north-school", "river-school"),
    "audience": ("elected", "staff"),
    "level": ("advanced", "introductory"),
    "cost": ("free", "paid"),
    "certificate": ("free", "none"),
    "data": ("large", "small"),
}
KNOWN = Vocabularies(
    tuple(
        Term(id=number, vocabulary=Vocabulary(name), code=code, labels={"en": code})
        for number, (name, code) in enumerate(
            (name, code)
            for name, codes in CODES.items()
            if name in set(Vocabulary)
            for code in codes
        )
    )
)


def clean(text: str) -> str:
    """Write spaces for what cannot be seen, as reading does."""
    return "".join(" " if ord(char) < 32 else char for char in text).strip()


chosen = some.fixed_dictionaries(
    {},
    optional={
        name: some.sets(some.sampled_from(codes), min_size=1) for name, codes in CODES.items()
    },
).map(lambda found: {name: tuple(sorted(values)) for name, values in found.items()})
asked = some.builds(
    SearchParams,
    q=some.text(max_size=LONGEST_QUERY).map(clean),
    chosen=chosen,
    sort=some.sampled_from(Sort),
    page=some.integers(1, LAST_PAGE),
)


def is_institution(slug: str) -> bool:
    return slug in CODES["institution"]


def read(query: str) -> Read:
    arguments = MultiDict(parse_qsl(query, keep_blank_values=True, errors="replace"))
    return read_params(arguments, KNOWN, is_institution=is_institution)


@given(asked)
def test_a_question_written_and_read_is_the_same_question(params: SearchParams) -> None:
    assert read(params.query_string()) == Read(params)


@given(asked, some.randoms(use_true_random=False))
def test_whatever_the_order_of_a_query_string_its_canonical_form_is_one(
    params: SearchParams, chance: object
) -> None:
    pairs = params.pairs()
    shuffled = list(pairs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    found = read_params(MultiDict(shuffled), KNOWN, is_institution=is_institution)
    assert found.params.pairs() == pairs


@given(asked, some.sampled_from(FACETS), some.data())
def test_choosing_one_value_more_and_less_leads_back_to_the_first_page(
    params: SearchParams, facet: str, data: some.DataObject
) -> None:
    value = data.draw(some.sampled_from(CODES[facet]))
    more = params.plus(facet, value)
    assert more.values(facet) == tuple(sorted({*params.values(facet), value}))
    assert more.plus(facet, value) == more
    less = more.minus(facet, value)
    assert less.values(facet) == tuple(one for one in params.values(facet) if one != value)
    assert less.minus(facet, value) == less
    assert (more.page, less.page) == (1, 1)
    assert {more.q, less.q, params.q} == {params.q}
    assert {name: less.values(name) for name in FACETS if name != facet} == {
        name: params.values(name) for name in FACETS if name != facet
    }


@given(some.text(alphabet=string.printable + "éß水เ\u200b\x00😀&=+%;#", max_size=300))
def test_no_query_string_is_an_error(query: str) -> None:
    found = read(query).params
    assert read(found.query_string()).params == found


def test_the_canonical_order_is_words_facets_sort_page() -> None:
    found = read(
        "page=3&institution=river-school&sort=newest&kind=course&q=eau&issue=water&issue=climate"
    )
    assert found.params.query_string() == (
        "q=eau&issue=climate&issue=water&kind=course&institution=river-school&sort=newest&page=3"
    )


def test_what_goes_without_saying_is_left_out() -> None:
    assert read("q=&issue=&sort=relevance&page=1&sort=").params.query_string() == ""


def test_empty_values_are_dropped_without_a_word() -> None:
    assert read("issue=&issue=water&language=+&q=+&page=&sort=") == Read(
        SearchParams(chosen={"issue": ("water",)})
    )


def test_a_language_of_a_country_is_its_base_language() -> None:
    found = read("language=es-MX&language=FR_ca&language=es")
    assert found == Read(SearchParams(chosen={"language": ("es", "fr")}))


def test_unknown_values_are_named_and_left_out() -> None:
    found = read(
        "language=xx&issue=water&issue=love&kind=talk&section=moon&institution=nobody&sort=up"
    )
    assert found.params == SearchParams(chosen={"issue": ("water",)})
    assert found.unknown == (
        ("language", "xx"),
        ("issue", "love"),
        ("kind", "talk"),
        ("section", "moon"),
        ("institution", "nobody"),
        ("sort", "up"),
    )


def test_an_unknown_value_is_named_once_however_often_it_comes() -> None:
    assert read("issue=love&issue=love&issue=+love").unknown == (("issue", "love"),)


def test_an_unknown_parameter_is_passed_over() -> None:
    assert read("utm_source=mail&lang=es&method=mooc&q=eau") == Read(SearchParams(q="eau"))


@pytest.mark.parametrize(
    "page", ["0", "-1", "1.5", "two", "٢", "1e3", "0x1", "²", "100001", "9" * 5000, "0000000015"]
)
def test_a_page_that_is_none_is_named_and_the_first_is_shown(page: str) -> None:
    found = read_params(MultiDict([("page", page)]), KNOWN, is_institution=is_institution)
    assert found == Read(SearchParams(), (("page", page[:80].strip()),))


def test_the_last_page_that_can_be_asked_for_is_far_away() -> None:
    assert read("page=100000").params.page == LAST_PAGE == 100_000


def test_of_repeated_scalars_the_first_counts() -> None:
    found = read("q=one&q=two&page=2&page=3&sort=newest&sort=soonest")
    assert found == Read(SearchParams("one", sort=Sort.NEWEST, page=2))


def test_of_a_thousand_values_only_the_first_are_looked_at() -> None:
    many = "&".join(f"issue=unknown-{number}" for number in range(1000))
    found = read(f"{many}&issue=water")
    assert found.params == SearchParams()
    assert [value for _, value in found.unknown] == [
        f"unknown-{number}" for number in range(MOST_VALUES)
    ]


def test_what_is_named_as_unknown_is_short() -> None:
    assert read("issue=" + "x" * 5000).unknown == (("issue", "x" * 80),)


def test_words_are_cut_where_no_question_needs_more() -> None:
    assert read("q=" + "a" * 10_000).params.q == "a" * LONGEST_QUERY


def test_characters_that_cannot_be_seen_become_spaces() -> None:
    assert read("q=%00wa%00ter%1f&issue=%00water%0a").params == SearchParams(
        "wa ter", {"issue": ("water",)}
    )
