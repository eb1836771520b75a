"""While one process writes and is killed, two others read: never half of it, never the past."""

from __future__ import annotations

from flask import Flask

from academy.db import db
from benchmarks.faults import watch
from tests.search.harbours import harbours

SECONDS, LEAST = 5.0, 10
"""How long it is watched, and for how many turns; `python -m benchmarks.faults` takes minutes."""


def test_who_reads_sees_whole_commits_and_none_of_them_after_a_later_one(
    app: Flask, unmeasured: None
) -> None:
    offers = harbours(app)
    db.session.remove()
    found = watch(app, offers, seconds=SECONDS, seed=20261122, turns=LEAST)
    assert found.wrong == ()
    assert min(found.looks, found.turns) > LEAST
    assert found.killed > 1
