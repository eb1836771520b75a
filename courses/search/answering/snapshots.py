"""The index as readers have it: opened once, and looked at again at most every 20 ms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from time import monotonic

from academy.memory import give_back
from courses.search.answering.facets import Tally
from courses.search.answering.matching import Matcher
from courses.search.answering.segments import Bits, Segment, number_of
from courses.search.store import folders
from courses.search.store.folders import Folder
from courses.search.store.index import current
from courses.search.store.segments import Stored

LOOK_AGAIN_AFTER = 0.02
TRY_AGAIN_AFTER = 1.0
"""Seconds after which an index that could not be opened is read again, though nothing has moved."""

ATTEMPTS_TO_OPEN = 10
Named = tuple[Path | None, int]
"""The index in use, and its newest generation; -1 where there is none."""


@dataclass(frozen=True)
class Snapshot:
    """The index as it stood at one generation."""

    source: Path
    generation: int
    segments: tuple[tuple[Segment, Bits], ...]
    by_name: dict[str, Segment]

    @cached_property
    def matcher(self) -> Matcher:
        """Match words in this state."""
        return Matcher(self.segments)

    @cached_property
    def tally(self) -> Tally:
        """Add up what is counted in this state."""
        return Tally([segment for segment, _ in self.segments])

    @property
    def document_count(self) -> int:
        """Count the live documents."""
        return sum(number_of(live) for _, live in self.segments)


@dataclass(frozen=True)
class Failure:
    """What could not be opened, when that was, and why."""

    named: Named
    at: float
    error: Exception


class Reader:
    """Gives the newest snapshot, looking for a newer one at most every 20 ms."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._looked_at = 0.0
        self._failure: Failure | None = None

    def snapshot(self) -> Snapshot:
        """Give the newest snapshot.

        Raises whatever a damaged or absent index raises; the caller answers without one then.
        """
        known = self._snapshot
        if known is not None and monotonic() - self._looked_at < LOOK_AGAIN_AFTER:
            return known
        # Only the first thread waits while another opens; the others go on with what they know.
        if not self._lock.acquire(blocking=known is None):
            return known  # type: ignore[return-value]  # blocking, it is always acquired
        try:
            self._snapshot = newest = self._tried(self._snapshot)
            if known is None or known.source != newest.source:
                # Opened for the first time, a large index needs half as much again for a moment.
                give_back()
            self._looked_at = monotonic()
        finally:
            self._lock.release()
        return newest

    def _tried(self, known: Snapshot | None) -> Snapshot:
        """Open the newest generation; what has just failed fails again without being read."""
        failure = self._failure
        recent = failure and monotonic() - failure.at < TRY_AGAIN_AFTER
        if failure and recent and self._named() == failure.named:
            raise failure.error.with_traceback(None)
        try:
            newest = self._newest(known)
        except Exception as error:
            self._failure = Failure(self._named(), monotonic(), error)
            raise
        self._failure = None
        return newest

    def _newest(self, known: Snapshot | None) -> Snapshot:
        """Open the newest generation; what the writer takes away meanwhile is no damage."""
        for _ in range(ATTEMPTS_TO_OPEN - 1):
            named = self._named()
            try:
                return self._open(known)
            except (FileNotFoundError, folders.Damaged):
                # Where nothing has moved, reading all of it once more would find the same.
                if self._named() == named:
                    raise
        return self._open(known)

    def _named(self) -> Named:
        """Name what a reader opens."""
        source = current(self.folder)
        if source is None or not source.is_dir():
            return source, -1
        return source, folders.generation(Folder(source))

    def _open(self, known: Snapshot | None) -> Snapshot:
        source = current(self.folder)
        if source is None:
            raise FileNotFoundError("there is no index")
        folder = Folder(source)
        if known and known.source == source and folders.generation(folder) == known.generation:
            return known
        generation, records = folders.contents(folder)
        opened = known.by_name if known and known.source == source else {}
        by_name = {
            name: opened.get(name) or Segment(Stored(folder, record))
            for record in records
            if (name := record.segment_id())
        }
        segments = tuple(
            (by_name[name], by_name[name].live(list(record.deleted_docs())))
            for record in records
            if (name := record.segment_id())
        )
        return Snapshot(source, generation, segments, by_name)
