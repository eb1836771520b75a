"""Who teaches: the list of institutions, and the page of each."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from sqlalchemy import and_

from academy.access import person_or_none, public
from academy.db import utcnow
from academy.i18n import country_name, current_language, text_in
from academy.i18n import gettext as _
from academy.institutions.models import Institution
from academy.institutions.queries import all_institutions, institution_by_slug, role_in
from academy.institutions.rules import is_retired, keeps_in_order
from academy.text import is_web_address
from courses.catalogue import queries as catalogue
from courses.catalogue.together import offered_by
from courses.search.engine import Found
from courses.search.find import find
from courses.search.params import SearchParams
from courses.search.plain.facets import lasting
from courses.vocabularies.kept import kept_vocabularies
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies
from courses.web import phrases
from courses.web.blueprint import bp
from courses.web.cards import card
from courses.web.topics import region_links

MOST_OF_AN_INSTITUTION = 20
"""How many offers the page of an institution shows; the catalogue has them all."""


@bp.get("/institutions")
@public
def institutions() -> str:
    """List who teaches."""
    everything = find(SearchParams(), now=utcnow())
    return render_template("courses/institutions.html", institutions=institution_rows(everything))


@bp.get("/institutions/<slug>")
@public
def institution(slug: str) -> str:
    """Show an institution and what it offers."""
    now, vocabulary, reader = utcnow(), kept_vocabularies(), current_language()
    found = institution_by_slug(slug)
    theirs = offered_by(found)
    here = and_(theirs, lasting(now))
    count = catalogue.count_where(here)
    offers = catalogue.offers_where(here, offset=0, limit=MOST_OF_AN_INSTITUTION)
    more = {"label": _("All its offers"), "url": url_for("courses.learn", institution=found.slug)}
    about = text_in(found.about, reader)
    return render_template(
        "courses/institution.html",
        name=text_in(found.name, reader),
        about=about if about.text else None,
        facts=_institution_facts(found, vocabulary),
        regions=region_links(found.country),
        homepage=found.homepage if is_web_address(found.homepage) else None,
        cards=[card(offer, vocabulary, now=now) for offer in offers],
        # What is over is in that list too, where somebody asks for it.
        more=more if catalogue.count_where(theirs) > len(offers) else None,
        count_label=phrases.offers(count),
        retired=is_retired(found),
        desk_url=_desk_url(found),
    )


def _desk_url(found: Institution) -> str | None:
    """Lead those who work here to their desk."""
    person = person_or_none()
    if person is None or not (role_in(person, found) or keeps_in_order(person, found)):
        return None
    return url_for("desk.front", institution=found.slug)


def institution_rows(everything: Found, *, limit: int | None = None) -> list[dict[str, Any]]:
    """List the institutions as pages show them, those that offer most first."""
    reader, counts = current_language(), everything.counts["institution"]
    here = [one for one in all_institutions() if not is_retired(one)]
    found = sorted(here, key=lambda one: (-counts[one.slug], one.slug))
    return [
        {
            "name": text_in(one.name, reader),
            "url": url_for("courses.institution", slug=one.slug),
            "place": _place(one, reader),
            "count": counts[one.slug],
            "count_label": phrases.offers(counts[one.slug]),
        }
        for one in found[:limit]
    ]


def _place(institution: Institution, reader: str) -> str:
    country = country_name(institution.country or "", reader)
    return _(", ").join(part for part in (institution.city, country) if part)


def _institution_facts(found: Institution, vocabulary: Vocabularies) -> list[dict[str, str]]:
    reader = current_language()
    section = found.section and vocabulary.label(Vocabulary.SECTION, found.section, reader)
    facts = [
        (_("What it is"), str(phrases.INSTITUTION_KINDS[found.kind])),
        (_("Where"), _place(found, reader)),
        (_("Part of the network"), section or ""),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]
