"""Forms of offers from people who mean no good, or know no measure."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from academy.db import db
from courses.catalogue.runs import Run
from courses.editing.models import WorkingCopy
from tests.editor import EDIT, Editor
from tests.making import make_offer
from tests.offers_edited import copies, live
from tests.staff import make_member
from tests.visiting import Visitor

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\x00\u202eevil"


@pytest.fixture
def editor(app: Flask) -> Editor:
    """Edi at the desk of the River School."""
    return Editor(app, make_member())


def publish(editor: Editor) -> int:
    sent = editor.send(editor.form(f"{EDIT}/difference", f"{EDIT}/publish"), f"{EDIT}/publish")
    status: int = sent.status_code
    return status


def test_a_text_beyond_all_measure_is_refused_and_nothing_is_lost(editor: Editor) -> None:
    make_offer()
    refused = editor.save(**{"texts-en-description": "x" * 2_000_000})
    assert refused.status_code == 413
    assert copies() == 0


def test_a_long_text_is_kept_until_its_author_shortens_it(editor: Editor) -> None:
    make_offer()
    assert editor.save(**{"texts-en-description": "word " * 12_000}).status_code == 303
    assert len(editor.form()["texts-en-description"]) == 60_000
    assert "Use at most 50,000 characters." in editor.visitor.page(EDIT)
    assert publish(editor) == 422
    assert live()["texts"]["en"]["description"] == ""


def test_markup_in_every_field_is_harmless_everywhere(app: Flask, editor: Editor) -> None:
    make_offer(runs=[])
    editor.save("add-run")
    editor.save("add-meeting-0")
    fields = editor.form()
    kept = {"csrf_token", "seen", "runs-0-reference", "runs-0-meetings-0-uid"}
    hostile = MultiDict(
        (name, text if name in kept else MARKUP) for name, text in fields.items(multi=True)
    )
    hostile["texts-<b>-title"] = hostile["audience-../en"] = MARKUP
    hostile["runs-0-meetings-0-title-en"] = MARKUP
    assert editor.send(hostile, do=MARKUP, new_language=MARKUP).status_code == 303
    for path in ("", "/preview", "/difference", "/history"):
        page = editor.visitor.page(f"{EDIT}{path}")
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page
        assert "\x00" not in page
    assert publish(editor) == 422


def test_markup_in_what_is_published_is_words(app: Flask, editor: Editor) -> None:
    make_offer()
    told = {"texts-en-title": f"Water {MARKUP}", "texts-en-description": f"<p>A</p>{MARKUP}"}
    editor.save(**told, contact=f"x@example.org {MARKUP}")
    assert publish(editor) == 303
    page = Visitor(app).page("/en/learn/water-for-all")
    assert "alert(" not in page
    assert "<img" not in page
    assert "\u202e" not in page


def test_a_hundred_editions_are_kept_and_one_more_is_refused(editor: Editor) -> None:
    make_offer(runs=[])
    fields = editor.form()
    for number in range(100):
        fields[f"runs-{number}-zone"] = "Europe/Paris"
        fields[f"runs-{number}-capacity"] = str(number + 1)
    assert editor.send(fields, do="save").status_code == 303
    assert publish(editor) == 303
    assert db.session.scalar(select(func.count()).select_from(Run)) == 100
    more = editor.form()
    more["runs-100-zone"] = "UTC"
    refused = editor.send(more, do="save")
    assert refused.status_code == 422
    assert len(live()["runs"]) == 100


def test_a_run_of_somebody_else_cannot_be_claimed(editor: Editor) -> None:
    make_offer("Other", institution="hill-school")
    make_offer(runs=[])
    theirs = db.session.scalars(select(Run)).one()
    reference, owner = theirs.reference, theirs.offer_id
    fields = editor.form()
    fields["runs-0-reference"] = reference
    fields["runs-0-zone"] = "Asia/Tokyo"
    editor.send(fields, do="save")
    assert publish(editor) == 303
    db.session.rollback()
    runs = {run.reference: (run.offer_id, run.zone) for run in db.session.scalars(select(Run))}
    assert runs[reference] == (owner, "UTC")
    assert len(runs) == 2


def test_a_form_that_names_no_state_is_not_taken_for_a_fresh_one(editor: Editor) -> None:
    make_offer()
    editor.save(contact="1@example.org")
    fields = editor.form()
    for seen in ("", "0-x", "1-", "\x00"):
        sent = editor.send(fields, do="save", seen=seen, contact="2@example.org")
        assert sent.status_code == 409
    copy = db.session.scalars(select(WorkingCopy)).one()
    assert copy.content["contact"] == "1@example.org"
