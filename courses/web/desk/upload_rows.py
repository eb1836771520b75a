"""The rows of an upload as its page shows them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from academy.i18n import gettext as _
from courses.uploads import queries
from courses.uploads.fields import HEADERS
from courses.uploads.models import RowState, UploadRow
from courses.uploads.operations import PUBLISHING, Meant
from courses.web.desk.frame import desk_of

STATES = {
    RowState.NEW: _l("New"),
    RowState.CHANGED: _l("Changed"),
    RowState.UNCHANGED: _l("As it is already"),
    RowState.FAULTY: _l("To mend"),
}


def row_shown(row: UploadRow, meant: Meant) -> dict[str, Any]:
    """Give a row: where it stands, what it is called, what it does, what is wrong with it."""
    done, undone = row.version is not None, row.version is None and row.offer_id is not None
    state = row.state if done or undone else meant.state
    problems = {} if done or undone else meant.problems
    return {
        "line": row.line,
        "title": row.title,
        "state": _("Undone") if undone else STATES[state],
        "faulty": state is RowState.FAULTY,
        "done": done,
        "problems_told": [_told(field, said) for field, said in problems.items()],
    }


def rows_left(institution: str, reference: str) -> list[int]:
    """List the lines that can be published and are not yet."""
    upload = queries.upload_at(desk_of(institution).institution, reference)
    rows = queries.rows_of(upload, PUBLISHING)
    return [row.line for row in rows if row.version is None]


def _told(field: str, said: Any) -> str:
    label = HEADERS.get(field)
    return _("%(field)s – %(problem)s", field=label, problem=said) if label else str(said)
