"""Removing the demonstration network, and nothing else."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, literal, select, update

from academy.accounts.models import Person
from academy.announcements.models import Announcement
from academy.audit import AuditEntry
from academy.db import Base, db, unit_of_work
from academy.institutions.models import Institution
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer, OfferTerm
from courses.catalogue.runs import Run
from courses.demonstration.loading import remember_removal
from courses.enrolment.models import Enrolment
from courses.enrolment.rules import TAKING_PART
from courses.feedback.models import Review
from courses.feedback.operations import recount
from courses.search.backlog import mark_stale
from courses.sources.models import Source

PEOPLE = select(Person.id).where(Person.sample)


def remove() -> tuple[int, int]:
    """Remove sample offers, people and institutions; returns how many offers went, and how many
    institutions stay because something real came to hang on them."""
    with unit_of_work():
        offer_ids = list(db.session.scalars(select(Offer.id).where(Offer.sample)))
        _forget_the_log()
        _leave_real_runs()
        _take_real_reviews_back()
        _remove_offers(offer_ids)
        _take_names_off()
        db.session.execute(delete(Person).where(Person.sample))
        kept = _remove_institutions()
    remember_removal()
    return len(offer_ids), kept


def _forget_the_log() -> None:
    """Take out of the log that the sample's reviews were shown, which happened in loading it."""
    shown = select(literal("review:") + Review.reference).where(Review.person_id.in_(PEOPLE))
    db.session.execute(delete(AuditEntry).where(AuditEntry.thing.in_(shown)))


def _leave_real_runs() -> None:
    """Give back the places that people of the sample took in real runs."""
    taking_part = Enrolment.person_id.in_(PEOPLE) & Enrolment.standing.in_(TAKING_PART)
    taken = select(Run).join(Enrolment).join(Offer).where(taking_part, ~Offer.sample)
    for run in db.session.scalars(taken).all():
        catalogue.give_place_back(run)
    db.session.execute(delete(Enrolment).where(Enrolment.person_id.in_(PEOPLE)))


def _take_real_reviews_back() -> None:
    """Take back what people of the sample said of real offers."""
    said = select(Offer).join(Run).join(Review)
    offers = said.where(Review.person_id.in_(PEOPLE), ~Offer.sample).distinct()
    reviewed = db.session.scalars(offers).all()
    db.session.execute(delete(Review).where(Review.person_id.in_(PEOPLE)))
    for offer in reviewed:
        recount(offer)


def _take_names_off() -> None:
    """Keep what people of the sample did to real things, by nobody; what they announced goes."""
    db.session.execute(delete(Announcement).where(Announcement.made_by_id.in_(PEOPLE)))
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            keys = [key for key in column.foreign_keys if key.target_fullname == "people.id"]
            if column.nullable and any(key.ondelete is None for key in keys):
                theirs = update(table).where(column.in_(PEOPLE))
                db.session.execute(theirs.values({column.name: None}))


def _remove_offers(offer_ids: list[int]) -> None:
    runs = select(Run.id).join(Offer).where(Offer.sample)
    for table in (Review, Enrolment):
        db.session.execute(delete(table).where(table.run_id.in_(runs)))
    db.session.execute(delete(OfferTerm).where(OfferTerm.offer_id.in_(offer_ids)))
    merged = Offer.canonical_id.in_(offer_ids)
    mark_stale([*offer_ids, *db.session.scalars(select(Offer.id).where(merged))])
    db.session.execute(update(Offer).where(merged).values(canonical_id=None))
    db.session.execute(delete(Offer).where(Offer.sample))


def _remove_institutions() -> int:
    """Remove the institutions nothing real hangs on; returns how many stay, as real ones."""
    db.session.execute(delete(Institution).where(Institution.sample, ~_in_use()))
    kept = db.session.scalars(select(Institution).where(Institution.sample)).all()
    for institution in kept:
        institution.sample = False
    return len(kept)


def _in_use() -> ColumnElement[bool]:
    parents = select(Institution.parent_id).where(
        Institution.parent_id.is_not(None), ~Institution.sample
    )
    used = (select(Offer.institution_id), select(Source.institution_id), parents)
    return Institution.id.in_(used[0].union(*used[1:]))
