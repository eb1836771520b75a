"""For whom an offer is, as feeds say it: our codes, labels in any language, partners' words."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from academy.db import db, unit_of_work
from courses.catalogue.models import OfferTerm
from courses.harvesting.words.mapping import Meaning, set_mapping
from courses.sources.models import Source
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from tests.harvesting.harvested import (
    counts,
    harvest,
    lines,
    offer,
    offers,
    prints,
    record,
    source,
    table,
)
from tests.making import NOW

pytestmark = pytest.mark.usefixtures("app")


def whom(name: str = "water") -> list[str]:
    return sorted(term.code for term in offer(name).terms if term.vocabulary is Vocabulary.AUDIENCE)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"audience": ["Mayors"]}, ["elected"]),
        ({"audience": "Alcaldes; personal técnico"}, ["elected", "staff"]),
        ({"audience": "Maires, chercheurs"}, ["academia", "elected"]),
        ({"audience": ["نواب", "市长"]}, ["elected"]),
        ({"audience": "Local authorities"}, ["elected", "officials", "staff"]),
        ({"audience": {"@type": "Audience", "audienceType": "Mayors"}}, []),
        ({"audience": [{"@type": "Audience", "audienceType": "Mayors"}]}, ["elected"]),
        (
            {"audience": [{"@type": "EducationalAudience", "educationalRole": ["student"]}]},
            ["academia"],
        ),
        ({"terms": {"audience": ["un", "Mayors"]}}, ["elected", "un"]),
        ({"terms": {"audience": ["un"]}, "audience": ["un", "donors"]}, ["donors", "un"]),
        ({"subjects": ["Civil society", "Mayors", "Private sector"]}, []),
        ({"audience": 7}, []),
        ({"audience": None}, []),
    ],
)
def test_an_audience_is_read_in_its_own_place_and_nowhere_else(
    said: dict[str, Any], found: list[str]
) -> None:
    harvest(lines(record(**said)))
    assert whom() == found


def test_a_column_of_a_table_says_for_whom_in_many_languages() -> None:
    for number, header in enumerate(("Target group", "Público objetivo", "Zielgruppe", "目标受众")):
        row = {"Id": f"w{number}", "Title": "Water", "URL": f"https://school.example/{number}"}
        harvest(table(row | {"Language": "en", header: "mayors|civil servants"}), "csv")
    found = {one.id: sorted(term.code for term in one.terms) for one in offers().values()}
    assert list(found.values()) == [["elected", "staff"]] * 4


def test_words_nobody_knows_are_counted_as_of_the_audience_and_can_be_mapped() -> None:
    content = lines(record(audience=["Glass-blowers", "everyone"], subjects=["Glass-blowers"]))
    first = harvest(content)
    assert first.report.unmapped == Counter({"audience:Glass-blowers": 1, "Glass-blowers": 1})
    source_id = source()
    with unit_of_work():
        term = vocabularies().by_code[Vocabulary.AUDIENCE, "business"]
        found = db.session.get_one(Source, source_id)
        meant = Meaning("glass blowers", Vocabulary.AUDIENCE, term)
        set_mapping(found, meant, person=None, now=NOW)
    assert harvest(content).report.unmapped == Counter({"Glass-blowers": 1})
    assert whom() == ["business"]


def test_the_parts_of_a_list_are_read_and_the_rest_asked_for() -> None:
    outcome = harvest(lines(record(audience="Mayors, glass-blowers")))
    assert (whom(), outcome.report.unmapped) == (
        ["elected"],
        Counter({"audience:glass-blowers": 1}),
    )


def choose(code: str) -> None:
    """Let an editor say for whom the offer is."""
    described = offer().id
    with unit_of_work():
        term = vocabularies().by_code[Vocabulary.AUDIENCE, code]
        db.session.add(OfferTerm(offer_id=described, term_id=term.id))


def test_a_feed_that_does_not_say_for_whom_leaves_that_to_the_editors() -> None:
    harvest(lines(record(subjects=["Housing"])))
    choose("associations")
    harvest(lines(record(subjects=["Water"])))
    assert sorted(term.code for term in offer().terms) == ["associations", "water"]


def test_a_feed_that_says_for_whom_alone_leaves_the_issues() -> None:
    harvest(lines(record(subjects=["Housing"], audience=["Mayors"])))
    harvest(lines(record(audience=["Residents"])))
    assert sorted(term.code for term in offer().terms) == ["civil-society", "housing"]


def test_the_same_feed_again_touches_nothing() -> None:
    content = lines(record(subjects=["Housing"], audience=["Mayors", "Residents"]))
    harvest(content)
    before = prints()
    assert counts(harvest(content).report) == (1, 0, 0, 1, 0)
    assert prints() == before
