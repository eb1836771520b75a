"""Our own engine, as the catalogue calls it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchmarks.search.asking import NOW, Answer, Asked, Sort
from benchmarks.search.data import COUNTED
from courses.search.answering.engine import search
from courses.search.answering.snapshots import Reader
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
        found = search(snapshot, question, counting=asked.sort is not Sort.TEXT)
        if asked.sort is Sort.TEXT:
            return Answer(found.numbers, found.total)
        counts = {facet: dict(found.counts[facet]) for facet in COUNTED}
        return Answer(found.numbers, found.total, counts)

    def close(self) -> None:
        """Let go of the segments."""
        self._reader = Reader(self.folder)
