"""An offer as lists show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import format_date

from academy.i18n import (
    Words,
    base_language,
    current_language,
    language_names,
    names_in_a_sentence,
    ngettext,
    own_text,
    text_in,
)
from academy.i18n import gettext as _
from academy.web.moments import Moment, day_of, iso, moment, month_of
from courses.catalogue.models import Kind, Offer
from courses.catalogue.rules import is_over, is_visible
from courses.catalogue.runs import Run
from courses.catalogue.texts import LanguageOrigin, LanguageRole
from courses.catalogue.together import institutions_of
from courses.search.guiding.excerpts import Excerpt, excerpt
from courses.search.guiding.marking import Marker
from courses.search.query import TextQuery
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import Vocabularies
from courses.web import phrases


@dataclass(frozen=True, slots=True)
class OfferCard:
    """What a list says of an offer; every choice has been made."""

    url: str | None
    title: Words
    gloss: str | None
    summary: Words | None
    institution: dict[str, Any]
    kind_label: str
    methodologies: list[str]
    issues: list[dict[str, str]]
    languages: str
    elsewhere: str | None
    """That it is taught in other languages than the reader's, and in which."""

    when: dict[str, Any]
    effort: str | None
    data: str | None
    opinion: dict[str, Any]
    note: str | None
    excerpt: Excerpt | None = None
    """What it says around the words that were looked for, in place of the summary."""

    partners: str | None = None
    """By how many it is offered, where that is more than one."""

    date: dict[str, Any] | None = None
    save: dict[str, Any] | None = None


def card(
    offer: Offer, vocabulary: Vocabularies, *, now: datetime, run: Run | None = None
) -> OfferCard:
    """Make the card of a whole offer for the reader of this page.

    It speaks of the run given, or of the one that strangers care for.
    """
    reader = current_language()
    title = own_text(offer.titles, reader)
    described = offer.titles.get(reader)
    return OfferCard(
        url=url_for("courses.offer", slug=offer.slug) if is_visible(offer) else None,
        title=title,
        gloss=described if title.language and described else None,
        summary=_summary(offer, reader),
        institution=teacher(offer, reader),
        kind_label=str(phrases.KINDS[offer.kind]),
        methodologies=[
            text_in(term.labels, reader).text for term in _of(offer, Vocabulary.METHODOLOGY)
        ],
        issues=[issue_link(term, vocabulary) for term in _of(offer, Vocabulary.ISSUE)],
        languages=languages(offer, LanguageRole.TAUGHT),
        elsewhere=_elsewhere(offer, reader),
        when=when_of(offer, run or shown_run(offer, now), now),
        effort=effort(offer),
        data=data_needed(offer),
        opinion=_opinion(offer),
        note=_note(offer),
        partners=_partners(offer),
    )


def found_cards(
    offers: Iterable[Offer], vocabulary: Vocabularies, query: TextQuery, *, now: datetime
) -> list[OfferCard]:
    """Make the cards of offers that were found, with what they say around the words."""
    reader, marker = current_language(), Marker(query)
    return [
        replace(card(one, vocabulary, now=now), excerpt=excerpt(one, marker, reader))
        for one in offers
    ]


def dated_card(offer: Offer, vocabulary: Vocabularies, *, now: datetime) -> OfferCard:
    """Make the card of an offer that is shown with its date first."""
    return replace(card(offer, vocabulary, now=now), date=_date(shown_run(offer, now), now))


def teacher(offer: Offer, reader: str) -> dict[str, Any]:
    """Say who teaches: the institution, or who it names as the provider."""
    institution = offer.institution
    name = Words(offer.provider) if offer.provider else text_in(institution.name, reader)
    return {"name": name, "url": url_for("courses.institution", slug=institution.slug)}


def _partners(offer: Offer) -> str | None:
    many = len(institutions_of(offer))
    told = ngettext("Offered by %(num)d partner", "Offered by %(num)d partners", many)
    return told if many > 1 else None


def languages(offer: Offer, role: LanguageRole) -> str:
    """List the languages an offer uses in a role, in the reader's language."""
    reader = current_language()
    codes = dict.fromkeys(one.code for one in offer.languages if one.role is role)
    names = language_names(sorted(codes, key=offer.language.__ne__), reader)
    return _(", ").join(names)


