"""The terms offers are described with: complete, in three languages, and never deleted."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.db import db, unit_of_work
from academy.i18n import PUBLISHED
from academy.text import clean_line, fold_phrase
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.operations import sync
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.web.secretariat.vocabularies import LONGEST_LABEL

pytestmark = pytest.mark.usefixtures("app")
LABELLED = (
    *(Vocabulary.ISSUE, Vocabulary.METHODOLOGY, Vocabulary.AUDIENCE),
    *(Vocabulary.SECTION, Vocabulary.SDG),
)
READ_IN = set(PUBLISHED)
SEARCHED_IN = READ_IN | {"pt", "ar", "ru", "zh", "tr", "th", "id", "hi", "sw", "de", "it"}
FEWEST_WORDS = 6
FIRST = ["en", "fr", "es", "pt", "ar", "ru", "zh", "tr", "id", "hi"]


@pytest.fixture
def all_terms(app: Flask) -> Vocabularies:
    assert app.name
    return vocabularies(*Vocabulary)


def rows() -> list[tuple[object, ...]]:
    """Give all that the terms say; not when they last changed."""
    db.session.rollback()
    told = [column for column in Term.__table__.columns if column.name != "changed_at"]
    return [tuple(row) for row in db.session.execute(select(*told).order_by(Term.id))]


def moments() -> dict[str, datetime | None]:
    """Tell when each term last changed."""
    db.session.rollback()
    told = select(Term.vocabulary, Term.code, Term.changed_at)
    return {f"{name}:{code}": when for name, code, when in db.session.execute(told)}


def test_issues_are_a_tree_of_twelve_lines_with_sixteen_narrower_terms(
    all_terms: Vocabularies,
) -> None:
    issues = all_terms.of(Vocabulary.ISSUE)
    assert Counter(all_terms.broader(term) is None for term in issues) == {True: 12, False: 16}
    assert {all_terms.broader(all_terms.top(term)) for term in issues} == {None}


def test_narrower_terms_follow_the_line_they_belong_to(all_terms: Vocabularies) -> None:
    line = None
    for term in all_terms.of(Vocabulary.ISSUE):
        line = term if all_terms.broader(term) is None else line
        assert all_terms.top(term) is line


def test_there_are_twenty_four_methodologies_in_no_tree(all_terms: Vocabularies) -> None:
    methods = all_terms.of(Vocabulary.METHODOLOGY)
    assert (len(methods), {term.broader_id for term in methods}) == (24, {None})


def test_there_are_eleven_audiences_in_no_tree_with_words_in_every_language_of_search(
    all_terms: Vocabularies,
) -> None:
    audiences = all_terms.of(Vocabulary.AUDIENCE)
    assert (len(audiences), {term.broader_id for term in audiences}) == (11, {None})
    for term in audiences:
        assert set(term.labels) == set(term.alternatives) == SEARCHED_IN, term.code
        few = {code for code, words in term.alternatives.items() if len(words) < 3}
        assert few == set(), term.code
    found = [
        all_terms.by_word[Vocabulary.AUDIENCE, fold_phrase(word)].code
        for word in (
            "Mayors",
            "MAIRES",
            "alcaldesas",
            "市长",
            "นายกเทศมนตรี",
            "madiwani",
            "Fonctionnaires",
        )
    ]
    assert found == [*["elected"] * 6, "staff"]


def test_decided_codes_are_there(all_terms: Vocabularies) -> None:
    assert all_terms.label(Vocabulary.ISSUE, "inclusion", "en") == "Gender and inclusion"
    assert all_terms.by_word[Vocabulary.METHODOLOGY, "tutored course"].code == "mooc"


@pytest.mark.parametrize("vocabulary", LABELLED)
def test_every_term_has_a_label_in_every_published_language(
    all_terms: Vocabularies, vocabulary: Vocabulary
) -> None:
    for term in all_terms.of(vocabulary):
        assert set(term.labels) >= READ_IN, term.code
        assert all(label == label.strip() != "" for label in term.labels.values()), term.code


def test_every_issue_has_a_label_and_everyday_words_in_every_language_of_search(
    all_terms: Vocabularies,
) -> None:
    for term in all_terms.of(Vocabulary.ISSUE):
        assert set(term.labels) == set(term.alternatives) == SEARCHED_IN, term.code
        few = {code for code, words in term.alternatives.items() if len(words) < FEWEST_WORDS}
        assert few == set(), term.code


def test_no_two_issues_have_the_same_label_in_any_language(all_terms: Vocabularies) -> None:
    issues = all_terms.of(Vocabulary.ISSUE)
    for language in sorted(SEARCHED_IN):
        labels = Counter(fold_phrase(term.labels[language]) for term in issues)
        assert (language, labels.most_common(1)[0][1]) == (language, 1)


@pytest.mark.parametrize("vocabulary", LABELLED[:3])
def test_every_label_and_alternative_leads_to_its_term(
    all_terms: Vocabularies, vocabulary: Vocabulary
) -> None:
    for term in all_terms.of(vocabulary):
        alternatives = [word for words in term.alternatives.values() for word in words]
        for word in (*term.labels.values(), *alternatives):
            assert word == clean_line(word, limit=LONGEST_LABEL) != "", word
            assert all_terms.by_word[vocabulary, fold_phrase(word)] is term, word


@pytest.mark.parametrize("vocabulary", LABELLED)
@pytest.mark.parametrize("language", sorted(READ_IN))
def test_no_two_terms_have_the_same_label(
    all_terms: Vocabularies, vocabulary: Vocabulary, language: str
) -> None:
    labels = [fold_phrase(term.labels[language]) for term in all_terms.of(vocabulary)]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize("vocabulary", LABELLED)
def test_no_word_means_two_terms_of_one_vocabulary(
    all_terms: Vocabularies, vocabulary: Vocabulary
) -> None:
    meant: dict[str, set[str]] = {}
    for term in all_terms.of(vocabulary):
        alternatives = [word for words in term.alternatives.values() for word in words]
        for word in (*alternatives, *term.labels.values()):
            meant.setdefault(fold_phrase(word), set()).add(term.code)
    assert {word: codes for word, codes in meant.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("vocabulary", list(Vocabulary))
def test_codes_can_stand_in_an_address(all_terms: Vocabularies, vocabulary: Vocabulary) -> None:
    codes = [term.code for term in all_terms.of(vocabulary)]
    assert [code for code in codes if not re.fullmatch(r"[A-Za-z0-9]+([.-][a-z0-9]+)*", code)] == []
    assert len(codes) == len(set(codes)) > 0


def test_languages_are_base_tags_each_under_its_own_name(all_terms: Vocabularies) -> None:
    languages = all_terms.of(Vocabulary.LANGUAGE)
    assert [term.code for term in languages][:10] == FIRST
    assert [term.code for term in languages if not re.fullmatch("[a-z]{2,3}", term.code)] == []
    assert [term.code for term in languages if list(term.labels) != [term.code]] == []


def test_a_word_is_found_in_any_language_and_spelling(all_terms: Vocabularies) -> None:
    found = {
        all_terms.by_word[Vocabulary.ISSUE, fold_phrase(word)].code
        for word in (
            *("Housing", "LOGEMENT", "vivienda", "affordable-housing", "sinhogarismo"),
            *("habitacao", "الاسكان", "ЖИЛЬЕ", "住房", "konut", "ที่อยู่อาศัย", "आवास", "makazi"),
        )
    }
    assert found == {"housing"}


def test_a_label_falls_back_to_english_and_an_unknown_code_to_itself(
    all_terms: Vocabularies,
) -> None:
    label = all_terms.label
    assert label(Vocabulary.ISSUE, "housing", "fr") == "Logement"
    assert label(Vocabulary.ISSUE, "housing", "th") == "ที่อยู่อาศัย"
    assert label(Vocabulary.ISSUE, "housing", "ko") == "Housing"
    assert label(Vocabulary.ISSUE, "nonsense", "fr") == "nonsense"


def test_a_second_sync_changes_nothing() -> None:
    before = rows()
    with unit_of_work():
        changed = sync()
    assert (changed, rows()) == (0, before)


def test_sync_puts_back_what_differs_and_counts_it() -> None:
    before = rows()
    with unit_of_work():
        by_code = vocabularies().by_code
        by_code[Vocabulary.ISSUE, "housing"].labels = {"en": "Houses"}
        by_code[Vocabulary.ISSUE, "resilience"].broader_id = None
    assert rows() != before
    known = moments()
    with unit_of_work():
        assert sync() == 2
    assert rows() == before
    # Search reads the words anew once a term has changed: what changes says when, and no other.
    changed = {term for term, when in moments().items() if when != known[term]}
    assert changed == {"issue:housing", "issue:resilience"}


def test_a_term_that_left_the_files_stays() -> None:
    with unit_of_work():
        db.session.add(
            Term(vocabulary=Vocabulary.ISSUE, code="steam", position=99, labels={"en": "Steam"})
        )
    before = rows()
    with unit_of_work():
        assert sync() == 0
    assert rows() == before
    assert vocabularies().by_code[Vocabulary.ISSUE, "steam"].labels == {"en": "Steam"}


def test_sync_fills_an_empty_table() -> None:
    before = db.session.scalar(select(func.count()).select_from(Term))
    with unit_of_work():
        db.session.query(Term).update({"broader_id": None})
        db.session.query(Term).delete()
    with unit_of_work():
        assert sync() == before
    issues = vocabularies().of(Vocabulary.ISSUE)
    assert Counter(term.broader_id is None for term in issues) == {True: 12, False: 16}


def test_the_command_says_how_many_terms_changed(app: Flask) -> None:
    runner = app.test_cli_runner()
    result = runner.invoke(args=["vocabularies", "sync"])
    assert (result.exit_code, result.output) == (0, "New or changed terms: 0\n")
    with unit_of_work():
        vocabularies().by_code[Vocabulary.ISSUE, "housing"].position = 77
    result = runner.invoke(args=["vocabularies", "sync"])
    assert (result.exit_code, result.output) == (0, "New or changed terms: 1\n")
