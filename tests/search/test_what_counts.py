"""What counts as having a word, and as being to come."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from academy.db import unit_of_work
from courses.catalogue.content import RunContent
from courses.catalogue.models import Kind
from courses.search.answering.engine import search
from courses.search.answering.snapshots import Reader
from courses.search.engine import Outcome, Question
from courses.search.find import index_folder
from courses.search.params import SearchParams
from courses.search.plain.engine import Plain
from tests.making import NOW, make_institution, make_offer
from tests.search.indexed import ask, indexed, look


def test_what_only_begins_alike_follows_and_does_not_have_the_word(app: Flask) -> None:
    make_offer("Planning a harbour")
    found = look(indexed(app), "plannetary")
    assert (found.total, found.with_all_words, found.outcome) == (1, 0, Outcome.SOME_WORDS)


def test_a_run_without_end_hides_no_run_to_come(app: Flask) -> None:
    begun = [RunContent(starts_at=NOW - timedelta(days=days)) for days in (1, 2, 3)]
    make_offer(
        "Harbour", kind=Kind.COURSE, runs=[*begun, RunContent(starts_at=NOW + timedelta(days=5))]
    )
    folder = indexed(app)
    assert (look(folder, when="running").total, look(folder, when="upcoming").total) == (1, 1)


def test_what_starts_within_the_minute_has_started_for_both_engines(app: Flask) -> None:
    start = NOW.replace(second=0) + timedelta(seconds=40)
    make_offer("Harbour", kind=Kind.COURSE, runs=[RunContent(starts_at=start)])
    folder, asked = indexed(app), NOW.replace(second=10)
    for when, found in (("running", 1), ("upcoming", 0)):
        params = SearchParams(chosen={"when": (when,)})
        index = ask(Reader(folder).snapshot(), params, now=asked)
        assert (index.total, Plain().search(Question(params, asked)).total) == (found, found)


def test_the_name_of_a_country_or_region_leads_there_in_any_language(app: Flask) -> None:
    there = make_offer("Harbours", institution="kenyan-institute")
    with unit_of_work():
        make_institution("kenyan-institute").country = "KE"
    named = make_offer("Ports of Kenya", language="en")
    make_offer("Elsewhere")
    folder = indexed(app)
    assert look(folder, "Kenya").numbers == [named.id, there.id]
    assert sorted(look(folder, "肯尼亚").numbers) == [there.id, named.id]
    assert look(folder, "Afrique orientale").numbers == [there.id]


def test_both_engines_put_nearly_the_same_first(shown: Flask) -> None:
    with shown.app_context():
        snapshot, shares = Reader(index_folder(shown)).snapshot(), []
        for q in ("water", "housing finance", "climate", "ciudades", "mobilité", "การ", "城市"):
            question = Question(SearchParams(q), NOW)
            index, database = search(snapshot, question), Plain().search(question)
            together = set(index.numbers[:10]) & set(database.numbers[:10])
            assert index.total == database.total > 0, q
            shares.append(len(together) / min(10, index.total))
    assert min(shares) >= 0.4
    assert sum(shares) / len(shares) >= 0.6