def _elsewhere(offer: Offer, reader: str) -> str | None:
    """Say in which languages an offer is taught that the reader of this page may not speak."""
    taught = [one for one in offer.languages if one.role is LanguageRole.TAUGHT]
    if not taught or base_language(reader) in {one.base for one in taught}:
        return None
    codes = dict.fromkeys(one.code for one in taught)
    names = names_in_a_sentence(sorted(codes, key=offer.language.__ne__), reader)
    return _("In %(languages)s", languages=_(", ").join(names))


def issue_link(term: Term, vocabulary: Vocabularies) -> dict[str, str]:
    """Link an issue to the list of its offers, with the colour of its line."""
    return {
        "label": text_in(term.labels, current_language()).text,
        "url": url_for("courses.learn", issue=term.code),
        "line": vocabulary.top(term).code,
    }


def shown_run(offer: Offer, now: datetime) -> Run | None:
    """Choose the run to speak of: the next to start, else one that goes on, else the last."""
    coming = [run for run in offer.runs if run.starts_at and run.starts_at > now]
    if coming:
        return min(coming, key=lambda run: run.starts_at or now)
    going = [run for run in offer.runs if not is_over(run, offer.kind, now)]
    return going[-1] if going else (offer.runs[-1] if offer.runs else None)


def effort(offer: Offer) -> str | None:
    """Say how much time it takes, in our words or the partner's."""
    if offer.workload_minutes:
        return phrases.minutes(offer.workload_minutes)
    return offer.workload or None


def data_needed(offer: Offer) -> str | None:
    """Say how much data it takes."""
    if offer.data_mb is None:
        return None
    if offer.data_mb_light is None:
        return _("%(number)s MB in total", number=offer.data_mb)
    return _(
        "%(number)s MB in total, %(light)s MB without video",
        number=offer.data_mb,
        light=offer.data_mb_light,
    )


def _of(offer: Offer, vocabulary: Vocabulary) -> list[Term]:
    return [term for term in offer.terms if term.vocabulary is vocabulary]


def _summary(offer: Offer, reader: str) -> Words | None:
    texts = sorted(offer.texts, key=lambda text: text.language != offer.language)
    words = text_in({text.language: text.summary for text in texts}, reader)
    return words if words.text else None


def when_of(offer: Offer, run: Run | None, now: datetime) -> dict[str, Any]:
    """Say when a run takes place: a word, and a moment if it has one."""
    if run is None or run.starts_at is None:
        return {"text": _("Start any time"), "moment": None}
    first = day_of(run.starts_at, run.zone)
    if is_over(run, offer.kind, now):
        if offer.kind is Kind.WEBINAR or run.ends_at is None:
            return {"text": _("Held"), "moment": first}
        return {"text": _("Ended"), "moment": day_of(run.ends_at, run.zone)}
    if run.starts_at <= now:
        return {"text": _("Since"), "moment": first}
    return {"text": _("Starts"), "moment": moment(run.starts_at) if run.meetings else first}


def _date(run: Run | None, now: datetime) -> dict[str, Any] | None:
    if run is None or run.starts_at is None:
        return None
    days = (run.starts_at.date() - now.date()).days
    same_year = run.starts_at.year == now.year
    soon = {0: _("Today"), 1: _("Tomorrow")}.get(days)
    if soon is None and 1 < days <= 7:
        soon = _("In %(number)s days", number=days)
    return {
        "day": format_date(run.starts_at, "d"),
        "month": month_of(run.starts_at, with_year=not same_year),
        "moment": Moment(
            iso(run.starts_at), _("%(hour)s UTC", hour=run.starts_at.strftime("%H:%M"))
        ),
        "soon": soon,
    }


def _opinion(offer: Offer) -> dict[str, Any]:
    if not offer.review_count:
        text = _("No feedback yet. Yours would be the first.")
        return {"share": None, "text": text, "detail": None}
    peers = phrases.reviewers(offer.review_count)
    if offer.colleague_share is None:
        return {"share": None, "text": peers, "detail": None}
    return {
        "share": offer.colleague_share,
        "text": _("would send a colleague"),
        "detail": peers,
    }


def _note(offer: Offer) -> str | None:
    guessed = any(language.origin is LanguageOrigin.GUESSED for language in offer.languages)
    return _("The language was guessed from the text.") if guessed else None
