"""Academies to ask, filled once: kept under build/ for as long as what they hold stays the same."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import flask_migrate
from flask import Flask

from academy import create_app
from academy.config import CHECKOUT
from academy.db import db, unit_of_work, utcnow
from academy.institutions.operations import add_institution
from courses.harvesting.draft import Feed
from courses.harvesting.operations import ensure_source
from courses.progress import progress
from courses.search import indexing
from courses.search.find import index_folder
from courses.search.meaning.applying import Meaning
from courses.search.meaning.encoding import encode_some, lacking
from courses.vocabularies.operations import sync
from tests.corpus import Record, harvest
from tests.making import settings_for

BUILT = CHECKOUT / "build" / "relevance"
ENCODED_AT_ONCE = 256
INDEXED_BY = "indexed-by"
"""The file beside an index that tells which analysis and vocabularies made it."""


def academy_of(
    name: str,
    sources: Sequence[Path],
    records: Callable[[], list[Record]],
    *,
    anew: bool = False,
    meaning: bool = True,
    built: Path = BUILT,
) -> Flask:
    """Open the academy of these records, filled and indexed when that has not been done.

    `sources` are the files that the records come from; `anew` fills it again in any case;
    `meaning` tells whether they may rank by meaning too; `built` is the folder in which academies
    are kept.
    """
    described = [*(CHECKOUT / "migrations" / "versions").glob("*.py"), *_vocabularies(), *sources]
    home = built / f"{name}-{_digest([*described, Path(__file__)])}"
    if anew or not home.exists():
        for old in built.glob(f"{name}-*"):
            shutil.rmtree(old)
        # Filled beside: what was interrupted is not taken for whole.
        beside = built / f"{name}-filling"
        _fill(_opened(beside), records())
        beside.rename(home)
    app = _opened(home, meaning=meaning)
    _index(app, home)
    _encode(app)
    return app


def _vocabularies() -> Iterable[Path]:
    return (CHECKOUT / "courses" / "data").glob("*.toml")


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _opened(home: Path, *, meaning: bool = False) -> Flask:
    home.mkdir(parents=True, exist_ok=True)
    return create_app(settings_for(home, development=True, meaning=meaning))


def _fill(app: Flask, records: Sequence[Record]) -> None:
    """Harvest the records, each into the institution of its source, described as it came."""
    lines: dict[str, list[str]] = defaultdict(list)
    for record in records:
        lines[record["source"]].append(json.dumps(record, ensure_ascii=False))
    with app.app_context():
        flask_migrate.upgrade()
        with unit_of_work():
            sync()
        feeds = {slug: Feed("\n".join(told).encode()) for slug, told in lines.items()}
        sources = _add_sources(lines)
        with progress("Harvesting", len(records)) as teller:
            done = 0
            for report in harvest(sources, feeds):
                done += report.read
                teller.tell(done)
        db.engine.dispose()


def _add_sources(slugs: Iterable[str]) -> dict[str, int]:
    """Add an institution for every source, and give the keys of the sources."""
    sources = {}
    with unit_of_work():
        for slug in slugs:
            place = add_institution(slug, name={"en": slug.replace("-", " ")}, now=utcnow())
            source = ensure_source(place, "jsonl", adapter="jsonl", zone="UTC", now=utcnow())
            sources[slug] = source.id
    return sources


def _index(app: Flask, home: Path) -> None:
    """Build the index, unless the same code built it of the same vocabularies."""
    kept = home / INDEXED_BY
    code = (CHECKOUT / "courses" / "search").rglob("*.py")
    told = (CHECKOUT / "courses" / "data").rglob("*.csv")
    digest = _digest([*code, *_vocabularies(), *told])
    if kept.exists() and kept.read_text(encoding="ascii") == digest:
        return
    with app.app_context(), progress("Indexing") as teller:
        indexing.rebuild(index_folder(app), now=utcnow(), progress=teller.tell)
    kept.write_text(digest, encoding="ascii")


def _encode(app: Flask) -> None:
    """Give every offer its vector, where there is an encoder, and have it awake."""
    meaning: Meaning | None = app.extensions["meaning"]
    if meaning is None:
        return
    with app.app_context():
        total, done = lacking(meaning.encoder.model), 0
        with progress("Encoding", total) as teller:
            while some := encode_some(meaning.encoder, limit=ENCODED_AT_ONCE):
                done += some
                teller.tell(done)
        meaning.wake()
        db.session.remove()
