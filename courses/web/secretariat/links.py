"""Offers whose address leads nowhere: they are not listed until it answers, or is mended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, url_for

from academy.access import current_person, section_steward
from academy.db import utcnow
from academy.i18n import current_language, ngettext, own_text, text_in
from academy.institutions.queries import kept_by
from academy.web.moments import day_of
from academy.web.paging import SIZE, Page
from courses.catalogue.models import Offer
from courses.links.models import LinkCheck
from courses.links.queries import broken, broken_count
from courses.links.sentences import when_checked, why_broken
from courses.web.blueprint import bp


def broken_here() -> int:
    """Count the broken links that the present steward looks after."""
    return broken_count(kept_by(current_person()))


def broken_told(number: int) -> str:
    """Say how many are broken."""
    return ngettext(
        "%(num)d offer has an address that leads nowhere",
        "%(num)d offers have addresses that lead nowhere",
        number,
    )


@bp.get("/secretariat/links")
@section_steward
def broken_links() -> str:
    """List the offers whose address leads nowhere, the latest first."""
    kept, page, now = kept_by(current_person()), Page.asked(), utcnow()
    found = broken(kept, limit=SIZE, offset=page.offset)
    return render_template(
        "courses/secretariat/links.html",
        rows=[_row(offer, last, now) for offer, last in found],
        pages=page.ways(broken_count(kept)),
    )


def _row(offer: Offer, last: LinkCheck | None, now: datetime) -> dict[str, Any]:
    place, reader = offer.institution, current_language()
    return {
        "offer": own_text(offer.titles, reader),
        "url": url_for("courses.offer", slug=offer.slug),
        "institution": text_in(place.name, reader),
        "desk_url": url_for("desk.front", institution=place.slug),
        "address": offer.address,
        "reason": why_broken(last.reason) if last else None,
        "checked": when_checked(last.checked_at, now) if last else None,
        "since": day_of(offer.broken_at) if offer.broken_at else None,
    }
