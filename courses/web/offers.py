"""The page of an offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from academy.access import person_or_none, public
from academy.accounts.models import Person
from academy.db import utcnow
from academy.i18n import current_language, own_text, text_in
from academy.i18n import gettext as _
from academy.text import clean_html
from academy.web.moments import day_of, moment
from academy.web.pages import absolute
from courses.catalogue import queries as catalogue
from courses.catalogue.models import Offer
from courses.catalogue.runs import Meeting, MeetingStatus, Run
from courses.enrolment.queries import enrolments_in
from courses.enrolment.rules import took_part
from courses.feedback.models import Review
from courses.feedback.queries import opinion, review_of
from courses.feedback.rules import QUESTIONS
from courses.feeds.jsonld import offer_jsonld
from courses.search.guiding.related import related
from courses.search.guiding.topics import topics_of
from courses.vocabularies.kept import kept_vocabularies
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies
from courses.web import phrases, saving
from courses.web.blueprint import bp
from courses.web.cards import card, issue_link
from courses.web.enrol_panel import panel
from courses.web.term_pages import term_links, term_url
from courses.web.ticket import ticket
from courses.web.topics import goal_links

REVIEWS_AT_FIRST, MOST_REVIEWS = 5, 20


@bp.get("/learn/<slug>")
@public
def offer(slug: str) -> str:
    """Show an offer: what it is about, its facts, what peers say, and how to take part."""
    found = catalogue.offer_by_slug(slug)
    return offer_page(found, kept_vocabularies(), person_or_none(), utcnow())


def offer_page(
    found: Offer,
    vocabulary: Vocabularies,
    person: Person | None,
    now: datetime,
    preview: dict[str, str] | None = None,
) -> str:
    """Make the page of a whole offer; as a preview, with the ways back, nobody can enrol there."""
    shown = card(found, vocabulary, now=now)
    return render_template(
        "courses/offer.html",
        card=shown,
        preview=preview,
        crumbs=_crumbs(found),
        line=shown.issues[0]["line"] if shown.issues else "",
        lead=shown.summary,
        description=_description(found),
        ticket=ticket(found, shown, now=now),
        enrol=_no_panel() if preview else panel(found, shown.institution["name"], person, now=now),
        saving=None if preview else saving.panel(found, person),
        **_described(found, vocabulary),
        suggested=[] if preview else _suggested(found),
        calendar_url=None if preview else _calendar(found),
        meetings=[_meeting(one, found) for run in found.runs for one in run.meetings],
        feedback=_feedback(found, person, now),
        near=[card(one, vocabulary, now=now) for one in related(found)],
        concern_url=None if preview else url_for("courses.concern", slug=found.slug),
        jsonld=None if preview else _jsonld(found),
    )


def _no_panel() -> dict[str, Any]:
    return {"state": "none", "hint": _("This is a preview: nobody can enrol here."), "runs": []}


def _jsonld(found: Offer) -> dict[str, Any]:
    url = absolute(url_for("courses.offer", slug=found.slug))
    return offer_jsonld(found, url=url, reader=current_language())


def _calendar(found: Offer) -> str | None:
    meetings = any(run.meetings for run in found.runs)
    return url_for("courses.offer_calendar", slug=found.slug) if meetings else None


def _crumbs(found: Offer) -> list[dict[str, str]]:
    learn = {"label": _("Find learning"), "url": url_for("courses.learn")}
    issues = term_links(found.terms, Vocabulary.ISSUE)[:1]
    return [learn, *({"label": one["name"].text, "url": one["url"]} for one in issues)]


def _described(found: Offer, vocabulary: Vocabularies) -> dict[str, Any]:
    """Link what describes the offer to the pages of all that it describes."""
    issues = [term for term in found.terms if term.vocabulary is Vocabulary.ISSUE]
    return {
        "issues": [{**issue_link(term, vocabulary), "url": term_url(term)} for term in issues],
        "methods": term_links(found.terms, Vocabulary.METHODOLOGY),
        "goals": goal_links(found.terms),
    }


def _suggested(found: Offer) -> list[dict[str, str]]:
    """Link what the offer's words suggest to what the catalogue has of it."""
    reader, topics = current_language(), topics_of([found.id])[found.id]
    return [
        {
            "label": text_in(term.labels, reader).text,
            "url": url_for("courses.learn", issue=term.code),
        }
        for term in topics
    ]


def _description(found: Offer) -> dict[str, Any] | None:
    """Give the description for this reader, cleaned once more at the moment it is shown."""
    texts = sorted(found.texts, key=lambda text: text.language != found.language)
    words = text_in({text.language: text.description for text in texts}, current_language())
    if not words.text:
        return None
    html = Markup(clean_html(words.text))  # noqa: S704 - cleaned here and now
    return {"html": html, "language": words.language}


def _meeting(one: Meeting, found: Offer) -> dict[str, Any]:
    reader = current_language()
    length = int((one.ends_at - one.starts_at).total_seconds() // 60)
    cancelled = one.status is MeetingStatus.CANCELLED
    title = text_in(one.title, reader).text or own_text(found.titles, reader).text
    return {
        "title": title,
        "moment": moment(one.starts_at),
        "minutes_label": phrases.minutes(length),
        "state_label": _("Cancelled") if cancelled else None,
    }


def _feedback(found: Offer, person: Person | None, now: datetime) -> dict[str, Any]:
    said = opinion(found)
    mine = enrolments_in(person, found) if person else {}
    took = [run for run in found.runs if took_part(mine.get(run.id), run, now)]
    told = [_review(review, found.slug) for review in said.reviews if review.text]
    more = told[REVIEWS_AT_FIRST:MOST_REVIEWS]
    heading = phrases.reviewers(said.count) if said.count else _("What peers say")
    shares = [
        {"label": phrases.SHARES[name], "percent": said.shares[name]}
        for name in QUESTIONS
        if said.shares[name] is not None
    ]
    few = None
    if said.count and not shares:
        few = _("Shares are shown from five reviews on.")
    elif not said.count:
        few = _("No feedback yet. Yours would be the first.")
    return {
        "heading": heading,
        "shares": shares or None,
        "few": few,
        "reviews": told[:REVIEWS_AT_FIRST],
        "more": more,
        "more_label": _("%(number)s more", number=len(more)),
        "write_url": url_for("courses.review", reference=took[-1].reference) if took else None,
        "write_label": _write_label(person, took),
        "why_not": None if took else _("People who took part say how it was."),
    }


def _write_label(person: Person | None, took: Sequence[Run]) -> str:
    if person and took and review_of(person, took[-1]):
        return _("Change what you said")
    return _("Say how it was")


def _review(review: Review, slug: str) -> dict[str, Any]:
    return {
        "text": text_in({review.language: review.text}, current_language()),
        "who": phrases.who(review.role, review.city_size),
        "when": day_of(review.written_at),
        "concern_url": url_for("courses.concern", slug=slug, review=review.reference),
    }
