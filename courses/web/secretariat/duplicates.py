"""Offers that seem to be one, for people to decide, and those that are one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from academy.access import current_person, section_steward
from academy.db import unit_of_work, utcnow
from academy.i18n import current_language, language_names, ngettext, own_text, text_in
from academy.i18n import gettext as _
from academy.institutions.queries import kept_by
from academy.web.paging import Page
from courses.catalogue.models import Offer
from courses.catalogue.texts import LanguageRole
from courses.duplicates import operations, queries, rules
from courses.duplicates.models import Decision, DuplicatePair, Reason
from courses.web import phrases
from courses.web.blueprint import bp
from courses.web.dates import run_dates

SIZE = 20
REASONS = {
    Reason.IDENTIFIER: _l("Both carry the same identifier."),
    Reason.ADDRESS: _l("Both lead to the same address."),
    Reason.TITLE: _l("Their titles are alike."),
}


def waiting_count() -> int:
    """Count the pairs that wait for the present steward."""
    return queries.open_pair_count(kept_by(current_person()))


def waiting_told(number: int) -> str:
    """Say how many pairs wait."""
    return ngettext(
        "%(num)d pair of offers seems to be one", "%(num)d pairs of offers seem to be one", number
    )


@bp.get("/secretariat/duplicates")
@section_steward
def duplicates() -> str:
    """List the pairs that wait: those that share more than a title first."""
    kept, page = kept_by(current_person()), Page.asked(SIZE)
    found = queries.open_pairs(kept, limit=page.size, offset=page.offset)
    return render_template(
        "courses/secretariat/duplicates.html",
        tabs=_tabs("courses.duplicates"),
        about=_(
            "What differs is marked. When two are one, both stay as they are; one page shows them,"
            " and it can be undone."
        ),
        empty=_("No two offers seem to be one."),
        pairs=[_pair(pair, "courses.merge_duplicates") for pair in found],
        pages=page.ways(queries.open_pair_count(kept)),
    )


@bp.get("/secretariat/duplicates/merged")
@section_steward
def merged_duplicates() -> str:
    """List what was made one."""
    kept, page = kept_by(current_person()), Page.asked(SIZE)
    found = queries.merged_offers(kept, limit=page.size, offset=page.offset)
    return render_template(
        "courses/secretariat/merged.html",
        tabs=_tabs("courses.merged_duplicates"),
        groups=[[_member(one) for one in group] for group in found],
        pages=page.ways(queries.merged_count(kept)),
    )


@bp.get("/secretariat/duplicates/apart")
@section_steward
def duplicates_told_apart() -> str:
    """List the pairs that are two, for who sees it otherwise by now."""
    kept, page = kept_by(current_person()), Page.asked(SIZE)
    found = queries.told_apart(kept, limit=page.size, offset=page.offset)
    return render_template(
        "courses/secretariat/duplicates.html",
        tabs=_tabs("courses.duplicates_told_apart"),
        about=_("Nobody is asked about these any more. Where they are one, choose which is shown."),
        empty=_("No two offers were told apart."),
        pairs=[_pair(pair, "courses.rejoin_duplicates") for pair in found],
        pages=page.ways(queries.told_apart_count(kept)),
    )


@bp.post("/secretariat/duplicates/<slug>/<other>/same")
@section_steward
def merge_duplicates(slug: str, other: str) -> Response:
    """Make one of two offers; the first stands for both."""
    _decide(slug, other, operations.merge, check=rules.check_is_open)
    flash(_("They are one now. Nothing of either is lost, and it can be undone."), "ok")
    return redirect(url_for("courses.duplicates"), 303)


@bp.post("/secretariat/duplicates/<slug>/<other>/different")
@section_steward
def tell_duplicates_apart(slug: str, other: str) -> Response:
    """Decide that two offers are two."""
    _decide(slug, other, operations.tell_apart, check=rules.check_is_open)
    flash(_("They are two. Nobody is asked about them again."), "ok")
    return redirect(url_for("courses.duplicates"), 303)


@bp.post("/secretariat/duplicates/<slug>/<other>/one-after-all")
@section_steward
def rejoin_duplicates(slug: str, other: str) -> Response:
    """Make one of two offers that were told apart; the first stands for both."""
    _decide(slug, other, operations.merge, check=rules.check_is_apart)
    flash(_("They are one now. Nothing of either is lost, and it can be undone."), "ok")
    return redirect(url_for("courses.duplicates_told_apart"), 303)


def _decide(
    slug: str,
    other: str,
    act: Callable[..., object],
    *,
    check: Callable[[DuplicatePair], None],
) -> None:
    """Find a pair among those this steward keeps, and do with it what was chosen."""
    with unit_of_work():
        by = current_person()
        pair, one, two = queries.pair_of(slug, other, kept_by(by))
        check(pair)
        act(one, two, person=by, now=utcnow())


@bp.post("/secretariat/duplicates/<duplicate>/separate")
@section_steward
def separate_duplicate(duplicate: str) -> Response:
    """Make two of one again."""
    with unit_of_work():
        by = current_person()
        offer = queries.merged_offer(duplicate, kept_by(by))
        operations.separate(offer, person=by, now=utcnow())
    flash(_("They are two again, each with all it had before."), "ok")
    return redirect(url_for("courses.merged_duplicates"), 303)


def _tabs(here: str) -> list[dict[str, Any]]:
    labels = {
        "courses.duplicates": _("To decide"),
        "courses.merged_duplicates": _("Merged"),
        "courses.duplicates_told_apart": _("Told apart"),
    }
    return [
        {"label": label, "url": url_for(page), "current": page == here}
        for page, label in labels.items()
    ]


def _pair(pair: DuplicatePair, merging: str) -> dict[str, Any]:
    """Put two offers side by side; `merging` names the page that makes one of them."""
    first, second = pair.first, pair.second
    sides = [_facts(first), _facts(second)]
    ways = [(first, second), (second, first)]
    return {
        "why": REASONS[pair.reason],
        "score": pair.score or None,
        "sides": [
            {
                **_member(one),
                "facts": [
                    {"label": label, "value": value, "differs": value != theirs[label]}
                    for label, value in facts.items()
                    if value or theirs[label]
                ],
                "same_url": url_for(merging, slug=one.slug, other=two.slug),
            }
            for (one, two), facts, theirs in zip(ways, sides, sides[::-1], strict=True)
        ],
        "different_url": url_for(
            "courses.tell_duplicates_apart", slug=first.slug, other=second.slug
        )
        if pair.decision is Decision.OPEN
        else None,
    }


def _facts(offer: Offer) -> dict[str, str]:
    """Give what is compared of an offer, by label."""
    reader = current_language()
    taught = sorted({one.code for one in offer.languages if one.role is LanguageRole.TAUGHT})
    return {
        _("Institution"): text_in(offer.institution.name, reader).text,
        _("Provider"): offer.provider,
        _("Kind"): str(phrases.KINDS[offer.kind]),
        _("Dates"): " · ".join(dict.fromkeys(run_dates(run) for run in offer.runs)),
        _("Languages"): _(", ").join(language_names(taught, reader)),
        _("Address"): offer.address,
    }


def _member(offer: Offer) -> dict[str, Any]:
    reader = current_language()
    return {
        "title": own_text(offer.titles, reader),
        "url": url_for("courses.offer", slug=offer.slug),
        "institution": text_in(offer.institution.name, reader),
        "address": offer.address,
        "separate_url": url_for("courses.separate_duplicate", duplicate=offer.slug)
        if offer.canonical_id
        else None,
    }
