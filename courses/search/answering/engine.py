"""The engine on Whoosh's segments: exact counts from bit-planes, ranked words from postings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from courses.search.answering import facets, ordering
from courses.search.answering.matching import Matched
from courses.search.answering.segments import number_of
from courses.search.answering.snapshots import Reader, Snapshot
from courses.search.documents import Document
from courses.search.engine import Found, Health, Question, Suggestion, no_counts, outcome
from courses.search.guiding.guide import EMPTY, Guide, Guides
from courses.search.plain.engine import Plain
from courses.search.query import Group
from courses.search.store import index


class Indexed:
    """Answers from the newest state of the index. Raises whatever a damaged index raises."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reader = Reader(folder)
        self.guides = Guides()

    def search(self, question: Question) -> Found:
        """Answer a question; where a word is unknown, say what was probably meant."""
        found = search(self.snapshot(), question)
        if not found.unknown:
            return found
        corrected = self.guide().spelling.corrected(question.params.q, found.unknown)
        return replace(found, corrected=corrected)

    def snapshot(self) -> Snapshot:
        """Give the newest state of the index."""
        return self._reader.snapshot()

    def apply(self, gone: Iterable[int], fresh: Iterable[Document]) -> None:
        """Forget these offers and learn these documents; the caller holds the writer's lock."""
        index.apply(self.folder, gone, fresh)

    def rebuild(self, everything: Iterable[Document]) -> None:
        """Build the index anew beside the one in use, and switch."""
        index.rebuild(self.folder, everything)

    def refresh(self) -> int:
        """See what was written since; gives the generation that is seen."""
        return self.snapshot().generation

    def suggest(self, typed: str, language: str, *, number: int) -> list[Suggestion]:
        """Give ways to go on; titles alone, by SQL, while all is read for the first time."""
        guide = self.guide()
        if guide is EMPTY:
            return Plain().suggest(typed, language, number=number)
        return guide.suggestions.find(typed, language, number=number)

    def guide(self) -> Guide:
        """Give the newest guide there is; an index that has moved has a newer one read."""
        return self.guides.newest(self.stamp())

    def stamp(self) -> tuple[Path, int]:
        """Name the newest state of the index."""
        snapshot = self.snapshot()
        return snapshot.source, snapshot.generation

    def health(self) -> Health:
        """Tell how the index is."""
        snapshot = self.snapshot()
        size = sum(path.stat().st_size for path in snapshot.source.iterdir())
        details = {"segments": len(snapshot.segments)}
        made_by = index.fingerprint()
        return Health(snapshot.document_count, snapshot.generation, made_by, size, details)


def search(snapshot: Snapshot, question: Question) -> Found:
    """Answer a question from one state of the index."""
    params, minute = question.params, question.minute
    matched = _matched(snapshot, question)
    counts = no_counts()
    ranked, total, with_all_words = [], 0, 0
    for (segment, _), found in zip(snapshot.segments, matched, strict=True):
        chosen = facets.groups(params, segment, minute)
        facets.count(segment, found.some_words, chosen, minute, counts)
        hits = facets.all_of(found.some_words, chosen)
        total += number_of(hits)
        with_all_words += number_of(hits & found.all_words)
        ranked.append(ordering.front(segment, hits, params, minute, found.scores))
    return Found(
        ordering.page(ranked, params.page),
        total,
        counts,
        outcome(question, with_all_words, total),
        with_all_words,
        _unknown(snapshot, question),
    )


def _unknown(snapshot: Snapshot, question: Question) -> tuple[str, ...]:
    """Name the words that no document has in any way."""
    groups = question.query.groups
    return tuple(one.word for one in groups if not (_is_a_name(one) or snapshot.matcher.knows(one)))


def _is_a_name(group: Group) -> bool:
    """Tell whether a label has the word, or whether it is one of the names of a place."""
    return any(way.tokens[0][0] in "#?=" for way in group.ways[1:])


def _matched(snapshot: Snapshot, question: Question) -> list[Matched]:
    """Match the words; without any, everything that is live."""
    if not question.query.asked:
        nobody = np.empty(0, np.float32)
        return [Matched(live, live, nobody) for _, live in snapshot.segments]
    return snapshot.matcher.matched(question.query)
