"""Partners' words and our terms: what is mapped, what is asked for, what is known to be foreign."""

from __future__ import annotations

import tomllib
from collections import Counter

import pytest

from academy.db import db, unit_of_work
from courses.harvesting.models import WordMapping
from courses.harvesting.words.mapping import Meaning, set_mapping
from courses.harvesting.words.table import (
    LONGEST_WORD,
    MAPPED,
    MOST_NAMED,
    MOST_OF,
    OF_SUBJECTS,
    folded_word,
    starting_table,
)
from courses.sources.models import Source
from courses.vocabularies.files import DATA
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from tests.harvesting.harvested import counts, harvest, lines, offer, prints, record, source
from tests.making import NOW

pytestmark = pytest.mark.usefixtures("app")


def codes(name: str = "water") -> set[str]:
    return {term.code for term in offer(name).terms}


def map_word(word: str, code: str | None, *, vocabulary: Vocabulary = Vocabulary.ISSUE) -> None:
    source_id = source()
    with unit_of_work():
        term = vocabularies().by_code[vocabulary, code] if code else None
        found = db.session.get_one(Source, source_id)
        set_mapping(found, Meaning(word, vocabulary, term), person=None, now=NOW)


@pytest.mark.parametrize(
    ("subjects", "found"),
    [
        (["housing"], {"housing"}),
        (["HOUSING"], {"housing"}),
        (["Logement"], {"housing"}),
        (["vivienda"], {"housing"}),
        (["slum-upgrading"], {"housing"}),
        (["Housing", "Logement"], {"housing"}),
        (["Housing, water"], {"housing", "water"}),
        (["Vivienda / agua"], {"housing", "water"}),
        (["webinar"], {"webinar"}),
        (["Ceramics"], set()),
        ([], set()),
    ],
)
def test_words_become_terms_through_labels_and_the_starting_table(
    subjects: list[str], found: set[str]
) -> None:
    harvest(lines(record(subjects=subjects)))
    assert codes() == found


def test_our_own_codes_are_taken_as_they_are() -> None:
    outcome = harvest(lines(record(terms={"issue": ["water", "nonsense"], "section": ["africa"]})))
    assert codes() == {"water"}
    assert outcome.report.unmapped == Counter({"issue:nonsense": 1, "section:africa": 1})


def test_unmapped_words_are_counted_however_they_are_spelled() -> None:
    records = [record(f"a{n}", subjects=["Glass-Blowing", "Ceramics"]) for n in range(3)]
    records += [record("b", subjects=["glass blowing", "Housing"])]
    outcome = harvest(lines(*records))
    assert outcome.report.unmapped == Counter({"Glass-Blowing": 4, "Ceramics": 3})


def test_the_parts_nobody_knows_are_counted_when_other_parts_are_known() -> None:
    outcome = harvest(lines(record(subjects=["Housing, Ceramics", "Poetry, Ceramics"])))
    assert outcome.report.unmapped == Counter({"Ceramics": 1, "Poetry, Ceramics": 1})


def test_words_known_to_be_foreign_are_not_asked_for() -> None:
    table = {key: codes for key, codes in starting_table().items() if key[0] in OF_SUBJECTS}
    foreign = {word for (_, word), codes in table.items() if not codes}
    foreign -= {word for (_, word), codes in table.items() if codes}
    foreign -= {word for _, word in vocabularies().by_word}
    assert len(foreign) > 100
    outcome = harvest(lines(record(subjects=sorted(foreign))))
    assert (outcome.report.unmapped, codes()) == (Counter(), set())


def test_a_mapping_reaches_at_the_latest_with_the_next_harvest() -> None:
    content = lines(record("water", subjects=["Ceramics"]), record("heat", subjects=["Poetry"]))
    assert harvest(content).report.unmapped == Counter({"Ceramics": 1, "Poetry": 1})
    map_word("ceramics", "culture")
    second = harvest(content)
    assert counts(second.report) == (2, 0, 1, 1, 0)
    assert (codes("water"), codes("heat")) == ({"culture"}, set())
    assert second.report.unmapped == Counter({"Poetry": 1})
    before = prints()
    assert counts(harvest(content).report) == (2, 0, 0, 2, 0)
    assert prints() == before


