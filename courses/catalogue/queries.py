"""What can be asked about the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import joinedload, load_only, selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.strategy_options import _AbstractLoad

from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution
from courses.catalogue.models import Kind, Offer, OfferTerm, State
from courses.catalogue.rules import is_visible, was_shown
from courses.catalogue.runs import Meeting, Run
from courses.catalogue.texts import OfferLanguage, OfferText
from courses.catalogue.together import merged_with
from courses.vocabularies.models import Term


def visible() -> ColumnElement[bool]:
    """Give the condition under which everybody may see the page of an offer."""
    return Offer.state == State.PUBLISHED


def listed() -> ColumnElement[bool]:
    """Give the condition under which an offer stands in lists and is found."""
    there = (Offer.canonical_id, Offer.vanished_at, Offer.broken_at)
    return and_(visible(), *(column.is_(None) for column in there))


def whole() -> Sequence[_AbstractLoad]:
    """Load an offer with everything that lists and documents show of it."""
    return (
        joinedload(Offer.institution),
        selectinload(Offer.texts),
        selectinload(Offer.languages),
        selectinload(Offer.terms),
        selectinload(Offer.runs).selectinload(Run.meetings),
        selectinload(Offer.together),
    )


_AMONG: BindParameter[Any] = bindparam("ids", expanding=True)
_WHOLE = select(Offer).options(joinedload(Offer.institution)).where(Offer.id.in_(_AMONG))
_VISIBLE = _WHOLE.where(listed())
_LISTED = (
    select(Offer)
    .options(
        joinedload(Offer.institution).load_only(Institution.slug, Institution.name, raiseload=True)
    )
    .where(Offer.id.in_(_AMONG), listed())
)
_WORDS = load_only(Term.vocabulary, Term.code, Term.labels, Term.broader_id, raiseload=True)
_TERMS = (
    select(OfferTerm.offer_id, Term)
    .join(Term, Term.id == OfferTerm.term_id)
    .where(OfferTerm.offer_id.in_(_AMONG))
    .order_by(Term.position)
)
_PARTS: dict[str, Select[Any, Any]] = {
    "texts": select(OfferText.offer_id, OfferText)
    .where(OfferText.offer_id.in_(_AMONG))
    .order_by(OfferText.id),
    "languages": select(OfferLanguage.offer_id, OfferLanguage).where(
        OfferLanguage.offer_id.in_(_AMONG)
    ),
    "terms": _TERMS,
    "runs": select(Run.offer_id, Run)
    .where(Run.offer_id.in_(_AMONG))
    .order_by(Run.starts_at, Run.id),
    "together": merged_with(_AMONG),
}
_PARTS_LISTED = _PARTS | {"terms": _TERMS.options(_WORDS)}
_MEETINGS = (
    select(Meeting.run_id, Meeting).where(Meeting.run_id.in_(_AMONG)).order_by(Meeting.starts_at)
)


def offer_by_slug(slug: str) -> Offer:
    """Find a visible offer by its address, whole.

    Raises Missing when there is none.
    """
    offer = _at(slug)
    if offer is None or not is_visible(offer):
        raise Missing
    return offer


def offer_shown_once(slug: str) -> Offer:
    """Find an offer that is visible or was, until it was withdrawn, by its address, whole.

    Raises Missing when there is none.
    """
    offer = _at(slug)
    if offer is None or not (is_visible(offer) or was_shown(offer)):
        raise Missing
    return offer


def offers_by_id(ids: Iterable[int]) -> dict[int, Offer]:
    """Load offers whole, by key; withdrawn ones too."""
    return _loaded(_WHOLE, _PARTS, ids)


def visible_in_order(ids: Sequence[int]) -> list[Offer]:
    """Load the visible offers among these, whole, in the order given."""
    found = _loaded(_VISIBLE, _PARTS, ids)
    return [found[key] for key in ids if key in found]


def listed_in_order(ids: Sequence[int]) -> list[Offer]:
    """Load the visible offers among these, as cards show them, in the order given.

    What no card shows is not read.
    """
    found = _loaded(_LISTED, _PARTS_LISTED, ids)
    return [found[key] for key in ids if key in found]


def run_by_reference(reference: str) -> Run:
    """Find a run by its opaque reference, with its offer.

    Raises Missing when there is none.
    """
    run = db.session.scalar(
        select(Run)
        .options(joinedload(Run.offer).joinedload(Offer.institution))
        .where(Run.reference == reference)
    )
    if run is None:
        raise Missing
    return run


def offer_count(institution: Institution) -> int:
    """Count the institution's visible offers."""
    counted = select(func.count()).where(Offer.institution_id == institution.id, listed())
    return db.session.scalar(counted) or 0


