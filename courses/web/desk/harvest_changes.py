"""What a reading changed, as its report names it: offers added, updated, no longer there."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from academy.i18n import current_language, ngettext, number, own_text
from academy.web.paging import SIZE, Page
from courses.catalogue.models import Offer
from courses.editing.fields import Changes
from courses.harvesting.harvests import changes
from courses.harvesting.harvests.changes import Became
from courses.harvesting.models import Harvest
from courses.vocabularies.kept import kept_vocabularies
from courses.web.desk.differences import told_changes
from courses.web.desk.frame import Desk

FIRST_OF_A_KIND = 5
"""Offers that are named of each before one asks for all of them."""

HEADINGS = {
    Became.ADDED: _l("Added"),
    Became.UPDATED: _l("Updated"),
    Became.VANISHED: _l("No longer there"),
}


def changes_shown(
    desk: Desk, reading: Harvest, url: str, page: Page, chosen: Became | None = None
) -> dict[str, Any]:
    """Name what a reading changed: the first of each, or all of what was chosen, page by page."""
    if chosen is None:
        told = [_told(desk, reading, url, one, (FIRST_OF_A_KIND, 0)) for one in Became]
        return {"changes": [one for one in told if one["figure"]]}
    one = _told(desk, reading, url, chosen, (SIZE, page.offset))
    return {"changes": [{**one, "more": None}], "pages": page.ways(one["count"])}


def _told(
    desk: Desk, reading: Harvest, url: str, became: Became, some: tuple[int, int]
) -> dict[str, Any]:
    count, (limit, offset) = changes.changed_count(reading, became), some
    offers = changes.changed_offers(reading, became, limit=limit, offset=offset) if count else []
    revised = [one.id for one in offers] if became is Became.UPDATED else []
    made = changes.changes_made(reading, revised)
    left, figure = count - len(offers), getattr(reading, became)
    more = ngettext("%(count)s more", "%(count)s more", left, count=number(left))
    return {
        "code": became.value,
        "heading": HEADINGS[became],
        "figure": figure,
        "count": count,
        "rows": [_row(desk, one, made.get(one.id)) for one in offers],
        "more": more if left else None,
        "url": f"{url}?what={became}",
        "met_again": count < figure,
    }


def _row(desk: Desk, offer: Offer, made: Changes | None) -> dict[str, Any]:
    lines = told_changes(made, kept_vocabularies()) if made else []
    return {
        "title": own_text(offer.titles, current_language()),
        "url": desk.url("desk.edit", slug=offer.slug),
        "fields": [line["label"] for line in lines],
        "history_url": desk.url("desk.history", slug=offer.slug) if made else None,
    }
