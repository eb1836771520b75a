"""What can be done in saving: keep an offer or a search for later, and let go of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from academy.accounts.models import Person
from academy.db import db
from academy.text import excerpt
from courses.catalogue.models import Offer
from courses.saving import queries, rules
from courses.saving.models import SavedOffer, SavedSearch


def save_offer(person: Person, offer: Offer, *, now: datetime) -> SavedOffer:
    """Keep an offer for later. Saving twice is saving once.

    Refuses with TooMuchSaved.
    """
    found = queries.saved_offer(person, offer)
    if found is not None:
        return found
    if queries.offer_count(person) >= rules.MOST_OFFERS:
        raise rules.TooMuchSaved
    found = SavedOffer(person_id=person.id, offer_id=offer.id, saved_at=now)
    db.session.add(found)
    db.session.flush()
    return found


def remove_offer(person: Person, slug: str) -> None:
    """Let go of a saved offer, whether others still see it or not. Twice is once."""
    named = select(Offer.id).where(Offer.slug == slug)
    mine = (SavedOffer.person_id == person.id, SavedOffer.offer_id.in_(named))
    db.session.execute(delete(SavedOffer).where(*mine))


def save_search(person: Person, query: str, name: str, *, now: datetime) -> SavedSearch:
    """Keep a search as its canonical query string. Saving twice is saving once.

    Refuses with NothingAsked or TooMuchSaved.
    """
    if not query or len(query) > rules.LONGEST_QUERY:
        raise rules.NothingAsked
    found = queries.saved_search(person, query)
    if found is not None:
        return found
    if len(queries.saved_searches(person)) >= rules.MOST_SEARCHES:
        raise rules.TooMuchSaved
    short = excerpt(name, rules.LONGEST_NAME)
    found = SavedSearch(person_id=person.id, query=query, name=short, saved_at=now)
    db.session.add(found)
    db.session.flush()
    return found


def remove_search(person: Person, reference: str) -> None:
    """Let go of one of the person's own searches. Removing twice is removing once."""
    mine = (SavedSearch.person_id == person.id, SavedSearch.reference == reference)
    db.session.execute(delete(SavedSearch).where(*mine))


def merge(old: Person, kept: Person) -> None:
    """Hand over what was saved by an account that becomes part of another."""
    offers = {one.offer_id for one in queries.saved_offers(kept)}
    for offer in queries.saved_offers(old):
        if offer.offer_id not in offers:
            offer.person_id = kept.id
    asked = {one.query for one in queries.saved_searches(kept)}
    for search in queries.saved_searches(old):
        if search.query not in asked:
            search.person_id = kept.id
    db.session.flush()
    forget(old)


def forget(person: Person) -> None:
    """Delete everything the person saved."""
    db.session.execute(delete(SavedOffer).where(SavedOffer.person_id == person.id))
    db.session.execute(delete(SavedSearch).where(SavedSearch.person_id == person.id))