def carrying(terms: Iterable[Term]) -> ColumnElement[bool]:
    """Give the condition that an offer is described by at least one of these terms."""
    keys = [term.id for term in terms]
    return Offer.id.in_(select(OfferTerm.offer_id).where(OfferTerm.term_id.in_(keys)))


def from_countries(codes: Iterable[str]) -> ColumnElement[bool]:
    """Give the condition that the institution of an offer is in one of these countries."""
    places = select(Institution.id).where(Institution.country.in_(list(codes)))
    return Offer.institution_id.in_(places)


def offers_where(wanted: ColumnElement[bool], *, offset: int, limit: int) -> list[Offer]:
    """List some of the visible offers under a condition, newest first."""
    return list(db.session.scalars(_newest(limit).where(wanted).offset(offset)))


def count_where(wanted: ColumnElement[bool]) -> int:
    """Count the visible offers under a condition."""
    return db.session.scalar(select(func.count()).select_from(Offer).where(listed(), wanted)) or 0


def coming_webinars(*, now: datetime, limit: int) -> list[Offer]:
    """List the webinars that come next, soonest first."""
    soonest = func.min(Run.starts_at)
    chosen = (
        select(Offer.id)
        .join(Run)
        .where(Offer.kind == Kind.WEBINAR, listed(), Run.starts_at > now)
        .group_by(Offer.id)
        .order_by(soonest, Offer.id)
        .limit(limit)
    )
    return listed_in_order(list(db.session.scalars(chosen)))


def past_webinars(*, now: datetime, limit: int) -> list[Offer]:
    """List the webinars held last."""
    latest = func.max(Run.starts_at)
    chosen = (
        select(Offer.id)
        .join(Run)
        .where(Offer.kind == Kind.WEBINAR, listed())
        .group_by(Offer.id)
        .having(latest <= now)
        .order_by(latest.desc(), Offer.id)
        .limit(limit)
    )
    return listed_in_order(list(db.session.scalars(chosen)))


def slugs_taken(candidates: Iterable[str]) -> set[str]:
    """Tell which of these addresses are in use."""
    used = select(Offer.slug).where(Offer.slug.in_(list(candidates)))
    return set(db.session.scalars(used))


def terms_by_id(ids: Iterable[int]) -> list[Term]:
    """Load terms by key."""
    return list(db.session.scalars(select(Term).where(Term.id.in_(list(ids)))))


def _at(slug: str) -> Offer | None:
    return db.session.scalar(select(Offer).options(*whole()).where(Offer.slug == slug))


def _loaded(
    wanted: Select[Any], parts: Mapping[str, Select[Any, Any]], ids: Iterable[int]
) -> dict[int, Offer]:
    """Load offers by key, with their parts."""
    among = list(ids)
    found = db.session.scalars(wanted, {"ids": among}) if among else ()
    offers = {offer.id: offer for offer in found}
    for name, of_offers in parts.items():
        _hang(offers, name, of_offers)
    runs = {run.id: run for offer in offers.values() for run in offer.runs}
    _hang(runs, "meetings", _MEETINGS)
    return offers


def _hang(owners: Mapping[int, Any], name: str, parts: Select[Any, Any]) -> None:
    """Load the parts of some rows, and hang each on its owner.

    Loader options do the same, but write their statements anew each time, which takes longer than
    all the rest.
    """
    bare = {key: owner for key, owner in owners.items() if name not in owner.__dict__}
    found: dict[int, list[Any]] = {key: [] for key in bare}
    if bare:
        for key, part in db.session.execute(parts, {"ids": list(bare)}):
            found[key].append(part)
    for key, owner in bare.items():
        set_committed_value(owner, name, found[key])


def _newest(limit: int) -> Select[Any]:
    newest = select(Offer).options(*whole()).where(listed())
    return newest.order_by(Offer.published_at.desc(), Offer.id.desc()).limit(limit)
