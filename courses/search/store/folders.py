"""The folder of an index: what is written there is durable, and sealed against damage.

Whoosh keeps generations: each commit writes a table of contents that names its segments, and a
reader goes on with the one it has. Whoosh itself never syncs a file to disk and checks none, so
both is done here: a table of contents is named only when everything it names is on disk, and it
carries the digest of each file; a seal beside it carries its own.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from whoosh import fields
from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from academy.operating.sqlite import sync

NAME = "MAIN"


class Damaged(Exception):
    """A file of the index is not as it was written."""


class Folder(FileStorage):  # type: ignore[misc]
    """A folder of files that are on disk before they have their name."""

    def __init__(self, path: Path) -> None:
        # Mapped into memory, Whoosh would copy every file into the process.
        super().__init__(str(path), supports_mmap=False)
        self.path = path

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Give a file its name once it is durable; replaces a file of that name."""
        digest = _digest(self.path / oldname)
        seal = self.path / f"{newname}.seal"
        seal.write_text(digest, encoding="ascii")
        _sync_all([self.path / oldname, seal])
        os.replace(self.path / oldname, self.path / newname)
        sync(self.path)


def generation(folder: Folder) -> int:
    """Tell the newest generation of an index; -1 when there is none."""
    newest: int = TOC._latest_generation(folder, NAME)
    return newest


def contents(folder: Folder) -> tuple[int, list[Any]]:
    """Read the newest table of contents: its generation and its segments.

    Raises Damaged when it is not as it was written, FileNotFoundError when there is none.
    """
    newest = generation(folder)
    if newest < 0:
        raise FileNotFoundError("there is no index")
    name = TOC._filename(NAME, newest)
    if _digest(folder.path / name) != (folder.path / f"{name}.seal").read_text(encoding="ascii"):
        raise Damaged(name)
    return newest, TOC.read(folder, NAME, newest).segments


def new_segment(count: int) -> Any:
    """Give an empty segment a name and a number of documents."""
    return W3Segment(None, NAME, doccount=count)


def seal(folder: Folder, segment: Any) -> None:
    """Bring the files of a segment to disk, and keep their digests in it."""
    names = sorted(segment.list_files(folder))
    _sync_all([folder.path / name for name in names])
    segment.digests = {name: _digest(folder.path / name) for name in names}


def check(folder: Folder, segment: Any) -> None:
    """Compare the files of a segment with their digests; raises Damaged."""
    for name, digest in segment.digests.items():
        try:
            whole = _digest(folder.path / name) == digest
        except OSError:
            whole = False
        if not whole:
            raise Damaged(name)


def publish(folder: Folder, generation: int, segments: list[Any]) -> None:
    """Write the next table of contents, and remove what it no longer names."""
    TOC(fields.Schema(), segments, generation).write(folder, NAME)
    clean_files(folder, NAME, generation, segments)
    for path in folder.path.glob(f"_{NAME}_*.seal"):
        if path.name != f"{TOC._filename(NAME, generation)}.seal":
            path.unlink(missing_ok=True)


def _sync_all(paths: Sequence[Path]) -> None:
    """Bring files to disk side by side: the system then does in one go what it did one by one.

    The threads are of this call alone: a process that is copied would not have them any more.
    """
    with ThreadPoolExecutor(len(paths)) as pool:
        for _ in pool.map(sync, paths):
            pass


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
