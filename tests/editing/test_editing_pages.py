"""Editing an offer through its pages, without script: the whole way, and who may not."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from academy.db import db
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from courses.editing.models import WorkingCopy
from tests.editor import DESK, EDIT, Editor, Filled
from tests.making import make_offer
from tests.questions import asked_for
from tests.staff import make_member
from tests.taking_part import COMING, enrol
from tests.visiting import Visitor


@pytest.fixture
def editor(app: Flask) -> Editor:
    """Edi at the desk of the River School."""
    return Editor(app, make_member())


def copy() -> dict[str, Any]:
    db.session.rollback()
    return db.session.scalars(select(WorkingCopy)).one().content


def test_a_form_sent_back_untouched_changes_nothing(editor: Editor) -> None:
    make_offer(runs=[COMING], description="<p>One &amp; two</p><p>Three</p>", level="advanced")
    assert editor.form()["texts-en-description"] == "One & two\n\nThree"
    assert editor.save().status_code == 303
    assert db.session.scalar(select(func.count()).select_from(WorkingCopy)) == 0


HEAT = f"{DESK}/offers/heat-in-the-city"
ANSWERS = {
    "texts-fr-title": "La chaleur en ville",
    "texts-en-description": "What to do.\r\n\r\nAnd when.",
    "issues": ["climate", "housing"],
    "methodologies": ["webinar"],
    "languages-taught": ["en", "fr", ""],
    "contact": "heat@example.org",
    "cost": "free",
    "runs-0-meetings-0-date": "2027-01-12",
    "runs-0-meetings-0-starts": "14:00",
    "runs-0-meetings-0-ends": "15:30",
    "runs-0-meetings-0-join_link": "https://meet.example.org/heat",
}


def written(editor: Editor) -> None:
    """Begin a webinar, twice with the same form, and fill in all it needs."""
    new = editor.form(f"{DESK}/begin?kind=webinar", f"{DESK}/begin")
    begun = editor.send(new, f"{DESK}/begin", title="Heat in the city", language="en")
    again = editor.send(new, f"{DESK}/begin")
    assert begun.headers["Location"] == again.headers["Location"] == HEAT
    added = editor.send(editor.form(HEAT), HEAT, do="add-language", new_language="fr")
    assert added.headers["Location"] == f"{HEAT}#f-texts-fr-title"
    editor.send(editor.form(HEAT), HEAT, do="add-run")
    zone = {"runs-0-zone": "Europe/Paris"}
    editor.send(editor.form(HEAT), HEAT, do="add-meeting-0", **zone)
    assert editor.send(editor.form(HEAT), HEAT, do="save", **ANSWERS).status_code == 303


def test_an_offer_from_its_first_word_to_its_page(app: Flask, editor: Editor) -> None:
    written(editor)
    assert db.session.scalar(select(func.count()).select_from(Offer)) == 1
    visitor = Visitor(app)
    assert visitor.get("/en/learn/heat-in-the-city").status_code == 404
    preview = editor.visitor.page(f"{HEAT}/preview")
    assert "This is a preview." in preview
    assert 'content="noindex' in preview
    assert "<p>What to do.</p><p>And when.</p>" in preview
    publishing = editor.form(f"{HEAT}/difference", f"{HEAT}/publish")
    published = editor.send(publishing, f"{HEAT}/publish")
    assert published.headers["Location"] == "/en/learn/heat-in-the-city"
    page = visitor.page("/en/learn/heat-in-the-city")
    assert "<p>What to do.</p><p>And when.</p>" in page
    assert "https://meet.example.org/heat" not in page
    assert "La chaleur en ville" in visitor.page("/fr/learn/heat-in-the-city")
    [run] = db.session.scalars(select(Run))
    assert run.starts_at is not None
    assert run.starts_at.isoformat() == "2027-01-12T13:00:00+00:00"
    assert "Version 1" in editor.visitor.page(f"{HEAT}/history")


def test_what_is_missing_is_said_and_leads_to_its_field(editor: Editor) -> None:
    make_offer()
    assert editor.save(contact="", cost="").status_code == 303
    publishing = editor.form(f"{EDIT}/difference", f"{EDIT}/publish")
    refused = editor.send(publishing, f"{EDIT}/publish")
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert 'href="#f-contact"' in page
    assert 'id="f-contact"' in page
    assert "It is not published yet: some answers need another look." in page


def test_what_cannot_be_understood_is_kept_and_said(editor: Editor) -> None:
    make_offer()
    editor.save("add-run")
    editor.save(**{"runs-1-starts_at": "next Monday", "data_mb": "a lot"})
    page = editor.visitor.page(EDIT)
    assert 'value="next Monday"' in page
    assert 'value="a lot"' in page
    assert "This is not a date and an hour." in page
    assert editor.form()["runs-1-starts_at"] == "next Monday"


def test_a_row_just_added_is_not_judged_yet(editor: Editor) -> None:
    make_offer()
    added = editor.save("add-meeting-0").headers["Location"]
    assert added == f"{EDIT}?fresh=runs-0-meetings-0#f-runs-0-meetings-0-date"
    assert "Please answer this." not in editor.visitor.page(added.partition("#")[0])
    assert "Please answer this." in editor.visitor.page(EDIT)


def test_rows_go_where_their_button_stands(editor: Editor) -> None:
    make_offer(runs=[])
    for wish in ("add-run", "add-run", "add-meeting-1", "add-meeting-1"):
        editor.save(wish)
    editor.save(**{"runs-1-meetings-1-date": "2027-03-01", "runs-0-capacity": "7"})
    editor.save("remove-meeting-1-0")
    assert copy()["runs"][1]["meetings"][0]["date"] == "2027-03-01"
    editor.save("remove-run-0")
    assert [len(run["meetings"]) for run in copy()["runs"]] == [1]
    for odd in ("remove-run-9", "remove-meeting-4-4", "add-meeting-9", "remove-text-xx", "dance"):
        assert editor.save(odd).status_code == 303


def test_two_people_see_both_versions_and_lose_nothing(app: Flask, editor: Editor) -> None:
    make_offer(description="The old words of both.")
    other = Editor(app, make_member(email="odd@example.org"))
    mine, theirs = editor.form(), other.form()
    other.send(theirs, do="save", contact="theirs@example.org", cost="paid")
    both = editor.send(
        mine, do="save", contact="mine@example.org", **{"texts-en-description": "My new words."}
    )
    page = both.get_data(as_text=True)
    assert both.status_code == 409
    assert "theirs@example.org" in page
    assert "mine@example.org" in page
    assert copy()["contact"] == "theirs@example.org"
    choosing = Filled(page, f"{EDIT}/both").fields
    chosen = editor.send(MultiDict(choosing), f"{EDIT}/both", **{"take-cost": "theirs"})
    assert chosen.status_code == 303
    kept = copy()
    assert (kept["contact"], kept["cost"]) == ("mine@example.org", "paid")
    assert kept["texts"]["en"]["description"] == "<p>My new words.</p>"


def test_all_of_theirs_or_all_of_mine(app: Flask, editor: Editor) -> None:
    make_offer()
    other = Editor(app, make_member(email="odd@example.org"))
    for every, expected in (("theirs", "1@example.org"), ("yours", "2@example.org")):
        mine, theirs = editor.form(), other.form()
        other.send(theirs, do="save", contact="1@example.org", cost="paid")
        page = editor.send(mine, do="save", contact="2@example.org").get_data(as_text=True)
        fields = MultiDict(Filled(page, f"{EDIT}/both").fields)
        editor.send(fields, f"{EDIT}/both", all=every)
        assert copy()["contact"] == expected
        editor.save(contact="0@example.org", cost="free")


def test_a_form_sent_twice_does_everything_once(editor: Editor) -> None:
    make_offer(runs=[])
    fields = editor.form()
    assert [editor.send(fields, do="add-run").status_code for _time in range(2)] == [303, 303]
    assert len(copy()["runs"]) == 1
    publishing = editor.form(f"{EDIT}/difference", f"{EDIT}/publish")
    sent = [editor.send(publishing, f"{EDIT}/publish").status_code for _time in range(2)]
    assert sent == [303, 303]
    history = editor.visitor.page(f"{EDIT}/history")
    assert "Version 1" in history
    assert "Version 2" not in history


def test_what_was_published_meanwhile_is_not_published_unseen(app: Flask, editor: Editor) -> None:
    make_offer()
    editor.save(contact="1@example.org")
    publishing = editor.form(f"{EDIT}/difference", f"{EDIT}/publish")
    editor.save(contact="2@example.org")
    assert editor.send(publishing, f"{EDIT}/publish").status_code == 409


def test_an_earlier_version_comes_back_through_the_history(editor: Editor) -> None:
    make_offer()
    for mail in ("1@example.org", "2@example.org"):
        editor.save(contact=mail)
        publishing = editor.form(f"{EDIT}/difference", f"{EDIT}/publish")
        editor.send(publishing, f"{EDIT}/publish")
    restore = f"{EDIT}/restore"
    restored = editor.send(editor.form(f"{EDIT}/history", restore), restore, number="1")
    assert restored.headers["Location"] == f"{EDIT}/difference"
    assert copy()["contact"] == "1@example.org"
    discard = f"{EDIT}/discard"
    editor.send(editor.form(f"{EDIT}/difference", discard), discard)
    assert db.session.scalar(select(func.count()).select_from(WorkingCopy)) == 0


def test_withdrawing_asks_once_more_and_can_be_undone(app: Flask, editor: Editor) -> None:
    make_offer(runs=[COMING])
    [run] = db.session.scalars(select(Run))
    enrol(make_member(email="odd@example.org"), run.reference)
    page = editor.visitor.page(f"{EDIT}/withdraw")
    assert "1 person is enrolled at the moment." in page
    editor.send(editor.form(f"{EDIT}/withdraw"), f"{EDIT}/withdraw")
    visitor = Visitor(app)
    assert visitor.get("/en/learn/water-for-all").status_code == 410
    back = f"{EDIT}/bring-back"
    editor.send(editor.form(EDIT, back), back)
    assert visitor.get("/en/learn/water-for-all").status_code == 200


def test_three_offers_take_as_many_questions_as_one(editor: Editor) -> None:
    make_offer(runs=[COMING])
    editor.save(level="advanced")
    editor.visitor.page(f"{DESK}/offers")
    one = asked_for(editor.visitor, f"{DESK}/offers")
    make_offer("Clean air", runs=[COMING])
    make_offer("Good soil", runs=[COMING])
    three = asked_for(editor.visitor, f"{DESK}/offers")
    assert three == one
    assert len(one) > 3


def test_the_list_shows_how_offers_stand(editor: Editor) -> None:
    make_offer()
    make_offer("Clean air")
    editor.save(level="advanced")
    page = editor.visitor.page(f"{DESK}/offers")
    assert "2 offers" in page
    assert "Published, with changes that wait" in page
    assert "Water for all" not in editor.visitor.page(f"{DESK}/offers?q=air")
    assert "1 offer" in editor.visitor.page(f"{DESK}/offers?q=AIR&state=published")
    assert editor.visitor.get(f"{DESK}/offers?q=%00%25_&page=99&state=x").status_code == 200
