"""What readings of sources left behind, as the desk tells it: reports, and what to look at."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask

from academy.accounts.models import Person
from courses.harvesting.advice import ADVICE
from courses.harvesting.draft import Weight
from courses.harvesting.harvests.holding import WOULD_VANISH
from courses.harvesting.models import HarvestState
from courses.harvesting.sentences import FINDINGS
from tests.questions import asked_for
from tests.read_sources import make_harvest, make_source
from tests.staff import make_member
from tests.visiting import Visitor

DESK = "/en/institutions/river-school/desk"


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


@pytest.fixture
def desk(app: Flask, editor: Person) -> Visitor:
    """An editor at the browser."""
    return Visitor(app, editor)


def test_the_report_tells_what_was_found_and_how_it_is_mended(
    desk: Visitor, editor: Person
) -> None:
    reference = make_source(editor)
    refused = [
        {"code": "no-title", "weight": Weight.REJECTED, "line": line, "external_id": f"R-{line}"}
        for line in range(1, 9)
    ]
    guessed = {"code": "guessed-language", "field": "language", "found": "<b>fr</b>", "line": 3}
    figures: dict[str, Any] = {"read": 20, "added": 3, "updated": 4, "unchanged": 5, "rejected": 8}
    figures["vanished"] = 2
    harvest = make_harvest(
        reference, findings=[*refused, guessed], unmapped={"Poterie": 7, "Vannerie": 2}, **figures
    )

    page = html.unescape(desk.page(f"{DESK}/sources/{reference}/harvests/{harvest}"))
    everything = desk.page(f"{DESK}/sources/{reference}/harvests/{harvest}?code=no-title")

    assert "20 read = 3 added + 4 updated + 5 unchanged + 8 refused" in page
    assert "2 no longer there" in page
    assert page.index(str(FINDINGS["no-title"])) < page.index(str(FINDINGS["guessed-language"]))
    assert str(ADVICE["no-title"]) in page
    assert "R-5" in page
    assert "R-6" not in page
    assert "3 more" in page
    assert '<q dir="auto"><b>fr</b></q>' in page
    assert "2 words of this source mean nothing to us yet." in page
    assert [f"R-{line}" in everything for line in range(1, 9)] == [True] * 8
    assert "&lt;b&gt;" not in everything


def test_what_a_held_reading_missed_is_not_called_unlisted(desk: Visitor, editor: Person) -> None:
    reference = make_source(editor)
    gone = {"code": WOULD_VANISH, "weight": Weight.HELD, "line": 0, "external_id": "water"}
    harvest = make_harvest(reference, state=HarvestState.HELD, findings=[gone])
    page = desk.page(f"{DESK}/sources/{reference}/harvests/{harvest}")
    assert "Listed until a steward decides" in page
    assert "Kept, not listed" not in page


def test_a_long_report_stands_on_several_pages(desk: Visitor, editor: Person) -> None:
    reference = make_source(editor)
    many = [
        {"code": "no-zone", "line": line, "external_id": f"R-{line};"} for line in range(1, 121)
    ]
    harvest = make_harvest(reference, findings=many)
    path = f"{DESK}/sources/{reference}/harvests/{harvest}?code=no-zone"
    assert desk.page(path).count("R-") == 50
    last = desk.page(f"{path}&page=3")
    assert (last.count("R-"), "R-120;" in last, "Page 3 of 3" in last) == (20, True, True)


def test_the_desk_asks_to_look_at_what_failed_or_is_held(desk: Visitor, editor: Person) -> None:
    failed, held = make_source(editor, name="Moodle"), make_source(editor, name="Events")
    fine = make_source(editor, name="Fine")
    make_harvest(fine, HarvestState.FAILED, code="empty")
    make_harvest(fine)
    make_harvest(failed, HarvestState.FAILED, code="breaks-off", details={"line": "7"})
    make_harvest(held, HarvestState.HELD)

    front = html.unescape(desk.page(DESK))

    assert "The file breaks off in line 7. Nothing was read; send it again." in front
    assert "would unlist many offers at once" in front
    assert "Fine" not in front
    assert re.findall(r'Sources <b class="num">(\d+)</b>', front) == ["2"]


def test_a_list_of_three_sources_asks_as_often_as_one_of_one(desk: Visitor, editor: Person) -> None:
    counted = []
    for names in (["First"], ["Second", "Third"]):
        for name in names:
            make_harvest(make_source(editor, name=name))
        counted.append(asked_for(desk, f"{DESK}/sources"))
    assert counted[0] == counted[1]


def test_every_finding_says_how_it_is_mended() -> None:
    assert FINDINGS.keys() - ADVICE.keys() == set()
    assert ADVICE.keys() - FINDINGS.keys() == set()


def test_why_something_was_refused_is_told_after_nights_in_which_nothing_changed(
    desk: Visitor, editor: Person
) -> None:
    reference = make_source(editor)
    path, sentence = f"{DESK}/sources/{reference}/harvests", str(FINDINGS["no-title"])
    refused = [{"code": "no-title", "weight": Weight.REJECTED, "external_id": "R-1"}]
    first = make_harvest(reference, findings=refused, read=9, added=8, rejected=1)
    for _night in range(2):
        same = make_harvest(reference, read=9, unchanged=8, rejected=1)

    page = html.unescape(desk.page(f"{path}/{same}"))
    assert ("R-1" in page, sentence in page, f"{path}/{first}" in page) == (True, True, True)
    assert "Nothing has changed since the reading of" in page
    assert "Nothing has changed since" not in desk.page(f"{path}/{first}")

    make_harvest(reference, read=9, updated=1, unchanged=8)
    mended = make_harvest(reference, read=9, unchanged=9)
    assert "Nothing was wrong with any record." in desk.page(f"{path}/{mended}")
