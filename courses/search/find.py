"""The one door to search: a question in, offers and counts out."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from flask import Flask, current_app
from numpy.typing import NDArray

from courses.search import facets, plain
from courses.search.facets import Counts
from courses.search.params import PAGE_SIZE, SearchParams, Sort
from courses.search.query import rarities, scores, text_query
from courses.search.segments import Bits, Reader, Segment, Snapshot, pack, unpack

log = logging.getLogger(__name__)
FAR_AWAY = np.int64(2**31)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: offer keys of one page, how many there are in all, counts for every facet."""

    numbers: list[int]
    total: int
    counts: Counts
    by_filters_only: bool = False
    """Whether the index was away, so that words were not looked at."""


def index_folder(app: Flask | None = None) -> Path:
    """Name the folder of the index."""
    home: Path = (app or current_app).config["SETTINGS"].home
    return home / "index"


def find(params: SearchParams, *, now: datetime) -> Found:
    """Answer a question from the index; when it is away, by filters alone from the database."""
    reader: Reader = current_app.extensions["search"]
    try:
        return search(reader.snapshot(), params, now=now)
    except Exception:
        # Whatever a damaged index raises, people still get a list.
        log.exception("the index does not answer")
    numbers, total, counts = plain.find(params, now=now)
    return Found(numbers, total, counts, by_filters_only=True)


def search(snapshot: Snapshot, params: SearchParams, *, now: datetime) -> Found:
    """Answer a question from one state of the index."""
    query = text_query(params.q)
    rarity = rarities(query, [segment for segment, _ in snapshot.segments])
    counts = facets.no_counts()
    numbers, keys = [], []
    for segment, live in snapshot.segments:
        base, score = live, np.zeros(segment.size, np.float32)
        if query.asked:
            matched, score = scores(query, segment, rarity)
            base = live & pack(matched)
        chosen = facets.groups(params, segment)
        facets.count(segment, base, chosen, counts)
        hits = _hits(facets.all_of(base, chosen), segment)
        numbers.append(segment.keys["number"][hits])
        keys.append(_sort_key(params, segment, hits, score, now))
    all_numbers = np.concatenate(numbers) if numbers else np.empty(0, np.int64)
    all_keys = np.concatenate(keys) if keys else np.empty(0, np.int64)
    page = _page(all_numbers, all_keys, params.page)
    return Found(page, len(all_numbers), counts)


def _hits(bits: Bits, segment: Segment) -> NDArray[np.intp]:
    return np.flatnonzero(unpack(bits, segment.size))


def _sort_key(
    params: SearchParams,
    segment: Segment,
    hits: NDArray[np.intp],
    score: NDArray[np.float32],
    now: datetime,
) -> NDArray[np.int64]:
    """Give the key the best offers have the highest of."""
    newest = segment.keys["newest"][hits]
    if params.sort is Sort.NEWEST or (params.sort is Sort.RELEVANCE and not params.q):
        return newest
    if params.sort is Sort.REVIEWED:
        return (segment.keys["reviewed"][hits] << 32) | newest
    if params.sort is Sort.SOONEST:
        return (_nearness(segment, hits, now) << 32) | newest
    return (np.round(score[hits] * 1000).astype(np.int64) << 32) | newest


def _nearness(segment: Segment, hits: NDArray[np.intp], now: datetime) -> NDArray[np.int64]:
    """Rank what starts soonest highest, and what has no start to come lowest."""
    minute = int(now.timestamp() // 60)
    first, later = segment.keys["start"][hits], segment.keys["later_start"][hits]
    start = np.where(first >= minute, first, later)
    return np.where(start >= minute, FAR_AWAY - start, 0)


def _page(numbers: NDArray[np.int64], keys: NDArray[np.int64], page: int) -> list[int]:
    """Sort just as far as the page asked for; equal keys are ordered by offer, newest first."""
    first, last = (page - 1) * PAGE_SIZE, page * PAGE_SIZE
    if first >= len(numbers):
        return []
    if last < len(numbers):
        bar = np.partition(keys, len(keys) - last)[len(keys) - last]
        front = np.flatnonzero(keys >= bar)
        numbers, keys = numbers[front], keys[front]
    order = np.lexsort((-numbers, -keys))
    found: list[int] = numbers[order][first:last].tolist()
    return found
