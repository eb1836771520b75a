"""The engines that speed is compared with are asked, and answer, the same."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask

from benchmarks.figures import Figures
from benchmarks.search.asking import Asked, Sort, questions
from benchmarks.search.by_sqlite import Sqlite
from benchmarks.search.by_whoosh import Whoosh
from benchmarks.search.chart import chart
from benchmarks.search.data import Data, data_of
from benchmarks.search.engines import Engine, folder_of
from benchmarks.search.judging import judge
from benchmarks.search.measured import Measured
from benchmarks.search.ours import Ours
from benchmarks.search.timing import Timed, timed, times_faster
from courses.catalogue.models import Kind
from tests.making import make_offer

SIZE = 120
SOME = 15
TITLES = (
    ("Water for all", "en", Kind.COURSE),
    ("Agua para todos", "es", Kind.WEBINAR),
    ("Housing and water", "en", Kind.WEBINAR),
    ("L’eau, bien commun", "fr", Kind.COURSE),
    ("Жильё и вода", "ru", Kind.COURSE),
    ("城市的水", "zh", Kind.COURSE),
    ('Water "in" 3.14 towns', "en", Kind.COURSE),
)


@pytest.fixture
def data(app: Flask) -> Data:
    for title, language, kind in TITLES:
        make_offer(title, language=language, kind=kind)
    return data_of(app, most=SIZE)


@pytest.fixture
def found(data: Data, tmp_path: Path) -> dict[str, dict[Sort, Timed]]:
    """What three engines answered."""
    engines: list[Engine] = [
        Ours(folder_of(tmp_path, "ours"), data.lexicon),
        Sqlite(folder_of(tmp_path, "sqlite")),
        Whoosh(folder_of(tmp_path, "whoosh")),
    ]
    asked = {sort: some[:SOME] for sort, some in questions(data).items()}
    return {engine.name: _asked(engine, data, asked) for engine in engines}


def _asked(engine: Engine, data: Data, asked: dict[Sort, list[Asked]]) -> dict[Sort, Timed]:
    engine.build(data.documents(SIZE))
    try:
        return {sort: timed(engine, some) for sort, some in asked.items()}
    finally:
        engine.close()


def test_every_engine_gives_the_same_totals_and_counts(
    found: dict[str, dict[Sort, Timed]],
) -> None:
    measured = Measured(len(TITLES))
    measured.add(SIZE, found)
    assert [(line.agreed, line.compared) for line in measured.lines] == [(SOME, SOME)] * 9
    totals = [answer.total for answer in found[Ours.name][Sort.FILTERS].answers]
    assert 0 < sum(totals) < SOME * SIZE


def test_an_answer_that_differs_shuts_the_gate(found: dict[str, dict[Sort, Timed]]) -> None:
    right = found[Sqlite.name][Sort.FILTERS]
    found[Sqlite.name][Sort.FILTERS] = Timed(right.first, right.again, right.answers[::-1])
    measured, figures = Measured(len(TITLES)), Figures()
    measured.add(SIZE, found)
    judge(measured, figures)
    assert not figures.are_good


def test_the_same_documents_are_dealt_again(data: Data) -> None:
    again = [list(data.documents(SIZE)) for _ in range(2)]
    assert again[0] == again[1]
    assert [told.number for told in again[0]] == list(range(1, SIZE + 1))


def test_only_questions_that_both_were_asked_are_compared() -> None:
    assert times_faster([1.0] * 10 + [500.0] * 10, [30.0] * 10) == 30


def test_the_chart_has_a_named_line_for_each_engine() -> None:
    drawn = chart("Time", {"ours": [(10, 0.1), (1000, 1.0)], "<theirs>": [(10, 2.0), (100, 9.0)]})
    root = ElementTree.fromstring(drawn)
    lines = root.findall("{*}polyline")
    texts = [text.text for text in root.findall("{*}text")]
    assert len(lines) == 2
    assert {"ours", "<theirs>", "10", "100", "1,000"} < set(texts)
