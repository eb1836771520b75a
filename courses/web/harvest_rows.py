"""Readings of sources as pages show them: how one stands, its sum, and how long it took."""

from __future__ import annotations

from typing import Any

from academy.i18n import gettext as _
from academy.i18n import number
from academy.web.moments import moment
from courses.harvesting.harvests.watching import COUNTS
from courses.harvesting.models import Harvest, HarvestState
from courses.web import source_phrases as phrases


def harvest_row(harvest: Harvest) -> dict[str, Any]:
    """Show a reading: when, how it stands, its figures, and why it failed."""
    when = harvest.ended_at or harvest.started_at or harvest.asked_at
    return {
        "state": phrases.HARVESTS[harvest.state],
        "weighs": harvest.state in phrases.WEIGHS,
        "when": moment(when),
        "why": phrases.why(harvest) if harvest.state is HarvestState.FAILED else "",
        "pages": harvest.pages,
        "told": told_sum(harvest),
        "told_beside": told_beside(harvest),
        **{name: getattr(harvest, name) for name in COUNTS},
    }


def told_sum(harvest: Harvest) -> str:
    """Say what became of the records: read is the sum of the four others."""
    return _(
        "%(read)s read = %(added)s added + %(updated)s updated + %(unchanged)s unchanged"
        " + %(rejected)s refused",
        **{name: number(getattr(harvest, name)) for name in COUNTS[:5]},
    )


def told_beside(harvest: Harvest) -> list[str]:
    """Say what stands beside the sum, where there is something."""
    said = {
        "vanished": _("%(count)s no longer there", count=number(harvest.vanished)),
        "held": _("%(count)s kept but not listed", count=number(harvest.held)),
        "locked": _("%(count)s with fields edited by hand", count=number(harvest.locked)),
    }
    return [sentence for name, sentence in said.items() if getattr(harvest, name)]
