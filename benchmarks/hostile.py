"""Bad input: how long the index takes over what nobody should ask, cold and warm.

`python -m benchmarks.hostile HOME` measures it in a home that is filled and indexed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from academy import create_app
from academy.db import db, utcnow
from benchmarks.figures import Figures
from courses.search.answering.engine import search
from courses.search.answering.snapshots import Reader, Snapshot
from courses.search.engine import Question
from courses.search.find import index_folder
from courses.search.lexicon import lexicon
from courses.search.params import LONGEST_QUERY, SearchParams
from tests.making import settings_for
from tests.search.test_bounds import HOSTILE, blocks

AIM, TIMES = 10, 5


def measure(snapshot: Snapshot, figures: Figures) -> None:
    """Ask everything once, and then again."""
    slowest = []
    for name, typed in HOSTILE.items():
        first, *again = (_seconds(snapshot, typed) for _ in range(TIMES))
        slowest.append(min(again))
        figures.add(f"{name}, first", 1_000 * first, "ms", at_most=AIM)
        figures.add(f"{name}, again", 1_000 * min(again), "ms", at_most=AIM)
    figures.add_times("Bad input, again", slowest, aim=AIM)
    some = [_seconds(snapshot, f"{letters} {' '.join(letters)}") for letters in blocks()]
    figures.add_times("Blocks of Unicode, first", some, aim=AIM)


def _seconds(snapshot: Snapshot, typed: str) -> float:
    started = perf_counter()
    search(snapshot, Question(SearchParams(typed[:LONGEST_QUERY].strip()), utcnow()))
    return perf_counter() - started


def main(arguments: Sequence[str]) -> int:
    """Measure in a home, which is only read; tell the exit code."""
    figures, app = Figures(), create_app(settings_for(Path(arguments[0])))
    with app.app_context():
        lexicon()
        snapshot = Reader(index_folder(app)).snapshot()
        _seconds(snapshot, "warm")
        measure(snapshot, figures)
        db.session.rollback()
    figures.show()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
