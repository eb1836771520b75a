"""What can be done with duplicates: note their keys, make one of two, and two of one again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from courses.catalogue.models import Offer
from courses.duplicates import queries, rules
from courses.duplicates.models import Decision, DuplicatePair, Reason
from courses.feedback.operations import recount

TICK = timedelta(microseconds=1)


def merge(canonical: Offer, duplicate: Offer, *, person: Person | None, now: datetime) -> None:
    """Make one of two offers: `canonical` stands for both, and for what each stood for before.

    Nothing of either is moved. `person` is None where what they share decided. Twice is once.
    Raises NotOneKind.
    """
    rules.check_may_merge(canonical, duplicate)
    leader, other = _held(queries.canonical_of(canonical), queries.canonical_of(duplicate))
    if leader is other:
        return
    _decide(leader, other, Decision.SAME, person=person, now=_after(leader, other, now))
    _ask_of(leader, other, now=now)
    for one in _led_by(other):
        one.canonical_id = leader.id
    other.canonical_id = leader.id
    db.session.flush()
    recount(leader)
    what = [f"offer:{leader.slug}"]
    audit.note("offers-merged", f"offer:{other.slug}", by=person, now=now, fields=what)


def separate(offer: Offer, *, person: Person | None, now: datetime) -> None:
    """Make two of one again: the offer stands for itself, and for what it stood for before.

    They are two from now on: nobody is asked about them again. Raises NotMerged.
    """
    rules.check_is_merged(offer)
    leader, _offer = _held(queries.canonical_of(offer), offer)
    group = {one.id: one for one in (leader, *_led_by(leader))}
    leaving = _leaving(offer, leader, queries.decided(list(group), decision=Decision.SAME))
    for pair in queries.decided([offer.id], decision=Decision.SAME):
        third = pair.second_id if pair.first_id == offer.id else pair.first_id
        if third in group.keys() - leaving:
            _write(pair, Decision.DIFFERENT, person, now)
            if third != leader.id:
                _decide(leader, group[third], Decision.SAME, person=person, now=now)
    _decide(leader, offer, Decision.DIFFERENT, person=person, now=now)
    offer.canonical_id = None
    for number in leaving - {offer.id}:
        group[number].canonical_id = offer.id
    db.session.flush()
    recount(leader)
    recount(offer)
    what = [f"offer:{leader.slug}"]
    audit.note("offers-separated", f"offer:{offer.slug}", by=person, now=now, fields=what)


def tell_apart(one: Offer, other: Offer, *, person: Person | None, now: datetime) -> None:
    """Decide that two offers that seemed to be one are two; nobody is asked again."""
    _decide(one, other, Decision.DIFFERENT, person=person, now=now)
    what = [f"offer:{one.slug}"]
    audit.note("offers-told-apart", f"offer:{other.slug}", by=person, now=now, fields=what)


def keep_a_canonical(offer_ids: Iterable[int], *, now: datetime) -> int:
    """Let another stand for a group whose leader was withdrawn, vanished, broke, or is over.

    `offer_ids` are of any offers; tells for how many groups another one stands now.
    """
    offers = [offer for number in offer_ids if (offer := db.session.get(Offer, number))]
    leaders = {offer.canonical_id or offer.id for offer in offers}
    return sum(_lead_anew(db.session.get_one(Offer, number), now) for number in sorted(leaders))


def _leaving(offer: Offer, leader: Offer, same: Sequence[DuplicatePair]) -> set[int]:
    """Tell what leaves a group with an offer: what was one with it before it joined the others."""
    staying = _reached(leader.id, same, without=offer.id)
    joined = [
        pair.decided_at
        for pair in same
        if pair.decided_at
        and offer.id in (ends := {pair.first_id, pair.second_id})
        and ends & staying
    ]
    if not joined:
        return {offer.id}
    before = [pair for pair in same if pair.decided_at and pair.decided_at < min(joined)]
    return _reached(offer.id, before, without=leader.id) - staying


def _after(leader: Offer, other: Offer, now: datetime) -> datetime:
    """Give the time of a decision: decisions on one group come one after the other."""
    members = [one.id for offer in (leader, other) for one in (offer, *_led_by(offer))]
    same = queries.decided(members, decision=Decision.SAME)
    return max((now, *(pair.decided_at + TICK for pair in same if pair.decided_at)))


def _lead_anew(leader: Offer, now: datetime) -> bool:
    led = _led_by(leader, selectinload(Offer.runs))
    db.session.refresh(leader, ["runs"])
    # Of those that are alike fit, the one that has been here longest: the first.
    following = max((leader, *led), key=lambda one: rules.fitness(one, now))
    if following is leader or not rules.fitness(following, now)[0]:
        return False
    following.canonical_id = None
    for one in (leader, *led):
        if one is not following:
            one.canonical_id = following.id
    db.session.flush()
    recount(leader)
    recount(following)
    what = [f"offer:{leader.slug}"]
    audit.note("offer-stands-for", f"offer:{following.slug}", by=None, now=now, fields=what)
    return True


def _held(one: Offer, other: Offer) -> tuple[Offer, Offer]:
    """Let nobody else merge these until this transaction ends, so that no chain is made."""
    for offer in sorted({one, other}, key=lambda held: held.id):
        db.session.refresh(offer, ["canonical_id"], with_for_update=True)
    return one, other


def _led_by(leader: Offer, *options: ExecutableOption) -> Sequence[Offer]:
    led = select(Offer).where(Offer.canonical_id == leader.id).order_by(Offer.id)
    return db.session.scalars(led.options(*options)).all()


def _decide(
    one: Offer, other: Offer, decision: Decision, *, person: Person | None, now: datetime
) -> None:
    pair = _pair(one.id, other.id) or _new_pair(one.id, other.id, now)
    _write(pair, decision, person, now)


def _write(pair: DuplicatePair, decision: Decision, person: Person | None, now: datetime) -> None:
    pair.decision, pair.decided_at = decision, now
    pair.decided_by_id = person.id if person else None


def _ask_of(leader: Offer, other: Offer, *, now: datetime) -> None:
    """Ask of the one that stands for both what was to be asked of the other."""
    for pair in queries.decided([other.id], decision=Decision.OPEN):
        third = pair.second_id if pair.first_id == other.id else pair.first_id
        if third != leader.id and _pair(leader.id, third) is None:
            asked = _new_pair(leader.id, third, now)
            asked.reason, asked.score = pair.reason, pair.score


def _pair(one: int, other: int) -> DuplicatePair | None:
    first, second = sorted((one, other))
    found = select(DuplicatePair).filter_by(first_id=first, second_id=second)
    return db.session.scalar(found)


def _new_pair(one: int, other: int, now: datetime) -> DuplicatePair:
    first, second = sorted((one, other))
    pair = DuplicatePair(first_id=first, second_id=second, reason=Reason.IDENTIFIER, score=0)
    pair.decision, pair.found_at = Decision.OPEN, now
    db.session.add(pair)
    db.session.flush()
    return pair


def _reached(start: int, pairs: Sequence[DuplicatePair], *, without: int) -> set[int]:
    """Follow the decisions from one offer to the others, never over another."""
    found, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        for pair in pairs:
            ends = {pair.first_id, pair.second_id}
            new = ends - found - {without} if here in ends else set()
            found |= new
            ahead += new
    return found
