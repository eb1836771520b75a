"""What people edited of an offer, beside what its source says there: theirs is taken, or not."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import unit_of_work
from academy.i18n import gettext as _
from academy.i18n import ngettext
from academy.institutions.rules import EDITORS
from academy.web.moments import moment
from courses.editing import queries
from courses.editing.fields import changes_between
from courses.editing.form import form_of
from courses.harvesting.writing.following import Beside, beside, follow_source
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.web.desk import labels
from courses.web.desk.differences import line
from courses.web.desk.editing_page import offer_urls, title_of
from courses.web.desk.frame import bp, desk_of


@bp.get("/offers/<slug>/source")
@for_roles(EDITORS)
def offer_source(institution: str, slug: str) -> str:
    """Show each part that people edited, as it is and as the source has it."""
    g.desk_room = "desk.offers"
    desk, vocabulary = desk_of(institution), vocabularies()
    offer = queries.offer_at(desk.institution, slug)
    found = beside(offer)
    names = labels.Names(path for one in found for path in (*one.ours, *one.theirs))
    return render_template(
        "desk/offer_source.html",
        title=title_of(form_of(offer), slug),
        parts=[_part(one, names, vocabulary) for one in found],
        action=desk.url("desk.offer_source", slug=slug),
        urls=offer_urls(desk, slug),
    )


@bp.post("/offers/<slug>/source")
@for_roles(EDITORS)
def offer_source_post(institution: str, slug: str) -> Response:
    """Take the source's word for the parts that were chosen; they follow it from now on."""
    with unit_of_work():
        desk = desk_of(institution)
        offer = queries.offer_at(desk.institution, slug)
        every = request.form.get("all") == "theirs"
        taken = [
            one.part
            for one in beside(offer)
            if every or request.form.get(f"take-{one.part}") == "theirs"
        ]
        for part in taken:
            follow_source(offer, part, person=desk.person, now=desk.now)
        where = desk.url("desk.edit", slug=slug)
    told = ngettext(
        "%(num)s part follows the source again.",
        "%(num)s parts follow the source again.",
        len(taken),
    )
    flash(told if taken else _("Everything stays as you wrote it."), "ok")
    return redirect(where, 303)


def _part(one: Beside, names: labels.Names, vocabulary: Vocabularies) -> dict[str, Any]:
    changes = changes_between(one.ours, one.theirs)
    return {
        "part": one.part,
        "name": names.of(one.part),
        "lines": [line(names.of(path), path, told, vocabulary) for path, told in changes.items()],
        "since": moment(one.told_at) if one.told_at else None,
    }
