"""For whom an offer is: boxes to tick beside the institution's own words, and what they do."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from courses.catalogue.queries import offers_by_id
from courses.editing.checking import checked
from courses.editing.completeness import completeness
from courses.editing.fields import changes_between, fields_of
from courses.editing.form import form_of, tidy
from courses.vocabularies.queries import vocabularies
from tests.editing_forms import filled
from tests.editor import EDIT, Editor
from tests.making import make_offer
from tests.staff import make_member

BOX = re.compile(r'<input[^>]*name="audiences"[^>]*value="([^"]+)"')


@pytest.fixture
def editor(app: Flask) -> Editor:
    """Edi at the desk of the River School."""
    return Editor(app, make_member())


def test_the_form_offers_every_audience_beside_the_own_words(editor: Editor) -> None:
    make_offer(audiences=["elected"], audience={"en": "Mayors of river towns"})
    page = editor.visitor.page(EDIT)
    assert len(BOX.findall(page)) == 11
    form = editor.form()
    assert form.getlist("audiences") == ["elected"]
    assert form["audience-en"] == "Mayors of river towns"


def test_ticked_boxes_reach_the_page_and_its_history(editor: Editor) -> None:
    make_offer(audience={"en": "Mayors of river towns"})
    assert editor.save(audiences=["staff", "elected"]).status_code == 303
    publishing = editor.form(f"{EDIT}/difference", f"{EDIT}/publish")
    assert editor.send(publishing, f"{EDIT}/publish").status_code == 303
    page = editor.visitor.page("/en/learn/water-for-all")
    assert "<dt>For</dt><dd><bdi>Elected representatives, Technical staff</bdi></dd>" in page
    assert "<dt>More precisely</dt><dd><bdi>Mayors of river towns</bdi></dd>" in page
    assert "Elected representatives, Technical staff" in editor.visitor.page(f"{EDIT}/history")


def test_own_words_alone_stand_as_they_did(editor: Editor) -> None:
    make_offer(audience={"en": "Mayors of river towns"})
    page = editor.visitor.page("/en/learn/water-for-all")
    assert "<dt>For</dt><dd><bdi>Mayors of river towns</bdi></dd>" in page
    assert "More precisely" not in page


def test_unticked_boxes_take_the_audience_away(editor: Editor) -> None:
    made = make_offer(audiences=["elected", "un"])
    form = editor.form()
    form.setlist("audiences", [])
    assert editor.send(form, do="save").status_code == 303
    publishing = editor.form(f"{EDIT}/difference", f"{EDIT}/publish")
    assert editor.send(publishing, f"{EDIT}/publish").status_code == 303
    [offer] = offers_by_id([made.id]).values()
    assert form_of(offer)["audiences"] == []


def test_an_audience_nobody_knows_is_refused(app: Flask) -> None:
    found = checked(tidy(filled(audiences=["martians"])), vocabularies()).problems
    assert {name: str(told) for name, told in found.items()} == {
        "audiences": "Choose from the list."
    }


def test_without_an_audience_there_is_a_hint_that_leads_to_the_boxes() -> None:
    hints = completeness(tidy(filled(audiences=[]))).hints
    [hint] = [one for one in hints if one.field == "audiences"]
    assert (str(hint.sentence), hint.required) == (
        "Say for whom it is: people look for their own role.",
        False,
    )
    assert "audiences" not in {one.field for one in completeness(tidy(filled())).hints}


def test_the_audience_is_a_field_of_its_own_among_the_changes() -> None:
    before, after = (fields_of(tidy(filled(audiences=codes))) for codes in (["staff"], ["un"]))
    assert changes_between(before, after) == {"audiences": [["staff"], ["un"]]}
