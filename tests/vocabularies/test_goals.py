"""The Sustainable Development Goals: 17 goals and 169 targets, and what stands for them."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask

from courses.vocabularies.files import WORDS_IN
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import Vocabularies, goal_of, terms_coded, vocabularies

TARGETS = {
    "1": 7,
    "2": 8,
    "3": 13,
    "4": 10,
    "5": 9,
    "6": 8,
    "7": 5,
    "8": 12,
    "9": 8,
    "10": 10,
    "11": 10,
    "12": 11,
    "13": 5,
    "14": 10,
    "15": 12,
    "16": 12,
    "17": 19,
}
"""How many targets each goal has, after the resolution that set them (A/RES/70/1)."""

CALLED = {
    "en": "SDG 11",
    "fr": "ODD 11",
    "es": "ODS 11",
    "pt": "ODS 11",
    "ar": "الهدف 11",
    "ru": "ЦУР 11",
    "zh": "可持续发展目标11",
    "th": "เป้าหมายที่ 11",
    "id": "TPB 11",
}


@pytest.fixture
def known(app: Flask) -> Vocabularies:
    assert app.name
    return vocabularies(Vocabulary.SDG)


def issue(known: Vocabularies, code: str) -> Term:
    return known.by_code[Vocabulary.ISSUE, code]


def test_there_are_seventeen_goals_with_a_hundred_and_sixty_nine_targets(
    known: Vocabularies,
) -> None:
    goals = [term.code for term in known.of(Vocabulary.SDG) if term.broader_id is None]
    assert goals == [str(number) for number in range(1, 18)]
    below = Counter(
        above.code for term in known.of(Vocabulary.SDG) if (above := known.broader(term))
    )
    assert (below, sum(TARGETS.values())) == (TARGETS, 169)


def test_every_target_stands_below_the_goal_it_is_numbered_after(known: Vocabularies) -> None:
    stray = [
        term.code for term in known.of(Vocabulary.SDG) if known.top(term).code != goal_of(term.code)
    ]
    assert stray == []


def test_targets_follow_their_goal_in_the_order_of_the_agenda(known: Vocabularies) -> None:
    codes = [term.code for term in known.of(Vocabulary.SDG) if goal_of(term.code) == "8"]
    targets = ["8.1", "8.2", "8.3", "8.4", "8.5", "8.6", "8.7", "8.8", "8.9", "8.10", "8.a", "8.b"]
    assert codes == ["8", *targets]


def test_every_goal_has_a_name_in_fourteen_languages(known: Vocabularies) -> None:
    goals = [term for term in known.of(Vocabulary.SDG) if term.broader_id is None]
    assert len(WORDS_IN) == 14
    assert {tuple(term.labels) for term in goals} == {WORDS_IN}
    assert [term.code for term in goals if not all(map(str.strip, term.labels.values()))] == []


def test_every_target_has_a_short_label_in_fourteen_languages(known: Vocabularies) -> None:
    targets = [term for term in known.of(Vocabulary.SDG) if term.broader_id is not None]
    assert {tuple(term.labels) for term in targets} == {WORDS_IN}
    long = [term.code for term in targets if max(map(len, term.labels.values())) > 60]
    assert long == []


@pytest.mark.parametrize("language", CALLED)
def test_a_goal_is_known_by_its_number_in_many_languages(
    known: Vocabularies, language: str
) -> None:
    goal = known.by_code[Vocabulary.SDG, "11"]
    assert CALLED[language] in goal.alternatives[language]


def test_a_target_is_known_by_its_number_too(known: Vocabularies) -> None:
    assert known.by_word[Vocabulary.SDG, "sdg 11.2"].code == "11.2"
    assert known.by_word[Vocabulary.SDG, "meta 11.b"].code == "11.b"


def test_targets_that_issues_name_are_targets(known: Vocabularies) -> None:
    named = {code for term in known.of(Vocabulary.ISSUE) for code in term.details.get("sdg", ())}
    known_codes = {term.code for term in known.of(Vocabulary.SDG)}
    assert named
    assert named <= known_codes


def test_an_issue_stands_for_the_targets_it_names_and_their_goals(known: Vocabularies) -> None:
    assert known.sdg_of([issue(known, "housing")]) == {"11.1", "11"}
    both = known.sdg_of([issue(known, "housing"), issue(known, "energy")])
    assert both == {"11.1", "11", "7.2", "7"}


def test_a_goal_stands_for_itself_and_a_target_for_its_goal_too(known: Vocabularies) -> None:
    goal, target = (known.by_code[Vocabulary.SDG, code] for code in ("6", "6.2"))
    assert known.sdg_of([goal]) == {"6"}
    assert known.sdg_of([target]) == {"6.2", "6"}


def test_terms_without_goals_stand_for_none(known: Vocabularies) -> None:
    assert known.sdg_of([known.by_code[Vocabulary.METHODOLOGY, "mooc"]]) == set()
    assert known.sdg_of([]) == set()


def test_terms_standing_for_a_target_are_the_target_and_the_issues_nearest_to_it(
    known: Vocabularies,
) -> None:
    found = {(term.vocabulary, term.code) for term in known.standing_for("11.1")}
    assert found == {(Vocabulary.SDG, "11.1"), (Vocabulary.ISSUE, "housing")}


def test_pages_load_goals_and_regions_only_when_they_ask(app: Flask) -> None:
    assert app.name
    wide = {Vocabulary.SDG, Vocabulary.REGION}
    assert {term.vocabulary for term in vocabularies().terms} == set(Vocabulary) - wide
    assert {term.vocabulary for term in vocabularies(*Vocabulary).terms} == set(Vocabulary)
    assert [term.code for term in terms_coded(Vocabulary.SDG, {"11", "6"})] == ["6", "11"]
