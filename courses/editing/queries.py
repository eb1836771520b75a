"""What can be asked about editing: an institution's offers, working copies, versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution
from courses.catalogue.models import Offer, OfferText, State
from courses.catalogue.queries import whole
from courses.editing.models import OfferVersion, WorkingCopy
from courses.enrolment.models import Enrolment


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


def edited(
    institution: Institution,
    *,
    words: str = "",
    state: State | None = None,
    page: int = 1,
    size: int = 50,
) -> list[Edited]:
    """List a page of the institution's offers, the ones touched last first."""
    latest = func.coalesce(WorkingCopy.saved_at, Offer.changed_at)
    chosen = (
        select(Offer, WorkingCopy)
        .outerjoin(WorkingCopy, WorkingCopy.offer_id == Offer.id)
        .options(*whole(), joinedload(WorkingCopy.saved_by))
        .where(*_matching(institution, words, state))
        .order_by(latest.desc(), Offer.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return [Edited(offer, copy) for offer, copy in db.session.execute(chosen).unique()]


def edited_count(institution: Institution, *, words: str = "", state: State | None = None) -> int:
    """Count the institution's offers."""
    counted = select(func.count()).select_from(Offer)
    return db.session.scalar(counted.where(*_matching(institution, words, state))) or 0


def _matching(
    institution: Institution, words: str, state: State | None
) -> list[ColumnElement[bool]]:
    matching = [Offer.institution_id == institution.id]
    if state is not None:
        matching.append(Offer.state == state)
    for word in words.split()[:10]:
        said = OfferText.title.icontains(word, autoescape=True)
        titled = select(OfferText.offer_id).where(said)
        matching.append(or_(Offer.id.in_(titled), Offer.slug.icontains(word, autoescape=True)))
    return matching


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


def last_number(offer: Offer) -> int:
    """Tell the number of the latest version; 0 when there is none."""
    found = select(func.max(OfferVersion.number)).where(OfferVersion.offer_id == offer.id)
    return db.session.scalar(found) or 0


def enrolled_by_run(run_ids: Sequence[int]) -> dict[int, int]:
    """Count who is or was enrolled in these runs, in whatever standing; none where nobody is."""
    counted = (
        select(Enrolment.run_id, func.count())
        .where(Enrolment.run_id.in_(run_ids))
        .group_by(Enrolment.run_id)
    )
    return {run_id: count for run_id, count in db.session.execute(counted)}
