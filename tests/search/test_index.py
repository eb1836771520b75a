"""One index, rebuilt beside and switched; segments never change but for their deletions."""

from __future__ import annotations

import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from academy.db import db, unit_of_work
from academy.preparing import prepare
from courses.catalogue import operations as catalogue
from courses.catalogue.content import RunContent, TextContent
from courses.catalogue.models import Offer
from courses.catalogue.queries import offers_by_id
from courses.search import indexing
from courses.search.answering.snapshots import Reader
from courses.search.find import find, index_folder
from courses.search.params import SearchParams, Sort
from courses.search.store import index
from tests.making import NOW, content, make_offer
from tests.search.indexed import ask, drained, indexed, look, totals

EVERYTHING = SearchParams()


def folders(folder: Path) -> set[Path]:
    return {path for path in folder.iterdir() if path.is_dir()}


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def make_many(number: int) -> list[int]:
    return [make_offer(f"Harbour {turn}").id for turn in range(number)]


def retitle(offers: list[int], title: str) -> None:
    for offer in offers_by_id(offers).values():
        catalogue.revise(offer, content(title), now=NOW)


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Let every longer write fail, as on a full disk."""
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_new_index_is_built_beside_and_switched_to(app: Flask) -> None:
    make_offer("Harbour")
    folder = indexed(app)
    first = index.current(folder)
    indexed(app)
    second = index.current(folder)
    assert first != second
    # The one before stays for those who read it still.
    assert folders(folder) == {first, second}
    indexed(app)
    assert folders(folder) == {second, index.current(folder)}


def test_who_reads_goes_on_reading_while_the_index_is_switched(app: Flask) -> None:
    make_many(3)
    folder = indexed(app)
    reader = Reader(folder)
    before = reader.snapshot()

    def ask_meanwhile(_done: int, _total: int) -> None:
        assert reader.snapshot() is before
        assert ask(reader.snapshot(), SearchParams("harbour"), now=NOW).total == 3

    make_offer("Harbour 4")
    indexing.rebuild(folder, now=NOW, progress=ask_meanwhile)
    assert ask(before, SearchParams("harbour"), now=NOW).total == 3
    assert look(folder, "harbour").total == 4


def test_a_rebuild_that_breaks_off_changes_nothing(app: Flask) -> None:
    make_offer("Harbour")
    folder = indexed(app)
    before = index.current(folder), folders(folder)

    def fail(_done: int, _total: int) -> None:
        raise ZeroDivisionError

    make_offer("Bridges")
    with pytest.raises(ZeroDivisionError):
        indexing.rebuild(folder, now=NOW, progress=fail)
    assert (index.current(folder), folders(folder)) == before
    assert totals(folder, "harbour", "bridges") == [1, 0]
    drained(folder)
    assert totals(folder, "harbour", "bridges") == [1, 1]


def test_a_write_that_finds_the_disk_full_changes_nothing(app: Flask) -> None:
    make_offer("Harbour")
    folder = indexed(app)
    make_offer("Bridges", description="A long story of the river. " * 400)
    with no_file_beyond(2_000), pytest.raises(OSError, match="File too large"):
        indexing.drain(folder, now=NOW)
    assert totals(folder, "harbour", "bridges") == [1, 0]
    drained(folder)
    assert totals(folder, "harbour", "bridges", "story") == [1, 1, 1]


def test_segments_with_deletions_count_rightly(app: Flask) -> None:
    offers = make_many(40)
    folder = indexed(app)
    reader = Reader(folder)
    reader.snapshot()
    with unit_of_work():
        retitle(offers[:10], "Lagoon")
    with unit_of_work():
        for offer in offers_by_id(offers[10:15]).values():
            catalogue.withdraw(offer, now=NOW)
    drained(folder)
    newcomer = Reader(folder).snapshot()
    assert [segment.size for segment, _ in newcomer.segments] == [40, 10]
    assert newcomer.document_count == len(index.numbers(folder)) == 35
    assert totals(folder, "", "harbour", "lagoon") == [35, 25, 10]
    assert look(folder, "lagoon").counts["kind"] == {"course": 10}
    assert look(folder, "harbour").counts["kind"] == {"course": 25}
    assert look(folder, kind="course").total == 35


def test_the_rows_decide_what_is_shown(app: Flask) -> None:
    shown, hidden = make_offer("Harbour").id, make_offer("Harbour tours").id
    folder = indexed(app)
    with unit_of_work():
        catalogue.withdraw(offers_by_id([hidden])[hidden], now=NOW)
    assert set(look(folder).numbers) == {shown, hidden}
    page = app.test_client().get("/en/learn?q=harbour")
    assert (page.status_code, page.text.count("Harbour tours")) == (200, 0)
    offers = app.test_client().get("/api/v1/offers?q=harbour").get_json()["offers"]
    assert [offer["slug"] for offer in offers] == ["harbour"]


def test_only_the_academy_itself_may_read_and_write_the_folder(app: Flask) -> None:
    make_offer("Harbour")
    folder = index_folder(app)
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    indexed(app)
    assert {mode(path) for path in (folder, *folders(folder))} == {"0o700"}


def made_by_another_analysis(folder: Path) -> None:
    found = index.current(folder) or folder
    found.rename(folder / "0123456789ab-00000000")
    (folder / "current").write_text("0123456789ab-00000000", encoding="ascii")


def of_another_database(_folder: Path) -> None:
    with unit_of_work():
        db.session.execute(update(Offer).where(Offer.slug == "harbour").values(state="archived"))


@pytest.mark.parametrize("change", [made_by_another_analysis, of_another_database, shutil.rmtree])
def test_preparing_builds_an_index_that_fits(app: Flask, change: Callable[[Path], None]) -> None:
    make_offer("Harbour")
    make_offer("Bridges")
    folder = indexed(app)
    assert indexing.needs_rebuild(folder) is False
    change(folder)
    assert indexing.needs_rebuild(folder) is True
    prepare(app, lambda _line: None)
    assert indexing.needs_rebuild(folder) is False
    assert look(folder, "bridges").total == 1


def test_mending_what_is_whole_does_nothing(app: Flask) -> None:
    make_offer("Harbour")
    folder = indexed(app)
    before = index.current(folder)
    make_offer("Bridges")
    # What has changed since is no damage.
    assert indexing.mend(folder, now=NOW) is False
    drained(folder)
    assert indexing.mend(folder, now=NOW) is False
    assert index.current(folder) == before


def test_a_word_in_a_very_long_offer_is_found(app: Flask) -> None:
    long = "a b c d e " * 1_990
    folder = indexed(app)
    offer = make_offer("Long").id
    texts = [TextContent("en", "Long", description=f"Harbour {long}")]
    texts += [
        TextContent(code, "Long", description=long) for code in ("fr", "es", "pt", "de", "it")
    ]
    with unit_of_work():
        told = replace(content("Long"), texts=texts)
        catalogue.revise(offers_by_id([offer])[offer], told, now=NOW)
    drained(folder)
    assert look(folder, "harbour").numbers == [offer]


def test_an_academy_without_offers_has_an_empty_index(app: Flask) -> None:
    folder = indexed(app)
    assert indexing.needs_rebuild(folder) is False
    found = look(folder, "harbour")
    assert (found.total, found.numbers, found.away) == (0, [], False)
    assert {facet: dict(values) for facet, values in look(folder).counts.items()} == {
        facet: {} for facet in found.counts
    }
    assert find(EVERYTHING, now=NOW).away is False


def test_a_rebuild_tells_how_far_it_is(app: Flask) -> None:
    make_many(3)
    told: list[tuple[int, int]] = []
    folder = index_folder(app)
    assert indexing.rebuild(folder, now=NOW, progress=lambda *far: told.append(far)) == 3
    assert told == [(3, 3)]


def test_what_starts_soonest_is_right_again_after_the_nightly_rebuild(app: Flask) -> None:
    weekly = [RunContent(starts_at=NOW + timedelta(days=days)) for days in (1, 2, 3)]
    first = make_offer("Harbour", runs=weekly).id
    second = make_offer("Bridges", runs=[RunContent(starts_at=NOW + timedelta(days=2))]).id
    folder = indexed(app)
    soonest = SearchParams(sort=Sort.SOONEST)

    def order(now: datetime) -> list[int]:
        return ask(Reader(folder).snapshot(), soonest, now=now).numbers

    assert order(NOW) == [first, second]
    # Its two next starts are kept: when the first has passed, the second still counts.
    assert order(NOW + timedelta(days=1, hours=1)) == [second, first]
    later = NOW + timedelta(days=2, hours=1)
    indexing.rebuild(folder, now=later)
    assert order(later) == [first, second]
