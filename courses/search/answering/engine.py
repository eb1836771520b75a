"""The engine on Whoosh's segments: exact counts from bit-planes, ranked words from postings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from courses.search.answering import facets, ordering
from courses.search.answering.matching import NO_WORDS, Matched
from courses.search.answering.seen import Counted, Many, Seen
from courses.search.answering.snapshots import Reader, Snapshot
from courses.search.documents import Document
from courses.search.engine import Found, Health, Question, Suggestion, outcome
from courses.search.guiding.guide import EMPTY, Guide, Guides
from courses.search.params import Sort
from courses.search.plain.engine import Plain
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


@dataclass(frozen=True, slots=True)
class Part:
    """What one segment has to say to a question."""

    total: int
    with_all_words: int
    ranked: ordering.Ranked
    counted: Counted | None = None


def search(snapshot: Snapshot, question: Question, *, counting: bool = True) -> Found:
    """Answer a question from one state of the index; `counting` tells whether facets count."""
    parts: dict[int, Part] = {}
    words = snapshot.matcher.matched(question.query) if question.query.asked else NO_WORDS
    for at, (segment, live) in enumerate(snapshot.segments):
        if not question.query.asked:
            parts[at] = _part(Many(segment, live), None, question, counting)
        elif len(words.parts[at].documents):
            parts[at] = _part(words.parts[at].seen, words.parts[at], question, counting)
    total = sum(part.total for part in parts.values())
    with_all_words = sum(part.with_all_words for part in parts.values())
    counted = {at: part.counted for at, part in parts.items() if part.counted is not None}
    return Found(
        ordering.page([part.ranked for part in parts.values()], question.params.page),
        total,
        snapshot.tally.total(counted) if counting else {},
        outcome(question, with_all_words, total),
        with_all_words,
        words.unknown,
    )


def _part(seen: Seen, words: Matched | None, question: Question, counting: bool) -> Part:
    """Answer from one segment: how many, which come first, and what each choice would show."""
    params, minute = question.params, question.minute
    chosen = facets.chosen(params, seen, minute)
    hits = facets.all_of(seen.everything, chosen)
    counted = facets.count(seen, hits, chosen, minute) if counting else None
    if words is None:
        total = seen.number(hits)
        return Part(total, total, ordering.in_order(params, seen, minute, hits), counted)
    there = seen.listed_in(hits)
    total = int(np.count_nonzero(there))
    if params.sort is Sort.RELEVANCE:
        scored = words.documents[there], words.scores[there]
        ranked = ordering.by_words(params, seen.segment, minute, *scored)
    else:
        ranked = ordering.in_order(params, seen, minute, hits)
    full = int(np.count_nonzero(there & words.full)) if len(words.full) else total
    return Part(total, full, ranked, counted)
