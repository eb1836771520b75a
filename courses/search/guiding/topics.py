"""Issues that the words of an offer suggest, until people decide; they count in no facet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Select,
    UniqueConstraint,
    and_,
    delete,
    exists,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from academy.db import Base, Key, db, stored
from academy.errors import Missing
from academy.institutions.models import Institution
from courses.catalogue.models import Offer, OfferTerm
from courses.catalogue.queries import listed, whole
from courses.search.documents import Document
from courses.vocabularies.models import Term, Vocabulary

MOST = 3
"""Issues an offer has at most, with those that people confirmed."""

SAID = f"?{Vocabulary.ISSUE.value}="
"""How the tokens of a document begin that stand for an issue its words name."""


class TopicState(StrEnum):
    """What people say of a suggestion."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class SuggestedTerm(Base):
    """An issue that an offer's words name, though nobody has described the offer by it.

    What is undecided is written anew with the index whenever the offer changes; what was decided
    stays, so that nobody is asked twice. `strength` tells how much of the text it is, in hundredths
    of the weight that search gives it.
    """

    __tablename__ = "suggested_terms"
    __table_args__ = (
        UniqueConstraint("offer_id", "term_id"),
        CheckConstraint("(state = 'suggested') = (decided_at IS NULL)", name="decided_is_dated"),
    )

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"))
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"))
    strength: Mapped[int]
    state: Mapped[TopicState] = mapped_column(stored(TopicState))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]


UNDECIDED = SuggestedTerm.state == TopicState.SUGGESTED
_CONFIRMED = SuggestedTerm.state == TopicState.CONFIRMED


def suggest_again(numbers: Collection[int], fresh: Iterable[Document]) -> None:
    """Forget what is undecided of these offers, and keep what the words of these documents name.

    An offer that people have described by an issue themselves needs no suggestion.
    """
    db.session.execute(delete(SuggestedTerm).where(SuggestedTerm.offer_id.in_(numbers), UNDECIDED))
    said = {one.number: named for one in fresh if (named := _named(one))}
    free = select(Offer.id).where(Offer.id.in_(said), _undescribed())
    open_to_it = list(db.session.scalars(free)) if said else []
    if open_to_it:
        decided, known = _decided(open_to_it), _issues()
        rows = [
            row
            for number in open_to_it
            for row in _rows(number, said[number], decided.get(number, {}), known)
        ]
        if rows:
            db.session.execute(insert(SuggestedTerm), rows)


def forget_hidden_topics() -> None:
    """Forget what is undecided of offers that nobody can see."""
    shown = select(Offer.id).where(listed())
    db.session.execute(delete(SuggestedTerm).where(SuggestedTerm.offer_id.not_in(shown), UNDECIDED))


def topics_of(offer_ids: Iterable[int]) -> dict[int, list[Term]]:
    """List what is suggested and undecided for each of these offers, the strongest first."""
    chosen = (
        select(SuggestedTerm.offer_id, Term)
        .join(Term, Term.id == SuggestedTerm.term_id)
        .where(SuggestedTerm.offer_id.in_(list(offer_ids)), UNDECIDED)
        .order_by(SuggestedTerm.strength.desc(), Term.position)
    )
    found: dict[int, list[Term]] = defaultdict(list)
    for offer_id, term in db.session.execute(chosen):
        found[offer_id].append(term)
    return found


def offers_to_confirm(among: ColumnElement[bool], *, limit: int, offset: int) -> list[Offer]:
    """List visible offers with something to decide, whole, the most strongly suggested first.

    `among` says of institutions whose offers are meant.
    """
    strongest = (
        select(func.max(SuggestedTerm.strength))
        .where(SuggestedTerm.offer_id == Offer.id, UNDECIDED)
        .correlate(Offer)
        .scalar_subquery()
    )
    wanted = _waiting(select(Offer.id), among)
    numbers = list(
        db.session.scalars(wanted.order_by(strongest.desc(), Offer.id).limit(limit).offset(offset))
    )
    loaded = select(Offer).options(*whole()).where(Offer.id.in_(numbers))
    found = {offer.id: offer for offer in db.session.scalars(loaded)}
    return [found[number] for number in numbers]


