"""What can be done with a spreadsheet: look at it row by row, publish it, undo that."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, cast, delete, insert, select, update

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from academy.institutions.models import Institution
from academy.text import clean_line
from courses.uploads import queries, rules
from courses.uploads.fields import columns_of
from courses.uploads.meaning import meanings, understanding_of
from courses.uploads.models import RowState, Upload, UploadRow, UploadState
from courses.uploads.sheet import NotASheet, Sheet


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was given by hand, and the sheet that was read in it."""

    name: str
    content: bytes
    sheet: Sheet

    @property
    def digest(self) -> str:
        """What tells this file from others."""
        return hashlib.sha256(self.content).hexdigest()


def check(institution: Institution, given: Given, *, person: Person, now: datetime) -> Upload:
    """Keep a sheet; nothing of it is in the catalogue yet, and `states_now` looks at its rows.

    The same file again is the same upload, as long as it is not published. Raises NotASheet.
    """
    same = queries.same_upload(institution, given.digest)
    if same is not None:
        return same
    columns = columns_of(given.sheet.headers)
    if "title" not in columns:
        headers = clean_line(", ".join(given.sheet.headers), limit=300)
        raise NotASheet(
            _l("No column holds a title. The columns are: %(headers)s.", headers=headers)
        )
    upload = Upload(columns=columns, digest=given.digest, uploaded_at=now)
    upload.institution_id, upload.person_id = institution.id, person.id
    upload.name = clean_line(given.name, limit=200) or "-"
    db.session.add(upload)
    db.session.flush()
    _add_rows(upload, given.sheet)
    return upload


def _add_rows(upload: Upload, found: Sheet) -> None:
    columns = upload.columns
    rows = [
        {
            "upload_id": upload.id,
            "line": line,
            "external_id": clean_line(cells.get(columns.get("id", ""), "")),
            "title": clean_line(cells.get(columns["title"], "")),
            "state": RowState.NEW,
            "cells": cells,
        }
        for line, cells in found.rows
    ]
    db.session.execute(insert(UploadRow), rows)


def states_now(upload: Upload, institution: Institution, person: Person) -> dict[int, RowState]:
    """Tell what each row would do now, by its key; in no unit of work, for it takes seconds."""
    rows, known = queries.rows_of(upload), understanding_of(upload, person)
    return {row.id: meant.state for row, meant in meanings(institution, rows, known)}


def keep_states(upload: Upload, states: Mapping[int, RowState]) -> None:
    """Keep what each row would do; what was published meanwhile stays as it is."""
    waiting = update(UploadRow).where(UploadRow.upload_id == upload.id, UploadRow.version.is_(None))
    for state in RowState:
        keys = [key for key, found in states.items() if found is state]
        db.session.execute(waiting.where(UploadRow.id.in_(keys)).values(state=state))


def begin_publishing(upload: Upload, *, person: Person) -> None:
    """Let a sheet be published, in the name of whoever asks; `carrying_out` does it.

    Asking twice is asking once. Raises UndoneAlready.
    """
    if upload.state in (UploadState.UNDOING, UploadState.UNDONE):
        raise rules.UndoneAlready
    if upload.state is UploadState.CHECKED:
        _begin(upload, UploadState.PUBLISHING, person)


def begin_undoing(upload: Upload, *, person: Person, now: datetime) -> None:
    """Let a publication of the last day be undone, in the name of whoever asks.

    Asking twice is asking once. Raises TooLateToUndo.
    """
    if upload.state is UploadState.UNDOING:
        return
    if not rules.can_be_undone(upload, now):
        raise rules.TooLateToUndo
    _begin(upload, UploadState.UNDOING, person)


def _begin(upload: Upload, state: UploadState, person: Person) -> None:
    upload.state, upload.person_id, upload.leased_until = state, person.id, None
    db.session.flush()


def claim(upload_id: int, *, now: datetime) -> bool:
    """Take a sheet up: of many who try at once, one has it until its lease is over."""
    free = update(Upload).where(Upload.id == upload_id, queries.claimable(now))
    claimed = free.values(leased_until=now + rules.LEASE)
    found = db.session.execute(claimed, execution_options={"synchronize_session": False})
    return bool(found.rowcount)  # type: ignore[attr-defined]


def claim_if_few(upload: Upload, *, now: datetime) -> bool:
    """Take a sheet up when it is done while somebody waits; the worker takes up the others."""
    few = len(queries.lines_left(upload)) <= rules.AT_ONCE
    return few and claim(upload.id, now=now)


def give_up(upload: Upload) -> None:
    """Leave what is not done yet undone: the sheet waits as it did before somebody asked."""
    upload.state = rules.BEFORE.get(upload.state, upload.state)
    upload.leased_until = None


def settle(upload: Upload, *, now: datetime) -> None:
    """Say that all rows that could be published, or undone, are. Twice is once."""
    thing = f"upload:{upload.reference}"
    if upload.state is UploadState.PUBLISHING:
        upload.state, upload.published_at = UploadState.PUBLISHED, now
        audit.note("upload-published", thing, by=upload.person, now=now)
    elif upload.state is UploadState.UNDOING:
        upload.state, upload.undone_at = UploadState.UNDONE, now
        audit.note("upload-undone", thing, by=upload.person, now=now)
    upload.leased_until = None


def forget_old_uploads(*, now: datetime) -> None:
    """Remove what nobody published in a month; of what was published a month ago, the cells.

    What became of each row stays: by that the next sheet knows its offers.
    """
    old = now - rules.KEPT_FOR
    unpublished = Upload.uploaded_at <= old, Upload.state == UploadState.CHECKED
    db.session.execute(delete(Upload).where(*unpublished))
    published = select(Upload.id).where(Upload.published_at <= old)
    rows = update(UploadRow).where(UploadRow.upload_id.in_(published))
    # What is empty already is not written every night.
    full = rows.where(cast(UploadRow.cells, String) != "{}").values(cells={})
    db.session.execute(full, execution_options={"synchronize_session": False})


def forget(person: Person) -> None:
    """Take somebody who is erased out of what they uploaded: the sheets are the institution's."""
    theirs = update(Upload).where(Upload.person_id == person.id)
    db.session.execute(theirs.values(person_id=None))
