"""What can be done with links: keep how one answered, mark and restore its offer, ask again."""

from __future__ import annotations

from datetime import datetime

from academy.db import db
from courses.catalogue.models import Offer
from courses.links.models import LinkCheck
from courses.links.rules import Verdict, standing


def keep_answer(
    offer_id: int,
    address: str,
    verdict: Verdict,
    *,
    now: datetime,
) -> None:
    """Keep how the address of an offer answered.

    The third strike, on the third day, marks the offer, which is then not listed; any good answer
    restores it, in the same transaction. What was asked at an address that is no longer the
    offer's says nothing; another address starts anew.
    """
    offer = db.session.get(Offer, offer_id, with_for_update=True)
    if offer is None or offer.address != address:
        return
    check = db.session.get(LinkCheck, offer_id)
    if check is None:
        check = LinkCheck(offer_id=offer_id, address=address, strikes=0)
        db.session.add(check)
    elif check.address != address:
        check.address, check.strikes, check.struck_on = address, 0, None
    after = standing(verdict, check.strikes, check.struck_on, now=now)
    check.answered, check.reason = verdict.answered, verdict.reason[:40]
    check.strikes, check.struck_on = after.strikes, after.struck_on
    check.checked_at, check.due_at = now, after.due_at
    if after.broken is not (offer.broken_at is not None):
        # Only then: whatever is set on an offer tells the index to look at it again.
        offer.broken_at = now if after.broken else None
    db.session.flush()


def ask_again(offer: Offer, *, now: datetime) -> None:
    """Let the address of an offer be looked at as soon as there is time: somebody says it fails."""
    check = db.session.get(LinkCheck, offer.id)
    if check is not None:
        check.due_at = min(check.due_at, now)
        db.session.flush()
