"""What words mean to the index: each word a group of alternatives, all groups must match."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from courses.search.analyzers import alternatives, words
from courses.search.segments import Segment

MOST_WORDS = 16
INFLECTED = 0.9
"""How much an inflected form counts beside the very word that was typed."""

Way = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextQuery:
    """The words of a query, each with the ways it can match; a way is tokens all needed."""

    groups: tuple[tuple[Way, ...], ...]
    asked: bool
    """Whether anything was typed: marks alone ask for something, and find nothing."""


def text_query(text: str) -> TextQuery:
    """Read what was typed: plain words, no operators. Words beyond the sixteenth are left out."""
    distinct = list(dict.fromkeys(words(text)))[:MOST_WORDS]
    return TextQuery(tuple(tuple(alternatives(word)) for word in distinct), bool(text))


def rarities(query: TextQuery, segments: Sequence[Segment]) -> dict[Way, float]:
    """Weigh each way by how rare it is: the inverse document frequency of BM25."""
    total = sum(segment.size for segment in segments)
    weights = {}
    for way in {way for group in query.groups for way in group}:
        found = min(
            sum(len(segment.postings(token).documents) for segment in segments) for token in way
        )
        weights[way] = math.log(1 + (total - found + 0.5) / (found + 0.5))
    return weights


def scores(
    query: TextQuery, segment: Segment, rarity: dict[Way, float]
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Tell which documents match every word, and how well; of its ways, a word takes the best."""
    matched = np.full(segment.size, bool(query.groups))
    total = np.zeros(segment.size, np.float32)
    for group in query.groups:
        best = np.zeros(segment.size, np.float32)
        for position, way in enumerate(group):
            documents, impacts = _where(way, segment)
            if len(documents):
                weight = rarity[way] * (1.0 if position == 0 else INFLECTED)
                best[documents] = np.maximum(best[documents], impacts * np.float32(weight))
        matched &= best > 0
        total += best
    return matched, total


def _where(way: Way, segment: Segment) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """Find the documents that hold every token of a way, with their mean impact."""
    first = segment.postings(way[0])
    documents, impacts = first.documents, first.impacts
    for token in way[1:]:
        other = segment.postings(token)
        documents, here, there = np.intersect1d(
            documents, other.documents, assume_unique=True, return_indices=True
        )
        impacts = np.minimum(impacts[here], other.impacts[there])
    return documents, impacts
