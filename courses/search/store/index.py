"""The index on disk: one writer, documents changed in batches, rebuilt beside and switched.

Layout below the index folder (mode 0700: Whoosh unpickles what it finds there):

    current             a text file naming the folder in use
    <print>-<random>/   one index; the print tells what analysis made it
    writer.lock         held by whoever writes
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import icu
import numpy as np
import Stemmer
from numpy.typing import NDArray

from academy import text
from academy.operating.sqlite import sync
from courses.search import analyzers, concepts, documents, lexicon, names, weights
from courses.search.documents import Document
from courses.search.store import folders, gathering, segments
from courses.search.store.digests import digests
from courses.search.store.folders import Folder
from courses.search.store.gathering import Gathering, gathered
from courses.search.store.segments import Stored

log = logging.getLogger(__name__)
TABLES = (analyzers.BROKEN_PLURALS, lexicon.REGIONS)
IN_A_SEGMENT = 100_000
MOST_SEGMENTS, SMALL = 8, 5_000
"""With more segments than this, those with fewer documents become one."""


@cache
def fingerprint() -> str:
    """Tell by what analysis documents are made; another one needs another index."""
    modules = (text, analyzers, names, concepts, documents, weights, folders, segments, gathering)
    files = [Path(module.__file__ or "") for module in modules]
    sources = [file.read_bytes() for file in (*files, *TABLES, *concepts.tables())]
    sources += [icu.ICU_VERSION.encode(), Stemmer.version().encode()]
    return hashlib.sha256(b"".join(sources)).hexdigest()[:12]


def current(folder: Path) -> Path | None:
    """Name the index in use, or None when there is none."""
    try:
        name = (folder / "current").read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    return folder / name if name else None


def is_ours(folder: Path) -> bool:
    """Tell whether there is an index made by today's analysis; it may be damaged."""
    found = current(folder)
    return found is not None and found.name.startswith(fingerprint())


def is_whole(folder: Path) -> bool:
    """Tell whether the index in use is undamaged; reads every file."""
    try:
        target = _target(folder)
        for record in folders.contents(target)[1]:
            folders.check(target, record)
    except Exception as damage:
        # Whoosh unpickles: a damaged file may raise anything.
        log.warning("the index is damaged: %s", damage)
        return False
    return True


def numbers(folder: Path) -> NDArray[np.int64]:
    """List the keys of the offers in the index in use, ascending.

    Raises whatever a damaged or absent index raises.
    """
    target = _target(folder)
    found = [
        stored.columns["number"][_live(stored, record)]
        for stored, record in _opened(target, folders.contents(target)[1])
    ]
    return np.sort(np.concatenate(found)).astype(np.int64) if found else np.empty(0, np.int64)


def held(folder: Path) -> dict[int, int]:
    """Give what the index in use holds, a digest for each offer by its key.

    Raises whatever a damaged or absent index raises.
    """
    target, found = _target(folder), dict[int, int]()
    for stored, record in _opened(target, folders.contents(target)[1]):
        live = _live(stored, record)
        numbers, told = stored.columns["number"][live], digests(stored.inverted())[live]
        found.update(zip(numbers.tolist(), told.tolist(), strict=True))
    return found


def would_hold(documents: Iterable[Document]) -> dict[int, int]:
    """Give what the index should hold of these documents, to be compared with what it `held`."""
    made = gathered(documents).inverted()
    return dict(zip(made.columns["number"].tolist(), digests(made).tolist(), strict=True))


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the one writer: waits until no other process writes. The lock dies with its process."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    with (folder / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def apply(folder: Path, gone: Iterable[int], fresh: Iterable[Document]) -> None:
    """Delete the documents of these offers and add these; the caller holds the writer's lock.

    Each offer is at most once among the fresh ones, and then among the gone ones too.
    """
    target = _target(folder)
    generation, records = folders.contents(target)
    opened = _opened(target, records)
    numbers = np.fromiter(gone, np.uint32)
    for stored, record in opened:
        for place in np.flatnonzero(np.isin(stored.columns["number"], numbers)).tolist():
            record.delete_document(place)
    made = Gathering()
    kept = [record for stored, record in opened if not _merges(opened, stored, record)]
    for stored, record in opened:
        if record not in kept:
            made.merge(stored, _live(stored, record))
    for document in fresh:
        made.add(document)
    new = [segments.write(target, made.inverted())] if made.size else []
    folders.publish(target, generation + 1, [*kept, *new])
    # Only now: to close files that have been removed takes the system its time.
    _let_go.clear()


def rebuild(folder: Path, everything: Iterable[Document]) -> None:
    """Build a new index beside the one in use, then switch; the caller holds the writer's lock."""
    name = f"{fingerprint()}-{secrets.token_hex(4)}"
    (folder / name).mkdir(mode=0o700)
    target = Folder(folder / name)
    rest = iter(everything)
    try:
        records = []
        while (made := gathered(islice(rest, IN_A_SEGMENT))).size:
            records.append(segments.write(target, made.inverted()))
        folders.publish(target, 1, records)
    except BaseException:
        shutil.rmtree(target.path, ignore_errors=True)
        raise
    _switch(folder, target.path)


def forget(folder: Path) -> None:
    """Let go of the index in use: until it is built anew, there is none."""
    with writing(folder):
        (folder / "current").unlink(missing_ok=True)


_kept_open: dict[str, Stored] = {}
_let_go: list[Stored] = []
"""Segments that were open, and that the index has no more."""


def _opened(target: Folder, records: list[Any]) -> list[tuple[Stored, Any]]:
    """Open segments for writing; what was opened and checked before stays so."""
    before = dict(_kept_open)
    _kept_open.clear()
    for record in records:
        name = record.segment_id()
        _kept_open[name] = before.get(name) or Stored(target, record)
    _let_go.extend(stored for name, stored in before.items() if name not in _kept_open)
    return [(_kept_open[record.segment_id()], record) for record in records]


def _live(stored: Stored, record: Any) -> NDArray[np.bool_]:
    live = np.ones(stored.size, bool)
    live[list(record.deleted_docs())] = False
    return live


def _merges(opened: list[tuple[Stored, Any]], stored: Stored, record: Any) -> bool:
    """Tell whether a segment goes into the next one: many small ones do, and empty ones."""
    if record.deleted_count() == stored.size:
        return True
    return len(opened) >= MOST_SEGMENTS and stored.size < SMALL


def _target(folder: Path) -> Folder:
    target = current(folder)
    if target is None:
        raise FileNotFoundError("there is no index")
    return Folder(target)


def _switch(folder: Path, target: Path) -> None:
    """Point to the new index, atomically, and remove the others but the one before."""
    before = current(folder)
    pointer = folder / "current.new"
    pointer.write_text(target.name, encoding="ascii")
    sync(pointer)
    os.replace(pointer, folder / "current")
    sync(folder)
    for other in folder.iterdir():
        if other.is_dir() and other not in {before, target}:
            shutil.rmtree(other, ignore_errors=True)
