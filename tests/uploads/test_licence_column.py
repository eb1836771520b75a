"""The column of a sheet that names the licence."""

from __future__ import annotations

import pytest

from academy.db import db
from courses.catalogue.models import Offer
from tests.uploading import DESK, Editor, as_csv, row, states


@pytest.mark.parametrize("header", ["licence", "Licence", "Licence of the materials", "Lizenz"])
def test_the_column_is_understood_by_our_names_and_by_others(editor: Editor, header: str) -> None:
    where = editor.look(as_csv([row(1, **{header: "CC BY 4.0"})]))
    editor.post(f"{where}/publish")
    db.session.rollback()
    assert [one.licence for one in db.session.query(Offer)] == ["CC-BY-4.0"]
    editor.look(as_csv([row(1, **{header: "cc-by 4.0"})]))
    assert states()[-1] == "unchanged"


def test_the_template_has_the_column(editor: Editor) -> None:
    assert ',"Data needed, in MB",Licence,Begins,' in editor.page(f"{DESK}/template.csv")
