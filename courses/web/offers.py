"""The page of an offer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from academy.access import person_or_none, public
from academy.accounts.models import Person
from academy.db import utcnow
from academy.i18n import current_language, own_text, text_in
from academy.i18n import gettext as _
from academy.text import clean_html
from academy.web.moments import moment
from academy.web.pages import absolute
from courses.catalogue import queries as catalogue
from courses.catalogue.models import Offer
from courses.catalogue.rules import is_listed, is_visible
from courses.catalogue.runs import Meeting, MeetingStatus
from courses.duplicates.queries import canonical_of, group_of
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
from courses.web.gone import gone_page
from courses.web.offered_by import offered_by, standing
from courses.web.opinions import feedback
from courses.web.term_pages import term_links, term_url
from courses.web.ticket import ticket
from courses.web.topics import goal_links


@bp.get("/learn/<slug>")
@public
def offer(slug: str) -> str | Response | tuple[str, int]:
    """Show an offer: what it is about, its facts, what peers say, and how to take part.

    What was merged into another leads there; what is gone says so, and what there is instead.
    """
    found = catalogue.offer_shown_once(slug)
    leader = canonical_of(found)
    if leader is not found and is_visible(leader):
        return redirect(url_for("courses.offer", slug=leader.slug), 301)
    if not is_visible(found):
        return gone_page(found, kept_vocabularies(), utcnow()), 410
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
    g.noindex = not is_listed(found)
    return render_template(
        "courses/offer.html",
        card=shown,
        line=shown.issues[0]["line"] if shown.issues else "",
        preview=preview,
        crumbs=_crumbs(found),
        lead=shown.summary,
        description=_description(found),
        ticket=ticket(found, shown, now=now),
        enrol=_no_panel() if preview else panel(found, shown.institution["name"], person, now=now),
        **_described(found, vocabulary),
        suggested=[] if preview else _suggested(found),
        calendar_url=None if preview else _calendar(found),
        meetings=[_meeting(one, found) for run in found.runs for one in run.meetings],
        **_told_of(found, person, now, alone=preview is not None),
        near=[card(one, vocabulary, now=now) for one in related(found)],
        concern_url=None if preview else url_for("courses.concern", slug=found.slug),
        jsonld=_jsonld(found) if is_listed(found) and not preview else None,
    )


def _told_of(found: Offer, person: Person | None, now: datetime, *, alone: bool) -> dict[str, Any]:
    """Give what partners and peers tell of an offer; unless alone, of all that is one with it."""
    group = [found] if alone else group_of(found)
    return {
        "standing": standing(found, now),
        "offered_by": offered_by(found, group, person, now),
        "feedback": feedback(found, group, person, now),
        "saving": None if alone else saving.panel(found, group, person),
    }


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
