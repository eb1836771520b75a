"""The hours of a webinar in a sheet: one may go on past midnight, and none takes days."""

from __future__ import annotations

import pytest

from tests.uploading import HEAD, Editor, as_csv, row, states

HEADED = [*HEAD, "starts", "ends", "zone"]


def webinar(starts: str, ends: str) -> bytes:
    """Write a sheet of one webinar."""
    hours = {"starts": starts, "ends": ends, "zone": "Asia/Bangkok"}
    return as_csv([row(1, kind="Webinar", address="") | hours], HEADED)


def test_a_webinar_goes_on_past_midnight(editor: Editor) -> None:
    where = editor.look(webinar("2027-03-04 23:30", "2027-03-05 01:00"))
    assert states() == ["new"], editor.page(where)
    editor.post(f"{where}/publish")
    [run] = editor.get("/api/v1/offers/river-course-1").get_json()["runs"]
    [meeting] = run["meetings"]
    assert meeting["starts"] == "2027-03-04T16:30:00+00:00"
    assert meeting["ends"] == "2027-03-04T18:00:00+00:00"


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        ("2027-03-04 23:30", "", "A webinar needs the hour at which it ends."),
        ("2027-03-04 23:30", "2027-03-04 22:30", "It ends before it starts."),
        ("2027-03-04 23:30", "2027-03-03 23:50", "It ends before it starts."),
        ("2027-03-04 23:30", "2027-03-04 23:30", "It ends when it starts."),
        ("2027-03-04 09:00", "2027-03-06 17:00", "A webinar ends within a day of its beginning."),
        ("2027-03-04 09:00", "2027-03-32 10:00", "Write a date as"),
        ("2027-03-04 09:00", "2027-03-32", "Write a date as"),
        ("2027-02-29 09:00", "2027-03-01 10:00", "Write a date as"),
    ],
)
def test_hours_that_cannot_be_are_told_of(
    editor: Editor, starts: str, ends: str, told: str
) -> None:
    page = editor.page(editor.look(webinar(starts, ends)))
    assert states() == ["faulty"]
    assert told in page