def test_the_mapping_of_a_source_wins_over_what_every_source_starts_with() -> None:
    map_word("Housing", "culture")
    harvest(lines(record(subjects=["housing"])))
    assert codes() == {"culture"}


def test_a_word_may_be_said_to_be_none_of_ours() -> None:
    map_word("Housing", None)
    outcome = harvest(lines(record(subjects=["housing"])))
    assert (codes(), outcome.report.unmapped) == (set(), Counter())


def test_a_word_may_mean_an_issue_and_a_methodology() -> None:
    map_word("Peer visit", "housing")
    map_word("Peer visit", "webinar", vocabulary=Vocabulary.METHODOLOGY)
    harvest(lines(record(subjects=["peer visit"])))
    assert codes() == {"housing", "webinar"}


def test_a_word_that_a_record_drops_describes_it_no_longer() -> None:
    harvest(lines(record(subjects=["Housing", "Water"])))
    harvest(lines(record(subjects=["Water"])))
    assert codes() == {"water"}


def test_a_record_that_loses_all_its_words_keeps_its_terms() -> None:
    harvest(lines(record(subjects=["Housing", "Water"])))
    harvest(lines(record(subjects=[])))
    harvest(lines(record(title="Rain")))
    assert codes() == {"housing", "water"}


def test_mapping_a_word_twice_keeps_the_last_answer() -> None:
    map_word("Ceramics", "housing")
    map_word("CERAMICS ", "culture")
    [row] = db.session.query(WordMapping).all()
    assert row.word == "ceramics"
    harvest(lines(record(subjects=["Ceramics"])))
    assert codes() == {"culture"}


def test_an_offer_gets_no_more_terms_than_a_reader_takes_in() -> None:
    issues = [term.code for term in vocabularies().of(Vocabulary.ISSUE)]
    methods = [term.code for term in vocabularies().of(Vocabulary.METHODOLOGY)]
    whom = [term.code for term in vocabularies().of(Vocabulary.AUDIENCE)]
    people = [term.labels["fr"] for term in vocabularies().of(Vocabulary.AUDIENCE)]
    harvest(lines(record(subjects=[*issues, *methods], audience=people)))
    counted = Counter(term.vocabulary for term in offer().terms)
    assert counted == Counter(MOST_OF)
    harvest(lines(record(terms={"issue": issues, "methodology": methods, "audience": whom})))
    counted = Counter(term.vocabulary for term in offer().terms)
    assert counted == Counter(MOST_NAMED | {Vocabulary.AUDIENCE: len(whom)})


def test_the_starting_table_names_terms_that_exist() -> None:
    by_code = vocabularies().by_code
    missing = {
        (vocabulary, code)
        for (vocabulary, _), codes in starting_table().items()
        for code in codes
        if (vocabulary, code) not in by_code
    }
    assert (missing, len(starting_table()) > 200) == (set(), True)


def test_the_starting_table_repeats_no_label_and_no_word() -> None:
    content = tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))
    written = sum(len(content.get(vocabulary.value, {})) for vocabulary in MAPPED)
    written += sum(len(words) for words in content["ignore"].values())
    labels = vocabularies().by_word.keys()
    assert [key for key in starting_table() if key in labels] == []
    assert len(starting_table()) == written


@pytest.mark.parametrize("letter", ["ß", "ﷺ", "Ǆ", "ﬃ"])
def test_a_word_is_no_longer_than_is_kept_however_its_letters_are_folded(letter: str) -> None:
    assert 0 < len(folded_word(letter * LONGEST_WORD)) <= LONGEST_WORD
