"""The history of an offer: who changed what and when, and the way back."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import unit_of_work
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from academy.web.moments import moment
from academy.web.paging import Page
from courses.editing import operations as editing
from courses.editing import queries
from courses.editing.form import form_of
from courses.editing.models import OfferVersion
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.web.desk import labels
from courses.web.desk.differences import told_changes
from courses.web.desk.editing_page import offer_urls, title_of
from courses.web.desk.frame import bp, desk_of


@bp.get("/offers/<slug>/history")
@for_roles(EDITORS)
def history(institution: str, slug: str) -> str:
    """List every change of the offer, latest first."""
    g.desk_room = "desk.offers"
    desk, vocabulary, page = desk_of(institution), vocabularies(), Page.asked()
    offer = queries.offer_at(desk.institution, slug)
    known = queries.versions_of(offer)
    first = known[-1] if known else None
    # What was there before the first change that is known, unless there was nothing.
    earliest = first is not None and "kind" not in first.changes
    return render_template(
        "desk/history.html",
        title=title_of(form_of(offer), slug),
        versions=[_version(one, vocabulary) for one in page.of(known)],
        earliest=_number(first.number - 1) if first and earliest else None,
        restore=desk.url("desk.restore", slug=slug),
        latest=known[0].number if known else None,
        pages=page.ways(len(known)),
        urls=offer_urls(desk, slug),
    )


def _version(version: OfferVersion, vocabulary: Vocabularies) -> dict[str, Any]:
    return {
        "number": version.number,
        "when": moment(version.made_at),
        "who": version.person.name if version.person else None,
        "source": labels.SOURCES[version.source],
        "lines": told_changes(version.changes, vocabulary),
        "fields": _number(version.number),
    }


def _number(number: int) -> list[dict[str, Any]]:
    return [{"name": "number", "value": number}]


@bp.post("/offers/<slug>/restore")
@for_roles(EDITORS)
def restore(institution: str, slug: str) -> Response:
    """Make a working copy of an earlier version, to be looked at before it is published."""
    asked = request.form.get("number", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else -1
    with unit_of_work():
        desk = desk_of(institution)
        offer = queries.offer_at(desk.institution, slug)
        editing.restore(offer, number, person=desk.person, now=desk.now)
        where = desk.url("desk.difference", slug=slug)
    flash(
        _("This is what the earlier version would change. Publish it if it is what you want."),
        "info",
    )
    return redirect(where, 303)
