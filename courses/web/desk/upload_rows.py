"""The rows of an upload as its page shows them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from academy.i18n import gettext as _
from academy.i18n import number
from courses.uploads import queries, rules
from courses.uploads.fields import HEADERS
from courses.uploads.meaning import Meant
from courses.uploads.models import RowState, Upload, UploadRow, UploadState

STATES = {
    RowState.NEW: _l("New"),
    RowState.CHANGED: _l("Changed"),
    RowState.UNCHANGED: _l("As it is already"),
    RowState.FAULTY: _l("To mend"),
}


def row_shown(row: UploadRow, meant: Meant) -> dict[str, Any]:
    """Give a row: where it stands, what it is called, what it does, what is wrong with it."""
    done, undone = row.version is not None, row.version is None and row.offer_id is not None
    # Of a row without cells only what became of it is known.
    told = not done and not undone and bool(row.cells)
    state = meant.state if told else row.state
    problems = meant.problems if told else {}
    return {
        "line": row.line,
        "title": row.title,
        "state": _("Undone") if undone else STATES[state],
        "faulty": state is RowState.FAULTY,
        "done": done,
        "problems_told": [_told(field, said) for field, said in problems.items()],
    }


def progress(upload: Upload, url: str) -> dict[str, Any] | None:
    """Tell how far the worker is with a sheet; nothing of one that is not being carried out."""
    if upload.state not in rules.BEFORE:
        return None
    done, most = queries.rows_done(upload)
    told = {"done": number(done), "most": number(most)}
    if upload.state is UploadState.UNDOING:
        sentence = _("%(done)s of %(most)s rows are undone.", **told)
    else:
        sentence = _("%(done)s of %(most)s rows are published.", **told)
    return {"done": done, "most": most, "sentence": sentence, "url": url}


def _told(field: str, said: Any) -> str:
    label = HEADERS.get(field)
    return _("%(field)s – %(problem)s", field=label, problem=said) if label else str(said)
