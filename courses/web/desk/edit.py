"""Editing an offer: the form is read, and kept beside the live page."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import db, unit_of_work
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from courses.editing import operations as editing
from courses.editing import queries, rules
from courses.editing.fields import changes_between, fields_of, merged, unit_of
from courses.editing.form import Content
from courses.editing.rows import with_wish
from courses.editing.sent import form_sent, names_of
from courses.vocabularies.queries import vocabularies
from courses.web.desk import labels
from courses.web.desk.differences import line
from courses.web.desk.editing_page import editing_page, offer_urls, title_of
from courses.web.desk.frame import Desk, bp, desk_of

OFFERS = "desk.offers"
LEADS_ON = {"preview": "desk.preview", "difference": "desk.difference"}


@bp.get("/offers/<slug>")
@for_roles(EDITORS)
def edit(institution: str, slug: str) -> str:
    """Show the form as it stands: the working copy, or what the live page says."""
    g.desk_room = OFFERS
    return editing_page(desk_of(institution), slug, fresh=request.args.get("fresh", ""))


@bp.post("/offers/<slug>")
@for_roles(EDITORS)
def edit_post(institution: str, slug: str) -> Response | tuple[str, int]:
    """Save the form, however incomplete, and go on where the button leads."""
    g.desk_room = OFFERS
    wish, seen = request.form.get("do", ""), request.form.get("seen", "")
    with unit_of_work():
        desk = desk_of(institution)
        form, anchor = _form_sent(desk, wish)
        offer = queries.offer_at(desk.institution, slug)
        editing.hold(offer)
        copy = queries.copy_of(offer)
        theirs = rules.current_form(offer, copy)
        stale = rules.state_seen(offer, copy) != seen and theirs != form
        if not stale:
            now_seen = rules.state_seen(offer, copy)
            editing.save(offer, form, seen=now_seen, person=desk.person, now=desk.now)
            where = desk.url(LEADS_ON.get(wish, "desk.edit"), slug=slug)
    if stale:
        return _both_versions(institution, slug, form), 409
    return _saved(wish, where, anchor)


def _form_sent(desk: Desk, wish: str) -> tuple[Content, str]:
    form = form_sent(request.form.items(multi=True))
    language, mark = request.form.get("new_language", ""), request.form.get("seen", "")
    return with_wish(form, wish, language=language, zone=desk.person.zone, mark=mark)


def _saved(wish: str, where: str, anchor: str) -> Response:
    if wish == "save":
        flash(_("Saved. Everybody else sees the offer as it was until you publish."), "ok")
    if wish.startswith("add-meeting-") and anchor.endswith("-date"):
        where = f"{where}?fresh={anchor.removesuffix('-date')}"
    return redirect(f"{where}#f-{anchor}" if anchor else where, 303)


@bp.post("/offers/<slug>/both")
@for_roles(EDITORS)
def choose(institution: str, slug: str) -> Response | tuple[str, int]:
    """Save what a person chose of two versions, field by field."""
    g.desk_room = OFFERS
    with unit_of_work():
        desk = desk_of(institution)
        offer = queries.offer_at(desk.institution, slug)
        editing.hold(offer)
        copy = queries.copy_of(offer)
        yours, theirs = form_sent(request.form.items(multi=True)), rules.current_form(offer, copy)
        stale = rules.state_seen(offer, copy) != request.form.get("seen", "")
        if not stale:
            form = merged(theirs, yours, _chosen(theirs, yours))
            seen = rules.state_seen(offer, copy)
            editing.save(offer, form, seen=seen, person=desk.person, now=desk.now)
    if stale:
        return _both_versions(institution, slug, yours), 409
    flash(_("Saved. Everybody else sees the offer as it was until you publish."), "ok")
    return redirect(desk.url("desk.edit", slug=slug), 303)


def _chosen(theirs: Content, yours: Content) -> list[str]:
    """List the parts to take from the second person's version."""
    differing = _differing(theirs, yours)
    every = request.form.get("all")
    if every:
        return differing if every == "yours" else []
    return [unit for unit in differing if request.form.get(f"take-{unit}") != "theirs"]


def _differing(theirs: Content, yours: Content) -> list[str]:
    changes = changes_between(fields_of(theirs), fields_of(yours))
    return list(dict.fromkeys(unit_of(path) for path in changes))


def _both_versions(institution: str, slug: str, yours: Content) -> str:
    """Show two versions beside each other; nothing of either is lost."""
    db.session.rollback()
    desk, vocabulary = desk_of(institution), vocabularies()
    offer = queries.offer_at(desk.institution, slug)
    copy = queries.copy_of(offer)
    theirs = rules.current_form(offer, copy)
    before, after = fields_of(theirs), fields_of(yours)
    names = labels.Names((*before, *after))
    parts: dict[str, Any] = {}
    for path, change in changes_between(before, after).items():
        part = parts.setdefault(unit_of(path), {"name": names.of(unit_of(path)), "lines": []})
        part["lines"].append(line(names.of(path), path, change, vocabulary))
    return render_template(
        "desk/both.html",
        title=title_of(yours, slug),
        who=copy.saved_by.name if copy and copy.saved_by else None,
        parts=[{"unit": unit, **part} for unit, part in parts.items()],
        kept=[{"name": name, "value": value} for name, value in names_of(yours)],
        seen=rules.state_seen(offer, copy),
        action=desk.url("desk.choose", slug=slug),
        urls=offer_urls(desk, slug),
    )
