"""How fast search is beside other engines: `python -m benchmarks.search` measures and judges.

`python -m benchmarks.search 2000` does so with so many offers, `--all` with every size, and then
writes docs/speed.md. What decides is how engines compare within the run: see `judging`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from flask import Flask

from academy.config import CHECKOUT, Settings
from academy.db import db, utcnow
from benchmarks import pages
from benchmarks.figures import Figures
from benchmarks.finding import questions as pages_asked
from benchmarks.relevance.academies import academy_of
from benchmarks.search import engines, page, report
from benchmarks.search.asking import questions
from benchmarks.search.data import Data, data_of
from benchmarks.search.judging import RATE, judge
from benchmarks.search.measured import Measured
from benchmarks.search.measuring import Bench
from benchmarks.search.ours import Ours
from courses.search.find import find
from courses.search.params import SearchParams
from tests.corpus import SAMPLE, sample_records
from tests.serving import serving

REAL = "real"
USUAL = (REAL, "100000")
EVERY = ("10000", REAL, "100000", "1000000")
RECORDS = SAMPLE / "courses.jsonl"
BEYOND = 10**9
PAGE_AIM = 15.0


def main(arguments: Sequence[str]) -> int:
    """Measure, print, keep; tell the exit code."""
    chosen = _options().parse_args(arguments)
    if not RECORDS.exists():
        print(f"There is nothing to search in: the sample of real records ({RECORDS}) is missing.")
        return 1
    sizes = EVERY if chosen.all else tuple(chosen.sizes) or USUAL
    engines.install()
    app = academy_of("sample", [RECORDS], lambda: sample_records(SAMPLE), meaning=False)
    settings: Settings = app.config["SETTINGS"]
    data = data_of(app, most=BEYOND if REAL in sizes else max(map(int, sizes)))
    measured, figures = Measured(len(data.real)), Figures()
    bench = Bench(settings.home, data, questions(data), measured)
    for size in sizes:
        bench.measure(len(data.real) if size == REAL else int(size))
    if REAL in sizes:
        _add_indexing(data, measured, figures)
        _add_pages(app, settings, figures)
    judge(measured, figures)
    report.show(measured)
    figures.show()
    report.keep(measured, engines.BUILT / "lines.json")
    figures.keep(CHECKOUT / "build" / "bench-search.json")
    if chosen.all:
        page.write(measured, figures)
    return 0 if figures.are_good else 1


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("sizes", nargs="*", help=f"numbers of offers; {REAL}: each real one once")
    parser.add_argument("--all", action="store_true", help="measure every size and write the page")
    return parser


def _add_indexing(data: Data, measured: Measured, figures: Figures) -> None:
    """Tell how many offers a core learns in a second, from loaded offers to the index on disk."""
    real = len(data.real)
    [built] = [one for one in measured.built if (one.engine, one.size) == (Ours.name, real)]
    rate = real / (data.seconds + built.seconds_of_core)
    figures.add("Offers learned per second and core", rate, "", at_least=RATE)
    figures.add("Of that, documents made per second and core", real / data.seconds, "")


def _add_pages(app: Flask, settings: Settings, figures: Figures) -> None:
    """Ask the real server for pages of the catalogue, one after another."""
    with app.app_context():
        asked = list(pages_asked(find(SearchParams(), now=utcnow()).counts))
        db.session.remove()
    with serving(settings) as site:
        times = pages.times_of_lists(site, asked)
    figures.add_times("Page of the catalogue of real offers", times, aim=PAGE_AIM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
