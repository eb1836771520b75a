"""What pages around the form say: the preview, two versions, how complete an offer is."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from academy.i18n import speaking
from courses.vocabularies.queries import vocabularies
from courses.web.desk.labels import told
from tests.editor import DESK, EDIT, Editor
from tests.making import make_offer, make_person
from tests.staff import make_member
from tests.taking_part import COMING
from tests.visiting import Visitor

PERCENT = re.compile(r"(\d+) % complete")


@pytest.fixture
def editor(app: Flask) -> Editor:
    """Edi at the desk of the River School."""
    return Editor(app, make_member())


def percent(editor: Editor, path: str) -> str:
    """Read how complete a page says the offer is."""
    [found] = PERCENT.findall(editor.visitor.page(path))
    return str(found)


def test_a_preview_offers_nothing_to_save_or_to_enrol_in(app: Flask, editor: Editor) -> None:
    make_offer(runs=[COMING])
    public = editor.visitor.page("/en/learn/water-for-all")
    preview = editor.visitor.page(f"{EDIT}/preview")
    for act in ("/en/my/saved", "/enrolment", "/concern"):
        assert (act in public, act in preview) == (True, False), act


def test_two_versions_are_headed_by_the_title_of_the_offer(app: Flask, editor: Editor) -> None:
    make_offer()
    other = Editor(app, make_member(email="odd@example.org"))
    mine, theirs = editor.form(), other.form()
    other.send(theirs, do="save", contact="theirs@example.org")
    page = editor.send(mine, do="save", contact="mine@example.org").get_data(as_text=True)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == ["<bdi>Water for all</bdi>"]
    assert "<title>Two versions: Water for all" in page
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page)[0] == (
        "Edi has saved this offer while you were writing."
    )


def test_every_page_says_the_same_percentage(editor: Editor) -> None:
    make_offer()
    pages = (f"{DESK}/offers", EDIT, f"{EDIT}/difference")
    sound = percent(editor, EDIT)
    editor.save(contact="", cost="perhaps", data_mb="a lot")
    wrong = {percent(editor, path) for path in pages}
    assert wrong == {str(int(sound) - 20)}


def test_what_is_wrong_is_asked_for_like_what_is_missing(editor: Editor) -> None:
    make_offer()
    editor.save(cost="perhaps")
    for path in (f"{DESK}/offers", EDIT):
        assert '#f-cost">Say whether it is free of charge.</a>' in editor.visitor.page(path)


def test_large_figures_are_grouped_as_the_reader_does(app: Flask, editor: Editor) -> None:
    make_offer(runs=[COMING])
    editor.save(**{"runs-0-capacity": "1000000"})
    page = html.unescape(editor.visitor.page(f"{EDIT}/difference"))
    assert "1,000,000" in page
    assert "1000000" not in page
    editor.send(editor.form(f"{EDIT}/difference", f"{EDIT}/publish"), f"{EDIT}/publish")
    visitor = Visitor(app, make_person())
    assert "1,000,000 places left" in visitor.page("/en/learn/water-for-all")
    assert "1\u202f000\u202f000" in visitor.page("/fr/learn/water-for-all")
    assert 'value="1000000"' in editor.visitor.page(EDIT)


@pytest.mark.parametrize(
    ("language", "grouped"), [("en", "12,345"), ("fr", "12\u202f345"), ("es", "12.345")]
)
def test_a_figure_in_the_history_is_grouped(app: Flask, language: str, grouped: str) -> None:
    known = vocabularies()
    with app.test_request_context(), speaking(language):
        assert told("data_mb", "12345", known) == grouped
        assert told("runs.x.capacity", "12345", known) == grouped
        assert told("data_mb", "a lot", known) == "a lot"
        assert told("data_mb", "9" * 5_000, known) == "9" * 5_000
        assert told("contact", "12345", known) == "12345"
