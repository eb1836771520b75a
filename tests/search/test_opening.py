"""An index that cannot be opened is not read over and over, and a new one is seen at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from courses.search.answering import snapshots
from courses.search.answering.snapshots import Reader
from courses.search.indexing import rebuild
from courses.search.store import index
from courses.search.store.folders import Damaged
from tests.making import NOW, make_offer
from tests.search.indexed import indexed

LONG = 600.0


def postings(folder: Path) -> Path:
    """Name the file of the one segment's postings."""
    [found] = (index.current(folder) or folder).glob("*.pst")
    return found


def test_what_could_not_be_opened_is_not_read_again_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "TRY_AGAIN_AFTER", LONG)
    make_offer("Harbour")
    folder = indexed(app)
    path, reader = postings(folder), Reader(folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(Damaged):
        reader.snapshot()
    path.write_bytes(whole)
    with pytest.raises(Damaged):
        reader.snapshot()
    assert Reader(folder).snapshot().document_count == 1
    monkeypatch.setattr(snapshots, "TRY_AGAIN_AFTER", 0.0)
    assert reader.snapshot().document_count == 1


def test_what_is_built_anew_is_opened_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "TRY_AGAIN_AFTER", LONG)
    make_offer("Harbour")
    folder = indexed(app)
    postings(folder).write_bytes(b"")
    reader = Reader(folder)
    with pytest.raises(Damaged):
        reader.snapshot()
    assert rebuild(folder, now=NOW) == reader.snapshot().document_count == 1
