"""A source as the desk shows it: how it stands, what happens next, what can be done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for

from academy.i18n import current_language, language_name
from academy.i18n import gettext as _
from academy.institutions.models import Institution
from academy.web.moments import moment
from academy.web.pages import absolute
from courses.harvesting.harvests.removing import with_offers
from courses.harvesting.models import Harvest, HarvestState
from courses.sources.addresses import shown_address
from courses.sources.models import Source, SourceState
from courses.web import source_phrases as phrases
from courses.web.desk.frame import Desk
from courses.web.harvest_rows import harvest_row


def source_row(desk: Desk, found: Source, last: Harvest | None) -> dict[str, Any]:
    """Show a source in short, with its last reading."""
    return {
        "name": found.name,
        "format": phrases.format_of(found.adapter),
        "address": shown_address(found.address),
        "state": phrases.STATES[found.state],
        "approved": found.state is SourceState.APPROVED,
        "note": found.note,
        "next": next_told(found, desk.now),
        "due": moment(found.due_at) if found.due_at else None,
        "last": harvest_row(last) if last else None,
        "last_url": _harvest_url(desk, found, last) if last else None,
        "url": desk.url("desk.source", source=found.reference),
    }


def harvest_told(desk: Desk, found: Source, harvest: Harvest) -> dict[str, Any]:
    """Show one of its readings, with the way to its report."""
    return {
        **harvest_row(harvest),
        "record": harvest.record,
        "url": _harvest_url(desk, found, harvest),
    }


def _harvest_url(desk: Desk, found: Source, harvest: Harvest) -> str:
    return desk.url("desk.harvest", source=found.reference, harvest=harvest.reference)


def next_told(found: Source, now: datetime) -> str:
    """Say what happens next with a source, unless it has an hour to come at which it is read."""
    match found.state:
        case SourceState.REQUESTED:
            return _("A steward looks at it. Nothing is read before they approve it.")
        case SourceState.PAUSED:
            return _("It is not read. What was read before stays as it is.")
    if not found.address:
        return _("Nothing is fetched: your system tells us of its records.")
    if found.due_at is None:
        return _("It is read when somebody asks for it.")
    return "" if found.due_at > now else _("It is read as soon as it is its turn.")


def facts(found: Source) -> list[dict[str, str]]:
    """Tell how a source is read; of its credentials only that there are some."""
    told = {
        _("Format"): phrases.format_of(found.adapter),
        _("How often"): str(phrases.SCHEDULES[found.schedule]),
        _("Time zone of hours that name none"): found.zone,
        _("Language of records that name none"): _language(found.default_language),
        _("Licence of records that name none"): found.default_licence,
        _("Encoding"): found.encoding,
        _("Credentials"): _("Some are kept.") if found.secret else "",
    }
    return [{"label": label, "value": value} for label, value in told.items() if value]


def _language(code: str) -> str:
    return language_name(code, current_language()) if code else ""


def acts(desk: Desk, found: Source, at_work: Harvest | None) -> dict[str, str | None]:
    """Give the addresses of what can be done with a source now."""
    runs = at_work is not None and at_work.state is HarvestState.RUNNING
    readable = found.state is SourceState.APPROVED and bool(found.address)
    paused = found.state is SourceState.PAUSED
    offered = {
        "read": ("desk.source_read", readable and not runs),
        "stop": ("desk.source_stop", at_work is not None),
        "try": ("desk.source_trial", bool(found.address)),
        "words": ("desk.source_words", True),
        "edit": ("desk.source_edit", True),
        "remove": ("desk.source_remove", not runs and not with_offers([found.id])),
        "pause": ("desk.source_pause", not paused),
        "resume": ("desk.source_resume", paused),
        "push": ("desk.source_push_secret", True),
    }
    return {
        name: desk.url(endpoint, source=found.reference) if there else None
        for name, (endpoint, there) in offered.items()
    }


def ways_to_tell(found: Source, institution: Institution) -> dict[str, str | None]:
    """Give the addresses at which a system says what changed, and where that is described.

    Only a source without an address takes whole records.
    """
    here: dict[str, Any] = {"institution": institution.slug, "source": found.reference}
    takes = url_for("api_records.take", **here) if not found.address else None
    return {
        "messages": absolute(url_for("api_messages.message", source=found.reference)),
        "records": absolute(takes) if takes else None,
        "described": url_for("courses.programs"),
    }
