"""Saving: keep an offer or a search for later, and the page of saved searches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from academy.access import current_person, signed_in
from academy.accounts.models import Person
from academy.db import unit_of_work, utcnow
from academy.i18n import gettext as _
from academy.institutions.queries import is_institution
from academy.security import safe_next
from academy.web.moments import day_of
from courses.catalogue import queries as catalogue
from courses.catalogue.models import Offer
from courses.saving import operations, queries, rules
from courses.search.find import find
from courses.search.params import SearchParams, read_params
from courses.vocabularies.queries import vocabularies
from courses.web.blueprint import bp
from courses.web.cards import OfferCard
from courses.web.listing import Listing

MOST_PARAMETERS = 400


@bp.post("/my/saved")
@signed_in
def save() -> Response:
    """Keep the offer named in `save`, or let go of the one named in `remove`."""
    kept, left = request.form.get("save", ""), request.form.get("remove", "")
    with unit_of_work():
        person = current_person()
        if left:
            operations.remove_offer(person, left)
        else:
            operations.save_offer(person, catalogue.offer_by_slug(kept), now=utcnow())
    said = _("No longer saved.") if left else _("Saved. You find it in My learning.")
    flash(said, "ok")
    return redirect(safe_next(request.form.get("next")) or url_for("courses.my"), 303)


@bp.get("/my/searches")
@signed_in
def searches() -> str:
    """List the person's saved searches."""
    saved = [
        {
            "name": one.name,
            "url": f"{url_for('courses.learn')}?{one.query}",
            "removal": url_for("courses.remove_search", reference=one.reference),
            "day": day_of(one.saved_at),
        }
        for one in queries.saved_searches(current_person())
    ]
    return render_template(
        "courses/searches.html", searches=saved, find_url=url_for("courses.learn")
    )


@bp.post("/my/searches")
@signed_in
def save_search() -> Response:
    """Keep a search as the catalogue understands it."""
    params = _understood(request.form.get("query", ""))
    now = utcnow()
    name = Listing(params, find(params, now=now), vocabularies()).asked()
    with unit_of_work():
        operations.save_search(current_person(), params.query_string(), name, now=now)
    flash(_("The search is saved."), "ok")
    return redirect(url_for("courses.searches"), 303)


@bp.post("/my/searches/<reference>/removal")
@signed_in
def remove_search(reference: str) -> Response:
    """Let go of a saved search."""
    with unit_of_work():
        operations.remove_search(current_person(), reference)
    flash(_("No longer saved."), "ok")
    return redirect(url_for("courses.searches"), 303)


def with_buttons(
    cards: Iterable[OfferCard], offers: Iterable[Offer], person: Person | None
) -> list[OfferCard]:
    """Give the cards of these offers their buttons, for somebody who is signed in."""
    offers = list(offers)
    saved = queries.saved_among(person, offers) if person else set()
    return [
        replace(card, save=button(offer.slug, saved=offer.id in saved)) if person else card
        for card, offer in zip(cards, offers, strict=True)
    ]


def button(slug: str, *, saved: bool) -> dict[str, Any]:
    """Make the button that saves an offer, or lets go of it."""
    name, label = ("remove", _("Saved: remove")) if saved else ("save", _("Save for later"))
    return {"name": name, "value": slug, "label": label}


def panel(offer: Offer, group: Sequence[Offer], person: Person | None) -> dict[str, Any]:
    """Make what the page of an offer shows of saving; who saved one of its group has saved it."""
    here = url_for("courses.offer", slug=offer.slug)
    if person is None:
        return {"sign_in_url": url_for("accounts.sign_in", next=here)}
    saved = queries.saved_among(person, group)
    slug = next((one.slug for one in group if one.id in saved), offer.slug)
    shown = button(slug, saved=bool(saved))
    fields = [{"name": shown["name"], "value": slug}, {"name": "next", "value": here}]
    return {"action": url_for("courses.save"), "label": shown["label"], "fields": fields}


def search_panel(params: SearchParams, person: Person | None) -> dict[str, Any] | None:
    """Make what the catalogue shows of saving this search; None where nothing is asked."""
    query = replace(params, page=1).query_string()
    if not (params.q or params.chosen) or len(query) > rules.LONGEST_QUERY:
        return None
    if person is None:
        here = f"{url_for('courses.learn')}?{query}"
        return {"sign_in_url": url_for("accounts.sign_in", next=here)}
    return {"action": url_for("courses.save_search"), "query": query}


def keeper(person: Person | None) -> dict[str, str] | None:
    """Make the one form that all buttons of a list belong to; nobody signed in, no form."""
    if person is None:
        return None
    here = urlsplit(request.full_path.rstrip("?")).geturl()
    return {"action": url_for("courses.save"), "next": here}


def _understood(query: str) -> SearchParams:
    """Read a query string as the catalogue does, from its first page.

    Refuses with NothingAsked.
    """
    try:
        pairs = parse_qsl(query, max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise rules.NothingAsked from error
    read = read_params(MultiDict(pairs), vocabularies(), is_institution=is_institution)
    if not (read.params.q or read.params.chosen):
        raise rules.NothingAsked
    return replace(read.params, page=1)
