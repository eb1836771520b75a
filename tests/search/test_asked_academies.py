"""An academy to ask is filled once, asked like any other, and filled again when records change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from academy.db import db
from benchmarks.relevance.academies import academy_of
from benchmarks.relevance.asking import answers, out_of_reach
from tests.corpus import Record
from tests.measuring import unmeasured

WATER = {"source": "river-school", "source_id": "1", "title": "Clean streams", "language": "en"}
HOMES = {"source": "hill-school", "source_id": "2", "title": "Homes for all", "language": "en"}
FURTHER = {"url": "https://school.example.org/", "kind": "course", "subjects": []}
UNREACHABLE = {**HOMES, **FURTHER, "source_id": "3", "url": ""}


class Kept:
    """Records in a file, and how often they were read from it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "records.json"
        self.folder = folder / "built"
        self.times_read = 0
        self.write([{**WATER, **FURTHER}, {**HOMES, **FURTHER}, UNREACHABLE])

    def write(self, records: list[Record]) -> None:
        self.file.write_text(json.dumps(records), encoding="utf-8")

    def read(self) -> list[Record]:
        self.times_read += 1
        found: list[Record] = json.loads(self.file.read_text(encoding="utf-8"))
        return found

    def opened(self, *, anew: bool = False) -> Flask:
        return academy_of("small", [self.file], self.read, anew=anew, built=self.folder)


def asked(app: Flask, *queries: str) -> list[list[str]]:
    found = answers(app, queries, "Asking")
    with app.app_context():
        db.engine.dispose()
    return found


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    with unmeasured():
        yield Kept(tmp_path)


def test_queries_are_answered_with_the_names_of_records(kept: Kept) -> None:
    app = kept.opened()
    assert asked(app, "streams", "homes", "qwertz") == [["river-school:1"], ["hill-school:2"], []]
    assert out_of_reach(app, {"river-school:1", "hill-school:3"}) == {"hill-school:3"}


def test_it_is_filled_once_and_again_when_the_records_change(kept: Kept) -> None:
    kept.opened()
    kept.opened()
    assert kept.times_read == 1
    kept.write([{**WATER, **FURTHER, "title": "Clean lakes"}])
    assert asked(kept.opened(), "streams", "lakes") == [[], ["river-school:1"]]
    assert kept.times_read == 2
    assert len(list(kept.folder.iterdir())) == 1
    kept.opened(anew=True)
    assert kept.times_read == 3
