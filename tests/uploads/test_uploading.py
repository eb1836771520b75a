"""A spreadsheet is looked at row by row, published, and undone within a day."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work, utcnow
from academy.i18n import PUBLISHED
from academy.institutions.models import MemberRole
from courses.catalogue.models import Offer, State
from courses.editing.models import OfferVersion, VersionSource
from courses.search.backlog import StaleOffer
from courses.uploads.models import Upload, UploadState
from tests.staff import make_member
from tests.uploading import HEAD, Editor, as_csv, as_xlsx, count, offers, row, states


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
        *("issues", "methodologies", "audiences", "contact", "cost"),
    ]
    cells = [told.get(name, "") for name in order]

    where = editor.look(as_csv([dict(zip(head, cells, strict=False))], head))

    assert states() == ["new"], editor.page(where)


def test_columns_that_nobody_understands_are_named(editor: Editor) -> None:
    where = editor.look(as_csv([row(1) | {"Colour of the cover": "blue"}]))

    page = editor.page(where)

    assert "These columns are not read:" in page
    assert "Colour of the cover" in page


def test_the_labels_of_the_edit_page_are_understood(editor: Editor) -> None:
    told = row(1)
    told["How people learn"] = told.pop("methodologies")
    told["Who answers questions"] = told.pop("contact")

    where = editor.look(as_csv([told]))

    assert states() == ["new"], editor.page(where)


def test_rows_that_are_undone_say_so(editor: Editor) -> None:
    where = editor.look(as_csv([row(1)]))
    editor.post(f"{where}/publish")
    editor.post(f"{where}/undo")

    assert '<span class="tag">Undone</span>' in editor.page(where)
