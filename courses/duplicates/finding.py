"""Looking for offers that are one: by what they share, and by their titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from academy.db import db
from courses.catalogue.models import Offer
from courses.duplicates import queries
from courses.duplicates.addresses import address_key, is_deep
from courses.duplicates.compared import (
    Compared,
    Key,
    compared,
    decided_different,
    leaders,
    sharing,
    titled_alike,
)
from courses.duplicates.models import Decision, DuplicatePair, KeySort, Reason
from courses.duplicates.noting import note_keys
from courses.duplicates.operations import keep_a_canonical, merge
from courses.duplicates.titles import ALIKE, Likeness, likeness

SOMEWHAT_ALIKE = 60
"""Titles at one address that are less alike, of 100, may be of two things on one page."""

MOST_LIKE_ONE = 5
"""How many offers with a title like that of one are shown to people."""

AT_ONCE = 500


def look_for_twins(*, now: datetime, limit: int) -> int:
    """Compare offers that changed with all others, so many at most; tells how many.

    What names one thing is made one by itself; what only seems to be one waits for people. Where
    the offer that stands for others is no longer fit to, another one does from now on.
    """
    waiting = queries.to_look_at(limit=limit)
    note_keys(waiting, now=now)
    find_pairs(waiting, now=now)
    keep_a_canonical(queries.badly_led(now=now, limit=limit), now=now)
    return len(waiting)


def find_pairs(offer_ids: Sequence[int], *, now: datetime) -> int:
    """Find what may be one with these offers, whose keys are noted; tells how many pairs are new.

    Two that were told apart are never put together again.
    """
    found = 0
    for begin in range(0, len(offer_ids), AT_ONCE):
        found += _Search(offer_ids[begin : begin + AT_ONCE], now).run()
        db.session.flush()
    return found


class _Search:
    """One look at some offers and all that share something with them."""

    def __init__(self, offer_ids: Sequence[int], now: datetime) -> None:
        self.offer_ids, self.looked_at, self.now = offer_ids, frozenset(offer_ids), now
        self.groups, self.titled = sharing(offer_ids), titled_alike(offer_ids)
        numbers = {*offer_ids, *(n for group in self.groups.values() for n in group)}
        for others in self.titled.values():
            numbers |= others
        self.offers, self.leader = compared(numbers), leaders(numbers)
        self.apart = decided_different()
        self.known: dict[tuple[int, int], DuplicatePair] = {}
        self.found = 0

    def run(self) -> int:
        """Merge what names one thing, and write down what people are to decide on."""
        self._read([self.leader[number] for number in self.offer_ids if number in self.leader])
        for key, numbers in self.groups.items():
            self._share(key, [self.offers[number] for number in sorted(numbers)])
        for number in self.offer_ids:
            if number in self.offers:
                self._compare_titles(self.offers[number])
        return self.found

    def _read(self, leaders_: Sequence[int]) -> None:
        for pair in queries.decided(leaders_):
            self.known[pair.first_id, pair.second_id] = pair

    def _share(self, key: Key, offers: Sequence[Compared]) -> None:
        """Judge offers that share a key: one on each side names one thing, several do not."""
        sides = Counter(one.side for one in offers)
        clear = len(sides) > 1 and set(sides.values()) == {1}
        reason = Reason.ADDRESS if key[0] is KeySort.ADDRESS else Reason.IDENTIFIER
        for one, other in combinations(offers, 2):
            if not self._concerned(one, other):
                continue
            alike = likeness(one.titles, other.titles)
            certain = clear and one.is_told_in_a_language_of(other)
            certain = certain and _is_certain(reason, one, alike)
            if certain or reason is Reason.IDENTIFIER or _may_share_a_page(one, alike):
                self._ask(one, other, reason, alike.score or 0)
            if certain:
                self._merge(one, other)

    def _concerned(self, one: Compared, other: Compared) -> bool:
        looked_at = one.id in self.looked_at or other.id in self.looked_at
        return looked_at and one.may_be(other) and self._are_two(one, other)

    def _compare_titles(self, one: Compared) -> None:
        near: list[tuple[int, Compared]] = []
        for number in sorted(self.titled.get(one.id, ())):
            other = self.offers[number]
            if number == one.id or not one.may_be(other):
                continue
            alike = likeness(one.titles, other.titles)
            score = 0 if alike.contradicted else alike.score or 0
            if score >= ALIKE and one.starts_with(other) and self._are_two(one, other):
                near.append((score, other))
        near.sort(key=lambda found: (-found[0], found[1].id))
        for score, other in near[:MOST_LIKE_ONE]:
            self._ask(one, other, Reason.TITLE, score)

    def _are_two(self, one: Compared, other: Compared) -> bool:
        first, second = self.leader[one.id], self.leader[other.id]
        return first != second and (first, second) not in self.apart

    def _merge(self, one: Compared, other: Compared) -> None:
        first, second = self.leader[one.id], self.leader[other.id]
        offers = [db.session.get_one(Offer, number) for number in (first, second)]
        merge(*offers, person=None, now=self.now)
        for number, leader in self.leader.items():
            if leader == second:
                self.leader[number] = first
        self.apart |= {(first, n) for a, n in self.apart if a == second}
        self.apart |= {(n, first) for n, a in self.apart if a == second}
        self._read([first])

    def _ask(self, one: Compared, other: Compared, reason: Reason, score: int) -> None:
        first, second = sorted((self.leader[one.id], self.leader[other.id]))
        pair = self.known.get((first, second))
        if pair is None:
            pair = DuplicatePair(first_id=first, second_id=second, reason=reason, score=score)
            pair.decision, pair.found_at = Decision.OPEN, self.now
            db.session.add(pair)
            db.session.flush()
            self.known[first, second] = pair
            self.found += 1
        elif pair.decision is Decision.OPEN and pair.reason is Reason.TITLE is not reason:
            pair.reason = reason


def _is_certain(reason: Reason, one: Compared, alike: Likeness) -> bool:
    """Tell whether what two offers share says enough. One page may tell of several things."""
    if alike.contradicted or reason is Reason.IDENTIFIER:
        return not alike.contradicted
    return _may_share_a_page(one, alike) and (alike.score or 0) >= SOMEWHAT_ALIKE


def _may_share_a_page(one: Compared, alike: Likeness) -> bool:
    """Tell whether an address says anything: not the front page of a site, nor of parts 1 and 2."""
    return is_deep(address_key(one.address)) and not alike.contradicted
