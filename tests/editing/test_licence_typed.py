"""The licence of an offer, as editors type it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.editor import EDIT, Editor
from tests.making import make_offer
from tests.staff import make_member

SUGGESTED = re.compile(r'<datalist id="licences">(.*?)</datalist>', re.DOTALL)


@pytest.fixture
def editor(app: Flask) -> Editor:
    """Edi at the desk of the River School."""
    return Editor(app, make_member())


def test_the_usual_names_are_suggested(editor: Editor) -> None:
    make_offer(licence="CC-BY-4.0")
    page = editor.visitor.page(EDIT)
    [listed] = SUGGESTED.findall(page)
    assert re.findall(r'value="([^"]+)"', listed)[:2] == ["CC-BY-4.0", "CC-BY-SA-4.0"]
    assert editor.form()["licence"] == "CC-BY-4.0"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://creativecommons.org/licenses/by-nc/4.0/deed.fr", "CC-BY-NC-4.0"),
        ("https://school.city/terms", "https://school.city/terms"),
        ("For public bodies", "For public bodies"),
        ("", ""),
    ],
)
def test_what_is_typed_reaches_the_page_under_its_usual_name(
    editor: Editor, typed: str, kept: str
) -> None:
    made = make_offer(licence="CC0-1.0")
    assert editor.save(licence=typed).status_code == 303
    assert editor.form()["licence"] == kept
    publishing = editor.form(f"{EDIT}/difference", f"{EDIT}/publish")
    assert editor.send(publishing, f"{EDIT}/publish").status_code == 303
    page = editor.visitor.page(f"/en/learn/{made.slug}")
    assert (f"<bdi>{kept}</bdi>" in page, "<dt>Licence</dt>" in page) == (bool(kept), bool(kept))
    assert "CC0-1.0" in editor.visitor.page(f"{EDIT}/history")


def test_what_is_too_long_stays_to_be_shortened(editor: Editor) -> None:
    make_offer()
    typed = "x" * 201
    editor.save(licence=typed)
    assert editor.form()["licence"] == typed
    assert "Use at most 200 characters." in editor.visitor.page(EDIT)
