"""The log: who did what, latest first; of one person, or to one thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template, request, url_for

from academy import audit
from academy.access import steward
from academy.accounts.models import Person
from academy.audit import AuditEntry
from academy.i18n import gettext as _
from academy.secretariat import phrases, queries
from academy.secretariat.pages.frame import bp
from academy.web.moments import moment
from academy.web.paging import SIZE, Page


@bp.get("/log")
@steward
def log() -> str:
    """Show what was done, each entry with ways to the same person's and the same thing's."""
    reference, thing = request.args.get("by", ""), request.args.get("thing") or None
    by = queries.person_by_reference(reference) if reference else None
    page = Page.asked()
    found = audit.latest(limit=SIZE, offset=page.offset, thing=thing, by=by)
    return render_template(
        "secretariat/log.html",
        entries=rows_of(found),
        told=_told(by, thing),
        all_url=url_for("secretariat.log"),
        pages=page.ways(audit.entry_count(thing=thing, by=by)),
    )


def rows_of(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Make rows of entries of the log, as templates read them."""
    return [
        {
            "at": moment(entry.at),
            "act": phrases.act_told(entry.act),
            "thing": entry.thing,
            "thing_url": url_for("secretariat.log", thing=entry.thing),
            "by": entry.person.name if entry.person else "",
            "by_url": url_for("secretariat.log", by=entry.person.reference)
            if entry.person
            else None,
            "fields": entry.fields,
            "reason": entry.reason,
        }
        for entry in entries
    ]


def _told(by: Person | None, thing: str | None) -> str:
    if by is not None:
        return _("What %(person)s did", person=by.name)
    return _("What was done to %(thing)s", thing=thing) if thing else ""