def count_to_confirm(among: ColumnElement[bool]) -> int:
    """Count the visible offers with something to decide."""
    return db.session.scalar(_waiting(select(func.count(Offer.id)), among)) or 0


def offer_to_decide(slug: str, among: ColumnElement[bool]) -> Offer:
    """Find a visible offer by its address, whole, whether or not something is left to decide.

    Raises Missing when there is none, or its institution is not among these.
    """
    found = select(Offer).options(*whole()).join(Institution).where(Offer.slug == slug, listed())
    offer = db.session.scalar(found.where(among))
    if offer is None:
        raise Missing
    return offer


def confirmed_by_people(offer_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Tell by the keys of which terms people have described offers when they were asked."""
    rows = select(SuggestedTerm.offer_id, SuggestedTerm.term_id)
    found: dict[int, set[int]] = defaultdict(set)
    of = SuggestedTerm.offer_id.in_(list(offer_ids))
    for offer_id, term_id in db.session.execute(rows.where(of, _CONFIRMED)):
        found[offer_id].add(term_id)
    return {offer_id: frozenset(terms) for offer_id, terms in found.items()}


def _named(document: Document) -> dict[str, int]:
    """Give the codes of the issues that a document names, with their strength."""
    return {
        token.removeprefix(SAID): max(1, round(100 * impact))
        for token, impact in document.impacts.items()
        if token.startswith(SAID)
    }


def _rows(
    number: int,
    named: Mapping[str, int],
    decided: Mapping[int, TopicState],
    known: Mapping[str, int],
) -> Sequence[dict[str, object]]:
    room = MOST - sum(state is TopicState.CONFIRMED for state in decided.values())
    strongest = sorted(named.items(), key=lambda one: (-one[1], one[0]))
    new = [
        {
            "offer_id": number,
            "term_id": known[code],
            "strength": strength,
            "state": TopicState.SUGGESTED,
        }
        for code, strength in strongest
        if code in known and known[code] not in decided
    ]
    return new[: max(room, 0)]


def _undescribed() -> ColumnElement[bool]:
    """Say that an offer has no issue, but for those that people confirmed when they were asked."""
    by_hand = (
        select(OfferTerm.offer_id)
        .join(Term, Term.id == OfferTerm.term_id)
        .outerjoin(
            SuggestedTerm,
            and_(
                SuggestedTerm.offer_id == OfferTerm.offer_id,
                SuggestedTerm.term_id == OfferTerm.term_id,
                _CONFIRMED,
            ),
        )
        .where(OfferTerm.offer_id == Offer.id, Term.vocabulary == Vocabulary.ISSUE)
        .where(SuggestedTerm.term_id.is_(None))
    )
    return ~exists(by_hand.correlate(Offer))


def _decided(numbers: Sequence[int]) -> dict[int, dict[int, TopicState]]:
    rows = select(SuggestedTerm.offer_id, SuggestedTerm.term_id, SuggestedTerm.state)
    found: dict[int, dict[int, TopicState]] = defaultdict(dict)
    for offer_id, term_id, state in db.session.execute(
        rows.where(SuggestedTerm.offer_id.in_(numbers), ~UNDECIDED)
    ):
        found[offer_id][term_id] = state
    return found


def _issues() -> dict[str, int]:
    issues = select(Term.code, Term.id).where(
        Term.vocabulary == Vocabulary.ISSUE, Term.replaced_by_id.is_(None)
    )
    return {code: key for code, key in db.session.execute(issues)}


def _waiting(wanted: Select[int], among: ColumnElement[bool]) -> Select[int]:
    """Choose of some institutions the visible offers that have something to decide.

    Offer by offer: those of one institution are found without a look at all suggestions.
    """
    own = select(SuggestedTerm.id).where(SuggestedTerm.offer_id == Offer.id, UNDECIDED)
    joined = wanted.select_from(Offer).join(Institution)
    return joined.where(listed(), among, exists(own.correlate(Offer)))
