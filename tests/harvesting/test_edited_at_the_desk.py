"""An offer of a source at the desk: a word of it is corrected, and how it stands is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from academy.db import db, unit_of_work
from academy.institutions.models import MemberRole
from courses.catalogue.models import Offer, State
from courses.links.models import Answered, LinkCheck
from tests.editor import DESK, Editor
from tests.harvesting.harvested import harvest, lines, offer, record
from tests.making import NOW
from tests.staff import make_member

SINCE = datetime(2026, 10, 1, 12, tzinfo=UTC)
STATE = re.compile(r'<span class="tag[^"]*">([^<]+)</span>')


@pytest.fixture
def editor(app: Flask) -> Editor:
    harvest(lines(record(contact="", cost="")))
    return Editor(app, make_member(MemberRole.EDITOR))


def here() -> str:
    return f"{DESK}/offers/{offer().slug}"


def change(**values: object) -> None:
    with unit_of_work():
        found = db.session.get_one(Offer, offer().id)
        for name, value in values.items():
            setattr(found, name, value)


def publish(editor: Editor, **changes: str) -> int:
    """Save changes of the form, and publish them."""
    assert editor.send(editor.form(here()), here(), **changes, do="save").status_code == 303
    sent = editor.form(f"{here()}/difference", f"{here()}/publish")
    return int(editor.send(sent, f"{here()}/publish").status_code)


def test_a_title_is_corrected_without_giving_what_the_live_page_lacks_too(editor: Editor) -> None:
    page = editor.visitor.page(here())
    assert "Needed before it can be published" not in page
    assert "This offer is read from \u2068jsonl\u2069." in page
    assert publish(editor, **{"texts-en-title": "Water, well told"}) == 303
    assert offer().titles == {"en": "Water, well told"}


def test_pages_below_a_room_of_the_desk_lead_back_to_it(editor: Editor) -> None:
    labels = {}
    for path in (f"{DESK}/offers", here()):
        [crumbs] = re.findall(r'<nav class="crumbs".*?</nav>', editor.visitor.page(path), re.DOTALL)
        labels[path] = re.findall(r'<a href="([^"]+)"', crumbs)
    assert labels == {f"{DESK}/offers": ["/en/", DESK], here(): ["/en/", DESK, f"{DESK}/offers"]}


def test_what_went_and_what_came_stand_apart(editor: Editor) -> None:
    editor.send(editor.form(here()), here(), do="save", **{"texts-en-title": "Rivers, well told"})
    page = editor.visitor.page(f"{here()}/difference")
    assert "<bdi><del>About water </del><ins>Rivers, well told</ins></bdi>" in page


def test_what_the_live_page_has_cannot_be_left_out(editor: Editor) -> None:
    assert publish(editor, **{"texts-en-title": ""}) == 422


def test_the_desk_tells_that_a_source_no_longer_tells_of_an_offer(editor: Editor) -> None:
    change(vanished_at=SINCE)
    since = "Its source has not told of it since 1 October 2026."
    for page in (editor.visitor.page(here()), editor.visitor.page(f"{DESK}/offers?state=unlisted")):
        assert since in page
        assert STATE.findall(page)[0] == "Published, but not listed"
    assert "1 offer is no longer listed: its source" in editor.visitor.page(DESK)
    change(state=State.ARCHIVED)
    page = editor.visitor.page(here())
    assert (STATE.findall(page)[0], since in page) == ("Archived", True)
    assert "is no longer listed: its source" not in editor.visitor.page(DESK)


def test_the_desk_tells_that_the_address_of_an_offer_leads_nowhere(editor: Editor) -> None:
    change(broken_at=SINCE)
    with unit_of_work():
        told = {"answered": Answered.STRIKE, "reason": "404", "checked_at": NOW, "due_at": NOW}
        found = offer()
        db.session.add(LinkCheck(offer_id=found.id, address=found.address, **told))
    why = "The page is not found there."
    for page in (editor.visitor.page(here()), editor.visitor.page(f"{DESK}/offers?state=unlisted")):
        assert f"Its address has led nowhere since 1 October 2026. {why}" in page
        assert STATE.findall(page)[0] == "Published, but not listed"
