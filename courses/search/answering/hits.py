"""What a question finds in each segment, for who ranks further: choices, words and scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from courses.search.answering import facets
from courses.search.answering.segments import Bits, Segment, holds, places_of
from courses.search.answering.snapshots import Snapshot
from courses.search.engine import Question


@dataclass(frozen=True, slots=True)
class Hits:
    """The live documents of a segment that the choices allow, those that have the words too."""

    segment: Segment
    allowed: Bits
    found: NDArray[np.uint32]
    scores: NDArray[np.float32]
    """The score of each that was found."""


def hits(snapshot: Snapshot, question: Question) -> list[Hits]:
    """Give what a question with words finds in each segment."""
    told = []
    matched = snapshot.matcher.matched(question.query).parts
    for (segment, live), found in zip(snapshot.segments, matched, strict=True):
        chosen = facets.groups(question.params, segment, question.minute)
        allowed = facets.all_of(live, chosen)
        there = holds(allowed, places_of(found.documents))
        told.append(Hits(segment, allowed, found.documents[there], found.scores[there]))
    return told
