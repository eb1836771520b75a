"""Browsing: home and the catalogue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from academy.access import person_or_none, public
from academy.db import utcnow
from academy.i18n import current_language, text_in
from academy.i18n import gettext as _
from academy.institutions.queries import is_institution
from academy.web.pages import absolute
from courses.catalogue import queries as catalogue
from courses.feedback.models import Review
from courses.feedback.queries import latest_sayings
from courses.search.engine import Found
from courses.search.find import find
from courses.search.params import Read, SearchParams, read_params
from courses.vocabularies.kept import kept_vocabularies
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies
from courses.web import meant, phrases, saving, unanswered
from courses.web.blueprint import bp
from courses.web.cards import OfferCard, card, dated_card, found_cards
from courses.web.institutions import institution_rows
from courses.web.listing import Listing
from courses.web.ways_out import empty

STARTS = ("mooc", "webinar", "peer-learning", "job-shadowing")
LONGEST_LIST_OF_INSTITUTIONS = 8


@bp.get("/")
@public
def home() -> str:
    """Show where to start: a question, the next webinars, the issues, who teaches."""
    now, vocabulary = utcnow(), kept_vocabularies()
    everything = find(SearchParams(), now=now)
    webinars = catalogue.coming_webinars(now=now, limit=3)
    recordings = [] if webinars else catalogue.past_webinars(now=now, limit=3)
    return render_template(
        "courses/home.html",
        finder=_finder(everything, vocabulary),
        webinars=[dated_card(offer, vocabulary, now=now) for offer in webinars or recordings],
        webinars_more={
            "label": _("All webinars"),
            "url": url_for("courses.learn", kind="webinar", sort="soonest"),
        },
        recordings=bool(recordings),
        issues=_issues(everything, vocabulary),
        sayings=[_saying(review) for review in latest_sayings(limit=3)],
        institutions=institution_rows(everything, limit=LONGEST_LIST_OF_INSTITUTIONS),
        institutions_more={"label": _("All institutions"), "url": url_for("courses.institutions")},
    )


@bp.get("/webinars")
@public
def webinars() -> Response:
    """Lead to the catalogue of webinars."""
    return redirect(url_for("courses.learn", kind="webinar"), 302)


@bp.get("/learn")
@public
def learn() -> str:
    """Show the catalogue: words, filters, counts, offers."""
    now, vocabulary, person = utcnow(), kept_vocabularies(), person_or_none()
    read = read_request(vocabulary)
    found = find(read.params, now=now)
    shown = meant.answer(read.params, found, now=now)
    unanswered.note(read.params, shown.found, now)
    listing = Listing(shown.params, shown.found, vocabulary)
    _say_where(listing)
    offers = catalogue.listed_in_order(shown.found.numbers)
    cards = found_cards(offers, vocabulary, shown.found.query, now=now)
    return render_template(
        "courses/catalogue.html",
        page_title=_page_title(listing),
        q=read.params.q,
        action=url_for("courses.learn"),
        suggestions=url_for("courses.suggestions"),
        **listing.shown(),
        meant=shown.meant,
        cards=saving.with_buttons(cards, offers, person),
        near=_near(shown.found, vocabulary, now),
        keeper=saving.keeper(person),
        saved_as=saving.search_panel(shown.params, person),
        notes=listing.notes(read),
        empty=empty(listing, now),
    )


def read_request(vocabulary: Vocabularies) -> Read:
    """Read the query string of this request."""
    return read_params(request.args, vocabulary, is_institution=is_institution)


def _near(found: Found, vocabulary: Vocabularies, now: datetime) -> list[OfferCard]:
    """Show what is close in meaning, without the words."""
    offers = catalogue.listed_in_order(found.near)
    return [card(offer, vocabulary, now=now) for offer in offers]


def _say_where(listing: Listing) -> None:
    """Tell search engines which lists are pages of their own: those of one filter at most."""
    g.canonical = absolute(listing.url(listing.params))
    g.noindex = listing.chosen_count > 1 or bool(listing.params.q) or listing.params.page > 1


def _page_title(listing: Listing) -> str:
    """Name the list by what was asked, and say how many offers there are."""
    asked = listing.asked()
    return _("%(asked)s: %(offers)s", asked=asked, offers=phrases.offers(listing.found.total))


def _finder(everything: Found, vocabulary: Vocabularies) -> dict[str, Any]:
    reader = current_language()
    codes = [code for code, _count in everything.counts["language"].most_common(40)]
    return {
        "action": url_for("courses.learn"),
        "suggestions": url_for("courses.suggestions"),
        "languages": [{"code": code, "label": vocabulary.own_name(code)} for code in codes],
        "starts": [
            {
                "label": vocabulary.label(Vocabulary.METHODOLOGY, code, reader),
                "url": url_for("courses.learn", methodology=code),
            }
            for code in STARTS
            if everything.counts["methodology"][code]
        ],
    }


def _issues(everything: Found, vocabulary: Vocabularies) -> list[dict[str, Any]]:
    reader = current_language()
    return [
        {
            "label": text_in(term.labels, reader).text,
            "url": url_for("courses.learn", issue=term.code),
            "line": term.code,
            "count": everything.counts["issue"][term.code],
            "count_label": phrases.offers(everything.counts["issue"][term.code]),
        }
        for term in vocabulary.of(Vocabulary.ISSUE)
        if term.broader_id is None
    ]


def _saying(review: Review) -> dict[str, Any]:
    offer, reader = review.run.offer, current_language()
    return {
        "text": text_in({review.language: review.text}, reader),
        "who": phrases.who(review.role, review.city_size),
        "offer_title": text_in(offer.titles, reader),
        "url": url_for("courses.offer", slug=offer.slug),
    }
