"""What counts as having a word, and as being to come."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from courses.catalogue.content import RunContent
from courses.catalogue.models import Kind
from courses.search.engine import Outcome
from tests.making import NOW, make_offer
from tests.search.indexed import indexed, look


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
