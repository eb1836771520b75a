"""Regions of the world: the tree of UN M49, compared with the one ICU brings along."""

from __future__ import annotations

from collections import Counter

import icu
import pytest
from babel import Locale
from flask import Flask

from courses.vocabularies.files import WORDS_IN, region_above, regions_below
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.vocabularies.regions import countries_in, is_region, regions_above

WORLD = {"002", "009", "019", "142", "150"}
OF_CLDR_ALONE = {"AC", "CP", "CQ", "DG", "EA", "IC", "QO", "TA", "TW", "XK"}
"""What Unicode places in a region and M49 does not list as an area of its own."""

NOWHERE_IN_M49 = {"AQ"}
"""M49 lists Antarctica outside all regions."""


def inside(region: str) -> set[str]:
    """Give the countries that Unicode places in a region."""
    below = [str(code) for code in icu.Region.getInstance(region).getContainedRegions()]
    return set().union(*map(inside, below)) if below else {region}


@pytest.fixture
def known(app: Flask) -> Vocabularies:
    assert app.name
    return vocabularies(Vocabulary.REGION)


def countries() -> list[str]:
    return [code for below in regions_below().values() for code in below if code.isalpha()]


def test_the_tree_begins_with_five_regions_of_the_world(known: Vocabularies) -> None:
    tops = {term.code for term in known.of(Vocabulary.REGION) if term.broader_id is None}
    assert tops == WORLD == set(regions_below()) - set(region_above())


def test_every_country_of_m49_stands_in_the_tree_once() -> None:
    territories = {str(code) for code in Locale("en").territories}
    listed = inside("001") - OF_CLDR_ALONE - NOWHERE_IN_M49
    assert listed <= territories
    assert Counter(countries()) == Counter(listed)


@pytest.mark.parametrize("region", sorted(set(regions_below()) - {"202", "419"}))
def test_regions_hold_the_countries_that_unicode_places_there(region: str) -> None:
    assert countries_in(region) == inside(region) - OF_CLDR_ALONE - NOWHERE_IN_M49


def test_the_two_groups_of_regions_are_what_their_names_say() -> None:
    assert countries_in("202") == countries_in("002") - countries_in("015")
    assert countries_in("419") == countries_in("019") - countries_in("021")


def test_the_table_holds_the_tree_of_the_file(known: Vocabularies) -> None:
    terms = known.of(Vocabulary.REGION)
    told = {term.code: above.code for term in terms if (above := known.broader(term))}
    assert told == dict(region_above())
    assert len(terms) == len(told) + len(WORLD)


def test_regions_above_a_country_go_from_the_nearest_to_the_world_region() -> None:
    assert regions_above("KE") == ("014", "202", "002")
    assert regions_above("BR") == ("005", "419", "019")
    assert regions_above("TH") == ("035", "142")
    assert regions_above("014") == ("202", "002")


def test_nothing_lies_above_a_world_region_an_unknown_code_or_no_country() -> None:
    assert [regions_above(code) for code in ("002", "TW", "XX", "", None)] == [()] * 5


def test_a_country_holds_itself_alone() -> None:
    assert countries_in("KE") == {"KE"}


def test_codes_of_regions_and_countries_are_known_and_no_others() -> None:
    known = [is_region(code) for code in ("KE", "014", "XX", "ke", "001")]
    assert known == [True, True, False, False, False]


def test_every_region_and_country_has_a_name_of_its_own_in_fourteen_languages(
    known: Vocabularies,
) -> None:
    terms = known.of(Vocabulary.REGION)
    for language in WORDS_IN:
        names = [term.labels[language] for term in terms]
        nameless = [term.code for term in terms if term.labels[language] in {term.code, ""}]
        assert (language, nameless) == (language, [])
        twice = [name for name, count in Counter(names).items() if count > 1]
        assert (language, twice) == (language, [])


def test_names_are_said_in_the_language_of_the_reader(known: Vocabularies) -> None:
    label = known.label
    assert label(Vocabulary.REGION, "014", "fr") == "Afrique orientale"
    assert label(Vocabulary.REGION, "KE", "ar") == "كينيا"
    assert label(Vocabulary.REGION, "057", "fr") == "Région micronésienne"
    assert label(Vocabulary.REGION, "XX9", "fr") == "XX9"


def test_everyday_names_lead_to_regions(known: Vocabularies) -> None:
    words = ("lac", "america latina", "middle east", "الشرق الاوسط", "mena")
    found = [known.by_word.get((Vocabulary.REGION, word)) for word in words]
    assert [term.code for term in found if term] == ["419", "419", "145", "145", "015"]
