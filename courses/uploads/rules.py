"""What is allowed with uploads: for how long one can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from academy.errors import Conflict
from courses.uploads.models import Upload, UploadState

UNDONE_WITHIN = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)
LEASE = timedelta(seconds=15)
"""For how long somebody has an upload without saying more: a row takes far less."""

BEFORE = {
    UploadState.PUBLISHING: UploadState.CHECKED,
    UploadState.UNDOING: UploadState.PUBLISHED,
}
"""What is being carried out, and how the upload stands until then."""

AT_ONCE = 100
"""Rows that are published while somebody waits; more are left to the worker."""


class TooLateToUndo(Conflict):
    """A day is over, or there is nothing to undo."""

    code = "too-late-to-undo"
    sentence = _l("An upload can be undone within 24 hours of its publication.")


class UndoneAlready(Conflict):
    """What was undone is not published again."""

    code = "undone-already"
    sentence = _l("This upload was undone. Upload the sheet again to publish it.")


def can_be_undone(upload: Upload, now: datetime) -> bool:
    """Tell whether the upload can be undone now."""
    published = upload.state is UploadState.PUBLISHED and upload.published_at
    return bool(published and upload.published_at and now - upload.published_at <= UNDONE_WITHIN)


def has_cells(upload: Upload, now: datetime) -> bool:
    """Tell whether what the rows said is still kept; the worker empties them once a day."""
    return upload.published_at is None or now - upload.published_at < KEPT_FOR
