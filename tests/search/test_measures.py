"""The measures of relevance give what one works out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.relevance.judged import Judged, judged_queries
from benchmarks.relevance.measures import interval, mean, recall, reciprocal_rank
from benchmarks.relevance.report import Answered, figures, groups, missed, of_passages

LIST = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]


@pytest.mark.parametrize(
    ("relevant", "rank"),
    [({"a"}, 1.0), ({"c", "b"}, 0.5), ({"j"}, 0.1), ({"k"}, 0.0), ({"z"}, 0.0)],
)
def test_the_rank_is_that_of_the_first_relevant_among_ten(relevant: set[str], rank: float) -> None:
    assert reciprocal_rank(LIST, relevant) == pytest.approx(rank)


def test_nothing_found_has_no_rank_and_no_recall() -> None:
    assert (reciprocal_rank([], {"a"}), recall([], {"a"})) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("relevant", "share"),
    [({"a", "b", "z", "y"}, 0.5), ({"k"}, 0.0), ({"a"}, 1.0), (set(LIST) | {"y"}, 1.0)],
)
def test_recall_asks_no_more_than_ten_places_can_hold(relevant: set[str], share: float) -> None:
    assert recall(LIST, relevant) == pytest.approx(share)


def test_an_interval_holds_the_mean_and_narrows_with_more_values() -> None:
    few, many = interval([0.0, 1.0] * 5), interval([0.0, 1.0] * 500)
    assert few[0] < 0.5 < few[1]
    assert many[0] < 0.5 < many[1]
    assert many[1] - many[0] < (few[1] - few[0]) / 5
    assert interval([0.25] * 4) == (0.25, 0.25)


def test_groups_and_their_means() -> None:
    known = Answered(Judged("clean water", "known", "en", frozenset({"a"})), ["b", "a"])
    topic = Answered(Judged("eau", "topic", "fr", frozenset({"c", "d"})), ["x"])
    both = [known, topic]
    sorted_ = groups(both)
    assert sorted_["all"] == both
    assert sorted_["type known"] == sorted_["language en"] == [known]
    assert len(sorted_.get("dev", [])) + len(sorted_.get("held", [])) == 2
    told = figures(both)
    assert (told["queries"], told["mrr"], told["recall"]) == (2, 0.25, 0.5)
    assert missed(both) == [topic.judged]


def test_passages_are_told_in_all_and_by_language() -> None:
    told = of_passages({"own": {"en": [1.0, 0.5], "th": [0.0, 0.5]}})
    assert (told["own"]["all"], told["own"]["en"], told["own"]["th"]) == (0.5, 0.75, 0.25)


def test_a_file_gives_queries_in_its_language(tmp_path: Path) -> None:
    (tmp_path / "es-more.toml").write_text('[topic]\n"agua" = ["a:1", "b:2"]\n', encoding="utf-8")
    assert judged_queries(tmp_path) == [Judged("agua", "topic", "es", frozenset({"a:1", "b:2"}))]


def test_the_halves_never_change() -> None:
    halves = [Judged(query, "topic", "en", frozenset("a")).is_held for query in ("a", "b", "e")]
    assert halves == [False, False, True]
    assert mean([one.is_held for one in judged_queries()]) == pytest.approx(0.5, abs=0.1)
