"""A spreadsheet is looked at row by row, published, and undone within a day."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.i18n import PUBLISHED
from academy.institutions.models import MemberRole
from academy.institutions.queries import institution_by_slug
from courses.catalogue.models import Offer, State
from courses.editing import operations as editing
from courses.editing import queries as edited
from courses.editing.form import form_of
from courses.editing.models import OfferVersion, VersionSource
from courses.editing.rules import state_seen
from courses.search.backlog import StaleOffer
from courses.uploads.models import RowState, Upload, UploadRow, UploadState
from courses.uploads.sheet import MOST_ROWS
from tests.making import make_offer
from tests.staff import make_member
from tests.visiting import TOKEN, Visitor

DESK = "/en/institutions/river-school/desk/uploads"
HEAD = ["id", "title", "kind", "language", "address", "issues", "methodologies", "contact", "cost"]


def row(number: int, **changes: str) -> dict[str, str]:
    """Write a row without a fault."""
    usual = {
        "id": f"R-{number}",
        "title": f"River course {number}",
        "kind": "course",
        "language": "English",
        "address": f"https://example.org/river/{number}",
        "issues": "water",
        "methodologies": "self-paced",
        "contact": "school@example.org",
        "cost": "free",
    }
    return usual | changes


def as_csv(rows: list[dict[str, str]], head: list[str] | None = None) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, head or list(dict.fromkeys(k for r in rows for k in r)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows: list[dict[str, Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for one in rows:
        sheet.append(list(one.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class Editor(Visitor):
    """Somebody who edits for the river school, at the browser."""

    def upload(self, content: bytes, name: str = "offers.csv") -> tuple[int, str]:
        """Upload a file: the status, and where it leads to or what the page says."""
        found = TOKEN.search(self.page("/en/sign-in"))
        assert found is not None
        data = {"csrf_token": found.group(1), "file": (io.BytesIO(content), name)}
        answer = self._alone(self._client.post, DESK, data=data, content_type="multipart/form-data")
        return answer.status_code, answer.headers.get("Location") or answer.get_data(as_text=True)

    def look(self, content: bytes, name: str = "offers.csv") -> str:
        """Upload a file that can be read; gives the address of its page."""
        status, where = self.upload(content, name)
        assert status == 303, where
        return where


@pytest.fixture
def editor(app: Flask) -> Editor:
    """An editor of the river school."""
    return Editor(app, make_member(MemberRole.EDITOR))


def states() -> list[str]:
    return [
        state.value
        for state in db.session.scalars(select(UploadRow.state).order_by(UploadRow.id))
    ]


def offers() -> dict[str, State]:
    rows = db.session.execute(select(Offer.slug, Offer.state).order_by(Offer.slug))
    return {slug: state for slug, state in rows}


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_thirty_rows_with_six_faults_are_looked_at_and_the_good_ones_published(
    editor: Editor,
) -> None:
    faults = [
        row(31, title=""),
        row(32, language="Klingonish"),
        row(33, cost="perhaps"),
        row(34, issues="weather balloons"),
        row(35, address="not an address"),
        row(30),
    ]
    where = editor.look(as_csv([*(row(number) for number in range(1, 31)), *faults]))

    page = editor.page(where)
    assert offers() == {}
    assert states() == ["new"] * 30 + ["faulty"] * 6
    assert "Publish 30 rows" in page

    published = editor.post(f"{where}/publish")
    again = editor.post(f"{where}/publish")

    assert (published.status_code, again.status_code) == (303, 303)
    assert len(offers()) == 30
    assert set(offers().values()) == {State.PUBLISHED}
    assert count(OfferVersion) == 30
    assert set(db.session.scalars(select(OfferVersion.source))) == {VersionSource.UPLOAD}
    assert count(StaleOffer) >= 30
    assert db.session.scalars(select(Upload.state)).one() is UploadState.PUBLISHED


def test_every_fault_is_told_with_the_row_and_the_column(editor: Editor) -> None:
    where = editor.look(
        as_csv([row(1, cost="perhaps"), row(2, issues="clouds"), row(3, contact=""), row(4)])
    )

    page = editor.page(f"{where}?show=faulty")
    told = editor.page(f"{where}/faulty.csv")

    assert "Cost – “perhaps” is none of: Free, Paid." in page
    assert "Issues – “clouds” is not in our list." in page
    assert "Contact – Say who answers questions." in page
    assert "River course 4" not in page
    rows = list(csv.DictReader(io.StringIO(told.removeprefix("\ufeff"))))
    assert [one["title"] for one in rows] == [f"River course {n}" for n in (1, 2, 3)]
    assert all(one["What is wrong"] for one in rows)


def test_the_refused_rows_can_be_mended_and_uploaded_again(editor: Editor) -> None:
    where = editor.look(as_csv([row(1, cost="perhaps"), row(2)]))
    editor.post(f"{where}/publish")
    told = editor.page(f"{where}/faulty.csv").removeprefix("\ufeff").replace("perhaps", "free")

    second = editor.look(told.encode(), "mended.csv")
    editor.post(f"{second}/publish")

    assert list(offers()) == ["river-course-1", "river-course-2"]


def test_what_a_row_leaves_empty_stays(editor: Editor) -> None:
    editor.post(f"{editor.look(as_csv([row(1, summary='About rivers.')]))}/publish")

    where = editor.look(as_csv([{"id": "R-1", "title": "Rivers anew", "language": "en"}]))
    assert states()[-1] == "changed"
    editor.post(f"{where}/publish")

    [offer] = db.session.scalars(select(Offer))
    text = db.session.execute(
        select(Offer.address, Offer.contact).where(Offer.id == offer.id)
    ).one()
    assert tuple(text) == ("https://example.org/river/1", "school@example.org")
    page = editor.page("/en/learn/river-course-1")
    assert "Rivers anew" in page
    assert "About rivers." in page


def test_the_same_sheet_again_changes_nothing(editor: Editor) -> None:
    sheet = as_csv([row(1), row(2)])
    first = editor.look(sheet)
    assert editor.look(sheet) == first
    editor.post(f"{first}/publish")
    versions = count(OfferVersion)

    second = editor.look(sheet)
    editor.post(f"{second}/publish")

    assert states()[-2:] == ["unchanged", "unchanged"]
    assert count(OfferVersion) == versions


def test_undoing_withdraws_what_was_new_and_restores_what_was_changed(editor: Editor) -> None:
    editor.post(f"{editor.look(as_csv([row(1)]))}/publish")
    where = editor.look(as_csv([row(1, title="Changed"), row(2)]))
    editor.post(f"{where}/publish")

    undone = editor.post(f"{where}/undo")
    twice = editor.post(f"{where}/undo")

    assert (undone.status_code, twice.status_code) == (303, 409)
    assert offers() == {"river-course-1": State.PUBLISHED, "river-course-2": State.ARCHIVED}
    assert "River course 1" in editor.page("/en/learn/river-course-1")
    assert db.session.scalars(select(Upload.state).order_by(Upload.id.desc())).first() is (
        UploadState.UNDONE
    )


def test_after_a_day_nothing_is_undone(editor: Editor) -> None:
    where = editor.look(as_csv([row(1)]))
    editor.post(f"{where}/publish")
    with unit_of_work():
        upload = db.session.scalars(select(Upload)).one()
        upload.published_at = utcnow() - timedelta(hours=25)

    assert editor.post(f"{where}/undo").status_code == 409
    assert offers() == {"river-course-1": State.PUBLISHED}


def test_undoing_leaves_what_was_changed_since(editor: Editor) -> None:
    where = editor.look(as_csv([row(1)]))
    editor.post(f"{where}/publish")
    later = editor.look(as_csv([row(1, title="Later")]))
    editor.post(f"{later}/publish")

    editor.post(f"{where}/undo")

    assert offers() == {"river-course-1": State.PUBLISHED}
    assert "Later" in editor.page("/en/learn/river-course-1")


def test_a_workbook_with_real_dates_makes_a_webinar(editor: Editor) -> None:
    from datetime import datetime  # noqa: PLC0415

    rows = [
        row(1, kind="Webinar", address="")
        | {
            "starts": datetime(2027, 3, 4, 15, 0),  # noqa: DTZ001 - a workbook knows no zones
            "ends": datetime(2027, 3, 4, 16, 30),  # noqa: DTZ001
            "zone": "Africa/Nairobi",
            "capacity": 40,
            "join_link": "https://meet.example.org/x",
        }
    ]
    where = editor.look(as_xlsx(rows), "webinar.xlsx")
    assert states() == ["new"], editor.page(where)
    editor.post(f"{where}/publish")

    offer = editor.get("/api/v1/offers/river-course-1").get_json()
    [run] = offer["runs"]
    assert (run["capacity"], run["zone"]) == (40, "Africa/Nairobi")
    assert [one["starts"] for one in run["meetings"]] == ["2027-03-04T12:00:00+00:00"]
    assert "meet.example.org" not in editor.get("/en/learn/river-course-1").get_data(as_text=True)


@pytest.mark.parametrize("language", PUBLISHED)
def test_the_empty_sheet_of_every_language_is_understood(app: Flask, language: str) -> None:
    editor = Editor(app, make_member(MemberRole.OWNER))
    text = editor.page(f"/{language}/institutions/river-school/desk/uploads/template.csv")
    head = next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    told = dict(zip(HEAD, [row(1)[name] for name in HEAD], strict=True))
    order = [
        *("id", "kind", "title", "summary", "description", "language", "subtitles", "address"),
        *("issues", "methodologies", "contact", "cost"),
    ]
    cells = [told.get(name, "") for name in order]

    where = editor.look(as_csv([dict(zip(head, cells, strict=False))], head))

    assert states() == ["new"], editor.page(where)


def test_formulas_stay_text_and_come_back_as_text(editor: Editor) -> None:
    evil = '=HYPERLINK("https://evil.example","x")'
    where = editor.look(as_csv([row(1, title=evil, contact=evil, cost=evil)]))

    told = editor.page(f"{where}/faulty.csv")

    cells = next(csv.DictReader(io.StringIO(told.removeprefix("\ufeff"))))
    assert cells["title"] == f"'{evil}"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells.values())
    assert evil not in editor.page(where)


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


def test_fifty_thousand_rows_are_refused_with_a_sentence(editor: Editor) -> None:
    content = as_csv([row(number) for number in range(50_000)])
    assert len(content) < 10 << 20

    status, page = editor.upload(content)

    assert (status, "more than 2,000 rows" in page) == (422, True)


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
