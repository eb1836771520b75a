"""What can be asked about what people saved."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person
from academy.db import db
from courses.catalogue.models import Offer
from courses.catalogue.queries import whole
from courses.saving.models import SavedOffer, SavedSearch


def saved_offer(person: Person, offer: Offer) -> SavedOffer | None:
    """Find whether the person has saved the offer."""
    return db.session.scalar(
        select(SavedOffer).where(SavedOffer.person_id == person.id, SavedOffer.offer_id == offer.id)
    )


def saved_among(person: Person, offers: Iterable[Offer]) -> set[int]:
    """Tell which of these offers the person has saved, by their keys."""
    keys = [offer.id for offer in offers]
    mine = SavedOffer.person_id == person.id
    return set(
        db.session.scalars(select(SavedOffer.offer_id).where(mine, SavedOffer.offer_id.in_(keys)))
    )


def saved_offers(person: Person) -> list[SavedOffer]:
    """List what the person saved, latest first, offers whole; withdrawn ones too."""
    return list(
        db.session.scalars(
            select(SavedOffer)
            .options(joinedload(SavedOffer.offer).options(*whole()))
            .where(SavedOffer.person_id == person.id)
            .order_by(SavedOffer.saved_at.desc(), SavedOffer.id.desc())
        ).unique()
    )


def offer_count(person: Person) -> int:
    """Count the offers the person saved."""
    counted = select(func.count()).where(SavedOffer.person_id == person.id)
    return db.session.scalar(counted) or 0


def saved_searches(person: Person) -> list[SavedSearch]:
    """List the person's saved searches, latest first."""
    return list(
        db.session.scalars(
            select(SavedSearch)
            .where(SavedSearch.person_id == person.id)
            .order_by(SavedSearch.saved_at.desc(), SavedSearch.id.desc())
        )
    )


def saved_search(person: Person, query: str) -> SavedSearch | None:
    """Find the person's saved search with this query."""
    return db.session.scalar(
        select(SavedSearch).where(SavedSearch.person_id == person.id, SavedSearch.query == query)
    )
