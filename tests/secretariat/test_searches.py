"""Queries that found nothing: counted without people, written down later, read by stewards."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person, Steward
from academy.db import db, unit_of_work, utcnow
from courses.search import unanswered as kept
from courses.search.find import index_folder
from courses.search.indexing import rebuild
from courses.search.unanswered import Asked, UnansweredQuery, count_unanswered, countable
from courses.web.unanswered import Tally, write_down
from tests.making import NOW, make_offer, make_person
from tests.visiting import Visitor

PAGE = "/en/secretariat/searches"
ROW = '<th scope="row" dir="auto">'


@pytest.fixture
def steward(app: Flask) -> Visitor:
    """A steward of a section at the browser."""
    key = make_person("steward@example.org", name="Sol").id
    with unit_of_work():
        person = db.session.get_one(Person, key)
        person.steward, person.section = Steward.SECTION, "africa"
    return Visitor(app, person)


@pytest.fixture
def one_offer(app: Flask) -> Visitor:
    """A visitor of a catalogue with one offer."""
    make_offer("Water for all", summary="Pipes and wells.")
    rebuild(index_folder(app), now=utcnow())
    return Visitor(app)


def rows() -> list[tuple[str, str, int]]:
    """Read what is kept, as it is now."""
    db.session.rollback()
    found = select(UnansweredQuery).order_by(UnansweredQuery.id)
    return [(one.language, one.query, one.count) for one in db.session.scalars(found)]


def keep(*asked: tuple[str, str, int], day: date | None = None) -> None:
    """Keep queries of a day, or of today: language, words, how often."""
    day = day or utcnow().date()
    with unit_of_work():
        count_unanswered({Asked(day, language, query): n for language, query, n in asked})


def test_what_finds_nothing_is_counted_and_what_finds_something_is_not(
    app: Flask, one_offer: Visitor
) -> None:
    for path in ("en/learn?q=Tramways", "en/learn?q=tramways", "fr/learn?q=tramways"):
        one_offer.page(f"/{path}")
    one_offer.page("/en/learn?q=water")
    one_offer.page("/en/learn")
    assert rows() == []

    write_down(app)

    assert rows() == [("en", "tramways", 2), ("fr", "tramways", 1)]


def test_a_filter_to_blame_counts_nothing(app: Flask, one_offer: Visitor) -> None:
    one_offer.page("/en/learn?q=water&language=fr")
    one_offer.page("/en/learn?q=tramways&language=fr")
    write_down(app)

    assert rows() == []


def test_a_page_is_sent_before_anything_is_written(app: Flask, one_offer: Visitor) -> None:
    app.extensions["unanswered"] = Tally(every=0.0)

    answer = one_offer.get("/en/learn?q=tramways")

    assert (answer.status_code, rows()) == (200, [])
    answer.close()
    assert rows() == [("en", "tramways", 1)]


def test_a_process_writes_at_most_once_a_minute(app: Flask, one_offer: Visitor) -> None:
    one_offer.get("/en/learn?q=tramways").close()
    one_offer.get("/en/learn?q=cableways").close()

    assert rows() == []


def test_what_is_counted_again_adds_up(app: Flask) -> None:
    for _time in range(2):
        keep(("en", "tramways", 3), ("es", "tranvías", 1))

    assert rows() == [("en", "tramways", 6), ("es", "tranvías", 2)]


def test_where_the_database_is_taken_nothing_is_lost(app: Flask, one_offer: Visitor) -> None:
    one_offer.page("/en/learn?q=tramways")
    with unit_of_work():
        db.session.execute(db.text("DROP TABLE unanswered_queries"))
    write_down(app)
    with unit_of_work():
        UnansweredQuery.__table__.create(db.session.connection())  # type: ignore[attr-defined]

    write_down(app)

    assert rows() == [("en", "tramways", 1)]


@pytest.mark.parametrize(
    ("typed", "counted"),
    [
        ("  Économie   CIRCULAIRE ", "economie circulaire"),
        ("ที่อยู่อาศัย", "ที่อยู่อาศัย"),
        ("agenda 2030", "agenda 2030"),
        ("x" * 200, "x" * 80),
        ("one two three four five six seven eight", "one two three four five six seven eight"),
        ("one two three four five six seven eight nine", None),
        ("ana@example.org", None),
        ("ana＠example.org", None),
        ("https://example.org/secret", None),
        ("+254 700 123 456", None),
        ("٠٧٠٠١٢٣٤٥٦", None),
        ("!?", None),
        ("", None),
    ],
)
def test_what_may_say_who_somebody_is_is_never_kept(typed: str, counted: str | None) -> None:
    assert countable(typed) == counted


def test_a_machine_does_not_fill_the_table(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_A_DAY", 3)
    keep(*(("en", f"word {letter}", 1) for letter in "abcde"))
    keep(("en", "word a", 1))

    assert rows() == [("en", "word a", 2), ("en", "word b", 1), ("en", "word c", 1)]


def test_after_ninety_days_everything_goes(app: Flask) -> None:
    for days in (91, 90, 1):
        keep(("en", f"{days} days", 1), day=(NOW - timedelta(days=days)).date())
    with unit_of_work():
        kept.forget_old_queries(now=NOW)

    assert [query for _language, query, _n in rows()] == ["90 days", "1 days"]


def test_stewards_read_the_most_frequent_first_and_can_try_it_now(steward: Visitor) -> None:
    keep(("en", "tramways", 2), ("fr", "tramways", 1), ("es", "<b>tranvias", 5))
    today = utcnow().date()
    keep(("en", "tramways", 4), day=today - timedelta(days=29))
    keep(("en", "long ago", 9), day=today - timedelta(days=30))

    page = steward.page(PAGE)

    told = [part.split("</th>")[0] for part in page.split(ROW)[1:]]
    assert told == ["tramways", "&lt;b&gt;tranvias", "tramways"]
    assert 'href="/fr/learn?q=tramways"' in page
    assert "<td>6</td>" in page


def test_the_list_of_one_language(steward: Visitor) -> None:
    keep(("en", "tramways", 2), ("fr", "tramway", 1))

    page = steward.page(f"{PAGE}?language=fr")

    assert [part.split("</th>")[0] for part in page.split(ROW)[1:]] == ["tramway"]
    assert f'<a href="{PAGE}?language=fr" aria-current="page">French <span class="n">1' in page
    assert steward.page(f"{PAGE}?language=nonsense").count(ROW) == 2


def test_the_list_is_handed_out_as_a_sheet_without_formulas(steward: Visitor) -> None:
    keep(("en", "=1+1 tramways", 2), ("fr", "tramway", 7))

    answer = steward.get(f"{PAGE}.csv")

    sheet = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert answer.content_type == "text/csv; charset=utf-8"
    assert sheet == [
        ["Query", "Language of the page", "Times"],
        ["tramway", "French", "7"],
        ["'=1+1 tramways", "English", "2"],
    ]


def test_an_empty_list_says_so(steward: Visitor) -> None:
    assert steward.page(PAGE).count('<p class="none">Nothing here.</p>') == 1


def test_nobody_else_reads_it(app: Flask, ana: Person) -> None:
    assert Visitor(app, ana).get(PAGE).status_code == 403
