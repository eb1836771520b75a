"""The ranking by words and meaning together; counts and totals stay those of the words.

The first 200 offers that have the words are ordered by both: their score by words as a share of
the best one's, and a part of how near their meaning is to the query's. Offers near in meaning that
do not have the words are named apart, and never counted.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock, Thread
from time import monotonic

import numpy as np
from flask import Flask, current_app

from academy.config import Settings
from academy.db import db
from academy.health import Finding
from courses.search.answering import ordering
from courses.search.answering.engine import Indexed
from courses.search.answering.hits import Hits, hits
from courses.search.engine import Found, Question
from courses.search.meaning.encoders import Encoder, Vectors, as_usual, can_read, installed_encoder
from courses.search.meaning.encoding import lacking
from courses.search.meaning.scanning import Numbers, Scanner
from courses.search.params import PAGE_SIZE, Sort
from courses.search.weights import TITLE_ITSELF

log = logging.getLogger(__name__)

PAGES = 10
"""How many pages of the list are ordered by meaning too; those after them by words alone."""

WEIGHT = 0.5
"""What the nearest meaning counts beside the best score by words."""

FLOOR = 0.30
"""The cosine below which an offer without the words is never named; 99 of 100 offers are below."""

MOST_NEAR = 10
KEPT_QUERIES = 2_000
WAKE_AGAIN_AFTER = 30.0
"""Seconds between two looks whether there are vectors now."""


class Meaning:
    """An encoder at work: it is loaded aside at the first query, and then answers."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.scanner = Scanner(encoder.model, encoder.dimension)
        self.is_awake = False
        self._waking, self._tried_at = Lock(), -WAKE_AGAIN_AFTER
        self._vector = lru_cache(KEPT_QUERIES)(self._encoded)

    def wake(self) -> None:
        """Load the encoder and the vectors: seconds, where there are many."""
        if not self.is_awake:
            self.scanner.refresh(at_once=True)
            if self.scanner.number:
                self._vector("")
                self.is_awake = True

    def wake_aside(self, app: Flask) -> None:
        """Load in a thread; nobody waits for it."""
        tried_lately = monotonic() - self._tried_at < WAKE_AGAIN_AFTER
        if not tried_lately and self._waking.acquire(blocking=False):
            self._tried_at = monotonic()
            Thread(target=self._wake_in, args=(app,), daemon=True).start()

    def applied(self, engine: Indexed, question: Question, found: Found) -> Found:
        """Order a page by meaning too, and name what is near without the words."""
        self.scanner.refresh()
        vector = self._vector(question.params.q)
        told = hits(engine.snapshot(), question)
        numbers, cosines = self.scanner.nearest(told, vector)
        if not len(numbers):
            return found
        page = found.numbers
        if question.params.page <= PAGES:
            page = _page(told, question, dict(zip(numbers.tolist(), _scaled(cosines), strict=True)))
        return replace(found, numbers=page, near=_near(told, question, found, (numbers, cosines)))

    def forget_queries(self) -> None:
        """Forget the vectors of the queries that were asked before."""
        self._vector.cache_clear()

    def _encoded(self, text: str) -> Vectors:
        found: Vectors = self.encoder.encode([as_usual(text)])[0]
        return found

    def _wake_in(self, app: Flask) -> None:
        with app.app_context():
            try:
                self.wake()
            except Exception:
                log.exception("meaning could not be loaded")
            finally:
                db.session.remove()
                self._waking.release()


def plug_in(app: Flask) -> None:
    """Give search its encoder, where one is installed and wanted."""
    settings: Settings = app.config["SETTINGS"]
    encoder = installed_encoder() if settings.meaning else None
    app.extensions["meaning"] = Meaning(encoder) if encoder else None
    app.extensions["health"].append(lambda _now: _look(app))


def _look(app: Flask) -> Finding:
    """Tell how many offers have no vector yet; search does well without, so all is well."""
    meaning: Meaning | None = app.extensions["meaning"]
    if meaning is None:
        return Finding("meaning", well=True, details={"model": None})
    model = meaning.encoder.model
    return Finding("meaning", well=True, details={"model": model, "waiting": lacking(model)})


def with_meaning(question: Question, found: Found) -> Found:
    """Order an answer by meaning too, where that can be done; otherwise give it as it is.

    Without the index there is nothing to compare with.
    """
    if found.away:
        return found
    meaning: Meaning | None = current_app.extensions["meaning"]
    engine = current_app.extensions["search"]
    if meaning is None or not isinstance(engine, Indexed) or not _is_fit(meaning, question):
        return found
    if not meaning.is_awake:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        meaning.wake_aside(app)
        return found
    try:
        return meaning.applied(engine, question, found)
    except Exception:
        # Never in the way of the words.
        log.exception("the meaning of a query could not be applied")
        return found


def _is_fit(meaning: Meaning, question: Question) -> bool:
    """Tell whether meaning may speak: whoever quotes or excludes words means these very words."""
    query, params = question.query, question.params
    literal = bool(query.phrases or query.left_out)
    by_words = params.sort is Sort.RELEVANCE and bool(query.groups)
    return by_words and not literal and can_read(meaning.encoder, params.q)


def _page(told: Sequence[Hits], question: Question, near: dict[int, float]) -> list[int]:
    """Give one page of the first offers that have the words, by words and meaning together."""
    numbers, scores = _first(told, question)
    by_title = scores >= TITLE_ITSELF
    best = float(scores[~by_title].max(initial=0)) or 1.0
    both = scores / best + WEIGHT * np.array([near.get(one, 0.0) for one in numbers.tolist()])
    both[by_title] = np.inf
    order = np.argsort(-both, kind="stable")
    start = (question.params.page - 1) * PAGE_SIZE
    found: list[int] = numbers[order][start : start + PAGE_SIZE].tolist()
    return found


def _first(told: Sequence[Hits], question: Question) -> tuple[Numbers, Vectors]:
    """Give the offers of all pages that are ordered by meaning too, with their score by words."""
    params = question.params.on_page(PAGES)
    ranked = [
        ordering.by_words(params, one.segment, question.minute, one.found, one.scores)
        for one in told
    ]
    numbers = np.concatenate([numbers for numbers, _ in ranked])
    keys = np.concatenate([keys for _, keys in ranked])
    order = np.lexsort((-numbers, -keys))[: PAGES * PAGE_SIZE]
    return numbers[order], ((keys[order] >> 32) / 1000).astype(np.float32)


def _scaled(cosines: Vectors) -> list[float]:
    """Scale so that the nearest counts 1 and the farthest of them nothing."""
    lowest, highest = float(cosines[-1]), float(cosines[0])
    scaled: list[float] = ((cosines - lowest) / max(highest - lowest, 1e-6)).tolist()
    return scaled


def _near(
    told: Sequence[Hits], question: Question, found: Found, nearest: tuple[Numbers, Vectors]
) -> tuple[int, ...]:
    """Name once what is near without the words: where few offers have them, or the list ends."""
    few = found.with_all_words < PAGE_SIZE
    if question.params.page != (1 if few else -(-found.total // PAGE_SIZE)):
        return ()
    numbers, cosines = nearest
    close = numbers[cosines >= FLOOR]
    having = [one.segment.keys["number"][one.found] for one in told]
    return tuple(close[~np.isin(close, np.concatenate(having))][:MOST_NEAR].tolist())
