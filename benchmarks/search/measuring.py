"""Measuring all engines at one size."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.search.asking import Asked, Sort
from benchmarks.search.by_postgresql import Postgresql
from benchmarks.search.by_sqlite import Sqlite
from benchmarks.search.by_tantivy import Tantivy, TantivyByWays
from benchmarks.search.by_whoosh import Whoosh
from benchmarks.search.data import Data
from benchmarks.search.engines import Away, Engine, folder_of
from benchmarks.search.measured import Built, Measured
from benchmarks.search.ours import Ours
from benchmarks.search.timing import Timed, timed
from benchmarks.search.weighing import weigh
from courses.progress import progress
from courses.search.documents import Document

OTHERS: dict[str, tuple[Callable[[Path], Engine], int]] = {
    Tantivy.name: (Tantivy, 1_000_000),
    TantivyByWays.name: (TantivyByWays, 1_000_000),
    Sqlite.name: (Sqlite, 1_000_000),
    Postgresql.name: (Postgresql, 1_000_000),
    Whoosh.name: (Whoosh, 100_000),
}
"""Every other engine, and the most offers it is given: building with more takes too long."""

STEP = 1_000


@dataclass(frozen=True)
class Bench:
    """What is measured, and where it is kept."""

    home: Path
    """The home of the academy whose offers are searched."""

    data: Data
    questions: dict[Sort, list[Asked]]
    measured: Measured

    def measure(self, size: int) -> None:
        """Measure every engine with so many offers."""
        with _folder() as here:
            folder = folder_of(here, "ours")
            found = {Ours.name: self._times(Ours(folder, self.data.lexicon), size)}
            weight = weigh(self.home, folder, size, self.questions[Sort.BOTH])
            self.measured.weights.append(weight)
        for name, (make, most) in OTHERS.items():
            if size > most:
                print(f"{name} is left out: {size:,} offers are too many for it.")
                continue
            with _folder() as here:
                try:
                    found[name] = self._times(make(folder_of(here, "theirs")), size)
                except Away as reason:
                    self.measured.away[name] = str(reason)
                    print(f"{name} is left out: {reason}.")
        self.measured.add(size, found)

    def _times(self, engine: Engine, size: int) -> dict[Sort, Timed]:
        started, worked = perf_counter(), process_time()
        try:
            with progress(f"{engine.name}: learning", size) as teller:
                engine.build(_told(self.data.documents(size), teller.tell))
            rate = size / (perf_counter() - started)
            built = Built(engine.name, size, rate, process_time() - worked)
            self.measured.built.append(built)
            print(f"{engine.name}: asking ...", flush=True)
            # What the benchmark itself holds is nothing to look through while an engine answers.
            gc.collect()
            gc.freeze()
            return {sort: timed(engine, asked) for sort, asked in self.questions.items()}
        finally:
            gc.unfreeze()
            engine.close()


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder in which another user, such as PostgreSQL's, can get at one of its own."""
    with tempfile.TemporaryDirectory(prefix="academy-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


def _told(documents: Iterator[Document], tell: Callable[[int], None]) -> Iterator[Document]:
    for done, told in enumerate(documents, 1):
        if done % STEP == 0:
            tell(done)
        yield told
