"""The page of what was in the catalogue: that it is gone, and what there is instead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g, render_template, url_for

from academy.i18n import current_language, own_text, text_in
from academy.i18n import gettext as _
from academy.institutions.rules import is_retired
from academy.web.moments import day_of
from courses.catalogue import queries as catalogue
from courses.catalogue.models import Offer
from courses.catalogue.together import offered_by
from courses.search.guiding.related import related
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies
from courses.web.cards import card

MOST = 5


def gone_page(found: Offer, vocabulary: Vocabularies, now: datetime) -> str:
    """Make the page of a whole offer that was withdrawn, or archived after it vanished."""
    reader = current_language()
    title, place = own_text(found.titles, reader), found.institution
    g.noindex = True
    return render_template(
        "courses/gone.html",
        title=title,
        crumbs=[{"label": _("Find learning"), "url": url_for("courses.learn")}],
        institution=text_in(place.name, reader).text,
        vanished=day_of(found.vanished_at) if found.vanished_at else None,
        near=[card(one, vocabulary, now=now) for one in _instead(found)],
        search_url=url_for("courses.learn", q=title.text),
        institution_url=None if is_retired(place) else _offers_of(found),
    )


def _offers_of(found: Offer) -> str:
    return url_for("courses.learn", institution=found.institution.slug)


def _instead(found: Offer) -> list[Any]:
    """List what was near to it, else what is about the same, else what its institution has."""
    issues = [term for term in found.terms if term.vocabulary is Vocabulary.ISSUE]
    near = related(found)[:MOST]
    if not near and issues:
        near = catalogue.offers_where(catalogue.carrying(issues), offset=0, limit=MOST)
    if not near:
        near = catalogue.offers_where(offered_by(found.institution), offset=0, limit=MOST)
    return near
