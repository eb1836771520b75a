"""What can be asked about editing: an institution's offers, working copies, versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from academy.db import UtcDateTime, db
from academy.errors import Missing
from academy.institutions.models import Institution
from courses.catalogue.models import Kind, Offer, OfferTerm, State
from courses.catalogue.queries import offers_by_id, visible, whole
from courses.catalogue.runs import Run
from courses.catalogue.texts import LanguageRole, OfferLanguage, OfferText
from courses.editing.models import OfferVersion, WorkingCopy
from courses.enrolment.models import Enrolment
from courses.vocabularies.models import Term, Vocabulary


@dataclass(frozen=True, slots=True)
class Edited:
    """An offer as its institution sees it: the live one, and the working copy beside it."""

    offer: Offer
    copy: WorkingCopy | None


def offer_at(institution: Institution, slug: str) -> Offer:
    """Find one of the institution's own offers by its address, whole, whatever its state.

    Raises Missing when there is none, or it is another institution's.
    """
    found = (
        select(Offer)
        .options(*whole())
        .where(Offer.slug == slug, Offer.institution_id == institution.id)
    )
    offer = db.session.scalar(found)
    if offer is None:
        raise Missing
    return offer


def copy_of(offer: Offer) -> WorkingCopy | None:
    """Find the offer's working copy, with who saved it."""
    found = select(WorkingCopy).options(joinedload(WorkingCopy.saved_by))
    return db.session.scalar(found.where(WorkingCopy.offer_id == offer.id))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of an institution's offers a list is to show."""

    words: str = ""
    state: State | None = None
    lacking: bool = False
    vanished: bool = False
    unlisted: bool = False


EVERY = Wanted()


def edited(
    institution: Institution, wanted: Wanted = EVERY, *, page: int = 1, size: int = 50
) -> list[Edited]:
    """List a page of the institution's offers, the ones touched last first."""
    latest = func.coalesce(WorkingCopy.saved_at, Offer.changed_at)
    chosen = (
        _with_copies()
        .where(*_matching(institution, wanted))
        .order_by(latest.desc(), Offer.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return [Edited(offer, copy) for offer, copy in db.session.execute(chosen).unique()]


def edited_count(institution: Institution, wanted: Wanted = EVERY) -> int:
    """Count the institution's offers."""
    counted = select(func.count()).select_from(Offer)
    return db.session.scalar(counted.where(*_matching(institution, wanted))) or 0


def waiting_copies(institution: Institution, *, limit: int) -> list[Edited]:
    """List published offers with changes that nobody sees yet, those that wait longest first."""
    chosen = (
        _with_copies()
        .where(Offer.institution_id == institution.id, Offer.state == State.PUBLISHED)
        .where(WorkingCopy.id.is_not(None))
        .order_by(WorkingCopy.saved_at)
        .limit(limit)
    )
    return [Edited(offer, copy) for offer, copy in db.session.execute(chosen).unique()]


def ending(
    institution: Institution, *, now: datetime, since: datetime, until: datetime, limit: int
) -> list[tuple[Offer, datetime]]:
    """List visible offers whose last edition ends between the two moments, soonest first.

    A webinar is named only once it is over: that it ends is no news before.
    """
    end = func.max(func.coalesce(Run.ends_at, Run.starts_at), type_=UtcDateTime)
    always_open = func.sum(case((Run.starts_at.is_(None) & Run.ends_at.is_(None), 1), else_=0))
    chosen = (
        select(Run.offer_id, end)
        .join(Offer, Offer.id == Run.offer_id)
        .where(Offer.institution_id == institution.id, visible())
        .group_by(Run.offer_id, Offer.kind)
        .having(always_open == 0, end > since, end <= until)
        .having(or_(Offer.kind != Kind.WEBINAR, end < now))
        .order_by(end)
        .limit(limit)
    )
    ends = {offer_id: moment for offer_id, moment in db.session.execute(chosen)}
    offers = offers_by_id(ends)
    return [(offers[offer_id], moment) for offer_id, moment in ends.items()]


def _with_copies() -> Select[Offer, WorkingCopy]:
    return (
        select(Offer, WorkingCopy)
        .outerjoin(WorkingCopy, WorkingCopy.offer_id == Offer.id)
        .options(*whole(), joinedload(WorkingCopy.saved_by))
    )


def _matching(institution: Institution, wanted: Wanted) -> list[ColumnElement[bool]]:
    matching = [Offer.institution_id == institution.id]
    if wanted.state is not None:
        matching.append(Offer.state == wanted.state)
    if wanted.lacking:
        matching.append(_lacks_something())
    if wanted.vanished:
        matching += [visible(), Offer.vanished_at.is_not(None)]
    if wanted.unlisted:
        gone = or_(Offer.vanished_at.is_not(None), Offer.broken_at.is_not(None))
        matching += [visible(), gone]
    for word in wanted.words.split()[:10]:
        said = OfferText.title.icontains(word, autoescape=True)
        titled = select(OfferText.offer_id).where(said)
        matching.append(or_(Offer.id.in_(titled), Offer.slug.icontains(word, autoescape=True)))
    return matching


def _lacks_something() -> ColumnElement[bool]:
    """Tell of the live page what `completeness` tells of a form: that it lacks what is needed."""
    terms = select(OfferTerm.offer_id).join(Term, Term.id == OfferTerm.term_id)
    taught = select(OfferLanguage.offer_id).where(OfferLanguage.role == LanguageRole.TAUGHT)
    return or_(
        Offer.cost.is_(None),
        Offer.contact == "",
        Offer.id.not_in(taught),
        Offer.id.not_in(terms.where(Term.vocabulary == Vocabulary.ISSUE)),
        Offer.id.not_in(terms.where(Term.vocabulary == Vocabulary.METHODOLOGY)),
    )


def versions_of(offer: Offer, *, limit: int = 500) -> list[OfferVersion]:
    """List what was changed of the offer, latest first, with who did it."""
    return list(
        db.session.scalars(
            select(OfferVersion)
            .options(joinedload(OfferVersion.person))
            .where(OfferVersion.offer_id == offer.id)
            .order_by(OfferVersion.number.desc())
            .limit(limit)
        )
    )


def last_numbers(offer_ids: Sequence[int]) -> dict[int, int]:
    """Tell the numbers of the latest versions of these offers; none for one that has none."""
    found = (
        select(OfferVersion.offer_id, func.max(OfferVersion.number))
        .where(OfferVersion.offer_id.in_(offer_ids))
        .group_by(OfferVersion.offer_id)
    )
    return {offer_id: number for offer_id, number in db.session.execute(found)}


def enrolled_in(offer: Offer) -> dict[int, int]:
    """Count who is or was enrolled in the offer's runs, in whatever standing, by their keys.

    A run in which nobody is, is left out.
    """
    counted = (
        select(Enrolment.run_id, func.count())
        .where(Enrolment.run_id.in_([run.id for run in offer.runs]))
        .group_by(Enrolment.run_id)
    )
    return {run_id: count for run_id, count in db.session.execute(counted)}
