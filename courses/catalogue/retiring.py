"""What becomes of an institution's offers when it is retired, and when it takes part again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from academy.db import db
from academy.institutions.models import Institution
from academy.institutions.rules import is_retired
from courses.catalogue import operations, queries
from courses.catalogue.models import Offer, State


def take_out(institution: Institution, now: datetime) -> None:
    """Take out of the catalogue what is published, and remember it for the way back.

    What people did with it is kept. Twice is once.
    """
    for offer in _those(institution, Offer.state == State.PUBLISHED):
        operations.retire(offer, now=now)
    db.session.flush()


def bring_back(institution: Institution, now: datetime) -> None:
    """Show again exactly what went out with the institution. Twice is once."""
    for offer in _those(institution, Offer.retired.is_(True)):
        offer.state, offer.retired, offer.changed_at = State.PUBLISHED, False, now
    db.session.flush()


def count_concerned(institution: Institution) -> int:
    """Count the offers that would go out with the institution; of a retired one, come back."""
    if not is_retired(institution):
        return queries.offer_count(institution)
    back = select(func.count()).where(Offer.institution_id == institution.id, Offer.retired)
    return db.session.scalar(back) or 0


def _those(institution: Institution, which: ColumnElement[bool]) -> Sequence[Offer]:
    of = Offer.institution_id == institution.id
    return db.session.scalars(select(Offer).where(of, which).order_by(Offer.id)).all()
