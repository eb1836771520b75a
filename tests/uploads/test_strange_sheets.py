"""Sheets that nobody should have to think about: too long, no sheets, hostile, of others."""

from __future__ import annotations

import csv
import io
import zipfile
from contextvars import Context
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import Connection, event, select

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.institutions.models import MemberRole
from academy.institutions.queries import institution_by_slug
from courses.catalogue.models import Offer
from courses.editing import operations as editing
from courses.editing import queries as edited
from courses.editing.form import form_of
from courses.editing.rules import state_seen
from courses.uploads.models import RowState, Upload
from courses.uploads.sheet import MOST_ROWS
from tests.making import make_offer
from tests.staff import make_member
from tests.uploading import Editor, as_csv, count, offers, row, states
from tests.visiting import Visitor


def test_formulas_stay_text_and_come_back_as_text(editor: Editor) -> None:
    evil = '=HYPERLINK("https://evil.example","x")'
    where = editor.look(as_csv([row(1, title=evil, contact=evil, cost=evil)]))

    told = editor.page(f"{where}/faulty.csv")

    cells = next(csv.DictReader(io.StringIO(told.removeprefix("\ufeff"))))
    assert cells["title"] == f"'{evil}"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells.values())
    assert evil not in editor.page(where)


def test_a_header_is_no_formula_either_and_each_cell_stays_below_its_own(editor: Editor) -> None:
    evil = "=1+1"
    rows = [row(1, cost="?", note="one"), row(2, cost="?") | {evil: "two"}]
    where = editor.look(as_csv(rows))

    told = editor.page(f"{where}/faulty.csv")

    first, second = csv.DictReader(io.StringIO(told.removeprefix("\ufeff")))
    assert (first["note"], first[f"'{evil}"]) == ("one", "")
    assert (second["note"], second[f"'{evil}"]) == ("", "two")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"title\n", "The file is not a table"),
        (b"title,cost\n", "but no row below them"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"\x00\x01\x02\x03" * 50, "not text"),
        (b"foo;bar\n1;2\n", "No column holds a title"),
        (b"PK\x03\x04 nothing", "The workbook cannot be read"),
        (as_csv([row(n) for n in range(MOST_ROWS + 1)]), "has more than"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(
    editor: Editor, content: bytes, sentence: str
) -> None:
    status, page = editor.upload(content)

    assert status == 422
    assert sentence in page
    assert count(Upload) == 0


def test_a_workbook_that_unpacks_to_far_too_much_is_not_unpacked(editor: Editor) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b" " * (70 << 20))

    status, page = editor.upload(packed.getvalue(), "bomb.xlsx")

    assert (status, "The workbook cannot be read" in page) == (422, True)


def test_a_cell_at_the_end_of_the_world_takes_nobody_along(editor: Editor) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["title", "kind"])
    page["XFD1048576"] = "far away"
    packed = io.BytesIO()
    book.save(packed)

    status, told = editor.upload(packed.getvalue(), "far.xlsx")

    assert (status, "The workbook cannot be read" in told) == (422, True)


def test_fifty_thousand_rows_are_refused_with_a_sentence(editor: Editor) -> None:
    content = as_csv([row(number) for number in range(50_000)])
    assert len(content) < 10 << 20

    status, page = editor.upload(content)

    assert (status, "more than 2,000 rows" in page) == (422, True)


def test_the_worker_forgets_what_nobody_published_in_a_month(app: Flask, editor: Editor) -> None:
    for number, days in enumerate((31, 29), 1):
        editor.look(as_csv([row(number)]))
        with unit_of_work():
            latest = db.session.scalars(select(Upload).order_by(Upload.id.desc())).first()
            assert latest is not None
            latest.uploaded_at = utcnow() - timedelta(days=days)
    [forgetting] = [job for job in app.extensions["jobs"] if job.name == "forget_uploads"]

    Context().run(forgetting.act)

    assert count(Upload) == 1


def test_nobody_waits_while_rows_are_compared_with_the_catalogue(editor: Editor) -> None:
    held: list[str] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def note(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if connection.get_execution_options().get("write") and "FROM offers" in statement:
            held.append(statement)

    where = editor.look(as_csv([row(number) for number in range(5)]))
    event.remove(db.engine, "before_cursor_execute", note)

    assert (held, editor.page(where).count("River course")) == ([], 5)


def test_only_editors_of_the_institution_upload(app: Flask) -> None:
    editor = Editor(app, make_member(MemberRole.EDITOR))
    where = editor.look(as_csv([row(1)]))
    reporter = Visitor(app, make_member(MemberRole.REPORTER, email="reporter@example.org"))
    other = Visitor(
        app, make_member(MemberRole.OWNER, institution="hill-school", email="hill@example.org")
    )
    theirs = where.replace("river-school", "hill-school")

    assert reporter.get(where).status_code == 403
    assert reporter.post(f"{where}/publish").status_code == 403
    assert other.get(where).status_code == 403
    assert (other.get(theirs).status_code, other.post(f"{theirs}/publish").status_code) == (
        404,
        404,
    )
    assert offers() == {}


def test_a_row_never_touches_an_offer_of_another_institution(app: Flask, editor: Editor) -> None:
    make_offer("River course 1", institution="hill-school", address="https://example.org/river/1")

    editor.post(f"{editor.look(as_csv([row(1)]))}/publish")

    owners = db.session.execute(select(Offer.slug, Offer.institution_id)).all()
    assert len({institution for _slug, institution in owners}) == 2


def test_an_offer_in_work_is_left_alone(editor: Editor) -> None:
    editor.post(f"{editor.look(as_csv([row(1)]))}/publish")
    who = db.session.scalars(select(Upload)).one().person_id
    with unit_of_work():
        offer = edited.offer_at(institution_by_slug("river-school"), "river-course-1")
        wanted = form_of(offer) | {"contact": "somebody@example.org"}
        seen = state_seen(offer, None)
        person = db.session.get_one(Person, who)
        editing.save(offer, wanted, seen=seen, person=person, now=utcnow())

    where = editor.look(as_csv([row(1, title="Meanwhile")]))

    assert "Somebody is editing this offer" in editor.page(where)
    assert states()[-1] == RowState.FAULTY.value
