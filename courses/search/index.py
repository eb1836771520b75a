"""The index on disk: Whoosh keeps segments and terms; one writer, rebuilt beside, switched.

Layout below the index folder (mode 0700: Whoosh unpickles what it finds there):

    current             a text file naming the folder in use
    <print>-<random>/   one index; the print tells what analysis made it
        seal            the digest of every file, by which damage is noticed
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
from pathlib import Path
from typing import Any

import icu
import Stemmer
from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage

from academy import text
from courses.search import analyzers, documents, seals
from courses.search.documents import Document

log = logging.getLogger(__name__)
POSTINGS_IN_A_BLOCK = 4096
INDEX_MEMORY_MB = 128


class Impacts(fields.FieldType):  # type: ignore[misc]
    """A field whose tokens come made, each with its weight."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = None
        self.stored = self.unique = False
        # Lengths are of no use here, but without them Whoosh looks for their file at every posting.
        self.scorable = True
        self.vector = self.column_type = None

    def index(self, value: dict[str, float], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Hand the tokens to the writer."""
        return ((token.encode(), 1, weight, b"") for token, weight in value.items())


class Number(Impacts):
    """The offer's key as a token, by which its document is deleted."""

    def to_bytes(self, value: Any) -> bytes:
        """Write the key as the token it was indexed as."""
        return value if isinstance(value, bytes) else str(value).encode()


def schema() -> fields.Schema:
    """Give the schema: what is searched, what is counted, what is sorted by."""
    number = columns.NumericColumn("I")
    return fields.Schema(
        key=Number(),
        text=Impacts(),
        facets=Impacts(),
        number=fields.COLUMN(number),
        start=fields.COLUMN(columns.NumericColumn("I")),
        later_start=fields.COLUMN(columns.NumericColumn("I")),
        newest=fields.COLUMN(columns.NumericColumn("I")),
        reviewed=fields.COLUMN(columns.NumericColumn("I")),
    )


@cache
def fingerprint() -> str:
    """Tell by what analysis documents are made; another one needs another index."""
    sources = [Path(module.__file__ or "") for module in (text, analyzers, documents)]
    made_by = [path.read_bytes() for path in (*sources, Path(__file__))]
    made_by += [icu.ICU_VERSION.encode(), Stemmer.version().encode()]
    return hashlib.sha256(b"".join(made_by)).hexdigest()[:12]


def current(folder: Path) -> Path | None:
    """Name the index in use, or None when there is none."""
    try:
        name = (folder / "current").read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    return folder / name if name else None


def opened(target: Path) -> Any:
    """Open an index for reading or writing.

    Mapped into memory, Whoosh would copy every segment into the process.
    """
    return FileStorage(str(target), supports_mmap=False).open_index()


def is_ours(folder: Path) -> bool:
    """Tell whether there is an index made by today's analysis; it may be damaged."""
    found = current(folder)
    return found is not None and found.name.startswith(fingerprint())


def is_whole(folder: Path) -> bool:
    """Tell whether the index in use is undamaged; reads every file."""
    try:
        return seals.is_whole(_target(folder))
    except (OSError, ValueError) as damage:
        log.warning("the index is damaged: %s", damage)
        return False


def document_count(folder: Path) -> int:
    """Count the documents of the index in use."""
    count: int = opened(_target(folder)).doc_count()
    return count


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
    with _writer(opened(target)) as writer:
        for number in gone:
            writer.delete_by_term("key", str(number))
        for made in fresh:
            writer.add_document(**_fields(made))
    seals.seal(target)


def rebuild(folder: Path, everything: Iterable[Document]) -> None:
    """Build a new index beside the one in use, then switch; the caller holds the writer's lock."""
    target = folder / f"{fingerprint()}-{secrets.token_hex(4)}"
    target.mkdir(mode=0o700)
    try:
        with _writer(FileStorage(str(target)).create_index(schema())) as writer:
            for made in everything:
                writer.add_document(**_fields(made))
        seals.seal(target)
        _sync_to_disk(target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    _switch(folder, target)


def _target(folder: Path) -> Path:
    target = current(folder)
    if target is None:
        raise FileNotFoundError("there is no index")
    return target


def forget(folder: Path) -> None:
    """Let go of the index in use: until it is built anew, there is none."""
    with writing(folder):
        (folder / "current").unlink(missing_ok=True)


@contextmanager
def _writer(into: Any) -> Iterator[Any]:
    """Write and commit; whatever goes wrong, the index stays as it was and can be written again."""
    writer = into.writer(codec=_codec(), limitmb=INDEX_MEMORY_MB)
    try:
        yield writer
        writer.commit()
    except BaseException:
        _give_up(writer)
        raise


def _give_up(writer: Any) -> None:
    try:
        writer.cancel()
    except Exception:
        # A commit that broke off cannot be cancelled; its files go with the next one.
        log.warning("a write to the index was broken off", exc_info=True)
        writer.writelock.release()


def _switch(folder: Path, target: Path) -> None:
    """Point to the new index, atomically, and remove the others but the one before."""
    before = current(folder)
    pointer = folder / "current.new"
    pointer.write_text(target.name, encoding="ascii")
    os.replace(pointer, folder / "current")
    for other in folder.iterdir():
        if other.is_dir() and other not in {before, target}:
            shutil.rmtree(other, ignore_errors=True)


def _sync_to_disk(target: Path) -> None:
    """Make the files durable: Whoosh itself never does."""
    for path in (*target.iterdir(), target):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _codec() -> W3Codec:
    return W3Codec(blocklimit=POSTINGS_IN_A_BLOCK, compression=0)


def _fields(made: Document) -> dict[str, Any]:
    return {
        "key": {str(made.number): 1.0},
        "text": made.impacts,
        "facets": dict.fromkeys(made.facets, 1.0),
        "number": made.number,
        "start": made.starts[0],
        "later_start": made.starts[1],
        "newest": made.newest,
        "reviewed": made.reviewed,
    }
