"""Our own engine, as the catalogue calls it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchmarks.search.asking import NOW, Answer, Asked, Sort
from benchmarks.search.data import COUNTED
from courses.search.answering import facets, ordering
from courses.search.answering.engine import search
from courses.search.answering.segments import number_of
from courses.search.answering.snapshots import Reader, Snapshot
from courses.search.documents import Document
from courses.search.engine import Question
from courses.search.lexicon import Lexicon
from courses.search.store import index


class Ours:
    """Reads the question, matches every way of each word, and counts all facets, not only four."""

    name = "Urban Academy"

    def __init__(self, folder: Path, lexicon: Lexicon) -> None:
        self.folder = folder
        self._lexicon = lexicon
        self._reader = Reader(folder)

    def build(self, documents: Iterable[Document]) -> None:
        """Build the index as the worker does."""
        with index.writing(self.folder):
            index.rebuild(self.folder, documents)
        self._reader.snapshot()

    def ask(self, asked: Asked) -> Answer:
        """Answer from the newest state of the index."""
        question, snapshot = Question(asked.params, NOW, self._lexicon), self._reader.snapshot()
        if asked.sort is Sort.TEXT:
            return _listed(snapshot, question)
        found = search(snapshot, question)
        counts = {facet: dict(found.counts[facet]) for facet in COUNTED}
        return Answer(found.numbers, found.total, counts)

    def close(self) -> None:
        """Let go of the segments."""
        self._reader = Reader(self.folder)


def _listed(snapshot: Snapshot, question: Question) -> Answer:
    """Answer as the engine does, but count nothing."""
    params, minute = question.params, question.minute
    ranked, total = [], 0
    matched = snapshot.matcher.matched(question.query)
    for (segment, _), found in zip(snapshot.segments, matched, strict=True):
        chosen = facets.groups(params, segment, minute)
        hits = facets.all_of(found.some_words, chosen)
        total += number_of(hits)
        ranked.append(ordering.front(segment, hits, params, minute, found.scores))
    return Answer(ordering.page(ranked, params.page), total)
