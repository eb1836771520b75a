"""The column of a sheet that says for whom an offer is."""

from __future__ import annotations

import pytest

from academy.db import db
from courses.catalogue.models import Offer
from courses.vocabularies.models import Vocabulary
from tests.uploading import DESK, Editor, as_csv, row, states


def whom() -> list[list[str]]:
    db.session.rollback()
    found = db.session.query(Offer).order_by(Offer.id)
    return [
        [term.code for term in offer.terms if term.vocabulary is Vocabulary.AUDIENCE]
        for offer in found.options(db.selectinload(Offer.terms))
    ]


@pytest.mark.parametrize("header", ["audiences", "For whom", "Target group", "Público objetivo"])
def test_the_column_is_understood_by_our_names_and_by_others(editor: Editor, header: str) -> None:
    where = editor.look(as_csv([row(1, **{header: "Mayors; technical staff"})]))
    assert states() == ["new"], editor.page(where)
    editor.post(f"{where}/publish")
    assert whom() == [["elected", "staff"]]


def test_the_template_of_every_language_has_the_column(editor: Editor) -> None:
    text = editor.page(f"{DESK}/template.csv")
    assert ",Methods,For whom,Contact," in text


def test_an_audience_nobody_knows_is_named(editor: Editor) -> None:
    where = editor.look(as_csv([row(1, audiences="martians")]))
    assert states() == ["faulty"]
    assert "“martians” is not in our list." in editor.page(where)


def test_a_sheet_without_the_column_leaves_it_as_it_is(editor: Editor) -> None:
    editor.post(f"{editor.look(as_csv([row(1, audiences='un')]))}/publish")
    editor.post(f"{editor.look(as_csv([row(1, title='River course 1, again')]))}/publish")
    assert whom() == [["un"]]
