"""Who offers it: the partners of one offer, and what became of the offer at its source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import url_for

from academy.accounts.models import Person
from academy.i18n import current_language, ngettext, own_text, text_in
from academy.i18n import gettext as _
from academy.web.moments import day_of
from courses.catalogue.models import Offer
from courses.catalogue.rules import is_over, is_visible
from courses.duplicates.queries import group_of, still_offering
from courses.links.queries import check_of
from courses.links.sentences import why_broken
from courses.web.cards import teacher
from courses.web.dates import run_dates
from courses.web.enrol_panel import panel


def offered_by(
    found: Offer, group: Sequence[Offer], person: Person | None, now: datetime
) -> dict[str, Any] | None:
    """Tell who offers what the page is of, each with an address, dates and a way in.

    Several records of one institution are editions of it. None where there is one record alone.
    """
    partners = still_offering(group)
    if len(partners) < 2:
        return None
    many = len({one.institution_id for one in partners})
    if many > 1:
        told = ngettext("Offered by %(num)d partner", "Offered by %(num)d partners", many)
    else:
        editions = len(partners)
        told = ngettext("Offered in %(num)d edition", "Offered in %(num)d editions", editions)
    return {"told": told, "rows": [_row(one, found, person, now) for one in partners]}


def standing(found: Offer, now: datetime) -> dict[str, Any] | None:
    """Tell since when the source is silent of an offer, or its address does not answer."""
    if not is_visible(found) or (found.vanished_at, found.broken_at) == (None, None):
        return None
    title = own_text(found.titles, current_language()).text
    return {
        "institution": text_in(found.institution.name, current_language()).text,
        "vanished": day_of(found.vanished_at) if found.vanished_at else None,
        "broken": _broken(found, now) if found.broken_at else None,
        "search_url": url_for("courses.learn", q=title),
    }


def one_with(offer: Offer) -> dict[str, Any] | None:
    """Tell its institution with what an offer is shown as one, and where to ask for the contrary.

    None where it stands for itself alone.
    """
    group = group_of(offer)
    if len(group) < 2:
        return None
    reader = current_language()
    return {
        "shown": group[0].id == offer.id,
        "others": [
            {
                "title": own_text(one.titles, reader),
                "institution": text_in(one.institution.name, reader),
                "url": url_for("courses.offer", slug=one.slug),
            }
            for one in group
            if one.id != offer.id
        ],
        "concern_url": url_for("courses.concern", slug=offer.slug) if is_visible(offer) else None,
    }


def _broken(found: Offer, now: datetime) -> dict[str, Any]:
    """Tell since when the address leads nowhere, why, and when we looked."""
    check = check_of(found)
    return {
        "since": day_of(found.broken_at) if found.broken_at else None,
        "why": why_broken(check.reason if check else ""),
        "checked": _checked((now - check.checked_at).days) if check else None,
    }


def _checked(days: int) -> str:
    if days < 1:
        return _("We looked again today.")
    return ngettext("We looked again %(num)d day ago.", "We looked again %(num)d days ago.", days)


def _row(one: Offer, found: Offer, person: Person | None, now: datetime) -> dict[str, Any]:
    reader, open_runs = current_language(), [r for r in one.runs if not is_over(r, one.kind, now)]
    name, title = teacher(one, reader), own_text(one.titles, reader)
    leads = bool(one.address) and one.broken_at is None
    return {
        "name": name["name"],
        "url": name["url"],
        "title": title if title.text != own_text(found.titles, reader).text else None,
        "dates": list(dict.fromkeys(run_dates(run) for run in open_runs)),
        "host": urlsplit(one.address).hostname if leads else None,
        "leave_url": url_for("courses.leaving", slug=one.slug) if leads else None,
        "enrol": None if one is found else _way_in(one, person, now),
    }


def _way_in(one: Offer, person: Person | None, now: datetime) -> dict[str, Any]:
    """Give the way into a record of another partner; the address stands beside it already."""
    return panel(one, teacher(one, current_language())["name"], person, now=now) | {
        "leave_url": None
    }
