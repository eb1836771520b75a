"""Suggested issues as people decide on them: what the desks of institutions and stewards share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from marshmallow import Schema, fields
from sqlalchemy import ColumnElement

from academy.i18n import current_language, ngettext, number, own_text, text_in
from academy.i18n import gettext as _
from academy.text import apart
from academy.web.forms import Form
from academy.web.paging import Page
from courses.catalogue.models import Offer
from courses.search.guiding.topics import MOST, count_to_confirm, offers_to_confirm, topics_of
from courses.vocabularies.models import Term
from courses.web.cards import teacher

SIZE = 20
"""Offers on a page."""

Address = Callable[..., str]
"""Gives the address of an act, "confirm" or "refuse", for the offer at a slug."""

Deciding = Callable[..., int]
"""Confirms or refuses issues of an offer: `confirm` and `refuse` of courses.editing.topics."""

Telling = Callable[[int], tuple[str, str]]
"""Says what has become of so many issues, and how the sentence is shown."""


class DecidingSchema(Schema):
    """What deciding takes: codes of issues with commas between them, as they were shown."""

    terms = fields.String(load_default="")


def codes_sent() -> list[str]:
    """Read on which issues somebody decides."""
    told: str = Form.read(DecidingSchema()).cleaned.get("terms", "")
    return told.split(",", maxsplit=MOST)[:MOST]


def confirming_page(among: ColumnElement[bool], address: Address) -> dict[str, Any]:
    """Give what the list of offers with suggested issues shows of those among some institutions."""
    page, total = Page.asked(SIZE), count_to_confirm(among)
    offers = offers_to_confirm(among, limit=page.size, offset=page.offset)
    topics = topics_of(offer.id for offer in offers)
    return {
        "rows": [_row(offer, topics[offer.id], address) for offer in offers],
        "told": waiting_told(total),
        "pages": page.ways(total),
        "empty": _("The list ends before this page.") if total else _("Nothing is to be decided."),
    }


def page_left(among: ColumnElement[bool]) -> int | None:
    """Give the page to go back to: the one somebody was on, or the last that is left."""
    last = -(-count_to_confirm(among) // SIZE)
    here = min(Page.asked(SIZE).number, last)
    return here if here > 1 else None


def waiting_told(count: int) -> str:
    """Say how many offers have something to decide."""
    return ngettext(
        "%(count)s offer carries no issue, but its words suggest one.",
        "%(count)s offers carry no issue, but their words suggest one.",
        count,
        count=number(count),
    )


def confirmed_told(count: int) -> tuple[str, str]:
    """Say what has become of issues that were confirmed, and how the sentence is shown."""
    if not count:
        return _nothing_left()
    sentence = ngettext(
        "Confirmed. The offer is found and counted under this issue now.",
        "Confirmed. The offer is found and counted under these issues now.",
        count,
    )
    return sentence, "ok"


def refused_told(count: int) -> tuple[str, str]:
    """Say what has become of issues that were refused, and how the sentence is shown."""
    if not count:
        return _nothing_left()
    return _("It will not be suggested for this offer again."), "ok"


def _nothing_left() -> tuple[str, str]:
    return _("Nothing is left to decide there: somebody has, or the offer has changed."), "warn"


def _row(offer: Offer, topics: list[Term], address: Address) -> dict[str, Any]:
    reader, institution = current_language(), offer.institution
    title = own_text(offer.titles, reader)
    texts = sorted(offer.texts, key=lambda text: text.language != offer.language)
    summary = text_in({text.language: text.summary for text in texts}, reader)
    here: dict[str, Any] = {"institution": institution.slug, "slug": offer.slug}
    page = request.args.get("page")
    return {
        "title": title,
        "url": url_for("courses.offer", slug=offer.slug),
        "teacher": teacher(offer, reader)["name"],
        "summary": summary if summary.text else None,
        "topics": [_topic(term, title.text) for term in topics],
        "all": ",".join(term.code for term in topics) if len(topics) > 1 else None,
        "confirm_url": address("confirm", slug=offer.slug, page=page),
        "refuse_url": address("refuse", slug=offer.slug, page=page),
        "edit_url": url_for("desk.edit", **here, _anchor="f-issues"),
    }


def _topic(term: Term, title: str) -> dict[str, str]:
    label = text_in(term.labels, current_language()).text
    return {
        "label": label,
        "code": term.code,
        "url": url_for("courses.issue", code=term.code),
        "about": _("%(topic)s, for “%(title)s”", topic=apart(label), title=apart(title)),
    }
