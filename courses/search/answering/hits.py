"""What a question finds in each segment, for who ranks further: choices, words and scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from courses.search.answering import facets
from courses.search.answering.segments import Bits, Segment
from courses.search.answering.snapshots import Snapshot
from courses.search.engine import Question


@dataclass(frozen=True, slots=True)
class Hits:
    """The live documents of a segment that the choices allow, those that have the words too."""

    segment: Segment
    allowed: Bits
    found: Bits
    scores: NDArray[np.float32]


def hits(snapshot: Snapshot, question: Question) -> list[Hits]:
    """Give what a question with words finds in each segment."""
    told = []
    matched = snapshot.matcher.matched(question.query)
    for (segment, live), found in zip(snapshot.segments, matched, strict=True):
        chosen = facets.groups(question.params, segment, question.minute)
        allowed = facets.all_of(live, chosen)
        told.append(Hits(segment, allowed, allowed & found.some_words, found.scores))
    return told
