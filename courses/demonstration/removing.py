"""Removing the demonstration network, and nothing else."""

from __future__ import annotations

from sqlalchemy import delete, select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.institutions.models import Institution
from courses.catalogue.models import Offer, OfferTerm
from courses.catalogue.runs import Run
from courses.demonstration.loading import remember_removal
from courses.enrolment.models import Enrolment
from courses.feedback.models import Review
from courses.search.backlog import mark_stale


def remove() -> tuple[int, int]:
    """Remove sample offers, people and institutions; returns how many offers went, and how many
    institutions stay because something real came to hang on them."""
    with unit_of_work():
        offer_ids = list(db.session.scalars(select(Offer.id).where(Offer.sample)))
        people = select(Person.id).where(Person.sample)
        runs = select(Run.id).join(Offer).where(Offer.sample)
        for table in (Review, Enrolment):
            mine = table.person_id.in_(people) | table.run_id.in_(runs)
            db.session.execute(delete(table).where(mine))
        db.session.execute(delete(OfferTerm).where(OfferTerm.offer_id.in_(offer_ids)))
        db.session.execute(delete(Offer).where(Offer.sample))
        db.session.execute(delete(Person).where(Person.sample))
        used = select(Offer.institution_id)
        gone = Institution.sample & Institution.id.not_in(used)
        db.session.execute(delete(Institution).where(gone))
        kept = db.session.scalars(select(Institution).where(Institution.sample)).all()
        for institution in kept:
            institution.sample = False
        mark_stale(offer_ids)
    remember_removal()
    return len(offer_ids), len(kept)
