"""What becomes of a working copy: looked at, compared, published, discarded; and withdrawing."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import unit_of_work
from academy.errors import Missing
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from academy.web.forms import Form
from courses.catalogue.models import Offer, State
from courses.catalogue.queries import terms_by_id
from courses.catalogue.rewriting import unstored
from courses.editing import operations as editing
from courses.editing import queries, rules, versions
from courses.editing.checking import checked
from courses.editing.fields import fields_of
from courses.editing.form import form_of
from courses.harvesting.queries import is_harvested
from courses.vocabularies.queries import vocabularies
from courses.web.desk.differences import differences
from courses.web.desk.editing_page import (
    completeness_shown,
    editing_page,
    offer_urls,
    title_of,
)
from courses.web.desk.frame import Desk, bp, desk_of
from courses.web.offers import offer_page

OFFERS = "desk.offers"


@bp.get("/offers/<slug>/preview")
@for_roles(EDITORS)
def preview(institution: str, slug: str) -> str:
    """Show the page of the offer as it will be, to those who edit it alone."""
    desk, vocabulary = desk_of(institution), vocabularies()
    offer = queries.offer_at(desk.institution, slug)
    content = checked(editing.form_to_publish(offer, queries.copy_of(offer)), vocabulary).content
    terms = terms_by_id(content.term_ids or ())
    shown = unstored(desk.institution, content, terms=terms, now=desk.now)
    shown.slug, shown.provider = slug, shown.provider or ""
    return offer_page(shown, vocabulary, None, desk.now, preview=offer_urls(desk, slug))


@bp.get("/offers/<slug>/difference")
@for_roles(EDITORS)
def difference(institution: str, slug: str) -> str:
    """Show, field by field, what publishing would change."""
    g.desk_room = OFFERS
    desk, vocabulary = desk_of(institution), vocabularies()
    offer = queries.offer_at(desk.institution, slug)
    copy = queries.copy_of(offer)
    form = editing.form_to_publish(offer, copy)
    before = fields_of(form_of(offer)) if offer.published_at else versions.NOTHING
    return render_template(
        "desk/difference.html",
        title=title_of(form, slug),
        lines=differences(before, fields_of(form), vocabulary),
        complete=completeness_shown(rules.how_complete(form, vocabulary), offer),
        seen=rules.state_seen(offer, copy),
        is_live=offer.state is State.PUBLISHED,
        urls=offer_urls(desk, slug),
    )


@bp.post("/offers/<slug>/publish")
@for_roles(EDITORS)
def publish(institution: str, slug: str) -> Response | tuple[str, int]:
    """Publish what was looked at; where something is missing, lead to it."""
    g.desk_room = OFFERS
    form = Form(action=request.path)
    with form.refusals_shown(), unit_of_work():
        desk, offer = _in_hand(institution, slug)
        copy = queries.copy_of(offer)
        if copy is not None:
            rules.check_nobody_else_saved(offer, copy, request.form.get("seen", ""))
        made = editing.publish(offer, person=desk.person, now=desk.now)
        if made is not None:
            flash(_("Published. Everybody can see it now."), "ok")
        return redirect(url_for("courses.offer", slug=slug), 303)
    summary = _("It is not published yet: some answers need another look.")
    return editing_page(desk_of(institution), slug, problems=form.errors, summary=summary), 422


@bp.post("/offers/<slug>/discard")
@for_roles(EDITORS)
def discard(institution: str, slug: str) -> Response:
    """Throw the working copy away."""
    with unit_of_work():
        desk, offer = _in_hand(institution, slug)
        editing.discard(offer)
        where = desk.url("desk.edit", slug=slug)
    flash(_("Your changes are discarded. This is the offer as it was."), "ok")
    return redirect(where, 303)


@bp.get("/offers/<slug>/withdraw")
@for_roles(EDITORS)
def withdraw(institution: str, slug: str) -> str:
    """Ask once more before the offer goes."""
    g.desk_room = OFFERS
    desk = desk_of(institution)
    offer = queries.offer_at(desk.institution, slug)
    if offer.state is State.ARCHIVED:
        raise Missing
    enrolled = sum(run.taken for run in offer.runs)
    return render_template(
        "desk/withdraw.html",
        title=title_of(form_of(offer), slug),
        enrolled=enrolled,
        is_new=offer.published_at is None,
        can_go=_can_go(offer),
        urls=offer_urls(desk, slug),
    )


@bp.post("/offers/<slug>/withdraw")
@for_roles(EDITORS)
def withdraw_post(institution: str, slug: str) -> Response:
    """Take the offer out of the catalogue."""
    with unit_of_work():
        desk, offer = _in_hand(institution, slug)
        editing.withdraw(offer, person=desk.person, now=desk.now)
        is_new, where = offer.published_at is None, desk.url("desk.edit", slug=slug)
    flash(_("Thrown away.") if is_new else _("Withdrawn. You can bring it back at any time."), "ok")
    return redirect(where, 303)


@bp.post("/offers/<slug>/throw-away")
@for_roles(EDITORS)
def throw_away(institution: str, slug: str) -> Response:
    """Delete a draft that nobody else has seen; what a feed would bring again is withdrawn."""
    with unit_of_work():
        desk, offer = _in_hand(institution, slug)
        if is_harvested(offer):
            raise rules.NotOnlyADraft
        editing.throw_away(offer, person=desk.person, now=desk.now)
    flash(_("The draft is thrown away, for good."), "ok")
    return redirect(desk.url(OFFERS), 303)


def _can_go(offer: Offer) -> bool:
    return rules.is_only_a_draft(offer, queries.enrolled_in(offer)) and not is_harvested(offer)


@bp.post("/offers/<slug>/bring-back")
@for_roles(EDITORS)
def bring_back(institution: str, slug: str) -> Response | tuple[str, int]:
    """Show a withdrawn offer again."""
    g.desk_room = OFFERS
    form = Form(action=request.path)
    with form.refusals_shown(), unit_of_work():
        desk, offer = _in_hand(institution, slug)
        editing.bring_back(offer, person=desk.person, now=desk.now)
        flash(_("It is back in the catalogue."), "ok")
        return redirect(desk.url("desk.edit", slug=slug), 303)
    summary = _("It is not published yet: some answers need another look.")
    return editing_page(desk_of(institution), slug, problems=form.errors, summary=summary), 422


def _in_hand(institution: str, slug: str) -> tuple[Desk, Offer]:
    """Load desk and offer in the unit of work that is open."""
    desk = desk_of(institution)
    offer = queries.offer_at(desk.institution, slug)
    editing.hold(offer)
    return desk, offer
