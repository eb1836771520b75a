"""How the columns of a source were understood, as its trial and its report tell it."""

from __future__ import annotations

from typing import Any

from courses.harvesting.columns import READ, UNREAD, Understood
from courses.harvesting.harvests.watching import findings_with
from courses.harvesting.models import Harvest
from courses.sources.models import Source
from courses.web.desk.frame import Desk

KEPT = frozenset((READ, UNREAD))
"""What a reading kept of its columns: it is no fault of a record."""

MOST = 200


def columns_shown(desk: Desk, found: Source, columns: Understood | None) -> dict[str, Any] | None:
    """Show which column was read as which field, and where that is changed."""
    if columns is None or not (columns.read or columns.unread):
        return None
    return {
        "read": [{"field": field, "header": header} for field, header in columns.read],
        "unread": columns.unread,
        "edit_url": desk.url("desk.source_edit", source=found.reference) + "#f-columns",
    }


def columns_kept(*readings: Harvest) -> Understood | None:
    """Give what the first of these readings kept of its columns that kept anything."""
    for reading in readings:
        read, unread = (findings_with(reading, code, limit=MOST) for code in (READ, UNREAD))
        if read:
            fields = [(row.field, row.found) for row in read]
            return Understood(fields, [row.found for row in unread])
    return None
