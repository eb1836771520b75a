"""Deciding on the issues that an offer's words suggest: they become its own, or are refused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from academy.accounts.models import Person
from academy.audit import note
from academy.db import db
from courses.catalogue.models import Offer
from courses.catalogue.rewriting import describe_also
from courses.editing import versions
from courses.editing.models import VersionSource
from courses.editing.operations import hold
from courses.search.guiding.topics import UNDECIDED, SuggestedTerm, TopicState
from courses.vocabularies.models import Term


def confirm(offer: Offer, codes: Collection[str], *, person: Person, now: datetime) -> int:
    """Describe the live offer by suggested issues, as if an editor had chosen them.

    Returns how many were undecided until now: what somebody has decided before stays as it is.
    """
    terms = _decide(offer, codes, TopicState.CONFIRMED, person, now)
    if terms:
        db.session.refresh(offer, ["terms"])
        before = versions.snapshot(offer)
        describe_also(offer, terms, now=now)
        db.session.flush()
        after, source = versions.snapshot(offer), VersionSource.HUMAN
        versions.record_version(offer, before, after, source=source, person=person, now=now)
        fields = [term.code for term in terms]
        note("topic-confirmed", f"offer:{offer.slug}", by=person, now=now, fields=fields)
    return len(terms)


def refuse(offer: Offer, codes: Collection[str], *, person: Person, now: datetime) -> int:
    """Say that suggested issues are not those of the offer: they are not suggested for it again.

    Returns how many were undecided until now.
    """
    terms = _decide(offer, codes, TopicState.REFUSED, person, now)
    if terms:
        fields = [term.code for term in terms]
        note("topic-refused", f"offer:{offer.slug}", by=person, now=now, fields=fields)
    return len(terms)


def _decide(
    offer: Offer, codes: Collection[str], state: TopicState, person: Person, now: datetime
) -> list[Term]:
    hold(offer)
    those = SuggestedTerm.offer_id == offer.id
    wanted = (
        select(Term)
        .join(SuggestedTerm, SuggestedTerm.term_id == Term.id)
        .where(those, UNDECIDED, Term.code.in_(codes))
        .order_by(Term.position)
    )
    terms = list(db.session.scalars(wanted))
    if terms:
        decided = update(SuggestedTerm).where(
            those, SuggestedTerm.term_id.in_([term.id for term in terms])
        )
        db.session.execute(
            decided.values(state=state, decided_by_id=person.id, decided_at=now),
            execution_options={"synchronize_session": False},
        )
    return terms
