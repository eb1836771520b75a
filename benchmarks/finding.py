"""Finding, in this process: words and facets by the index, filters and facets by SQL."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from time import perf_counter

from flask import Flask
from sqlalchemy import select

from academy.db import db, utcnow
from benchmarks.figures import Figures
from courses.catalogue.texts import OfferText
from courses.progress import progress
from courses.search import analyzers
from courses.search.answering.engine import search
from courses.search.answering.snapshots import Reader
from courses.search.engine import Counts, Question
from courses.search.find import find, index_folder
from courses.search.guiding.guide import read_guide
from courses.search.guiding.related import relate
from courses.search.params import FACETS, SearchParams
from courses.search.plain.engine import Plain

QUESTIONS = 400
BY_SQL = 40
SEED = 11
TYPED = ("a", "c", "in", "intro", "introduction to", "s", "การ", "学", "qx")
FEW = 20
"""Languages of fewer titles than this are left to chance."""


def measure(app: Flask, figures: Figures) -> list[SearchParams]:
    """Ask the same of an index just opened, of one that is warm, and of the database.

    Returns what was asked.
    """
    with app.app_context():
        whole = find(SearchParams(), now=utcnow()).counts
        asked = list(questions(whole))
        analyzers.stem.cache_clear()
        reader = Reader(index_folder(app))
        started = perf_counter()
        reader.snapshot()
        figures.add("Opening the index", 1_000 * (perf_counter() - started), "ms")
        figures.add_times("Search, cold", _times(reader, asked, "Searching, cold"))
        times = _times(reader, asked, "Searching, warm")
        figures.compared["search"] = figures.add_times("Search, warm", times, aim=20)
        _measure_help(reader, figures)
        times = _times_by_sql(asked[:BY_SQL])
        figures.compared["SQL"] = figures.add_times("By SQL", times)
        db.session.rollback()
    return asked


def _measure_help(reader: Reader, figures: Figures) -> None:
    """Measure suggestions while somebody types, and finding what is near to a batch of offers."""
    now, taken = utcnow(), []
    suggestions = read_guide(now=now).suggestions
    for typed in TYPED:
        started = perf_counter()
        suggestions.find(typed, "en", number=8)
        taken.append(perf_counter() - started)
    figures.add_times("Suggestions", taken, aim=5)
    started = perf_counter()
    found = relate(reader.snapshot(), now=now)
    took = 1_000 * (perf_counter() - started) / max(1, found)
    figures.add("Offers near to one, found beforehand", took, "ms", at_most=2.5)


def _times(reader: Reader, asked: list[SearchParams], what: str) -> list[float]:
    times, now = [], utcnow()
    with progress(what, len(asked)) as teller:
        for done, params in enumerate(asked, 1):
            started = perf_counter()
            search(reader.snapshot(), Question(params, now))
            times.append(perf_counter() - started)
            teller.tell(done)
    return times


def _times_by_sql(asked: list[SearchParams]) -> list[float]:
    times, now = [], utcnow()
    with progress("Filtering by SQL", len(asked)) as teller:
        for done, params in enumerate(asked, 1):
            started = perf_counter()
            Plain().search(Question(params, now))
            times.append(perf_counter() - started)
            teller.tell(done)
    return times


def questions(whole: Counts) -> Iterator[SearchParams]:
    """Make questions: one to three words of a title in any language, and up to three filters."""
    chance = random.Random(SEED)
    titles: dict[str, list[str]] = defaultdict(list)
    rows = select(OfferText.language, OfferText.title).order_by(OfferText.id)
    for language, title in db.session.execute(rows):
        titles[language].append(title)
    languages = sorted(language for language, all_ in titles.items() if len(all_) >= FEW)
    for _ in range(QUESTIONS):
        found = analyzers.words(chance.choice(titles[chance.choice(languages)])) or ["city"]
        words = chance.sample(found, min(len(found), chance.randint(1, 3)))
        facets = chance.sample(FACETS, chance.randint(0, 3))
        chosen = {facet: _values(chance, whole[facet]) for facet in facets if whole[facet]}
        yield SearchParams(" ".join(words), chosen)


def _values(chance: random.Random, counted: dict[str, int]) -> tuple[str, ...]:
    names = sorted(counted)
    drawn = chance.choices(names, [counted[name] for name in names], k=chance.randint(1, 2))
    return tuple(sorted(set(drawn)))
