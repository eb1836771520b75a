"""Pages of what offers have in common: a goal of the 2030 Agenda, a region of the world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, url_for
from sqlalchemy import ColumnElement, and_

from academy.access import public
from academy.db import utcnow
from academy.errors import Missing
from academy.i18n import Words, current_language, region_name, text_in
from academy.i18n import gettext as _
from academy.web.paging import Page
from courses.catalogue import queries as catalogue
from courses.search.plain.facets import lasting
from courses.vocabularies.files import regions_below
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import (
    Vocabularies,
    goal_of,
    terms_coded,
    vocabularies,
)
from courses.vocabularies.regions import countries_in, is_region, regions_above
from courses.web import phrases
from courses.web.blueprint import bp
from courses.web.cards import card

SIZE = 20
"""Offers on a page."""

Link = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Beside:
    """Where to go on from a page: what is narrower, or of the same kind."""

    label: str
    links: list[Link]


@bp.get("/sdgs/<code>")
@public
def sdg(code: str) -> str:
    """Show a Sustainable Development Goal or a target, and the offers that serve it."""
    vocabulary = vocabularies(Vocabulary.SDG)
    term = vocabulary.by_code.get((Vocabulary.SDG, code))
    if term is None:
        raise Missing
    goal = vocabulary.by_code[Vocabulary.SDG, goal_of(code)]
    targets = [one for one in vocabulary.terms if one.broader_id == goal.id and one is not term]
    return topic_page(
        _goal_name(term),
        vocabulary,
        catalogue.carrying(vocabulary.standing_for(code)),
        above=[] if goal is term else [_goal_link(goal)],
        beside=Beside(_("Targets of this goal"), [_goal_link(one) for one in targets]),
    )


@bp.get("/regions/<code>")
@public
def region(code: str) -> str:
    """Show a region of the world or a country, and the offers of institutions there."""
    if not is_region(code):
        raise Missing
    return topic_page(
        _region_name(code),
        vocabularies(),
        catalogue.from_countries(countries_in(code)),
        above=[_region_link(one) for one in reversed(regions_above(code))],
        beside=_beside_region(code),
    )


def goal_links(terms: Iterable[Term]) -> list[Link]:
    """Link the goals that terms stand for, in their order."""
    goals = {goal_of(code) for code in Vocabularies.sdg_of(terms)}
    return [_goal_link(term) for term in terms_coded(Vocabulary.SDG, goals)] if goals else []


def region_links(country: str | None) -> list[Link]:
    """Link a country and the regions it lies in, the nearest first."""
    if not country or not is_region(country):
        return []
    return [_region_link(code) for code in (country, *regions_above(country))]


def topic_page(
    name: Words,
    vocabulary: Vocabularies,
    wanted: ColumnElement[bool],
    *,
    above: list[Link],
    beside: Beside,
    told: Mapping[str, Any] | None = None,
) -> str:
    """Make the page of what offers have in common, with the ways up and beside it.

    `told` introduces it: "lead", "others" and "filter_url".
    """
    now, page = utcnow(), Page.asked(SIZE)
    listed = and_(wanted, lasting(now))
    count = catalogue.count_where(listed)
    offers = catalogue.offers_where(listed, offset=page.offset, limit=page.size)
    g.noindex = not offers or page.number > 1
    learn = {"label": _("Find learning"), "url": url_for("courses.learn")}
    return render_template(
        "courses/topic.html",
        name=name,
        crumbs=[learn, *({"label": one["name"].text, "url": one["url"]} for one in above)],
        beside=beside,
        told=told,
        count_label=phrases.offers(count),
        cards=[card(offer, vocabulary, now=now) for offer in offers],
        empty=_nothing(count),
        pages=page.ways(count),
    )


def _nothing(count: int) -> str:
    if count:
        return _("The list ends before this page.")
    return _("Nothing in the catalogue belongs here at the moment.")


def _goal_name(term: Term) -> Words:
    name = text_in(term.labels, current_language())
    told = _("SDG %(number)s: %(name)s", number=term.code, name=name.text)
    return Words(told, name.language)


def _goal_link(term: Term) -> Link:
    return {"name": _goal_name(term), "url": url_for("courses.sdg", code=term.code)}


def _region_name(code: str) -> Words:
    return Words(region_name(code, current_language()))


def _region_link(code: str) -> Link:
    return {"name": _region_name(code), "url": url_for("courses.region", code=code)}


def _beside_region(code: str) -> Beside:
    if inside := regions_below().get(code):
        return Beside(_("Regions and countries in it"), [_region_link(one) for one in inside])
    around = regions_below()[regions_above(code)[0]]
    return Beside(_("In the same region"), [_region_link(one) for one in around if one != code])
