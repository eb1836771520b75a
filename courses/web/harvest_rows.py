"""Readings of sources as pages show them: how one stands, its sum, and how far it is."""

from __future__ import annotations

from typing import Any

from academy.i18n import gettext as _
from academy.i18n import ngettext, number
from academy.web.moments import moment
from courses.harvesting.harvests.watching import AT_WORK, COUNTS
from courses.harvesting.models import Harvest, HarvestState
from courses.web import source_phrases as phrases


def harvest_row(harvest: Harvest) -> dict[str, Any]:
    """Show a reading: when, how it stands, its figures, and why it failed."""
    when = harvest.ended_at or harvest.started_at or harvest.asked_at
    return {
        "state": phrases.HARVESTS[harvest.state],
        "weighs": harvest.state in phrases.WEIGHS,
        "at_work": harvest.state in AT_WORK,
        "when": moment(when),
        "why": phrases.why(harvest) if harvest.state is HarvestState.FAILED else "",
        "progress": told_progress(harvest),
        "told": told_sum(harvest),
        "told_beside": [] if harvest.state is HarvestState.HELD else told_beside(harvest),
    }


def told_progress(harvest: Harvest) -> str:
    """Say how far a reading is that runs."""
    if harvest.state is not HarvestState.RUNNING:
        return ""
    count = harvest.pages
    return ngettext(
        "%(count)s page fetched so far",
        "%(count)s pages fetched so far",
        count,
        count=number(count),
    )


def told_sum(harvest: Harvest) -> str:
    """Say what became of the records: read is the sum of the four others.

    What is not ended has no sum, nor has what failed before its first record. Of a held reading
    it is told how much came.
    """
    if harvest.state is HarvestState.HELD:
        return _told_held(harvest)
    if harvest.state is not HarvestState.DONE and not harvest.read:
        return ""
    return _(
        "%(read)s read = %(added)s added + %(updated)s updated + %(unchanged)s unchanged"
        " + %(rejected)s refused",
        **{name: number(getattr(harvest, name)) for name in COUNTS[:5]},
    )


def _told_held(harvest: Harvest) -> str:
    came, listed = (harvest.details.get(name, "") for name in ("came", "listed"))
    if not came:
        return ""
    return _(
        "%(came)s records came, %(listed)s offers were listed before, %(number)s would be unlisted",
        came=number(int(came)),
        listed=number(int(listed)),
        number=number(int(harvest.details["number"])),
    )


def told_beside(harvest: Harvest) -> list[str]:
    """Say what stands beside the sum, where there is something."""
    said = {
        "vanished": _("%(count)s no longer there", count=number(harvest.vanished)),
        "held": _("%(count)s kept but not listed", count=number(harvest.held)),
        "locked": _("%(count)s with fields edited by hand", count=number(harvest.locked)),
    }
    return [sentence for name, sentence in said.items() if getattr(harvest, name)]
