"""Offers that nobody has described by an issue, and the issues they seem to be about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from academy.db import db, unit_of_work
from academy.institutions.models import Institution
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer
from courses.catalogue.queries import offer_by_slug
from courses.search.guiding.topics import SuggestedTerm, TopicState, topics_of
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import terms_coded
from tests.making import NOW, content, make_institution

Decided = list[tuple[str, TopicState]]


def make_untagged(title: str, *, institution: str = "river-school", **more: Any) -> Offer:
    """Make an offer as a feed does, without an issue; everybody sees it."""
    make_institution(institution)
    with unit_of_work():
        place = db.session.query(Institution).filter_by(slug=institution).one()
        [address] = catalogue.free_slugs([title])
        told = content(title, issues=(), address="https://example.org/offer", **more)
        offer = catalogue.add_offer(place, told, address=address, now=NOW)
        assert catalogue.list_harvested(offer, now=NOW) == []
        return offer


def suggest(offer: Offer, code: str) -> None:
    """Suggest an issue for an offer, as the index does; a unit of work is open."""
    [term] = terms_coded(Vocabulary.ISSUE, {code})
    row = SuggestedTerm(offer_id=offer.id, term_id=term.id, strength=50)
    row.state = TopicState.SUGGESTED
    db.session.add(row)


def suggested(slug: str) -> list[str]:
    """Give the codes of the issues that are suggested for the offer at an address."""
    db.session.rollback()
    key = db.session.scalars(select(Offer.id).where(Offer.slug == slug)).one()
    return [term.code for term in topics_of([key])[key]]


def decided(slug: str) -> Decided:
    """Give what stands of suggestions for the offer at an address, by code."""
    db.session.rollback()
    rows = (
        select(Term.code, SuggestedTerm.state)
        .join(SuggestedTerm, SuggestedTerm.term_id == Term.id)
        .join(Offer, Offer.id == SuggestedTerm.offer_id)
        .where(Offer.slug == slug)
        .order_by(Term.code)
    )
    return [(code, state) for code, state in db.session.execute(rows)]


def issues_of(slug: str) -> list[str]:
    """Give the codes of the issues that describe the offer at an address."""
    db.session.rollback()
    offer = offer_by_slug(slug)
    return [term.code for term in offer.terms if term.vocabulary is Vocabulary.ISSUE]
